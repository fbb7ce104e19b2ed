package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;

/**
 * Binaries that this sensor saw for the first time lately, and on how many hosts each was started since. One seen
 * before, within a generation or two of {@value #MEMORY_NS} ns, is not new.
 */
final class NewBinaries
{
    private static final long MEMORY_NS = 86_400_000_000_000L;
    private static final int KNOWN_MAX = 16_384;
    private static final int SLOTS = 512;

    private final long newNs;
    private final ContactMemory known;
    private final SlotIndex index;
    private final MutableDirectBuffer firstSeenNs;
    private final FanOutSketch hosts;
    private final KeyedHash binaryHash;

    NewBinaries(final Workshop workshop, final long newNs)
    {
        this.newNs = newNs;
        this.known = workshop.contactMemory(KNOWN_MAX, MEMORY_NS);
        this.index = workshop.index(SLOTS);
        this.firstSeenNs = workshop.memory().allocate(SLOTS * Long.BYTES);
        this.hosts = workshop.fanOut(SLOTS, 25);
        this.binaryHash = workshop.key().derive(26);
    }

    /**
     * A binary was started on a host.
     *
     * @return on how many hosts it was started, if this one is another one and the binary is new; else 0.
     */
    int hosts(final long binary, final long hostHigh, final long hostLow, final long nowNs)
    {
        known.forget(nowNs);
        final long hash = binaryHash.hash(binary, 0);
        int slot = index.find(hash);
        if (slot == SlotIndex.NONE)
        {
            if (known.seen(hash))
            {
                return 0;
            }
            known.remember(hash, nowNs);
            slot = claim(hash);
            hosts.clear(slot);
            firstSeenNs.putLong(slot * Long.BYTES, nowNs);
        }
        final boolean isNew = nowNs - firstSeenNs.getLong(slot * Long.BYTES) < newNs;
        return isNew && hosts.add(slot, hostHigh, hostLow) ? hosts.estimate(slot) : 0;
    }

    private int claim(final long hash)
    {
        final int slot = index.vacantOrOldest(hash, firstSeenNs, Long.BYTES, 0);
        index.take(slot, hash);
        return slot;
    }
}
