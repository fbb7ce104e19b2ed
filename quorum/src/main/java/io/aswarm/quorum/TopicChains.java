package io.aswarm.quorum;

import org.agrona.BitUtil;

import java.util.Arrays;

/**
 * Which slots are on which topic: a hash table of chains through slots that are numbered and allocated once. What is in
 * a slot is its owner's matter.
 */
final class TopicChains
{
    /** No slot. */
    static final int NIL = -1;

    private final long seed;
    private final int[] heads;
    private final int[] next;
    private final int[] code;
    private final long[] high;
    private final long[] low;
    private int free;

    /**
     * All slots free.
     *
     * @param slotsMax number of slots.
     * @param seed     of the hash, so that nobody can choose addresses that all fall into one chain.
     */
    TopicChains(final int slotsMax, final long seed)
    {
        this.seed = seed;
        heads = new int[BitUtil.findNextPositivePowerOfTwo(slotsMax) * 2];
        next = new int[slotsMax];
        code = new int[slotsMax];
        high = new long[slotsMax];
        low = new long[slotsMax];
        Arrays.fill(heads, NIL);
        for (int slot = 0; slot < slotsMax; slot++)
        {
            next[slot] = slot + 1 < slotsMax ? slot + 1 : NIL;
        }
    }

    /** Is no slot free? */
    boolean isFull()
    {
        return NIL == free;
    }

    /** Put a free slot on a topic; there must be one. */
    int add(final Topic topic)
    {
        final int slot = free;
        final int bucket = bucket(topic.code(), topic.high(), topic.low());
        free = next[slot];
        code[slot] = topic.code();
        high[slot] = topic.high();
        low[slot] = topic.low();
        next[slot] = heads[bucket];
        heads[bucket] = slot;
        return slot;
    }

    /** Make a slot free that is on a topic. */
    void remove(final int slot)
    {
        final int bucket = bucket(code[slot], high[slot], low[slot]);
        if (heads[bucket] == slot)
        {
            heads[bucket] = next[slot];
        }
        else
        {
            int before = heads[bucket];
            while (next[before] != slot)
            {
                before = next[before];
            }
            next[before] = next[slot];
        }
        next[slot] = free;
        free = slot;
    }

    /** First slot on a topic, or NIL; the order means nothing. */
    int first(final Topic topic)
    {
        return on(
            heads[bucket(topic.code(), topic.high(), topic.low())], topic.code(), topic.high(), topic.low());
    }

    /** First slot on the same topic as this one. */
    int firstLike(final int slot)
    {
        return on(heads[bucket(code[slot], high[slot], low[slot])], code[slot], high[slot], low[slot]);
    }

    /** Next slot on the same topic, or NIL. */
    int next(final int slot)
    {
        return on(next[slot], code[slot], high[slot], low[slot]);
    }

    /** Of the topic that a slot is on, see {@link Topic#code()}. */
    int code(final int slot)
    {
        return code[slot];
    }

    /** Upper half of the address or hash of a slot's topic. */
    long high(final int slot)
    {
        return high[slot];
    }

    /** Lower half. */
    long low(final int slot)
    {
        return low[slot];
    }

    private int on(final int from, final int itsCode, final long itsHigh, final long itsLow)
    {
        int slot = from;
        while (NIL != slot && !(low[slot] == itsLow && high[slot] == itsHigh && code[slot] == itsCode))
        {
            slot = next[slot];
        }
        return slot;
    }

    private int bucket(final int itsCode, final long itsHigh, final long itsLow)
    {
        return (int)mix(mix(mix(itsLow ^ seed) ^ itsHigh) ^ itsCode) & (heads.length - 1);
    }

    /** Finaliser of MurmurHash3 (Appleby, public domain). */
    private static long mix(final long value)
    {
        long mixed = value;
        mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
