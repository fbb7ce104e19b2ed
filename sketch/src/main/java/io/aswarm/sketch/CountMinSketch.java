package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Counts per key in fixed memory: Count-Min (Cormode and Muthukrishnan, "An improved data stream summary", J.
 * Algorithms 55, 2005) with conservative update (Estan and Varghese, "New directions in traffic measurement",
 * SIGCOMM 2002): only the counters that hold the minimum are raised.
 * <p>
 * <b>Bound.</b> With width w, depth d and N the sum of all that was added since the last {@link #clear()}:
 * {@code true <= estimate} always, and {@code estimate <= true + (e / w) N} with probability at least
 * {@code 1 - exp(-d)} for each query. Conservative update never makes an estimate larger than the plain sketch would,
 * so the bound stands; in practice it is several times better. It holds for keys chosen without knowledge of the hash
 * key: rows are disjoint bits of a keyed pseudo-random function ({@link KeyedHash}), which gives the pairwise
 * independence that the proof asks for. After {@link #halve()} both sides are halved, rounded down.
 * Counters stop at {@link Integer#MAX_VALUE}; there the lower bound is that value.
 * <p>
 * Four rows, the usual depth, take a straight path without loops, for speed; measured by
 * {@code CountMinComparisonBenchmark}.
 * <p>
 * Single writer, not thread-safe, no allocation. Removing is not possible with conservative update.
 */
public final class CountMinSketch
{
    /** Most rows. */
    public static final int DEPTH_MAX = 8;
    /** Most counters in a row, so that the memory stays below 2 GiB. */
    public static final int WIDTH_MAX = 1 << 24;

    private static final int FOUR_ROWS = 4;

    private final UnsafeBuffer memory;
    private final KeyedHash keyedHash;
    private final int depth;
    private final int width;
    private final int widthBits;
    private final int rowsPerWord;
    private long total;
    private int firstRowUsed;

    /**
     * Lay a sketch over memory and clear it.
     *
     * @param memory  of at least {@link #memoryLength(int, int)} bytes.
     * @param depth   rows, 1 to {@link #DEPTH_MAX}.
     * @param width   counters in a row, a power of two from 8 to {@link #WIDTH_MAX}.
     * @param keyHigh upper half of the secret hash key.
     * @param keyLow  lower half of the secret hash key.
     */
    public CountMinSketch(
        final MutableDirectBuffer memory, final int depth, final int width, final long keyHigh, final long keyLow)
    {
        final int lengthBytes = memoryLength(depth, width);
        memory.boundsCheck(0, lengthBytes);
        // A final class of its own: the counters are reached without a call through an interface.
        this.memory = new UnsafeBuffer(memory, 0, lengthBytes);
        this.keyedHash = new KeyedHash(keyHigh, keyLow);
        this.depth = depth;
        this.width = width;
        this.widthBits = Integer.numberOfTrailingZeros(width);
        this.rowsPerWord = Long.SIZE / widthBits;
        clear();
    }

    /**
     * Memory that a sketch needs.
     *
     * @param depth rows.
     * @param width counters in a row.
     * @return bytes.
     * @throws IllegalArgumentException when depth or width is not allowed.
     */
    public static int memoryLength(final int depth, final int width)
    {
        if (depth < 1 || depth > DEPTH_MAX)
        {
            throw new IllegalArgumentException("depth=" + depth + "; allowed: 1 to " + DEPTH_MAX);
        }
        if (width < 8 || width > WIDTH_MAX || Integer.bitCount(width) != 1)
        {
            throw new IllegalArgumentException("width=" + width + "; allowed: powers of two, 8 to " + WIDTH_MAX);
        }
        final int rowsMax = 2 * (Long.SIZE / Integer.numberOfTrailingZeros(width));
        if (depth > rowsMax)
        {
            throw new IllegalArgumentException(
                "depth=" + depth + " width=" + width + "; allowed: at most " + rowsMax + " rows at this width");
        }
        return depth * width * Integer.BYTES;
    }

    /**
     * Add to the count of a key.
     *
     * @param high  first half of the key.
     * @param low   second half of the key.
     * @param count to add, at least 1.
     * @return estimate after it was added.
     */
    public int add(final long high, final long low, final int count)
    {
        return addHashed(keyedHash.hash(high, low), count);
    }

    /**
     * Estimate the count of a key.
     *
     * @param high first half of the key.
     * @param low  second half of the key.
     * @return never less than what was added for it.
     */
    public int estimate(final long high, final long low)
    {
        return estimateHashed(keyedHash.hash(high, low));
    }

    /** As {@link #add} for a key that was hashed with a secret key already. */
    int addHashed(final long hash, final int count)
    {
        total += count;
        return FOUR_ROWS == depth ? addToFourRows(hash, count) : addToRows(hash, count);
    }

    /** As {@link #estimate} for a key that was hashed with a secret key already. */
    int estimateHashed(final long hash)
    {
        int minimum = Integer.MAX_VALUE;
        for (int row = 0; row < depth; row++)
        {
            minimum = Math.min(minimum, memory.getInt(offset(hash, row)));
        }
        return minimum;
    }

    private int addToRows(final long hash, final int count)
    {
        final int raised = (int)Math.min((long)estimateHashed(hash) + count, Integer.MAX_VALUE);
        for (int row = 0; row < depth; row++)
        {
            final int offset = offset(hash, row);
            final int counter = memory.getInt(offset);
            firstRowUsed += row == 0 && counter == 0 ? 1 : 0;
            memory.putInt(offset, Math.max(counter, raised));
        }
        return raised;
    }

    private int addToFourRows(final long hash, final int count)
    {
        final int offset0 = offset(hash, 0);
        final int offset1 = offset(hash, 1);
        final int offset2 = offset(hash, 2);
        final int offset3 = offset(hash, 3);
        final int counter0 = memory.getInt(offset0);
        final int counter1 = memory.getInt(offset1);
        final int counter2 = memory.getInt(offset2);
        final int counter3 = memory.getInt(offset3);
        final int minimum = Math.min(Math.min(counter0, counter1), Math.min(counter2, counter3));
        final int raised = (int)Math.min((long)minimum + count, Integer.MAX_VALUE);
        firstRowUsed += counter0 == 0 ? 1 : 0;
        memory.putInt(offset0, Math.max(counter0, raised));
        memory.putInt(offset1, Math.max(counter1, raised));
        memory.putInt(offset2, Math.max(counter2, raised));
        memory.putInt(offset3, Math.max(counter3, raised));
        return raised;
    }

    /** Bytes to a row's counter of a key: each row takes bits of its own, from the hash or from its second word. */
    private int offset(final long hash, final int row)
    {
        final long word = row < rowsPerWord ? hash : KeyedHash.second(hash);
        final int shift = (row < rowsPerWord ? row : row - rowsPerWord) * widthBits;
        return (((int)(word >>> shift) & (width - 1)) + (row * width)) << 2;
    }

    /**
     * Age everything: each counter is halved, rounded down. Calling it once in each window gives counts that decay by
     * half for each window. Costs one pass over the memory.
     */
    public void halve()
    {
        firstRowUsed = 0;
        for (int offset = 0, end = depth * width * Integer.BYTES; offset < end; offset += Integer.BYTES)
        {
            final int halved = memory.getInt(offset) >>> 1;
            memory.putInt(offset, halved);
            firstRowUsed += offset < width << 2 && halved != 0 ? 1 : 0;
        }
        total >>= 1;
    }

    /**
     * Forget everything.
     */
    public void clear()
    {
        memory.setMemory(0, depth * width * Integer.BYTES, (byte)0);
        total = 0;
        firstRowUsed = 0;
    }

    /**
     * Sum of all counts added, aged as the counters are.
     *
     * @return N of the error bound.
     */
    public long total()
    {
        return total;
    }

    /**
     * By how much an estimate may be too large, except with probability {@code exp(-depth)}.
     *
     * @return {@code e / width * total()}.
     */
    public double errorBound()
    {
        return Math.E / width * total;
    }

    /**
     * How full the sketch is: near 1 nearly every key collides in every row, and estimates mean little.
     *
     * @return share of the first row's counters that are in use, 0 to 1.
     */
    public double saturation()
    {
        return (double)firstRowUsed / width;
    }
}
