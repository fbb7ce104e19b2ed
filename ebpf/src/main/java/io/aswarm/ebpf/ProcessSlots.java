package io.aswarm.ebpf;

import org.agrona.collections.Int2IntHashMap;
import org.agrona.collections.IntArrayQueue;

/**
 * Who is in which slot of a {@link ProcessTable}: processes by process id and start time, with ids that are never given
 * twice. What is known of them is the table's matter. When no slot is free the process that ended first makes room,
 * then those that live, in turn.
 */
final class ProcessSlots
{
    /** No slot. */
    static final int NONE = -1;
    /** More can not be numbered. */
    static final int SLOTS_MAX = 1 << 20;

    private static final int SLOT_BITS = Integer.numberOfTrailingZeros(SLOTS_MAX);
    /** The kernel tells the start of those that were there before us in ticks of 10 ms, counted from the boot. */
    private static final long START_TOLERANCE_NS = 30_000_000;

    private final int slotsMax;
    private final long[] ids;
    private final long[] startTimesNs;
    private final int[] processIds;
    private final int[] earlier;
    private final boolean[] isEnded;
    private final boolean[] isStartRough;
    private final Int2IntHashMap latest = new Int2IntHashMap(NONE);
    private final IntArrayQueue free = new IntArrayQueue(NONE);
    private final IntArrayQueue ended = new IntArrayQueue(NONE);
    private long sequence;
    private int nextVictim;
    private long evictedAlive;

    ProcessSlots(final int slotsMax)
    {
        this.slotsMax = slotsMax;
        ids = new long[slotsMax];
        startTimesNs = new long[slotsMax];
        processIds = new int[slotsMax];
        earlier = new int[slotsMax];
        isEnded = new boolean[slotsMax];
        isStartRough = new boolean[slotsMax];
        for (int slot = 0; slot < slotsMax; slot++)
        {
            free.offerInt(slot);
        }
    }

    /** The slot of a process by its id, or NONE when it is forgotten. */
    int of(final long id)
    {
        final int slot = (int)(id & (SLOTS_MAX - 1));
        return id != ProcessTable.UNKNOWN && slot < slotsMax && ids[slot] == id ? slot : NONE;
    }

    /** The slot of the latest process with this number, or NONE. */
    int latest(final int processId)
    {
        return latest.get(processId);
    }

    /** The slot of a process, or NONE. A start that was known roughly is known exactly from then on. */
    int find(final int processId, final long startTimeNs)
    {
        for (int slot = latest.get(processId); slot != NONE; slot = earlier[slot])
        {
            final long differenceNs = startTimesNs[slot] - startTimeNs;
            if (differenceNs == 0)
            {
                return slot;
            }
            if (isStartRough[slot] && Math.abs(differenceNs) <= START_TOLERANCE_NS)
            {
                startTimesNs[slot] = startTimeNs;
                isStartRough[slot] = false;
                return slot;
            }
        }
        return NONE;
    }

    /** A slot for a process that has none, with a new id; somebody else than the one who is kept may have to go. */
    int take(final int processId, final long startTimeNs, final boolean isRough, final int kept)
    {
        int slot = free.pollInt();
        if (slot == NONE)
        {
            slot = pollEnded(kept);
            if (slot == NONE)
            {
                slot = nextAlive(kept);
                evictedAlive++;
            }
            forget(slot);
        }
        sequence++;
        ids[slot] = sequence << SLOT_BITS | slot;
        startTimesNs[slot] = startTimeNs;
        processIds[slot] = processId;
        isEnded[slot] = false;
        isStartRough[slot] = isRough;
        earlier[slot] = latest.get(processId);
        latest.put(processId, slot);
        return slot;
    }

    void end(final int slot)
    {
        if (!isEnded[slot])
        {
            isEnded[slot] = true;
            ended.offerInt(slot);
        }
    }

    boolean isEnded(final int slot)
    {
        return isEnded[slot];
    }

    long id(final int slot)
    {
        return ids[slot];
    }

    long evictedAlive()
    {
        return evictedAlive;
    }

    private int pollEnded(final int kept)
    {
        final int slot = ended.pollInt();
        if (slot == NONE || slot != kept)
        {
            return slot;
        }
        ended.offerInt(kept);
        final int next = ended.pollInt();
        if (next != kept)
        {
            return next;
        }
        ended.offerInt(kept);
        return NONE;
    }

    private int nextAlive(final int kept)
    {
        int slot;
        do
        {
            slot = nextVictim;
            nextVictim = (nextVictim + 1) % slotsMax;
        }
        while (slotsMax > 1 && (slot == kept || isEnded[slot]));
        return slot;
    }

    /** Out of the chain of those that had its process id. */
    private void forget(final int slot)
    {
        final int head = latest.get(processIds[slot]);
        if (head == slot)
        {
            if (earlier[slot] == NONE)
            {
                latest.remove(processIds[slot]);
            }
            else
            {
                latest.put(processIds[slot], earlier[slot]);
            }
            return;
        }
        for (int each = head; each != NONE; each = earlier[each])
        {
            if (earlier[each] == slot)
            {
                earlier[each] = earlier[slot];
                return;
            }
        }
    }
}
