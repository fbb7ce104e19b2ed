package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;

/**
 * Subjects with evidence against them, in fixed memory: one episode for each. Those without evidence need no slot,
 * which is why a table much smaller than the network is enough. In a full bucket the newcomer takes the place of the
 * weakest unless that one is stronger, of equals of the one unseen for longest; either way it is counted.
 */
final class SuspectTable
{
    static final int NONE = SlotIndex.NONE;
    private static final int ENTRY_LENGTH = 128;
    private static final int SUBJECT_HIGH = 0;
    private static final int SUBJECT_LOW = 8;
    private static final int EVIDENCE_NATS = 16;
    private static final int EVIDENCE_NS = 24;
    private static final int SIGNALLED_NATS = 32;
    private static final int SIGNALLED_NS = 40;
    private static final int FIRST_SEEN_NS = 48;
    private static final int LAST_SEEN_NS = 56;
    private static final int AIM_HIGH = 64;
    private static final int AIM_LOW = 72;
    private static final int AIM_PORT = 80;
    private static final int COUNT = 84;
    private static final int ON_LINK_NATS = 88;
    private static final int EXCHANGE_NATS = 96;
    private static final int PEAK_NATS = 104;
    private static final int SIGNALLED_VERIFIED = 112;

    private final MutableDirectBuffer memory;
    private final SlotIndex index;
    private final Decay decay;
    private final SketchCounters counters;

    SuspectTable(
        final MutableDirectBuffer memory,
        final SlotIndex index,
        final Decay decay,
        final SketchCounters counters)
    {
        this.memory = memory;
        this.index = index;
        this.decay = decay;
        this.counters = counters;
    }

    static int memoryLength(final int suspects)
    {
        return suspects * ENTRY_LENGTH;
    }

    int find(final long hash)
    {
        return index.find(hash);
    }

    /**
     * Find a slot for a subject that has none.
     *
     * @param hash         of the subject, keyed.
     * @param subjectHigh  first half of its address.
     * @param subjectLow   second half of its address.
     * @param evidenceNats that it comes with.
     * @param nowNs        at which the others' evidence is compared.
     * @return the slot, to be begun, or {@link #NONE}.
     */
    int claim(
        final long hash, final long subjectHigh, final long subjectLow, final double evidenceNats, final long nowNs)
    {
        int slot = index.vacant(hash);
        if (slot == NONE)
        {
            slot = weakest(index.bucket(hash), nowNs);
            if (evidenceNats(slot, nowNs) > evidenceNats)
            {
                counters.increment(SketchCounter.SUSPECTS_REFUSED);
                return NONE;
            }
            counters.increment(SketchCounter.SUSPECTS_EVICTED);
        }
        index.take(slot, hash);
        memory.putLong(offset(slot) + SUBJECT_HIGH, subjectHigh);
        memory.putLong(offset(slot) + SUBJECT_LOW, subjectLow);
        memory.putDouble(offset(slot) + PEAK_NATS, 0.0);
        return slot;
    }

    private int weakest(final int first, final long nowNs)
    {
        int weakest = first;
        double weakestNats = evidenceNats(first, nowNs);
        for (int slot = first + 1; slot < first + SlotIndex.WAYS; slot++)
        {
            final double nats = evidenceNats(slot, nowNs);
            if (nats < weakestNats || (nats == weakestNats && lastSeenNs(slot) - lastSeenNs(weakest) < 0))
            {
                weakest = slot;
                weakestNats = nats;
            }
        }
        return weakest;
    }

    /** Start an episode without evidence. What there was against the subject at the most stays known. */
    void begin(final int slot, final long nowNs)
    {
        final int offset = offset(slot);
        memory.setMemory(offset + EVIDENCE_NATS, PEAK_NATS - EVIDENCE_NATS, (byte)0);
        memory.putInt(offset + SIGNALLED_VERIFIED, 0);
        memory.putLong(offset + FIRST_SEEN_NS, nowNs);
        memory.putLong(offset + LAST_SEEN_NS, nowNs);
        memory.putLong(offset + EVIDENCE_NS, nowNs);
    }

    void release(final int slot)
    {
        index.release(slot);
    }

    double evidenceNats(final int slot, final long nowNs)
    {
        final int offset = offset(slot);
        return decay.left(memory.getDouble(offset + EVIDENCE_NATS), nowNs - memory.getLong(offset + EVIDENCE_NS));
    }

    /**
     * Set the evidence.
     *
     * @param slot     of the subject.
     * @param nats     of evidence from now on.
     * @param verified {@code Signal.VERIFIED_} bits of the observation that changed it.
     * @param gained   by that observation, also where the evidence was as much as it may be before.
     * @param nowNs    now.
     */
    void evidenceNats(
        final int slot, final double nats, final int verified, final double gained, final long nowNs)
    {
        final int offset = offset(slot);
        final long elapsedNs = nowNs - memory.getLong(offset + EVIDENCE_NS);
        final double onLink = decay.left(memory.getDouble(offset + ON_LINK_NATS), elapsedNs) +
            ((verified & Signal.VERIFIED_ON_LINK) != 0 ? gained : 0.0);
        final double exchange = decay.left(memory.getDouble(offset + EXCHANGE_NATS), elapsedNs) +
            ((verified & Signal.VERIFIED_EXCHANGE) != 0 ? gained : 0.0);
        memory.putDouble(offset + ON_LINK_NATS, Math.min(onLink, nats));
        memory.putDouble(offset + EXCHANGE_NATS, Math.min(exchange, nats));
        memory.putDouble(offset + EVIDENCE_NATS, nats);
        memory.putLong(offset + EVIDENCE_NS, nowNs);
        memory.putDouble(offset + PEAK_NATS, Math.max(nats, memory.getDouble(offset + PEAK_NATS)));
    }

