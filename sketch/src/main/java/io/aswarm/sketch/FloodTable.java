package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;

/**
 * Pairs of source and service that the flood test follows, in fixed memory. In a full bucket a pair without evidence
 * gives way, the one unseen for longest first; pairs with evidence stay. Either way it is counted.
 */
final class FloodTable
{
    static final int NONE = SlotIndex.NONE;
    static final int SOURCE_HIGH = 0;
    static final int SOURCE_LOW = 8;
    static final int VICTIM_HIGH = 16;
    static final int VICTIM_LOW = 24;
    static final int PORT = 32;
    /** Openings of the current epoch that were not completed. */
    static final int YOUNG = 40;
    /** Openings of the epoch before that were not completed. */
    static final int RIPENING = 48;
    /** Openings of this episode that were overdue. */
    static final int OVERDUE = 56;
    static final int EPOCH_NS = 64;
    static final int SCORE_NS = 72;
    static final int SIGNALLED_NS = 80;
    static final int FIRST_SEEN_NS = 88;
    static final int LAST_SEEN_NS = 96;
    private static final int SCORE_NATS = 104;
    private static final int SIGNALLED_NATS = 112;
    private static final int ENTRY_LENGTH = 128;

    private final MutableDirectBuffer memory;
    private final SlotIndex index;
    private final SketchCounters counters;

    FloodTable(final MutableDirectBuffer memory, final SlotIndex index, final SketchCounters counters)
    {
        this.memory = memory;
        this.index = index;
        this.counters = counters;
    }

    static int memoryLength(final int pairs)
    {
        return pairs * ENTRY_LENGTH;
    }

    int find(final long hash)
    {
        return index.find(hash);
    }

    boolean isTaken(final int slot)
    {
        return index.isTaken(slot);
    }

    void release(final int slot)
    {
        index.release(slot);
    }

    /** A slot for a new pair, all fields 0 but its names, or {@link #NONE}. */
    int claim(final long hash, final Conversation c)
    {
        int slot = index.vacant(hash);
        if (slot == NONE)
        {
            slot = idlest(index.bucket(hash));
            if (slot == NONE)
            {
                counters.increment(SketchCounter.FLOODS_REFUSED);
                return NONE;
            }
            counters.increment(SketchCounter.FLOODS_EVICTED);
        }
        index.take(slot, hash);
        memory.setMemory(slot * ENTRY_LENGTH, ENTRY_LENGTH, (byte)0);
        put(slot, SOURCE_HIGH, c.initiatorHigh());
        put(slot, SOURCE_LOW, c.initiatorLow());
        put(slot, VICTIM_HIGH, c.responderHigh());
        put(slot, VICTIM_LOW, c.responderLow());
        put(slot, PORT, c.responderPort());
        return slot;
    }

    private int idlest(final int first)
    {
        int idlest = NONE;
        for (int slot = first; slot < first + SlotIndex.WAYS; slot++)
        {
            if (scoreNats(slot) <= 0.0 &&
                (idlest == NONE || get(slot, LAST_SEEN_NS) - get(idlest, LAST_SEEN_NS) < 0))
            {
                idlest = slot;
            }
        }
        return idlest;
    }

    long get(final int slot, final int field)
    {
        return memory.getLong(slot * ENTRY_LENGTH + field);
    }

    void put(final int slot, final int field, final long value)
    {
        memory.putLong(slot * ENTRY_LENGTH + field, value);
    }

    double scoreNats(final int slot)
    {
        return memory.getDouble(slot * ENTRY_LENGTH + SCORE_NATS);
    }

    void scoreNats(final int slot, final double nats)
    {
        memory.putDouble(slot * ENTRY_LENGTH + SCORE_NATS, nats);
    }

    double signalledNats(final int slot)
    {
        return memory.getDouble(slot * ENTRY_LENGTH + SIGNALLED_NATS);
    }

    void signalledNats(final int slot, final double nats)
    {
        memory.putDouble(slot * ENTRY_LENGTH + SIGNALLED_NATS, nats);
    }
}
