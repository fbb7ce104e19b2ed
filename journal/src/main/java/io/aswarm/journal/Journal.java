package io.aswarm.journal;

import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.status.AtomicCounter;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The node's chain of certificates in a Chronicle Queue, one file a day. One writer, held by a lock that dies with the
 * process. Used by one thread, which need not be the one that opened it.
 * <p>
 * An entry is durable after {@link #force()}, not before. The queue's own {@code appender.sync()} loses entries at a
 * block's boundary and lets their indexes be used again (measured), so the commit is a force of the file itself, the
 * older file first where a batch spans two, and each entry carries its own sequence, hash and checksum.
 */
public final class Journal implements AutoCloseable
{
    /** Makes a file's content durable. */
    interface Forcer
    {
        void force(Path file, FileChannel channel) throws IOException;
    }

    /** The largest entry must fit into a quarter of a block; small blocks keep the mapped memory small. */
    private static final long BLOCK_BYTES = 1 << 20;
    private static final int INDEX_COUNT = 1024;
    private static final int INDEX_SPACING = 64;
    /** How long the queue waits for a writer that died amid an entry; our lock says that none is alive. */
    private static final long DEAD_WRITER_TIMEOUT_MS = 500;
    private static final long NS_PER_MS = 1_000_000L;
    private static final String LOCK_FILE = "journal.lock";
    private static final String CEILING_FILE = "journal.ceiling";
    private static final String QUEUE_METADATA = "metadata.cq4t";

    private final JournalConfig config;
    private final EpochNanoClock clock;
    private final Forcer forcer;
    private final Function<JournalCounter, AtomicCounter> counters;
    private final FileStore fileStore;
    private final FileChannel lockChannel;
    private final SequenceCeiling ceiling;
    private final ByteBuffer entry = ByteBuffer.allocate(EntryDescriptor.HEADER_LENGTH + Envelope.LENGTH_MAX);
    private SingleChronicleQueue queue;
    private ExcerptAppender appender;
    private final List<JournalException> damagesFound = new ArrayList<>();
    private long nextSequence = 1;
    private String previousSha256 = EntryDescriptor.NO_PREVIOUS;
    private Path currentFile;
    private FileChannel currentChannel;
    private int currentCycle;
    private boolean isDirty;
    private IOException failure;

    private Journal(
        final JournalConfig config,
        final EpochNanoClock clock,
        final Forcer forcer,
        final Function<JournalCounter, AtomicCounter> counters) throws IOException, JournalException
    {
        this.config = config;
        this.clock = clock;
        this.forcer = forcer;
        this.counters = counters;
        Files.createDirectories(config.directory());
        this.fileStore = Files.getFileStore(config.directory());
        this.lockChannel = lock(config.directory());
        this.ceiling = new SequenceCeiling(config.directory().resolve(CEILING_FILE));
    }

    /**
     * Open the journal for writing; its chain continues.
     *
     * @param config   with its directory.
     * @param clock    that decides on the day's file.
     * @param counters of the appliance.
     * @return the journal.
     * @throws JournalException when another process writes it or its directory cannot be used. A damaged file is no
     *                          reason: it is set aside and counted.
     */
    public static Journal open(
        final JournalConfig config, final EpochNanoClock clock, final Function<JournalCounter, AtomicCounter> counters)
        throws JournalException
    {
        return open(config, clock, counters, (file, channel) -> channel.force(false));
    }

    static Journal open(
        final JournalConfig config,
        final EpochNanoClock clock,
        final Function<JournalCounter, AtomicCounter> counters,
        final Forcer forcer) throws JournalException
    {
        Journal journal = null;
        try
        {
            journal = new Journal(config, clock, forcer, counters);
            journal.recover();
            journal.openQueue();
            return journal;
        }
        catch (final IOException ex)
        {
            closeIfMade(journal);
            throw new JournalException(config.directory() + ": the journal cannot be opened: " + ex.getMessage(), ex);
        }
        catch (final JournalException ex)
        {
            closeIfMade(journal);
            throw ex;
        }
    }

    /**
     * What was damaged when the journal was opened, for an operator to see: one for each file set aside.
     *
     * @return which file, its new name, and what is wrong with it.
     */
    public List<JournalException> damagesFound()
    {
        return List.copyOf(damagesFound);
    }

    /**
     * The sequence of the next entry, from 1.
     *
     * @return the sequence.
     */
    public long nextSequence()
    {
        return nextSequence;
    }

    /**
     * SHA-256 of the last entry's envelope, which the next certificate must carry.
     *
     * @return hexadecimal; zeros before the first.
     */
    public String previousSha256()
    {
        return previousSha256;
    }

    /**
     * Append an envelope. It is durable only after {@link #force()}.
     *
     * @param envelope of at most 65,535 bytes.
     * @return its index in the queue.
     * @throws JournalException when the disk is nearly full or the envelope too long; nothing was appended.
     * @throws IOException      when the disk refuses before anything was appended.
     */
    public long append(final byte[] envelope) throws JournalException, IOException
    {
        if (envelope.length > Envelope.LENGTH_MAX)
        {
            throw new JournalException("a certificate of " + envelope.length + " bytes is longer than " +
                Envelope.LENGTH_MAX);
        }
        if (fileStore.getUsableSpace() < config.diskReserveBytes())
        {
            throw new JournalException(config.directory() + ": usable_bytes=" + fileStore.getUsableSpace() +
                " is below disk_reserve_bytes=" + config.diskReserveBytes() + ": free some space");
        }

        ceiling.reserve(nextSequence);
        EntryDescriptor.encode(entry, nextSequence, previousSha256, envelope);
        try (DocumentContext context = appender.writingDocument())
        {
            context.wire().bytes().write(entry.array(), 0, entry.limit());
        }
        final long index = appender.lastIndexAppended();
        nextSequence++;
        previousSha256 = EntryDescriptor.sha256(envelope);
        try
        {
            enterCycle(queue.rollCycle().toCycle(index));
        }
        catch (final IOException ex)
        {
            // The entry stands; what failed is the promise that it is on the disk, which force() makes.
            failure = ex;
        }
        isDirty = true;
        return index;
    }

    /**
     * Make all that was appended durable.
     *
     * @throws IOException when the kernel could not; the entries since the last force must not be acknowledged.
     */
    public void force() throws IOException
    {
        if (null != failure)
        {
            final IOException cause = failure;
            failure = null;
            throw cause;
        }
        if (isDirty)
        {
            forcer.force(currentFile, currentChannel);
            isDirty = false;
        }
    }

    @Override
    public void close()
    {
        try
        {
            force();
            if (null != currentChannel)
            {
                currentChannel.close();
            }
        }
        catch (final IOException ex)
        {
            counters.apply(JournalCounter.FORCE_FAILURES).increment();
        }
        finally
        {
            if (null != appender)
            {
                appender.close();
            }
            if (null != queue)
            {
                queue.close();
            }
            unlock();
        }
    }

    /** A batch may begin in one day's file and end in the next: the older one is forced when it is left. */
    private void enterCycle(final int cycle) throws IOException
    {
        if (null != currentChannel && cycle == currentCycle)
        {
            return;
        }
        if (null != currentChannel)
        {
            final FileChannel left = currentChannel;
            currentChannel = null;
            try (left)
            {
                if (isDirty)
                {
                    forcer.force(currentFile, left);
                }
            }
        }
        final File file = appender.currentFile();
        currentFile = file.toPath();
        currentChannel = FileChannel.open(currentFile, StandardOpenOption.WRITE);
        currentCycle = cycle;
        SequenceCeiling.forceDirectory(config.directory());
    }

    /** Find the end of the chain; set the last file aside if its end makes no sense. */
    private void recover() throws IOException
    {
        final List<Path> segments = JournalSegments.list(config.directory());
        for (int i = segments.size() - 1; i >= 0 && 1 == nextSequence; i--)
        {
            recover(segments.get(i), i == segments.size() - 1);
        }
    }

    private void recover(final Path segment, final boolean isLast) throws IOException
    {
        final List<String> damages = new ArrayList<>();
        try (SegmentReader reader = new SegmentReader(segment, (damage) -> damages.add(damage.toString())))
        {
            JournalEntry last = null;
            while (SegmentReader.ENTRY == reader.next())
            {
                last = reader.entry();
            }
            if (null != last)
            {
                nextSequence = last.sequence() + 1;
                previousSha256 = last.sha256();
            }
            counters.apply(JournalCounter.ENTRIES_DAMAGED).getAndAddRelease(damages.size());
            if (damages.isEmpty() && !reader.isQueueFile())
            {
                damages.add(segment + ": this is no file of a journal");
            }
        }
        if (!damages.isEmpty())
        {
            if (isLast)
            {
                nextSequence = Math.max(nextSequence, ceiling.ceiling());
            }
            setAside(segment, damages.get(0));
        }
    }

    private void setAside(final Path segment, final String damage) throws IOException
    {
        if (JournalSegments.isInUse(segment))
        {
            final Path name = JournalSegments.setAsideName(segment);
            Files.move(segment, name);
            damagesFound.add(new JournalException(damage + ": set aside as " + name.getFileName() +
                ", where what is intact stays readable; the chain goes on in a new file"));
            SequenceCeiling.forceDirectory(config.directory());
            counters.apply(JournalCounter.SEGMENTS_SET_ASIDE).increment();
        }
    }

    /**
     * The queue's own table of files is not the record: it holds what the files say and the locks of the dead, who may
     * share our process id. It is made anew.
     */
    private void openQueue() throws IOException, JournalException
    {
        Files.deleteIfExists(config.directory().resolve(QUEUE_METADATA));
        try
        {
            queue = SingleChronicleQueueBuilder.single(config.directory().toFile())
                .rollCycle(RollCycles.FAST_DAILY)
                .blockSize(BLOCK_BYTES)
                .indexCount(INDEX_COUNT)
                .indexSpacing(INDEX_SPACING)
                .timeoutMS(DEAD_WRITER_TIMEOUT_MS)
                .timeProvider(() -> clock.nanoTime() / NS_PER_MS)
                .build();
            appender = queue.createAppender();
            appender.singleThreadedCheckDisabled(true);
        }
        catch (final RuntimeException | Error ex)
        {
            throw new JournalException(config.directory() + ": the queue cannot be opened: " + ex, ex);
        }
    }

    private static void closeIfMade(final Journal journal)
    {
        if (null != journal)
        {
            journal.close();
        }
    }

    private static FileChannel lock(final Path directory) throws IOException, JournalException
    {
        final Path file = directory.resolve(LOCK_FILE);
        final FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try
        {
            lock = channel.tryLock();
        }
        catch (final OverlappingFileLockException ex)
        {
            // held within this process: said below
        }
        if (null == lock)
        {
            channel.close();
            throw new JournalException(directory + ": another process writes this journal: stop it, or give each " +
                "node its own directory");
        }
        return channel;
    }

    private void unlock()
    {
        try
        {
            lockChannel.close();
        }
        catch (final IOException ignore)
        {
            // the lock dies with the process at the latest
        }
    }
}
