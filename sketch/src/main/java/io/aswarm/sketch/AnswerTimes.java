package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * How long answers of a network take, so that silence is known for what it is: smoothed time and variation as TCP's
 * retransmission timer keeps them (RFC 6298, section 2; Jacobson, "Congestion avoidance and control", SIGCOMM 1988).
 * <pre>
 *   variation = 3/4 variation + 1/4 |smoothed - sample|;  smoothed = 7/8 smoothed + 1/8 sample
 *   timeout   = smoothed + 4 variation
 * </pre>
 * An answer to an opening that was repeated is no sample, since nobody knows which of the two it answers (Karn's
 * algorithm, RFC 6298, section 3). TCP's least timeout, a second (2.4), is left out: it keeps a sender from repeating
 * too soon, and here an answer that comes after all takes back what its absence said.
 * <p>
 * It also keeps the youngest opening that was answered. An older one still without answer was overtaken, as a lost TCP
 * segment is by its successors (RACK, RFC 8985): the way there and back works, only this answer is missing. Where
 * nothing was overtaken, all answers may just be late together, as while a link fails over; but not by
 * {@value #TOGETHER_FACTOR} times what they usually need, and {@value #TOGETHER_MIN_NS} ns.
 * <p>
 * One slot for each network and protocol, by its keyed hash; in a full bucket the one unseen for longest gives way.
 */
final class AnswerTimes
{
    static final int NONE = SlotIndex.NONE;
    /** Samples before a timeout is believed. */
    static final int SAMPLES_MIN = 3;
    /** How many timeouts late answers may all be together. */
    static final int TOGETHER_FACTOR = 20;
    /** How late they may be in any case: bonded links and routes fail over within that (RFC 5880: 3 beats of 50 ms). */
    static final long TOGETHER_MIN_NS = 250_000_000L;
    private static final int ENTRY_LENGTH = 64;
    private static final int SMOOTHED_NS = 0;
    private static final int VARIATION_NS = 8;
    private static final int OVERTAKEN_NS = 16;
    private static final int SEEN_NS = 24;
    private static final int SAMPLES = 32;

    private final UnsafeBuffer memory;
    private final SlotIndex index;
    private final long timeoutMaxNs;
    private final long memoryNs;

    /**
     * @param memory       of at least {@link #memoryLength(int)} bytes.
     * @param index        of as many slots.
     * @param timeoutMaxNs longest timeout, and the one where too little is known.
     * @param memoryNs     without an answer, after which a network counts as not answering.
     */
    AnswerTimes(
        final UnsafeBuffer memory, final SlotIndex index, final long timeoutMaxNs, final long memoryNs)
    {
        this.memory = memory;
        this.index = index;
        this.timeoutMaxNs = timeoutMaxNs;
        this.memoryNs = memoryNs;
    }

    static int memoryLength(final int networks)
    {
        return networks * ENTRY_LENGTH;
    }

    /** An answer came to what was opened at {@code openedNs}. */
    void answered(final long hash, final long openedNs, final long nowNs)
    {
        final int offset = note(hash, openedNs, nowNs);
        final long sampleNs = Math.min(timeoutMaxNs, Math.max(0, nowNs - openedNs));
        final int samples = memory.getInt(offset + SAMPLES);
        final long smoothedNs = memory.getLong(offset + SMOOTHED_NS);
        final long variationNs = memory.getLong(offset + VARIATION_NS);
        if (samples == 0)
        {
            memory.putLong(offset + SMOOTHED_NS, sampleNs);
            memory.putLong(offset + VARIATION_NS, sampleNs / 2);
        }
        else
        {
            memory.putLong(offset + SMOOTHED_NS, smoothedNs + (sampleNs - smoothedNs) / 8);
            memory.putLong(
                offset + VARIATION_NS, variationNs + (Math.abs(smoothedNs - sampleNs) - variationNs) / 4);
        }
        memory.putInt(offset + SAMPLES, Math.min(samples + 1, SAMPLES_MIN));
    }

    /** An answer came, and nobody knows to which opening: at best to one a timeout ago. */
    void answered(final long hash, final long nowNs)
    {
        note(hash, nowNs - timeoutNs(index.find(hash)), nowNs);
    }

    private int note(final long hash, final long openedNs, final long nowNs)
    {
        int slot = index.find(hash);
        if (slot == NONE)
        {
            slot = claim(hash);
            memory.setMemory(slot * ENTRY_LENGTH, ENTRY_LENGTH, (byte)0);
            memory.putLong(slot * ENTRY_LENGTH + OVERTAKEN_NS, openedNs);
        }
        final int offset = slot * ENTRY_LENGTH;
        if (openedNs - memory.getLong(offset + OVERTAKEN_NS) > 0)
        {
            memory.putLong(offset + OVERTAKEN_NS, openedNs);
        }
        memory.putLong(offset + SEEN_NS, nowNs);
        return offset;
    }

    private int claim(final long hash)
    {
        final int slot = index.vacantOrOldest(hash, memory, ENTRY_LENGTH, SEEN_NS);
        index.take(slot, hash);
        return slot;
    }

    private long seenNs(final int slot)
    {
        return memory.getLong(slot * ENTRY_LENGTH + SEEN_NS);
    }

    int find(final long hash)
    {
        return index.find(hash);
    }

    /** Whether anything of the network was seen answering lately. */
    boolean isAnswering(final int slot, final long nowNs)
    {
        return slot != NONE && nowNs - seenNs(slot) < memoryNs;
    }

    /** Whether something opened later than {@code openedNs} was answered. */
    boolean isOvertaken(final int slot, final long openedNs)
    {
        return slot != NONE && memory.getLong(slot * ENTRY_LENGTH + OVERTAKEN_NS) - openedNs > 0;
    }

    /** After which an answer is overdue even if no other came meanwhile. */
    long togetherNs(final int slot)
    {
        return Math.min(timeoutMaxNs, Math.max(TOGETHER_MIN_NS, TOGETHER_FACTOR * timeoutNs(slot)));
    }

    /** After which an answer is overdue; the longest timeout for {@link #NONE} and where too little is known. */
    long timeoutNs(final int slot)
    {
        return slot == NONE || memory.getInt(slot * ENTRY_LENGTH + SAMPLES) < SAMPLES_MIN ?
            timeoutMaxNs : earlyTimeoutNs(slot);
    }

    /** The same, believed from the first sample on, as TCP does: where less than that would be known without it. */
    long earlyTimeoutNs(final int slot)
    {
        final int offset = slot * ENTRY_LENGTH;
        return Math.min(
            timeoutMaxNs, memory.getLong(offset + SMOOTHED_NS) + 4 * memory.getLong(offset + VARIATION_NS));
    }
}
