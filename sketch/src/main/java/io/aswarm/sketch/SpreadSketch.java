package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;

/**
 * Which keys have the most distinct items, and how many about: SpreadSketch (Tang, Huang and Lee, "SpreadSketch: toward
 * invertible and network-wide detection of superspreaders", INFOCOM 2020). It names its heavy keys, so no list of
 * candidates is needed. In each of a few rows a key has one bucket; a bucket counts the distinct pairs of key and item
 * that came to it by linear counting, and holds the key whose pair had the rarest hash of the row, which is most likely
 * the one with the most pairs.
 * <p>
 * <b>Bound.</b> With w buckets in a row, d rows and S the sum of all keys' distinct items, an estimate is the smallest
 * of the key's buckets, each of which holds on average S / w of others' items: {@code estimate <= true + 2 S / w} but
 * for linear counting's own error ({@link FanOutSketch}) with probability at least {@code 1 - 2^-d} (Markov's
 * inequality in each row). A key that has at least half of its bucket's items is named there with probability at least
 * 1/2, so one that has in each of d rows is missed with probability at most 2^-d. It holds for keys chosen without
 * knowledge of the hash key.
 * <p>
 * Mergeable: two sketches of the same shape and the same hash key give, bucket by bucket, the sketch of both streams.
 * Single writer, no allocation.
 */
public final class SpreadSketch
{
    /** Most rows. */
    public static final int DEPTH_MAX = 8;
    private static final int BITS_LENGTH = FanOutSketch.BITS / Byte.SIZE;
    private static final int HIGH = BITS_LENGTH;
    private static final int LOW = HIGH + 8;
    private static final int RARITY = LOW + 8;
    private static final int BUCKET_LENGTH = RARITY + 8;

    private final MutableDirectBuffer memory;
    private final KeyedHash keyHash;
    private final KeyedHash pairHash;
    private final int depth;
    private final int width;

    /**
     * Lay a sketch over memory and clear it.
     *
     * @param memory  of at least {@link #memoryLength(int, int)} bytes.
     * @param depth   rows, 1 to {@link #DEPTH_MAX}.
     * @param width   buckets in a row, a power of two from 8 to 65,536.
     * @param keyHigh upper half of the secret hash key; the same on nodes that merge.
     * @param keyLow  lower half of the secret hash key.
     */
    public SpreadSketch(
        final MutableDirectBuffer memory, final int depth, final int width, final long keyHigh, final long keyLow)
    {
        this(memory, depth, width, new KeyedHash(keyHigh, keyLow));
        clear();
    }

    private SpreadSketch(
        final MutableDirectBuffer memory, final int depth, final int width, final KeyedHash keyHash)
    {
        memory.boundsCheck(0, memoryLength(depth, width));
        this.memory = memory;
        this.depth = depth;
        this.width = width;
        this.keyHash = keyHash;
        this.pairHash = keyHash.derive(1);
    }

    /** A sketch as it stands in memory, for example in a copy of another one's. */
    static SpreadSketch over(
        final MutableDirectBuffer memory, final int depth, final int width, final long keyHigh, final long keyLow)
    {
        return new SpreadSketch(memory, depth, width, new KeyedHash(keyHigh, keyLow));
    }

    /**
     * Memory that a sketch needs.
     *
     * @param depth rows.
     * @param width buckets in a row.
     * @return bytes.
     * @throws IllegalArgumentException when depth or width is not allowed.
     */
    public static int memoryLength(final int depth, final int width)
    {
        if (depth < 1 || depth > DEPTH_MAX)
        {
            throw new IllegalArgumentException("depth=" + depth + "; allowed: 1 to " + DEPTH_MAX);
        }
        if (width < 8 || width > 65_536 || Integer.bitCount(width) != 1)
        {
            throw new IllegalArgumentException("width=" + width + "; allowed: powers of two, 8 to 65536");
        }
        return depth * width * BUCKET_LENGTH;
    }

    /** Forget everything. */
    public void clear()
    {
        memory.setMemory(0, memoryLength(depth, width), (byte)0);
    }

