package io.aswarm.quorum;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A number that grows with each start of a node, so that its sequence may begin anew without making it mute, and so
 * that what it said before cannot be replayed. It is the wall clock's nanoseconds, or one more than the last where the
 * clock was set back; for that the last one is kept in a file.
 */
public final class BootEpoch
{
    private BootEpoch()
    {
    }

    /**
     * The epoch of this start, on disk before it is used.
     *
     * @param file       that keeps it; missing or damaged at worst costs the protection against a clock set back.
     * @param nowEpochNs wall clock.
     * @return the epoch.
     * @throws IOException when the file cannot be written.
     */
    public static long advance(final Path file, final long nowEpochNs) throws IOException
    {
        final long epoch = Math.max(nowEpochNs, last(file) + 1);
        final Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
            fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING))
        {
            final ByteBuffer text = StandardCharsets.US_ASCII.encode(epoch + "\n");
            while (text.hasRemaining())
            {
                channel.write(text);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return epoch;
    }

    private static long last(final Path file)
    {
        try
        {
            final long last = Long.parseLong(Files.readString(file, StandardCharsets.US_ASCII).strip());
            return Math.max(0, Math.min(Long.MAX_VALUE - 1, last));
        }
        catch (final IOException | NumberFormatException ignore)
        {
            return 0;
        }
    }
}
