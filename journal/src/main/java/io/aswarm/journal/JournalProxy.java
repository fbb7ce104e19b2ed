package io.aswarm.journal;

import org.agrona.concurrent.status.AtomicCounter;

import java.util.Queue;

/**
 * Hands findings and deeds to the journal's thread. Any thread may use it; never waits.
 */
public final class JournalProxy
{
    private final Queue<Record> queue;
    private final AtomicCounter queueFull;

    JournalProxy(final Queue<Record> queue, final AtomicCounter queueFull)
    {
        this.queue = queue;
        this.queueFull = queueFull;
    }

    /**
     * Hand over an elevation, before the act it leads to is requested.
     *
     * @param finding to be kept for its deeds.
     * @return false when the queue is full, which is counted.
     */
    public boolean offer(final Finding finding)
    {
        return offerOrCount(finding);
    }

    /**
     * Hand over the outcome of an act.
     *
     * @param deed to be certified.
     * @return false when the queue is full, which is counted.
     */
    public boolean offer(final Deed deed)
    {
        return offerOrCount(deed);
    }

    private boolean offerOrCount(final Record message)
    {
        final boolean isAccepted = queue.offer(message);
        if (!isAccepted)
        {
            queueFull.increment();
        }
        return isAccepted;
    }
}