    double peakNats(final int slot)
    {
        return memory.getDouble(offset(slot) + PEAK_NATS);
    }

    /** {@code Signal.VERIFIED_} bits whose observations alone are enough of the evidence. */
    int verification(final int slot, final double nats, final long nowNs)
    {
        final int offset = offset(slot);
        final long elapsedNs = nowNs - memory.getLong(offset + EVIDENCE_NS);
        final double enough = Math.min(Evidence.VERIFIED_NATS, nats / 2);
        return (decay.left(memory.getDouble(offset + ON_LINK_NATS), elapsedNs) >= enough ?
            Signal.VERIFIED_ON_LINK : 0) |
            (decay.left(memory.getDouble(offset + EXCHANGE_NATS), elapsedNs) >= enough ?
                Signal.VERIFIED_EXCHANGE : 0);
    }

    double signalledNats(final int slot)
    {
        return memory.getDouble(offset(slot) + SIGNALLED_NATS);
    }

    long signalledNs(final int slot)
    {
        return memory.getLong(offset(slot) + SIGNALLED_NS);
    }

    /** The {@code VERIFIED_} bits that signals of the episode had. */
    int signalledVerification(final int slot)
    {
        return memory.getInt(offset(slot) + SIGNALLED_VERIFIED);
    }

    void signalled(final int slot, final double nats, final int verified, final long nowNs)
    {
        final int offset = offset(slot);
        memory.putDouble(offset + SIGNALLED_NATS, nats);
        memory.putLong(offset + SIGNALLED_NS, nowNs);
        memory.putInt(offset + SIGNALLED_VERIFIED, memory.getInt(offset + SIGNALLED_VERIFIED) | verified);
    }

    /** Note one more observation of the episode. What it was aimed at stays the aim while all agree, else it is 0. */
    void observe(
        final int slot,
        final long aimHigh,
        final long aimLow,
        final int port,
        final int weight,
        final long openedNs,
        final long nowNs)
    {
        final int offset = offset(slot);
        final int count = memory.getInt(offset + COUNT);
        if (count == 0)
        {
            memory.putLong(offset + AIM_HIGH, aimHigh);
            memory.putLong(offset + AIM_LOW, aimLow);
            memory.putInt(offset + AIM_PORT, port);
        }
        else
        {
            if (memory.getLong(offset + AIM_HIGH) != aimHigh || memory.getLong(offset + AIM_LOW) != aimLow)
            {
                memory.putLong(offset + AIM_HIGH, 0);
                memory.putLong(offset + AIM_LOW, 0);
            }
            if (memory.getInt(offset + AIM_PORT) != port)
            {
                memory.putInt(offset + AIM_PORT, 0);
            }
        }
        memory.putInt(offset + COUNT, (int)Math.min((long)count + weight, Integer.MAX_VALUE));
        // Silence is noticed late: its opening may be older than that of a refusal noticed before.
        if (openedNs - memory.getLong(offset + FIRST_SEEN_NS) < 0)
        {
            memory.putLong(offset + FIRST_SEEN_NS, openedNs);
        }
        memory.putLong(offset + LAST_SEEN_NS, nowNs);
    }

    /** The episode goes on, though this is no observation against the subject. */
    void seen(final int slot, final long nowNs)
    {
        memory.putLong(offset(slot) + LAST_SEEN_NS, nowNs);
    }

    long firstSeenNs(final int slot)
    {
        return memory.getLong(offset(slot) + FIRST_SEEN_NS);
    }

    int count(final int slot)
    {
        return memory.getInt(offset(slot) + COUNT);
    }

    long lastSeenNs(final int slot)
    {
        return memory.getLong(offset(slot) + LAST_SEEN_NS);
    }

    /** Copy what the slot knows into a signal; the spread over hosts and ports is not the table's. */
    void describe(final int slot, final Signal signal, final Scenario scenario, final double nats)
    {
        final int offset = offset(slot);
        signal
            .subject(scenario, memory.getLong(offset + SUBJECT_HIGH), memory.getLong(offset + SUBJECT_LOW))
            .evidence(nats, memory.getInt(offset + COUNT))
            .aim(memory.getLong(offset + AIM_HIGH), memory.getLong(offset + AIM_LOW), memory.getInt(offset + AIM_PORT))
            .seen(memory.getLong(offset + FIRST_SEEN_NS), memory.getLong(offset + LAST_SEEN_NS));
    }

    private static int offset(final int slot)
    {
        return slot * ENTRY_LENGTH;
    }
}
