package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;

/**
 * How many distinct items each of many slots has seen: linear counting (Whang, Vander-Zanden and Taylor, "A
 * linear-time probabilistic counting algorithm", ACM TODS 15, 1990) with {@value #BITS} bits for each slot.
 * <p>
 * <b>Bound.</b> With m bits, n distinct items and t = n/m the relative standard error is
 * {@code sqrt(m (exp(t) - t - 1)) / n}: 3.2 % at 32 items, 3.4 % at 256, 3.7 % at 512, 5.9 % at 1,536. Up to 8 items
 * the count is exact with probability at least 0.94 and never above the truth. When no bit is left the count is at
 * least {@value #ESTIMATE_MAX} and says so: {@link #isSaturated}.
 * <p>
 * Hashing is keyed, so nobody can choose items that all share a bit. Mergeable: slots of the same hash key give the
 * slot of both streams, bit by bit. Single writer, not thread-safe, no allocation.
 */
public final class FanOutSketch
{
    /** Bits for each slot: one cache line. */
    public static final int BITS = 512;
    /** Largest estimate: one bit left, m ln m. */
    public static final int ESTIMATE_MAX = 3_194;

    private static final int SLOT_LENGTH = BITS / Byte.SIZE;
    private static final int[] ESTIMATE_BY_ZEROS = new int[BITS + 1];

    static
    {
        ESTIMATE_BY_ZEROS[0] = ESTIMATE_MAX;
        for (int zeros = 1; zeros <= BITS; zeros++)
        {
            ESTIMATE_BY_ZEROS[zeros] = (int)Math.round(-BITS * StrictMath.log((double)zeros / BITS));
        }
    }

    private final MutableDirectBuffer memory;
    private final KeyedHash keyedHash;

    /**
     * Lay the slots over memory and clear them.
     *
     * @param memory  of at least {@link #memoryLength(int)} bytes.
     * @param slots   how many.
     * @param keyHigh upper half of the secret hash key.
     * @param keyLow  lower half of the secret hash key.
     */
    public FanOutSketch(final MutableDirectBuffer memory, final int slots, final long keyHigh, final long keyLow)
    {
        memory.boundsCheck(0, memoryLength(slots));
        this.memory = memory;
        this.keyedHash = new KeyedHash(keyHigh, keyLow);
        memory.setMemory(0, memoryLength(slots), (byte)0);
    }

    /**
     * Memory that slots need.
     *
     * @param slots how many, 1 to 16,777,216.
     * @return bytes.
     * @throws IllegalArgumentException when the number is not allowed.
     */
    public static int memoryLength(final int slots)
    {
        if (slots < 1 || slots > 1 << 24)
        {
            throw new IllegalArgumentException("slots=" + slots + "; allowed: 1 to " + (1 << 24));
        }
        return slots * SLOT_LENGTH;
    }

    /**
     * Show an item to a slot.
     *
     * @param slot     which.
     * @param itemHigh first half of the item.
     * @param itemLow  second half of the item.
     * @return true when the slot has certainly not seen the item before.
     */
    public boolean add(final int slot, final long itemHigh, final long itemLow)
    {
        final int bit = (int)(keyedHash.hash(itemHigh, itemLow) >>> (Long.SIZE - 9));
        final int offset = slot * SLOT_LENGTH + ((bit >>> 6) << 3);
        final long word = memory.getLong(offset);
        final long raised = word | 1L << (bit & 63);
        memory.putLong(offset, raised);
        return word != raised;
    }

    /**
     * Distinct items that a slot has seen since it was cleared.
     *
     * @param slot which.
     * @return estimate, 0 to {@link #ESTIMATE_MAX}.
     */
    public int estimate(final int slot)
    {
        return estimateOf(BITS - zeros(slot));
    }

    /** Distinct items that set so many bits. */
    static int estimateOf(final int ones)
    {
        return ESTIMATE_BY_ZEROS[BITS - ones];
    }

    /**
     * Whether a slot has no bit left, so that its estimate is a lower bound only.
     *
     * @param slot which.
     * @return true when it has none left.
     */
    public boolean isSaturated(final int slot)
    {
        return zeros(slot) == 0;
    }

    /**
     * Take over what another node saw.
     *
     * @param slot  of this one.
     * @param other of the same hash key.
     * @param from  slot of the other one.
     */
    public void merge(final int slot, final FanOutSketch other, final int from)
    {
        for (int word = 0; word < SLOT_LENGTH; word += Long.BYTES)
        {
            final int offset = slot * SLOT_LENGTH + word;
            memory.putLong(offset, memory.getLong(offset) | other.memory.getLong(from * SLOT_LENGTH + word));
        }
    }

    /**
     * Forget what a slot has seen.
     *
     * @param slot which.
     */
    public void clear(final int slot)
    {
        memory.setMemory(slot * SLOT_LENGTH, SLOT_LENGTH, (byte)0);
    }

    /** Bits that are not set yet. */
    int zeros(final int slot)
    {
        int ones = 0;
        for (int offset = slot * SLOT_LENGTH, end = offset + SLOT_LENGTH; offset < end; offset += Long.BYTES)
        {
            ones += Long.bitCount(memory.getLong(offset));
        }
        return BITS - ones;
    }
}
