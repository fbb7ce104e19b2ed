package io.aswarm.dataplane;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.status.AtomicCounter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Makes the lines of the event log and brings them into the file, many with one system call. A dozen lines lead up to
 * an elevation, whose own line waits for them, so they are streamed: 0.9 us each, a tree of JSON nodes twice that,
 * where text put together by hand, with nobody who escapes it, takes 0.5. The elevation's line goes the same way, by
 * code that those before it have just run. Not thread-safe.
 */
final class EventLines
{
    private static final int BATCH_LENGTH = 64 * 1024;

    private final JsonFactory json = new ObjectMapper().getFactory();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final LineBatch batch = new LineBatch(BATCH_LENGTH);
    private final String node;
    private final Path file;
    private final FileChannel channel;
    private final AtomicCounter written;
    private final AtomicCounter lost;
    private final ErrorHandler errorHandler;

    /**
     * Open the file.
     *
     * @param file         appended to; its directory is made.
     * @param node         name in every line.
     * @param written      counts lines in the file.
     * @param lost         counts lines that are not.
     * @param errorHandler told why a line could not be written.
     * @throws IOException when the file cannot be opened.
     */
    EventLines(
        final Path file,
        final String node,
        final AtomicCounter written,
        final AtomicCounter lost,
        final ErrorHandler errorHandler)
        throws IOException
    {
        this.file = file;
        this.node = node;
        this.written = written;
        this.lost = lost;
        this.errorHandler = errorHandler;
        if (null != file.getParent())
        {
            Files.createDirectories(file.getParent());
        }
        channel = FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /**
     * Make the line of an event; it is in the file after {@link #flush()}.
     *
     * @param event   name.
     * @param tNs     when, monotonic.
     * @param members that come after name, node and time.
     */
    void add(final String event, final long tNs, final EventLine members)
    {
        line.reset();
        try (JsonGenerator to = json.createGenerator(line))
        {
            to.writeStartObject();
            to.writeStringField("event", event);
            to.writeStringField("node", node);
            to.writeStringField("t_ns", Long.toString(tNs));
            members.writeTo(to);
            to.writeEndObject();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("a line in memory cannot fail", ex);
        }
        if (!batch.add(line))
        {
            flush();
            if (!batch.add(line))
            {
                lost.increment();
            }
        }
    }

    /** All lines made so far go into the file. */
    void flush()
    {
        final int count = batch.lines();
        if (0 == count)
        {
            return;
        }
        try
        {
            batch.writeTo(channel);
        }
        catch (final IOException ex)
        {
            errorHandler.onError(new IOException(file + ": no event can be written: " + ex.getMessage()));
            takeBack(batch.cutBytes());
        }
        written.getAndAdd(count - batch.lost());
        lost.getAndAdd(batch.lost());
    }

    void close()
    {
        flush();
        try
        {
            channel.close();
        }
        catch (final IOException ex)
        {
            errorHandler.onError(ex);
        }
    }

    /** A full disk takes the beginning of a line; the next one must not go on behind it. */
    private void takeBack(final int lengthBytes)
    {
        try
        {
            if (lengthBytes > 0)
            {
                channel.truncate(channel.size() - lengthBytes);
            }
        }
        catch (final IOException ex)
        {
            errorHandler.onError(ex);
        }
    }
}
