package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;

/**
 * Which sources brought how much to an episode: the first {@value #SOURCES_MAX} of them one by one, by address.
 */
final class SourceShares
{
    static final int SOURCES_MAX = 15;
    private static final int SOURCE_LENGTH = 24;
    private static final int HIGH = 8;
    private static final int LOW = 16;
    private static final int SHARE = 24;
    private static final int ENTRY_LENGTH = 8 + SOURCES_MAX * SOURCE_LENGTH;

    private final MutableDirectBuffer memory;

    SourceShares(final MutableDirectBuffer memory)
    {
        this.memory = memory;
    }

    static int memoryLength(final int slots)
    {
        return Math.multiplyExact(slots, ENTRY_LENGTH);
    }

    void clear(final int slot)
    {
        memory.setMemory(slot * ENTRY_LENGTH, ENTRY_LENGTH, (byte)0);
    }

    /** Distinct sources, those beyond the last one kept counted once for each time that they were admitted. */
    int count(final int slot)
    {
        return memory.getInt(slot * ENTRY_LENGTH);
    }

    /** Count one more of a source, unless it brought its share already. */
    boolean admit(final int slot, final long high, final long low, final int shareMax)
    {
        final int entry = slot * ENTRY_LENGTH;
        final int count = memory.getInt(entry);
        for (int i = 0, limit = Math.min(count, SOURCES_MAX); i < limit; i++)
        {
            final int offset = entry + i * SOURCE_LENGTH;
            if (memory.getLong(offset + HIGH) == high && memory.getLong(offset + LOW) == low)
            {
                final long share = memory.getLong(offset + SHARE);
                memory.putLong(offset + SHARE, Math.min(share + 1, shareMax));
                return share < shareMax;
            }
        }
        if (count < SOURCES_MAX)
        {
            final int offset = entry + count * SOURCE_LENGTH;
            memory.putLong(offset + HIGH, high);
            memory.putLong(offset + LOW, low);
            memory.putLong(offset + SHARE, 1);
        }
        memory.putInt(entry, Math.min(count + 1, Integer.MAX_VALUE - 1));
        return true;
    }
}
