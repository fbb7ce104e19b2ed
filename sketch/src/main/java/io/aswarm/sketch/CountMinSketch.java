package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts per key in fixed memory: Count-Min (Cormode and Muthukrishnan, "An improved data stream summary", J.
 * Algorithms 55, 2005) with conservative update (Estan and Varghese, "New directions in traffic measurement",
 * SIGCOMM 2002): only the counters that hold the minimum are raised.
 * <p>
 * <b>Bound.</b> With width w, depth d and N the sum of all that was added since the last {@link #clear()}:
 * {@code true <= estimate} always, and {@code estimate <= true + (e / w) N} with probability at least
 * {@code 1 - exp(-d)} for each query. Conservative update never makes an estimate larger than the plain sketch would,
 * so the bound stands; in practice it is several times better. It holds for keys chosen without knowledge of the hash
 * key: each row has a secret function of its own from a universal family ({@link RowHash}), which is all that the
 * proof uses of the pairwise independent one it names. After {@link #halve()} both sides are halved, rounded down.
 * Counters stop at {@link Integer#MAX_VALUE}; there the lower bound is that value.
 * <p>
 * A key is one long or two; a sketch is fed and asked by one of the two forms only.
 * <p>
 * Single writer, no allocation; any thread may take a {@link #snapshot}. Mergeable: the bound holds for the sum of both
 * totals. Removing is not possible with conservative update.
 */
public final class CountMinSketch
{
    /** Most rows. */
    public static final int DEPTH_MAX = 8;
    /** Most counters in a row, so that the memory stays below 2 GiB. */
    public static final int WIDTH_MAX = 1 << 24;

    private final UnsafeBuffer memory;
    private final RowHash[] rows;
    private final FourRows fourRows;
    private final int depth;
    private final int width;
    /** Even; odd while counters shrink. */
    private final AtomicLong shrinkings = new AtomicLong();
    private long total;

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
        // Kept, so that the memory lives as long as the sketch.
        this.memory = new UnsafeBuffer(memory, 0, lengthBytes);
        final KeyedHash keyedHash = new KeyedHash(keyHigh, keyLow);
        this.rows = new RowHash[depth];
        for (int row = 0; row < depth; row++)
        {
            rows[row] = new RowHash(keyedHash, row, Integer.numberOfTrailingZeros(width));
        }
        this.fourRows = depth == FourRows.DEPTH ? new FourRows(this.memory, rows, width) : null;
        this.depth = depth;
        this.width = width;
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
        return depth * width * Integer.BYTES;
    }

    /**
     * Add to the count of a key of two words.
     *
     * @param high  first half of the key.
     * @param low   second half of the key.
     * @param count to add, at least 1.
     * @return estimate after it was added.
     */
    public int add(final long high, final long low, final int count)
    {
        total += count;
        if (fourRows != null)
        {
            return fourRows.add(high, low, count);
        }
        final int raised = saturated(estimate(high, low), count);
        for (int row = 0; row < depth; row++)
        {
            raise(row, rows[row].column(high, low), raised);
        }
        return raised;
    }

    /**
     * Add to the count of a key of one word.
     *
     * @param key   whole.
     * @param count to add, at least 1.
     * @return estimate after it was added.
     */
    public int add(final long key, final int count)
    {
        total += count;
        if (fourRows != null)
        {
            return fourRows.add(key, count);
        }
        final int raised = saturated(estimate(key), count);
        for (int row = 0; row < depth; row++)
        {
            raise(row, rows[row].column(key), raised);
        }
        return raised;
    }

    /**
     * Estimate the count of a key of two words.
     *
     * @param high first half of the key.
     * @param low  second half of the key.
     * @return never less than what was added for it.
     */
    public int estimate(final long high, final long low)
    {
        int minimum = Integer.MAX_VALUE;
        for (int row = 0; row < depth; row++)
        {
            minimum = Math.min(minimum, counter(row, rows[row].column(high, low)));
        }
        return minimum;
    }

    /**
     * Estimate the count of a key of one word.
     *
     * @param key whole.
     * @return never less than what was added for it.
     */
    public int estimate(final long key)
    {
        int minimum = Integer.MAX_VALUE;
        for (int row = 0; row < depth; row++)
        {
            minimum = Math.min(minimum, counter(row, rows[row].column(key)));
        }
        return minimum;
    }

    /** Sum of two that are not negative. */
    static int saturated(final int counter, final int count)
    {
        final int sum = counter + count;
        return sum < 0 ? Integer.MAX_VALUE : sum;
    }

    private void raise(final int row, final int column, final int raised)
    {
        memory.putInt(at(row, column), Math.max(counter(row, column), raised));
    }

    private int counter(final int row, final int column)
    {
        return memory.getInt(at(row, column));
    }

    private int at(final int row, final int column)
    {
        return (row * width + column) * Integer.BYTES;
    }

    /**
     * Age everything: each counter is halved, rounded down. Calling it once in each window gives counts that decay by
     * half for each window. Costs one pass over the memory.
     */
    public void halve()
    {
        beginShrinking();
        for (int offset = 0, end = depth * width * Integer.BYTES; offset < end; offset += Integer.BYTES)
        {
            memory.putInt(offset, memory.getInt(offset) >>> 1);
        }
        total >>= 1;
        shrinkings.lazySet(shrinkings.get() + 1);
    }

    private void beginShrinking()
    {
        shrinkings.lazySet(shrinkings.get() + 1);
        VarHandle.storeStoreFence();
    }

    /**
     * Forget everything.
     */
    public void clear()
    {
        beginShrinking();
        memory.setMemory(0, depth * width * Integer.BYTES, (byte)0);
        total = 0;
        shrinkings.lazySet(shrinkings.get() + 1);
    }

    /**
     * Copy the counters, from any thread, while the writer goes on. Between two halvings counters only grow, so an
     * estimate of the copy is at least what was added before the copy began, and at most the estimate after it ended.
     *
     * @param into a sketch of the same shape and hash key, used by nobody else meanwhile.
     * @return false when the counters shrank meanwhile; then the copy means nothing.
     * @throws IllegalArgumentException when the shape is another.
     */
    public boolean snapshot(final CountMinSketch into)
    {
        checkShape(into);
        final long before = shrinkings.get();
        into.memory.putBytes(0, memory, 0, depth * width * Integer.BYTES);
        into.total = total;
        VarHandle.loadLoadFence();
        return (before & 1) == 0 && shrinkings.get() == before;
    }

    /**
     * Take over what another node counted: counters add up, so none is below the sum of the true counts.
     *
     * @param other of the same shape and hash key, not written meanwhile.
     * @throws IllegalArgumentException when the shape is another.
     */
    public void merge(final CountMinSketch other)
    {
        checkShape(other);
        for (int offset = 0, end = depth * width * Integer.BYTES; offset < end; offset += Integer.BYTES)
        {
            memory.putInt(offset, saturated(memory.getInt(offset), other.memory.getInt(offset)));
        }
        total += other.total;
    }

    private void checkShape(final CountMinSketch other)
    {
        if (other.depth != depth || other.width != width)
        {
            throw new IllegalArgumentException(
                "depth=" + other.depth + " width=" + other.width + "; allowed: " + depth + " and " + width);
        }
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
     * How full the sketch is: near 1 nearly every key collides in every row, and estimates mean little. Costs one pass
     * over a row.
     *
     * @return share of the first row's counters that are in use, 0 to 1.
     */
    public double saturation()
    {
        int used = 0;
        for (int column = 0; column < width; column++)
        {
            used += counter(0, column) != 0 ? 1 : 0;
        }
        return (double)used / width;
    }
}
