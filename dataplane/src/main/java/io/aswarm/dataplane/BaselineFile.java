package io.aswarm.dataplane;

import io.aswarm.sketch.LocalPolicy;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;

/**
 * Keeps what the local policy learned of the hosts in a file, so that a restart does not begin from nothing. The sensor
 * thread takes a copy each minute and at its end; whoever calls {@link #doWork()} writes it, to a file beside it that
 * takes the old one's place only when it is whole and on the disk. Neither waits for the other: a copy that is not
 * written yet is left alone.
 * <pre>
 *   0          8             12
 *   magic      CRC-32C       what the policy saved, of the length that remains
 * </pre>
 * Little endian. A file that is damaged or of another version is told once, set aside and not read.
 */
final class BaselineFile implements Agent, AutoCloseable
{
    static final long INTERVAL_NS = 60_000_000_000L;
    private static final long MAGIC = 0x3142_4d52_4157_5341L;
    private static final int CRC_OFFSET = Long.BYTES;
    private static final int HEADER_LENGTH = CRC_OFFSET + Integer.BYTES;

    private final Path file;
    private final LocalPolicy policy;
    private final ErrorHandler errorHandler;
    private final ByteBuffer bytes;
    private final UnsafeBuffer buffer;
    private final AtomicBoolean isFull = new AtomicBoolean();
    private long savedNs;

    /**
     * A keeper. Takes the memory for one copy.
     *
     * @param file         of the baselines.
     * @param policy       that learns; read and written by the sensor thread only.
     * @param errorHandler told what cannot be read or written.
     * @param nowNs        CLOCK_MONOTONIC.
     */
    BaselineFile(final Path file, final LocalPolicy policy, final ErrorHandler errorHandler, final long nowNs)
    {
        this.file = file;
        this.policy = policy;
        this.errorHandler = errorHandler;
        this.bytes = ByteBuffer.allocateDirect(HEADER_LENGTH + policy.baselinesLengthMax())
            .order(ByteOrder.LITTLE_ENDIAN);
        this.buffer = new UnsafeBuffer(bytes);
        this.savedNs = nowNs;
    }

    /** Give the policy what an earlier run saved; before the sensor thread begins. Returns the entries read. */
    int load(final long nowNs)
    {
        if (!Files.exists(file))
        {
            return 0;
        }
        try
        {
            final byte[] saved = Files.readAllBytes(file);
            final int entries = isWhole(saved) ? policy.loadBaselines(
                new UnsafeBuffer(saved), HEADER_LENGTH, saved.length - HEADER_LENGTH, nowNs) : -1;
            if (entries < 0)
            {
                final Path aside = file.resolveSibling(file.getFileName() + ".damaged");
                Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
                errorHandler.onError(new IOException(file + ": is damaged or of another version; it was moved to " +
                    aside + ", and the baselines are learned afresh"));
            }
            return Math.max(0, entries);
        }
        catch (final IOException ex)
        {
            errorHandler.onError(new IOException(file + ": baselines cannot be read, and are learned afresh: " +
                ex.getMessage()));
            return 0;
        }
    }

    /** Take a copy when it is time; the sensor thread. */
    void onTick(final long nowNs)
    {
        if (nowNs - savedNs >= INTERVAL_NS)
        {
            savedNs = nowNs;
            save();
        }
    }

    /** Take a copy now, unless the last one is still being written; the sensor thread. */
    void save()
    {
        if (!isFull.getAcquire())
        {
            final int length = policy.saveBaselines(buffer, HEADER_LENGTH);
            bytes.limit(HEADER_LENGTH + length);
            isFull.setRelease(true);
        }
    }

    @Override
    public int doWork()
    {
        if (!isFull.getAcquire())
        {
            return 0;
        }
        try
        {
            write();
        }
        catch (final IOException ex)
        {
            errorHandler.onError(new IOException(file + ": baselines cannot be saved: " + ex.getMessage()));
        }
        finally
        {
            bytes.limit(bytes.capacity());
            isFull.setRelease(false);
        }
        return 1;
    }

    /** Write what the sensor thread left at its end. */
    @Override
    public void close()
    {
        doWork();
    }

    @Override
    public String roleName()
    {
        return "baselines";
    }

    private void write() throws IOException
    {
        bytes.putLong(0, MAGIC);
        bytes.putInt(CRC_OFFSET, crc(bytes.duplicate().position(HEADER_LENGTH)));
        final Path beside = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING))
        {
            final ByteBuffer whole = bytes.duplicate().position(0);
            while (whole.hasRemaining())
            {
                channel.write(whole);
            }
            channel.force(true);
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean isWhole(final byte[] saved)
    {
        final ByteBuffer read = ByteBuffer.wrap(saved).order(ByteOrder.LITTLE_ENDIAN);
        return saved.length >= HEADER_LENGTH && MAGIC == read.getLong(0) &&
            crc(read.duplicate().position(HEADER_LENGTH)) == read.getInt(CRC_OFFSET);
    }

    private static int crc(final ByteBuffer of)
    {
        final CRC32C crc = new CRC32C();
        crc.update(of);
        return (int)crc.getValue();
    }
}
