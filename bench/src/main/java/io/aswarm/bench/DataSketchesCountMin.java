package io.aswarm.bench;

import org.apache.datasketches.hash.MurmurHash3;

import java.nio.ByteBuffer;

/**
 * The update of Apache DataSketches' CountMinSketch, written anew from its published description, on the library's own
 * hash. The class itself is in no release that runs on Java 17: 7.0.1 and 8.0.0 are without it, 9.0.0 needs Java 25 and
 * keeps the constructor to itself. The same work is done: one 128-bit MurmurHash3 of the item for each row, with the
 * row's seed, modulo the width, and counters of 64 bits.
 */
final class DataSketchesCountMin
{
    private final int width;
    private final long[] seeds;
    private final long[] counters;
    private long totalWeight;

    DataSketchesCountMin(final int depth, final int width, final long seed)
    {
        this.width = width;
        this.seeds = new long[depth];
        this.counters = new long[depth * width];
        for (int row = 0; row < depth; row++)
        {
            seeds[row] = seed + row * 0x9e3779b97f4a7c15L;
        }
    }

    void update(final long item, final long weight)
    {
        update(ByteBuffer.allocate(Long.BYTES).putLong(item).array(), weight);
    }

    void update(final byte[] item, final long weight)
    {
        totalWeight += Math.abs(weight);
        final long[] locations = new long[seeds.length];
        for (int row = 0; row < seeds.length; row++)
        {
            locations[row] = row * (long)width + Math.floorMod(MurmurHash3.hash(item, seeds[row])[0], width);
        }
        for (final long location : locations)
        {
            counters[(int)location] += weight;
        }
    }

    long totalWeight()
    {
        return totalWeight;
    }
}
