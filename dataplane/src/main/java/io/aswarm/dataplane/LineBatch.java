package io.aswarm.dataplane;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Lines on their way to a file, written with one call. Not thread-safe; bounded by its capacity.
 */
final class LineBatch
{
    private static final byte LINE_END = '\n';

    private final ByteBuffer bytes;
    private int lines;
    private int lost;
    private int cutBytes;

    LineBatch(final int capacity)
    {
        bytes = ByteBuffer.allocateDirect(capacity);
    }

    /** Lines that wait. */
    int lines()
    {
        return lines;
    }

    /**
     * Let a line wait for the next {@link #writeTo}.
     *
     * @param line without its end.
     * @return false if there is no room for it.
     */
    boolean add(final ByteArrayOutputStream line)
    {
        if (line.size() >= bytes.remaining())
        {
            return false;
        }
        bytes.put(line.toByteArray()).put(LINE_END);
        lines++;
        return true;
    }

    /**
     * Write all that waits, after which nothing does, written or not.
     *
     * @param channel that may take less than it is given at a time.
     * @throws IOException when it takes no more: {@link #lost()} lines did not become whole, and of the first of them
     *                     {@link #cutBytes()} were written.
     */
    void writeTo(final WritableByteChannel channel) throws IOException
    {
        bytes.flip();
        try
        {
            while (bytes.hasRemaining())
            {
                channel.write(bytes);
            }
        }
        finally
        {
            settle(bytes.position());
            bytes.clear();
            lines = 0;
        }
    }

    /** Lines that the last {@link #writeTo} did not write to their end. */
    int lost()
    {
        return lost;
    }

    /** Bytes of a line that the last {@link #writeTo} wrote without its end. */
    int cutBytes()
    {
        return cutBytes;
    }

    private void settle(final int writtenBytes)
    {
        lost = lines;
        cutBytes = 0;
        for (int i = 0; i < writtenBytes; i++)
        {
            cutBytes++;
            if (LINE_END == bytes.get(i))
            {
                lost--;
                cutBytes = 0;
            }
        }
    }
}
