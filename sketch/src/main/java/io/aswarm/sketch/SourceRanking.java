package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Which sources brought the most to each of some episodes: {@link HeavyHitters} for each slot, with its bound, over
 * {@value #SOURCES} counters. Of forged sources, each seen once, it names the last few; of reflectors and of few
 * sources that are strong, the strongest first.
 */
final class SourceRanking
{
    static final int SOURCES = 8;

    private final HeavyHitters[] sources;

    SourceRanking(final Workshop workshop, final int slots)
    {
        this.sources = new HeavyHitters[slots];
        final int length = HeavyHitters.memoryLength(SOURCES);
        final UnsafeBuffer memory = new UnsafeBuffer(workshop.memory().allocate(Math.multiplyExact(slots, length)));
        for (int slot = 0; slot < slots; slot++)
        {
            sources[slot] = new HeavyHitters(new UnsafeBuffer(memory, slot * length, length), SOURCES);
        }
    }

    void clear(final int slot)
    {
        sources[slot].clear();
    }

    void add(final int slot, final long high, final long low, final int packets)
    {
        sources[slot].add(high, low, packets);
    }

    HeavyHitters of(final int slot)
    {
        return sources[slot];
    }
}
