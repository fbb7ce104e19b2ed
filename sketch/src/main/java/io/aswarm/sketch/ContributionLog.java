package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;

/**
 * What made the evidence of each episode: for every cause how often it was observed and how much it added, and the
 * latest {@value #RECENT} observations one by one. Fixed memory for each slot.
 * <pre>
 *  0        4                  8 + 8 x 12
 *  +--------+------------------+--------------------------------------+
 *  | added  | totals by cause  | recent observations, a ring          |
 *  +--------+------------------+--------------------------------------+
 *  total:   cause 4, count 4, nats 4 (float)
 *  recent:  high 8, low 8, timeNs 8, nats 4 (float), port 2, cause 2
 * </pre>
 */
final class ContributionLog
{
    static final int RECENT = 8;
    static final int CAUSES_MAX = 8;
    private static final int TOTALS = 8;
    private static final int TOTAL_LENGTH = 12;
    private static final int RECENT_OFFSET = TOTALS + CAUSES_MAX * TOTAL_LENGTH;
    private static final int RECENT_LENGTH = 32;
    private static final int ENTRY_LENGTH = RECENT_OFFSET + RECENT * RECENT_LENGTH;

    private final MutableDirectBuffer memory;

    ContributionLog(final MutableDirectBuffer memory)
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

    /** Note an observation and what it aimed at; {@code contact} may be null where only the amount is known. */
    void add(final int slot, final Cause cause, final double nats, final Contact contact, final long nowNs)
    {
        final boolean isKnown = contact != null;
        note(slot, cause, nats, isKnown ? contact.destinationHigh : 0, isKnown ? contact.destinationLow : 0,
            isKnown ? contact.port : 0, nowNs);
    }

    /** Note an observation and where it came from; {@code contact} may be null where only the amount is known. */
    void addSource(final int slot, final Cause cause, final double nats, final Contact contact, final long nowNs)
    {
        final boolean isKnown = contact != null;
        note(slot, cause, nats, isKnown ? contact.sourceHigh : 0, isKnown ? contact.sourceLow : 0,
            isKnown ? contact.port : 0, nowNs);
    }

    private void note(
        final int slot, final Cause cause, final double nats, final long high, final long low, final int port,
        final long nowNs)
    {
        addTotal(slot, cause, nats);
        final int added = memory.getInt(slot * ENTRY_LENGTH);
        memory.putInt(slot * ENTRY_LENGTH, added + 1);
        final int offset = recentOffset(slot, added);
        memory.putLong(offset, high);
        memory.putLong(offset + 8, low);
        memory.putLong(offset + 16, nowNs);
        memory.putFloat(offset + 24, (float)nats);
        memory.putShort(offset + 28, (short)port);
        memory.putShort(offset + 30, (short)cause.ordinal());
    }

    private void addTotal(final int slot, final Cause cause, final double nats)
    {
        for (int i = 0; i < CAUSES_MAX; i++)
        {
            final int offset = totalOffset(slot, i);
            final int known = memory.getInt(offset);
            if (known == 0 || known == cause.ordinal() + 1)
            {
                memory.putInt(offset, cause.ordinal() + 1);
                memory.putInt(offset + 4, memory.getInt(offset + 4) + 1);
                memory.putFloat(offset + 8, memory.getFloat(offset + 8) + (float)nats);
                return;
            }
        }
    }

    /** Distinct causes. */
    int causes(final int slot)
    {
        int causes = 0;
        while (causes < CAUSES_MAX && memory.getInt(totalOffset(slot, causes)) != 0)
        {
            causes++;
        }
        return causes;
    }

    Cause cause(final int slot, final int i)
    {
        return Cause.of(memory.getInt(totalOffset(slot, i)) - 1);
    }

    int count(final int slot, final int i)
    {
        return memory.getInt(totalOffset(slot, i) + 4);
    }

    double nats(final int slot, final int i)
    {
        return memory.getFloat(totalOffset(slot, i) + 8);
    }

    /** Observations kept one by one. */
    int recent(final int slot)
    {
        return Math.min(RECENT, memory.getInt(slot * ENTRY_LENGTH));
    }

    /** Offset of the i-th youngest of them. */
    private int youngest(final int slot, final int i)
    {
        return recentOffset(slot, memory.getInt(slot * ENTRY_LENGTH) - 1 - i);
    }

    long recentHigh(final int slot, final int i)
    {
        return memory.getLong(youngest(slot, i));
    }

    long recentLow(final int slot, final int i)
    {
        return memory.getLong(youngest(slot, i) + 8);
    }

    long recentTimeNs(final int slot, final int i)
    {
        return memory.getLong(youngest(slot, i) + 16);
    }

    double recentNats(final int slot, final int i)
    {
        return memory.getFloat(youngest(slot, i) + 24);
    }

    int recentPort(final int slot, final int i)
    {
        return memory.getShort(youngest(slot, i) + 28) & 0xffff;
    }

    Cause recentCause(final int slot, final int i)
    {
        return Cause.of(memory.getShort(youngest(slot, i) + 30));
    }

    private static int totalOffset(final int slot, final int i)
    {
        return slot * ENTRY_LENGTH + TOTALS + i * TOTAL_LENGTH;
    }

    private static int recentOffset(final int slot, final int number)
    {
        return slot * ENTRY_LENGTH + RECENT_OFFSET + (number & RECENT - 1) * RECENT_LENGTH;
    }
}
