package io.aswarm.quorum;

import io.aeron.CncFileDescriptor;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.status.CountersReader;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * Reads the counters of a running node from its CnC file, which another process writes. Opens the file for reading only
 * and disturbs nobody. Not thread-safe.
 */
public final class CncReader implements AutoCloseable
{
    /** A media driver that did not beat for so long is not alive. */
    static final long HEARTBEAT_TIMEOUT_MS = 10_000;

    /**
     * Receives the counters.
     */
    public interface CounterHandler
    {
        /**
         * One counter in use.
         *
         * @param id     of the counter.
         * @param typeId as it was allocated with.
         * @param label  of the counter.
         * @param value  at present.
         */
        void onCounter(int id, int typeId, String label, long value);
    }

    private final MappedByteBuffer mapped;
    private final CountersReader counters;
    private final ManyToOneRingBuffer toDriver;
    private final long pid;

    private CncReader(final MappedByteBuffer mapped, final UnsafeBuffer metaData)
    {
        this.mapped = mapped;
        this.pid = CncFileDescriptor.pid(metaData);
        this.counters = new CountersReader(
            CncFileDescriptor.createCountersMetaDataBuffer(mapped, metaData),
            CncFileDescriptor.createCountersValuesBuffer(mapped, metaData));
        this.toDriver = new ManyToOneRingBuffer(CncFileDescriptor.createToDriverBuffer(mapped, metaData));
    }

    /**
     * Open the CnC file of a node.
     *
     * @param directory of its media driver.
     * @return the reader.
     * @throws MeshException when there is none, or it is not one that this version can read.
     */
    public static CncReader open(final Path directory) throws MeshException
    {
        final Path file = directory.resolve(CncFileDescriptor.CNC_FILE);
        MappedByteBuffer mapped = null;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ))
        {
            final long length = channel.size();
            if (length < CncFileDescriptor.META_DATA_LENGTH || length > Integer.MAX_VALUE)
            {
                throw new MeshException(file + ": not a CnC file: it has " + length + " bytes");
            }
            mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, length);
            mapped.order(ByteOrder.LITTLE_ENDIAN);
            final UnsafeBuffer metaData = CncFileDescriptor.createMetaDataBuffer(mapped);
            final int version = metaData.getIntVolatile(CncFileDescriptor.cncVersionOffset(0));
            if (0 == version)
            {
                throw new MeshException(file + ": the node is still starting");
            }
            CncFileDescriptor.checkVersion(version);
            if (!CncFileDescriptor.isCncFileLengthSufficient(metaData, (int)length))
            {
                throw new MeshException(file + ": not a CnC file: shorter than it says");
            }
            return new CncReader(mapped, metaData);
        }
        catch (final IOException ex)
        {
            throw new MeshException(file + ": cannot be read: is the node running, and is this its directory?", ex);
        }
        catch (final RuntimeException ex)
        {
            BufferUtil.free(mapped);
            throw new MeshException(file + ": not a CnC file of this version: " + ex.getMessage(), ex);
        }
    }

    /**
     * Pass every counter in use.
     *
     * @param handler of each.
     */
    public void forEach(final CounterHandler handler)
    {
        counters.forEach((final int id, final String label) ->
            handler.onCounter(id, counters.getCounterTypeId(id), label, counters.getCounterValue(id)));
    }

    /**
     * Process that made the file.
     *
     * @return process id, in the namespace of that process.
     */
    public long pid()
    {
        return pid;
    }

    /**
     * Time since the driver last beat.
     *
     * @param nowEpochMs wall clock.
     * @return milliseconds.
     */
    public long heartbeatAgeMs(final long nowEpochMs)
    {
        return nowEpochMs - toDriver.consumerHeartbeatTime();
    }

    /**
     * Does the driver still beat?
     *
     * @param nowEpochMs wall clock.
     * @return true if it did within ten seconds.
     */
    public boolean isAlive(final long nowEpochMs)
    {
        return heartbeatAgeMs(nowEpochMs) <= HEARTBEAT_TIMEOUT_MS;
    }

    /**
     * Unmap the file. The reader must not be used after that.
     */
    @Override
    public void close()
    {
        BufferUtil.free(mapped);
    }

    /**
     * A directory may be made anew unless its driver beats and its process lives: one that was killed a moment ago has
     * a fresh heartbeat and no process, and must not keep its successor out. In a container the successor may even have
     * the same process id. A directory with other things in it is nobody's to delete.
     */
    static void requireUnused(final Path directory) throws MeshException
    {
        if (!Files.exists(directory.resolve(CncFileDescriptor.CNC_FILE)))
        {
            requireEmpty(directory);
            return;
        }

        final CncReader reader;
        try
        {
            reader = open(directory);
        }
        catch (final MeshException ignore)
        {
            // a file that nobody can read is a file that nobody uses
            return;
        }
        try (reader)
        {
            final boolean hasProcess = reader.pid() != ProcessHandle.current().pid() &&
                ProcessHandle.of(reader.pid()).map(ProcessHandle::isAlive).orElse(false);
            if (hasProcess && reader.isAlive(System.currentTimeMillis()))
            {
                throw new MeshException(directory + ": in use by process " + reader.pid() +
                    ": give each node a directory of its own, or stop that one");
            }
        }
    }

    private static void requireEmpty(final Path directory) throws MeshException
    {
        try (Stream<Path> entries = Files.exists(directory) ? Files.list(directory) : Stream.empty())
        {
            if (entries.findAny().isPresent())
            {
                throw new MeshException(directory +
                    ": holds other files than a media driver's, and would be deleted: name a directory of its own");
            }
        }
        catch (final IOException ex)
        {
            throw new MeshException(directory + ": cannot be read: " + ex.getMessage(), ex);
        }
    }
}
