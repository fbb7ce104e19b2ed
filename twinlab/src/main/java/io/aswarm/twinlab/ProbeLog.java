package io.aswarm.twinlab;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Every attack frame of one run, by its number: when it was handed to the kernel, through which gateway it goes, and
 * when a capture behind that gateway saw it. A frame's TCP sequence number is the base plus its number.
 * <p>
 * Assumptions: one thread sends, one thread captures. Guarantees: a frame that the capture saw has its send time.
 */
final class ProbeLog
{
    /** Most frames in one run. */
    static final int CAPACITY = 1 << 18;
    private static final long NEVER = 0;

    private final int sequenceBase;
    private final byte[] rackByNumber = new byte[CAPACITY];
    private final AtomicLongArray sentNs = new AtomicLongArray(CAPACITY);
    private final AtomicLongArray arrivedNs = new AtomicLongArray(CAPACITY);
    private volatile int count;

    ProbeLog(final int sequenceBase)
    {
        this.sequenceBase = sequenceBase;
    }

    /** Sequence number of a frame. */
    int sequence(final int number)
    {
        return sequenceBase + number;
    }

    boolean isFull()
    {
        return CAPACITY == count;
    }

    /** Frames sent so far. */
    int count()
    {
        return count;
    }

    /** Sending thread: the next frame goes out now. Called before the kernel gets it. */
    void sending(final int rack, final long nowNs)
    {
        final int number = count;
        rackByNumber[number] = (byte)rack;
        sentNs.set(number, nowNs);
        count = number + 1;
    }

    /** Sending thread: the kernel did not take the frame after all. */
    void unsent()
    {
        sentNs.set(--count, NEVER);
    }

    /** Capturing thread: a frame with this sequence number was seen behind its gateway. */
    void arrived(final int sequence, final long timeNs)
    {
        final int number = sequence - sequenceBase;
        if (number >= 0 && number < count)
        {
            arrivedNs.compareAndSet(number, NEVER, timeNs);
        }
    }

    int rack(final int number)
    {
        return rackByNumber[number];
    }

    long sentNs(final int number)
    {
        return sentNs.get(number);
    }

    boolean hasArrived(final int number)
    {
        return NEVER != arrivedNs.get(number);
    }

    long arrivedNs(final int number)
    {
        return arrivedNs.get(number);
    }
}
