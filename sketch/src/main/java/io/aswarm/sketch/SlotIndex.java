package io.aswarm.sketch;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Finds the slot of a key in a table of fixed capacity: set-associative, {@value #WAYS} slots to a bucket, so a look-up
 * reads one cache line and never walks further. A key is its 64-bit keyed hash; two keys share one with probability
 * 2^-64. Who is evicted from a full bucket is the table's decision.
 */
final class SlotIndex
{
    static final int WAYS = 8;
    static final int NONE = -1;
    private static final long EMPTY = 0;

    private final UnsafeBuffer tags;
    private final int bucketMask;

    SlotIndex(final UnsafeBuffer memory, final int slots)
    {
        memory.boundsCheck(0, memoryLength(slots));
        tags = memory;
        tags.setMemory(0, memoryLength(slots), (byte)EMPTY);
        bucketMask = slots / WAYS - 1;
    }

    static int memoryLength(final int slots)
    {
        if (slots < WAYS || slots > 1 << 24 || Integer.bitCount(slots) != 1)
        {
            throw new IllegalArgumentException("slots=" + slots + "; allowed: powers of two, 8 to " + (1 << 24));
        }
        return slots * Long.BYTES;
    }

    int find(final long hash)
    {
        return findTag(bucket(hash), tag(hash));
    }

    /** A free slot that the key may use, or {@link #NONE}. */
    int vacant(final long hash)
    {
        return findTag(bucket(hash), EMPTY);
    }

    /**
     * A free slot that the key may use, else the one of its bucket with the earliest stamp.
     *
     * @param stamps      a table with an entry for each slot.
     * @param entryLength of it.
     * @param offset      of the stamp in an entry, nanoseconds.
     */
    int vacantOrOldest(final long hash, final DirectBuffer stamps, final int entryLength, final int offset)
    {
        int slot = vacant(hash);
        if (slot == NONE)
        {
            slot = bucket(hash);
            for (int other = slot + 1, end = slot + WAYS; other < end; other++)
            {
                final long laterNs = stamps.getLong(other * entryLength + offset) -
                    stamps.getLong(slot * entryLength + offset);
                slot = laterNs < 0 ? other : slot;
            }
        }
        return slot;
    }

    private int findTag(final int first, final long tag)
    {
        for (int slot = first; slot < first + WAYS; slot++)
        {
            if (tags.getLong(slot << 3) == tag)
            {
                return slot;
            }
        }
        return NONE;
    }

    /** First of the {@link #WAYS} slots that the key may use. */
    int bucket(final long hash)
    {
        return ((int)(hash >>> 40) & bucketMask) * WAYS;
    }

    boolean isTaken(final int slot)
    {
        return tags.getLong(slot << 3) != EMPTY;
    }

    void take(final int slot, final long hash)
    {
        tags.putLong(slot << 3, tag(hash));
    }

    void release(final int slot)
    {
        tags.putLong(slot << 3, EMPTY);
    }

    private static long tag(final long hash)
    {
        return hash == EMPTY ? 1 : hash;
    }
}
