package io.aswarm.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A sequence that was never reached, on disk beside the journal. When the end of the journal is lost, the chain goes
 * on from here: a gap can be seen and explained, a sequence used twice can not.
 */
final class SequenceCeiling
{
    private static final long STEP = 1024;

    private final Path file;
    private long ceiling;

    SequenceCeiling(final Path file) throws IOException
    {
        this.file = file;
        if (Files.exists(file))
        {
            try
            {
                ceiling = Long.parseLong(Files.readString(file, StandardCharsets.US_ASCII).strip());
            }
            catch (final NumberFormatException ex)
            {
                throw new IOException(file + " does not hold a number: restore it, or write a number above every " +
                    "sequence that was ever certified", ex);
            }
        }
    }

    long ceiling()
    {
        return ceiling;
    }

    /** Make sure that the ceiling on the disk is above a sequence before that sequence is used. */
    void reserve(final long sequence) throws IOException
    {
        if (sequence >= ceiling)
        {
            ceiling = sequence + STEP;
            writeDurably(file, ceiling + "\n");
        }
    }

    /** Replace a small file so that after a power loss it is either the old or the new one, whole. */
    static void writeDurably(final Path file, final String content) throws IOException
    {
        final Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING))
        {
            final ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining())
            {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory(file.toAbsolutePath().getParent());
    }

    /** A new name is on the disk only once its directory is. */
    static void forceDirectory(final Path directory) throws IOException
    {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ))
        {
            channel.force(true);
        }
    }
}