    /**
     * A key has an item.
     *
     * @param high     first half of the key.
     * @param low      second half of the key.
     * @param itemHigh first half of the item.
     * @param itemLow  second half of the item.
     */
    public void add(final long high, final long low, final long itemHigh, final long itemLow)
    {
        final long key = keyHash.hash(high, low);
        final long pair = pairHash.hash(high, low, itemHigh, itemLow, 0);
        long rowWord = pair;
        for (int row = 0; row < depth; row++)
        {
            // Another in each row, so that a key missed in one has its chance in the others. Smaller is rarer; 0 marks
            // an empty bucket.
            rowWord = KeyedHash.second(rowWord);
            final long rarity = (rowWord >>> 1) | 1;
            final int offset = bucket(row, key);
            final int bit = (int)Long.rotateRight(pair, 9 * row) & (FanOutSketch.BITS - 1);
            final int word = offset + ((bit >>> 6) << 3);
            memory.putLong(word, memory.getLong(word) | 1L << (bit & 63));
            final long rarest = memory.getLong(offset + RARITY);
            if (rarest == 0 || rarity < rarest)
            {
                memory.putLong(offset + HIGH, high);
                memory.putLong(offset + LOW, low);
                memory.putLong(offset + RARITY, rarity);
            }
        }
    }

    /**
     * Estimate how many distinct items a key has.
     *
     * @param high first half of the key.
     * @param low  second half of the key.
     * @return estimate, at most {@link FanOutSketch#ESTIMATE_MAX}.
     */
    public int estimate(final long high, final long low)
    {
        final long key = keyHash.hash(high, low);
        int smallest = Integer.MAX_VALUE;
        for (int row = 0; row < depth; row++)
        {
            smallest = Math.min(smallest, FanOutSketch.estimateOf(ones(bucket(row, key))));
        }
        return smallest;
    }

    /**
     * Name the keys that may have many items, each perhaps several times.
     *
     * @param itemsMin estimate from which on a key is named.
     * @param into     told each.
     */
    public void keys(final int itemsMin, final KeyReader into)
    {
        for (int offset = 0, end = depth * width * BUCKET_LENGTH; offset < end; offset += BUCKET_LENGTH)
        {
            if (memory.getLong(offset + RARITY) != 0)
            {
                final long high = memory.getLong(offset + HIGH);
                final long low = memory.getLong(offset + LOW);
                final int items = estimate(high, low);
                if (items >= itemsMin)
                {
                    into.onKey(high, low, items);
                }
            }
        }
    }

    /** Told a key and how many distinct items it has. */
    @FunctionalInterface
    public interface KeyReader
    {
        /**
         * A key.
         *
         * @param high  first half.
         * @param low   second half.
         * @param items estimate.
         */
        void onKey(long high, long low, int items);
    }

    /**
     * Take over what another node saw.
     *
     * @param other of the same shape and hash key.
     * @throws IllegalArgumentException when the shape is another.
     */
    public void merge(final SpreadSketch other)
    {
        if (other.depth != depth || other.width != width)
        {
            throw new IllegalArgumentException(
                "depth=" + other.depth + " width=" + other.width + "; allowed: " + depth + " and " + width);
        }
        for (int offset = 0, end = depth * width * BUCKET_LENGTH; offset < end; offset += BUCKET_LENGTH)
        {
            for (int word = offset; word < offset + BITS_LENGTH; word += Long.BYTES)
            {
                memory.putLong(word, memory.getLong(word) | other.memory.getLong(word));
            }
            final long rarity = other.memory.getLong(offset + RARITY);
            final long rarest = memory.getLong(offset + RARITY);
            if (rarity != 0 && (rarest == 0 || rarity < rarest))
            {
                memory.putBytes(offset + HIGH, other.memory, offset + HIGH, BUCKET_LENGTH - HIGH);
            }
        }
    }

    private int bucket(final int row, final long key)
    {
        final long word = row < 4 ? key : KeyedHash.second(key);
        return (row * width + ((int)(word >>> ((row & 3) << 4)) & (width - 1))) * BUCKET_LENGTH;
    }

    private int ones(final int offset)
    {
        int ones = 0;
        for (int word = offset; word < offset + BITS_LENGTH; word += Long.BYTES)
        {
            ones += Long.bitCount(memory.getLong(word));
        }
        return ones;
    }
}
