package io.aswarm.sketch;

import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

import static io.aswarm.sketch.RowHash.sum;

/**
 * The update of a {@link CountMinSketch} of four rows, the usual depth, as one straight path: what costs is the number
 * of instructions, so the numbers of all four {@link RowHash}es are fields of one object, and a column is never more
 * than the offset of its counter. Measured by {@code CountMinComparisonBenchmark}.
 * <p>
 * Columns are within their row by construction, so the bounds are checked once, by the sketch, which also keeps the
 * memory alive.
 */
final class FourRows
{
    static final int DEPTH = 4;
    private static final int COUNTER_BITS = 2;
    private static final long COUNTERS_MASK = -1L << COUNTER_BITS;

    private final byte[] array;
    private final int shift;
    private final long address0;
    private final long a00;
    private final long a01;
    private final long multiplier0;
    private final long addend0;
    private final long address1;
    private final long a10;
    private final long a11;
    private final long multiplier1;
    private final long addend1;
    private final long address2;
    private final long a20;
    private final long a21;
    private final long multiplier2;
    private final long addend2;
    private final long address3;
    private final long a30;
    private final long a31;
    private final long multiplier3;
    private final long addend3;

    /**
     * @param memory whose bounds are checked.
     * @param rows   their hashes, at least {@link #DEPTH}.
     * @param width  counters in a row.
     */
    FourRows(final UnsafeBuffer memory, final RowHash[] rows, final int width)
    {
        final long rowLength = (long)width << COUNTER_BITS;
        this.array = memory.byteArray();
        this.shift = Long.SIZE - Integer.numberOfTrailingZeros(width) - COUNTER_BITS;
        this.address0 = memory.addressOffset();
        this.a00 = rows[0].a0;
        this.a01 = rows[0].a1;
        this.multiplier0 = rows[0].multiplier;
        this.addend0 = rows[0].addend;
        this.address1 = address0 + rowLength;
        this.a10 = rows[1].a0;
        this.a11 = rows[1].a1;
        this.multiplier1 = rows[1].multiplier;
        this.addend1 = rows[1].addend;
        this.address2 = address1 + rowLength;
        this.a20 = rows[2].a0;
        this.a21 = rows[2].a1;
        this.multiplier2 = rows[2].multiplier;
        this.addend2 = rows[2].addend;
        this.address3 = address2 + rowLength;
        this.a30 = rows[3].a0;
        this.a31 = rows[3].a1;
        this.multiplier3 = rows[3].multiplier;
        this.addend3 = rows[3].addend;
    }

    int add(final long high, final long low, final int count)
    {
        return raise(
            at(address0, sum(a00, a01, high, sum(multiplier0, addend0, low))),
            at(address1, sum(a10, a11, high, sum(multiplier1, addend1, low))),
            at(address2, sum(a20, a21, high, sum(multiplier2, addend2, low))),
            at(address3, sum(a30, a31, high, sum(multiplier3, addend3, low))), count);
    }

    int add(final long key, final int count)
    {
        return raise(
            at(address0, sum(multiplier0, addend0, key)), at(address1, sum(multiplier1, addend1, key)),
            at(address2, sum(multiplier2, addend2, key)), at(address3, sum(multiplier3, addend3, key)), count);
    }

    private long at(final long address, final long sum)
    {
        return address + (sum >>> shift & COUNTERS_MASK);
    }

    private int raise(final long at0, final long at1, final long at2, final long at3, final int count)
    {
        final int counter0 = UnsafeApi.getInt(array, at0);
        final int counter1 = UnsafeApi.getInt(array, at1);
        final int counter2 = UnsafeApi.getInt(array, at2);
        final int counter3 = UnsafeApi.getInt(array, at3);
        final int minimum = Math.min(Math.min(counter0, counter1), Math.min(counter2, counter3));
        final int raised = CountMinSketch.saturated(minimum, count);
        UnsafeApi.putInt(array, at0, Math.max(counter0, raised));
        UnsafeApi.putInt(array, at1, Math.max(counter1, raised));
        UnsafeApi.putInt(array, at2, Math.max(counter2, raised));
        UnsafeApi.putInt(array, at3, Math.max(counter3, raised));
        return raised;
    }
}
