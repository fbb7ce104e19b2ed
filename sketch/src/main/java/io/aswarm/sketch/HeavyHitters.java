package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;

/**
 * The keys with the greatest counts, in fixed memory: Space-Saving (Metwally, Agrawal and El Abbadi, "Efficient
 * computation of frequent and top-k elements in data streams", ICDT 2005). A key that has no counter takes over the
 * smallest one and what it counted.
 * <p>
 * <b>Bound.</b> With k counters and N the sum of all that was added: {@code true <= count <= true + N / k} for each key
 * that has a counter, its error says how much of it was taken over at most, and every key with more than N / k has
 * one. The bound holds for any keys in any order, chosen by anybody: nothing is hashed.
 * <p>
 * Single writer; {@link #snapshot} may be called by any thread: it copies under a version that the writer changes
 * before and after each update (seqlock), and fails rather than wait. No allocation. An update walks all counters, so
 * it is for what is rare and for k of some dozens.
 * <pre>
 *  0         8       16                 16 + k x 32
 *  +---------+-------+------------------+
 *  | version | total | counters         |      counter: high 8 | low 8 | count 8 | error 8
 *  +---------+-------+------------------+
 * </pre>
 */
public final class HeavyHitters
{
    /** Most counters. */
    public static final int COUNTERS_MAX = 1_024;
    private static final int VERSION = 0;
    private static final int TOTAL = 8;
    private static final int COUNTERS = 16;
    private static final int LENGTH = 32;
    private static final int HIGH = 0;
    private static final int LOW = 8;
    private static final int COUNT = 16;
    private static final int ERROR = 24;

    private final SharedBuffer shared;
    private final MutableDirectBuffer memory;
    private final int counters;

    /**
     * Lay the counters over memory and clear them.
     *
     * @param memory   of at least {@link #memoryLength(int)} bytes, 8-byte aligned.
     * @param counters k, 1 to {@link #COUNTERS_MAX}.
     */
    public HeavyHitters(final MutableDirectBuffer memory, final int counters)
    {
        memory.boundsCheck(0, memoryLength(counters));
        this.shared = new SharedBuffer(memory, VERSION, memoryLength(counters));
        this.memory = memory;
        this.counters = counters;
        memory.setMemory(0, memoryLength(counters), (byte)0);
    }

    /**
     * Memory that counters need.
     *
     * @param counters how many.
     * @return bytes.
     * @throws IllegalArgumentException when the number is not allowed.
     */
    public static int memoryLength(final int counters)
    {
        if (counters < 1 || counters > COUNTERS_MAX)
        {
            throw new IllegalArgumentException("counters=" + counters + "; allowed: 1 to " + COUNTERS_MAX);
        }
        return COUNTERS + counters * LENGTH;
    }

    /**
     * Add to the count of a key.
     *
     * @param high  first half of the key.
     * @param low   second half of the key.
     * @param count to add, at least 1.
     */
    public void add(final long high, final long low, final long count)
    {
        shared.beginWrite();
        memory.putLong(TOTAL, memory.getLong(TOTAL) + count);
        int smallest = COUNTERS;
        for (int offset = COUNTERS, end = COUNTERS + counters * LENGTH; offset < end; offset += LENGTH)
        {
            final long counted = memory.getLong(offset + COUNT);
            if (counted > 0 && memory.getLong(offset + HIGH) == high && memory.getLong(offset + LOW) == low)
            {
                memory.putLong(offset + COUNT, counted + count);
                shared.endWrite();
                return;
            }
            smallest = counted < memory.getLong(smallest + COUNT) ? offset : smallest;
        }
        final long taken = memory.getLong(smallest + COUNT);
        memory.putLong(smallest + HIGH, high);
        memory.putLong(smallest + LOW, low);
        memory.putLong(smallest + ERROR, taken);
        memory.putLong(smallest + COUNT, taken + count);
        shared.endWrite();
    }

    /** Forget everything. */
    void clear()
    {
        shared.beginWrite();
        memory.setMemory(TOTAL, memoryLength(counters) - TOTAL, (byte)0);
        shared.endWrite();
    }

    /** How many keys have a counter. */
    int keys()
    {
        int keys = 0;
        for (int offset = COUNTERS, end = COUNTERS + counters * LENGTH; offset < end; offset += LENGTH)
        {
            keys += memory.getLong(offset + COUNT) > 0 ? 1 : 0;
        }
        return keys;
    }

    /** Where the counter of a rank stands, on the writer's thread; there are {@link #keys()}. */
    private int place(final int rank)
    {
        for (int offset = COUNTERS, end = COUNTERS + counters * LENGTH; offset < end; offset += LENGTH)
        {
            if (memory.getLong(offset + COUNT) > 0 && rank(memory, offset) == rank)
            {
                return offset;
            }
        }
        throw new IndexOutOfBoundsException("rank=" + rank + "; allowed: below " + keys());
    }

    long high(final int rank)
    {
        return memory.getLong(place(rank) + HIGH);
    }

    long low(final int rank)
    {
        return memory.getLong(place(rank) + LOW);
    }

    long count(final int rank)
    {
        return memory.getLong(place(rank) + COUNT);
    }

    long error(final int rank)
    {
        return memory.getLong(place(rank) + ERROR);
    }

