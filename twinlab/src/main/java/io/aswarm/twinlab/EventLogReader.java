package io.aswarm.twinlab;

import io.aswarm.trust.CanonicalJson;
import io.aswarm.trust.DocumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Follows a node's event log while the node writes it. Takes whole lines only; a line that is no event is kept aside
 * as a fault, for it would be a defect of the node. One thread.
 */
final class EventLogReader implements AutoCloseable
{
    private final Path file;
    private final ByteBuffer chunk = ByteBuffer.allocate(64 * 1024);
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final List<String> faults = new ArrayList<>();
    private FileChannel channel;

    EventLogReader(final Path file)
    {
        this.file = file;
    }

    /** Events written since the last call; none while there is no file. */
    List<NodeEvent> poll() throws IOException
    {
        final List<NodeEvent> events = new ArrayList<>();
        if (null == channel)
        {
            if (!Files.exists(file))
            {
                return events;
            }
            channel = FileChannel.open(file, StandardOpenOption.READ);
        }

        chunk.clear();
        while (channel.read(chunk) > 0)
        {
            for (int i = 0; i < chunk.position(); i++)
            {
                take(chunk.get(i), events);
            }
            chunk.clear();
        }
        return events;
    }

    List<String> faults()
    {
        return faults;
    }

    @Override
    public void close() throws IOException
    {
        if (null != channel)
        {
            channel.close();
        }
    }

    private void take(final byte octet, final List<NodeEvent> events)
    {
        if ('\n' != octet)
        {
            line.write(octet);
            return;
        }

        final String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        try
        {
            events.add(NodeEvent.of(CanonicalJson.parse(file, text)));
        }
        catch (final DocumentException ex)
        {
            faults.add(ex.getMessage());
        }
    }
}
