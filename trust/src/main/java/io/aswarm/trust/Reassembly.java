package io.aswarm.trust;

import java.util.Arrays;

/**
 * Puts offers together from their parts, in a fixed number of slots. A new offer that finds no slot takes that of an
 * older one of the same origin, else of the same claimed node, else the oldest: who sends parts of offers that never
 * become whole drives out its own first. Pure.
 */
final class Reassembly
{
    /** Offers in the making at once. */
    static final int SLOTS = 64;
    /** Of these for one node id, since anybody can claim it. */
    static final int SLOTS_PER_NODE = 4;
    /** A part that comes later than this after the one before belongs to another sending. */
    static final long TIMEOUT_NS = 10_000_000_000L;

    private static final class Slot
    {
        private byte[] wholeId;
        private byte[] offer;
        private int nodeId;
        private int origin;
        private int missing;
        private long touchedNs;
    }

    private final Slot[] slots = new Slot[SLOTS];
    private long abandoned;

    Reassembly()
    {
        for (int i = 0; i < SLOTS; i++)
        {
            slots[i] = new Slot();
        }
    }

    /**
     * Take in a part that {@link OfferFragment#isIntact()}.
     *
     * @return the whole offer when this was the last missing part, else null.
     */
    byte[] add(final OfferFragment fragment, final int nodeId, final int origin, final long nowNs)
    {
        final byte[] wholeId = fragment.wholeId();
        Slot slot = find(nodeId, wholeId, fragment.offerLength());
        if (null == slot)
        {
            slot = free(nodeId, origin, nowNs);
            slot.wholeId = wholeId;
            slot.offer = new byte[fragment.offerLength()];
            slot.nodeId = nodeId;
            slot.origin = origin;
            slot.missing = (1 << fragment.count()) - 1;
        }
        slot.touchedNs = nowNs;
        slot.missing &= ~(1 << fragment.index());
        fragment.copyInto(slot.offer);
        if (0 != slot.missing)
        {
            return null;
        }
        final byte[] offer = slot.offer;
        clear(slot);
        return offer;
    }

    /** Offers given up before they were whole. */
    long abandoned()
    {
        return abandoned;
    }

    private Slot find(final int nodeId, final byte[] wholeId, final int length)
    {
        for (final Slot slot : slots)
        {
            if (null != slot.offer && slot.nodeId == nodeId && slot.offer.length == length &&
                Arrays.equals(slot.wholeId, wholeId))
            {
                return slot;
            }
        }
        return null;
    }

    private Slot free(final int nodeId, final int origin, final long nowNs)
    {
        Slot unused = null;
        Slot oldest = slots[0];
        Slot oldestOfNode = null;
        Slot oldestOfOrigin = null;
        int ofNode = 0;
        for (final Slot slot : slots)
        {
            if (null != slot.offer && nowNs - slot.touchedNs > TIMEOUT_NS)
            {
                abandoned++;
                clear(slot);
            }
            if (null == slot.offer)
            {
                unused = slot;
                continue;
            }
            oldest = older(oldest, slot);
            if (slot.nodeId == nodeId)
            {
                ofNode++;
                oldestOfNode = older(oldestOfNode, slot);
                oldestOfOrigin = slot.origin == origin ? older(oldestOfOrigin, slot) : oldestOfOrigin;
            }
        }

        if (ofNode < SLOTS_PER_NODE && null != unused)
        {
            return unused;
        }
        final Slot given = null != oldestOfOrigin ? oldestOfOrigin : null != oldestOfNode ? oldestOfNode : oldest;
        abandoned++;
        clear(given);
        return given;
    }

    private static Slot older(final Slot one, final Slot other)
    {
        return null == one || null == one.offer || other.touchedNs - one.touchedNs < 0 ? other : one;
    }

    private static void clear(final Slot slot)
    {
        slot.wholeId = null;
        slot.offer = null;
    }
}