    /**
     * Age everything: counts and errors are halved, rounded down and up. Both sides of the bound are halved.
     */
    public void halve()
    {
        shared.beginWrite();
        for (int offset = COUNTERS, end = COUNTERS + counters * LENGTH; offset < end; offset += LENGTH)
        {
            memory.putLong(offset + COUNT, memory.getLong(offset + COUNT) >> 1);
            memory.putLong(offset + ERROR, (memory.getLong(offset + ERROR) + 1) >> 1);
        }
        memory.putLong(TOTAL, memory.getLong(TOTAL) >> 1);
        shared.endWrite();
    }

    /**
     * Copy the state for reading at leisure, from any thread.
     *
     * @param destination of at least {@link #memoryLength(int)} bytes; read it by {@link #read}.
     * @return false when the writer was at work; try again later.
     */
    public boolean snapshot(final MutableDirectBuffer destination)
    {
        return shared.copy(destination);
    }

    /**
     * Read a counter, of a snapshot or on the writer's thread.
     *
     * @param snapshot of {@link #snapshot}.
     * @param rank     from 0, the greatest; at most the number of counters.
     * @param into     told the key, its count and its error; not called when there are fewer keys.
     */
    public void read(final MutableDirectBuffer snapshot, final int rank, final CounterReader into)
    {
        for (int offset = COUNTERS, end = COUNTERS + counters * LENGTH; offset < end; offset += LENGTH)
        {
            if (snapshot.getLong(offset + COUNT) > 0 && rank(snapshot, offset) == rank)
            {
                into.onCounter(snapshot.getLong(offset + HIGH), snapshot.getLong(offset + LOW),
                    snapshot.getLong(offset + COUNT), snapshot.getLong(offset + ERROR));
                return;
            }
        }
    }

    /** Told a key and what is known of its count. */
    @FunctionalInterface
    public interface CounterReader
    {
        /**
         * A key.
         *
         * @param high  first half of the key.
         * @param low   second half of the key.
         * @param count at least the true one.
         * @param error by how much it may be too large.
         */
        void onCounter(long high, long low, long count, long error);
    }

    private int rank(final MutableDirectBuffer snapshot, final int of)
    {
        final long count = snapshot.getLong(of + COUNT);
        int rank = 0;
        for (int offset = COUNTERS, end = COUNTERS + counters * LENGTH; offset < end; offset += LENGTH)
        {
            final long other = snapshot.getLong(offset + COUNT);
            rank += other > count || (other == count && offset < of) ? 1 : 0;
        }
        return rank;
    }

    /**
     * Count of a key, on the writer's thread.
     *
     * @param high first half of the key.
     * @param low  second half of the key.
     * @return 0 when it has no counter; then its true count is at most N / k.
     */
    public long count(final long high, final long low)
    {
        final int offset = find(high, low);
        return offset < 0 ? 0 : memory.getLong(offset + COUNT);
    }

    /**
     * Sum of all that was added, aged as the counters are.
     *
     * @return N of the bound.
     */
    public long total()
    {
        return memory.getLong(TOTAL);
    }

    /**
     * Take over what another node counted (Agarwal et al., "Mergeable summaries", PODS 2012): counts and errors are
     * added, where a key without a counter may have had as much as the smallest one; the greatest stay. The bound
     * holds for the sum of both totals: {@code true <= count <= true + N1 / k1 + N2 / k2}.
     *
     * @param other of another node, not written meanwhile.
     */
    public void merge(final HeavyHitters other)
    {
        final long missedHere = smallest();
        final long missedThere = other.smallest();
        shared.beginWrite();
        for (int offset = COUNTERS, end = COUNTERS + counters * LENGTH; offset < end; offset += LENGTH)
        {
            if (memory.getLong(offset + COUNT) > 0)
            {
                final int there = other.find(memory.getLong(offset + HIGH), memory.getLong(offset + LOW));
                grow(offset, there < 0 ? missedThere : other.memory.getLong(there + COUNT),
                    there < 0 ? missedThere : other.memory.getLong(there + ERROR));
            }
        }
        for (int there = COUNTERS, end = COUNTERS + other.counters * LENGTH; there < end; there += LENGTH)
        {
            final long count = other.memory.getLong(there + COUNT);
            if (count > 0 && find(other.memory.getLong(there + HIGH), other.memory.getLong(there + LOW)) < 0)
            {
                final int place = smallestOffset();
                if (memory.getLong(place + COUNT) < count + missedHere)
                {
                    memory.putBytes(place, other.memory, there, LENGTH);
                    grow(place, missedHere, missedHere);
                }
            }
        }
        memory.putLong(TOTAL, memory.getLong(TOTAL) + other.total());
        shared.endWrite();
    }

    private void grow(final int offset, final long count, final long error)
    {
        memory.putLong(offset + COUNT, memory.getLong(offset + COUNT) + count);
        memory.putLong(offset + ERROR, memory.getLong(offset + ERROR) + error);
    }

    private int find(final long high, final long low)
    {
        for (int offset = COUNTERS, end = COUNTERS + counters * LENGTH; offset < end; offset += LENGTH)
        {
            if (memory.getLong(offset + COUNT) > 0 && memory.getLong(offset + HIGH) == high &&
                memory.getLong(offset + LOW) == low)
            {
                return offset;
            }
        }
        return -1;
    }

    /** Most that a key without a counter was counted: 0 while there is a free one. */
    private long smallest()
    {
        return memory.getLong(smallestOffset() + COUNT);
    }

    private int smallestOffset()
    {
        int smallest = COUNTERS;
        for (int offset = COUNTERS, end = COUNTERS + counters * LENGTH; offset < end; offset += LENGTH)
        {
            smallest = memory.getLong(offset + COUNT) < memory.getLong(smallest + COUNT) ? offset : smallest;
        }
        return smallest;
    }
}
