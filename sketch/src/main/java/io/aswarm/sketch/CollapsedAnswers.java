package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;

/**
 * Of which sources the sensor lately collapsed answers. In a burst it hands on some records of a source and merges the
 * rest into one that carries their number but only the last one's names. So an opening whose answer was merged looks
 * unanswered, and its silence says nothing.
 * <p>
 * Direct-mapped by a keyed hash; a source that comes to another's place takes it. Only sources that had a burst of
 * answers come here, and they are asked for within seconds.
 */
final class CollapsedAnswers
{
    private static final int SLOTS = 4_096;
    private static final int ENTRY_LENGTH = 16;

    private final MutableDirectBuffer memory;
    private final KeyedHash keyedHash;

    CollapsedAnswers(final MutableDirectBuffer memory, final KeyedHash keyedHash)
    {
        memory.boundsCheck(0, memoryLength());
        this.memory = memory;
        this.keyedHash = keyedHash;
        memory.setMemory(0, memoryLength(), (byte)0);
    }

    static int memoryLength()
    {
        return SLOTS * ENTRY_LENGTH;
    }

    /** Answers to a source were collapsed, the last of them at {@code timeNs}. */
    void note(final long sourceHigh, final long sourceLow, final long timeNs)
    {
        final long hash = keyedHash.hash(sourceHigh, sourceLow);
        final int offset = offset(hash);
        if (memory.getLong(offset) != hash || timeNs - memory.getLong(offset + Long.BYTES) > 0)
        {
            memory.putLong(offset, hash);
            memory.putLong(offset + Long.BYTES, timeNs);
        }
    }

    /** Whether answers to a source were collapsed at {@code timeNs} or later. */
    boolean since(final long sourceHigh, final long sourceLow, final long timeNs)
    {
        final long hash = keyedHash.hash(sourceHigh, sourceLow);
        final int offset = offset(hash);
        return memory.getLong(offset) == hash && memory.getLong(offset + Long.BYTES) - timeNs >= 0;
    }

    private static int offset(final long hash)
    {
        return ((int)(hash >>> 32) & (SLOTS - 1)) * ENTRY_LENGTH;
    }
}
