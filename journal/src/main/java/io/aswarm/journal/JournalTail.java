package io.aswarm.journal;

import io.aswarm.trust.DocumentException;
import org.agrona.concurrent.NanoClock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Follows a journal from where it stopped last and gives each certificate to a sink, at least once: the cursor moves
 * only after the sink said that a batch has arrived, and a batch that did not arrive is given again, with growing
 * pauses. After the receiver was away the last certificates before it are repeated too, for it may have taken them and
 * died before it kept them; the sequence in each message lets it drop what it has. Call {@link #doWork()} in a loop.
 * Not thread-safe.
 */
public final class JournalTail implements AutoCloseable
{
    private static final int BATCH_MAX = 64;

    /** Certificates that are repeated after the receiver was away: a whole batch, for a batch arrives or not as one. */
    public static final int OVERLAP = BATCH_MAX;

    private static final long PAUSE_MIN_NS = 100_000_000L;
    private static final long PAUSE_MAX_NS = 10_000_000_000L;

    private final JournalReader reader;
    private final TailCursor cursor;
    private final EventFormat format;
    private final EventSink sink;
    private final NanoClock clock;
    private final Deque<TailEvent> delivered = new ArrayDeque<>();
    private final List<TailEvent> batch = new ArrayList<>();
    private JournalException failure;
    private boolean isPlaced;
    private boolean isAway;
    private long pauseNs = PAUSE_MIN_NS;
    private long retryAtNs;
    private long deliveries;
    private long retries;

    /**
     * A tail.
     *
     * @param reader that nothing else uses; closed by this tail.
     * @param cursor where to go on, and to be moved.
     * @param format of the events.
     * @param sink   that takes them.
     * @param clock  monotonic, for the pauses.
     */
    public JournalTail(
        final JournalReader reader,
        final TailCursor cursor,
        final EventFormat format,
        final EventSink sink,
        final NanoClock clock)
    {
        this.reader = reader;
        this.cursor = cursor;
        this.format = format;
        this.sink = sink;
        this.clock = clock;
        reader.skipTo(cursor.sequence());
    }

    /**
     * Deliver what is new, if there is anything and no pause is on.
     *
     * @return how many certificates were delivered; 0 when the caller may rest a little.
     * @throws JournalException when the journal cannot be read, or the cursor is not one of this journal.
     */
    public int doWork() throws JournalException
    {
        if (null != failure)
        {
            throw failure;
        }
        if (isAway && clock.nanoTime() - retryAtNs < 0)
        {
            return 0;
        }
        if (batch.isEmpty())
        {
            reader.poll(this::onEntry, BATCH_MAX);
            checkPlace();
        }
        if (batch.isEmpty())
        {
            return 0;
        }

        final List<TailEvent> events = new ArrayList<>();
        if (isAway)
        {
            events.addAll(delivered);
        }
        events.addAll(batch);
        if (!sink.deliver(events))
        {
            isAway = true;
            retries++;
            retryAtNs = clock.nanoTime() + pauseNs;
            pauseNs = Math.min(2 * pauseNs, PAUSE_MAX_NS);
            return 0;
        }
        return confirm();
    }

    /**
     * How often a batch had to be kept because it did not arrive.
     *
     * @return the count.
     */
    public long retries()
    {
        return retries;
    }

    /**
     * How many certificates arrived, repetitions not counted.
     *
     * @return the count.
     */
    public long deliveries()
    {
        return deliveries;
    }

    @Override
    public void close()
    {
        reader.close();
    }

    private int confirm() throws JournalException
    {
        final TailEvent last = batch.get(batch.size() - 1);
        cursor.advance(last.sequence(), last.sha256());
        delivered.addAll(batch);
        while (delivered.size() > OVERLAP)
        {
            delivered.removeFirst();
        }
        final int count = batch.size();
        deliveries += count;
        batch.clear();
        isAway = false;
        pauseNs = PAUSE_MIN_NS;
        return count;
    }

    private void onEntry(final JournalEntry entry)
    {
        try
        {
            final Certificate certificate = Certificate.parse(entry.segment(), entry.envelope());
            final TailEvent event =
                new TailEvent(entry.sequence(), entry.sha256(), certificate, format.format(certificate));
            if (isPlaced || entry.sequence() != cursor.sequence())
            {
                batch.add(event);
            }
            else if (!entry.sha256().equals(cursor.sha256()))
            {
                failure = foreign("its certificate " + entry.sequence() + " is another one");
            }
            else
            {
                delivered.add(event);
            }
        }
        catch (final DocumentException ex)
        {
            failure = new JournalException(ex.getMessage(), ex);
        }
        isPlaced = true;
    }

    /** The entry of the cursor is the first to be seen; a journal that ends before it is another one. */
    private void checkPlace() throws JournalException
    {
        if (!isPlaced && cursor.sequence() > 0)
        {
            failure = foreign("it ends before certificate " + cursor.sequence());
        }
        isPlaced = true;
        if (null != failure)
        {
            throw failure;
        }
    }

    private JournalException foreign(final String why)
    {
        return new JournalException("the cursor does not belong to this journal: " + why +
            ": give each journal its own cursor, or delete the cursor to send every certificate again");
    }
}
