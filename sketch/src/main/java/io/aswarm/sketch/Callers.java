package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;

/**
 * How many hosts of the site are served by a place outside, lately: distinct ones in the present window or in the one
 * before ({@link FanOutSketch}). {@link Popularity} counts whom a place is new to, and forgets while they go on
 * calling; this one is told of each exchange. Bounded memory; in a full bucket the place that served longest ago gives
 * way.
 * <p>
 * Only exchanges count, so nobody makes a place popular by openings in others' names.
 */
final class Callers
{
    private static final int ENTRY_LENGTH = 16;
    private static final int LAST_NS = 0;
    private static final int WINDOW = 8;

    private final MutableDirectBuffer memory;
    private final SlotIndex index;
    private final FanOutSketch hosts;
    private final KeyedHash placeHash;
    private final long windowNs;

    Callers(final Workshop workshop, final int slots, final long windowNs)
    {
        this.memory = workshop.memory().allocate(slots * ENTRY_LENGTH);
        this.index = workshop.index(slots);
        this.hosts = workshop.fanOut(2 * slots, 42);
        this.placeHash = workshop.key().derive(43);
        this.windowNs = windowNs;
    }

    /** A host was served. */
    void served(final Conversation c)
    {
        final long hash = placeHash.hash(c.responderHigh(), c.responderLow());
        final long window = Math.floorDiv(c.timeNs(), windowNs);
        int slot = index.find(hash);
        if (slot == SlotIndex.NONE)
        {
            slot = claim(hash);
            hosts.clear(2 * slot);
            hosts.clear(2 * slot + 1);
            memory.putLong(slot * ENTRY_LENGTH + WINDOW, window);
        }
        roll(slot, window);
        memory.putLong(slot * ENTRY_LENGTH + LAST_NS, c.timeNs());
        hosts.add(2 * slot + (int)(window & 1), c.initiatorHigh(), c.initiatorLow());
    }

    /** Hosts that a place served, in the window that had more of them. */
    int count(final long placeHigh, final long placeLow, final long nowNs)
    {
        final int slot = index.find(placeHash.hash(placeHigh, placeLow));
        if (slot == SlotIndex.NONE)
        {
            return 0;
        }
        roll(slot, Math.floorDiv(nowNs, windowNs));
        return Math.max(hosts.estimate(2 * slot), hosts.estimate(2 * slot + 1));
    }

    /** Forget the windows that are over, but for the last. */
    private void roll(final int slot, final long window)
    {
        final long passed = window - memory.getLong(slot * ENTRY_LENGTH + WINDOW);
        if (passed > 0)
        {
            hosts.clear(2 * slot + (int)(window & 1));
            if (passed > 1)
            {
                hosts.clear(2 * slot + (int)(window + 1 & 1));
            }
            memory.putLong(slot * ENTRY_LENGTH + WINDOW, window);
        }
    }

    private int claim(final long hash)
    {
        final int slot = index.vacantOrOldest(hash, memory, ENTRY_LENGTH, LAST_NS);
        index.take(slot, hash);
        return slot;
    }
}
