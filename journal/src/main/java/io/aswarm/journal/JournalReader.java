package io.aswarm.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads a journal from its first entry on, also while a node writes it: read-only, without a lock, without mapping a
 * file. What is damaged is noted and passed over; what is readable stays readable. Not thread-safe.
 * <p>
 * A reader may see entries before they were forced to the disk.
 */
public final class JournalReader implements AutoCloseable
{
    /** Is shown each entry. */
    @FunctionalInterface
    public interface EntryHandler
    {
        /**
         * The next entry.
         *
         * @param entry in the order of the journal.
         */
        void onEntry(JournalEntry entry);
    }

    private static final int DAMAGES_MAX = 1024;

    private final Path directory;
    private final List<JournalDamage> damages = new ArrayList<>();
    private final Consumer<JournalDamage> damageHandler = this::onDamage;
    private SegmentReader segment;
    private long sequenceMin;
    private String orderMin = "";
    private long damageCount;

    private JournalReader(final Path directory)
    {
        this.directory = directory;
    }

    /**
     * Does a directory hold files of a journal? A node's own is empty before its first certificate.
     *
     * @param directory to be looked into.
     * @return false where there are none, or it cannot be read.
     */
    public static boolean isJournal(final Path directory)
    {
        try
        {
            return !JournalSegments.list(directory).isEmpty();
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    /**
     * Open a journal for reading.
     *
     * @param directory of the journal.
     * @return a reader before the first entry.
     * @throws JournalException when there is no such directory or it cannot be read.
     */
    public static JournalReader open(final Path directory) throws JournalException
    {
        if (!Files.isDirectory(directory) || !Files.isReadable(directory))
        {
            throw new JournalException(directory + ": no journal can be read here: " +
                (Files.exists(directory) ? "not a directory, or permission denied" : "no such directory"));
        }
        return new JournalReader(directory);
    }

    /**
     * Pass over all entries before a sequence. Takes effect with the next poll.
     *
     * @param sequence of the first entry to be shown.
     */
    public void skipTo(final long sequence)
    {
        sequenceMin = sequence;
    }

    /**
     * Pass over all but the last files. Before the first poll.
     *
     * @param files to be shown, the one in use included.
     * @throws JournalException when the directory cannot be read.
     */
    public void skipToLastFiles(final int files) throws JournalException
    {
        try
        {
            final List<Path> all = JournalSegments.list(directory);
            orderMin = all.size() > files ? JournalSegments.order(all.get(all.size() - files)) : "";
        }
        catch (final IOException ex)
        {
            throw new JournalException(directory + ": the journal cannot be read: " + ex.getMessage(), ex);
        }
    }

    /**
     * Show the entries that are there. Call again to follow a live journal.
     *
     * @param handler to be shown each entry.
     * @param limit   on the entries shown.
     * @return how many were shown; 0 when there is nothing new.
     * @throws JournalException when a file cannot be read at all.
     */
    public int poll(final EntryHandler handler, final int limit) throws JournalException
    {
        int count = 0;
        try
        {
            while (count < limit)
            {
                final int result = null == segment ? SegmentReader.FINISHED : segment.next();
                if (SegmentReader.ENTRY == result)
                {
                    if (segment.sequence() >= sequenceMin)
                    {
                        handler.onEntry(segment.entry());
                        count++;
                    }
                }
                else if (!advance(result))
                {
                    break;
                }
            }
        }
        catch (final IOException ex)
        {
            throw new JournalException(directory + ": the journal cannot be read: " + ex.getMessage(), ex);
        }
        return count;
    }

    /**
     * How many places could not be read so far.
     *
     * @return the count.
     */
    public long damageCount()
    {
        return damageCount;
    }

    /**
     * The places that could not be read so far.
     *
     * @return the first thousand of them.
     */
    public List<JournalDamage> damages()
    {
        return List.copyOf(damages);
    }

    @Override
    public void close()
    {
        if (null != segment)
        {
            try
            {
                segment.close();
            }
            catch (final IOException ignore)
            {
                // it was only read
            }
            segment = null;
        }
    }

    /** Go to the file after this one, if there is one and this one has shown its last entry. */
    private boolean advance(final int result) throws IOException
    {
        final String current = null == segment ? "" : JournalSegments.order(segment.file());
        for (final Path candidate : JournalSegments.list(directory))
        {
            final String order = JournalSegments.order(candidate);
            if (order.compareTo(current) > 0 && order.compareTo(orderMin) >= 0)
            {
                // The writer may have added entries to the old file between our last look and the birth of the new.
                if (SegmentReader.END == result && SegmentReader.ENTRY == segment.next())
                {
                    return rewind();
                }
                close();
                segment = new SegmentReader(candidate, damageHandler);
                return true;
            }
        }
        return false;
    }

    private boolean rewind()
    {
        segment.rewind();
        return true;
    }

    private void onDamage(final JournalDamage damage)
    {
        damageCount++;
        if (damages.size() < DAMAGES_MAX)
        {
            damages.add(damage);
        }
    }
}
