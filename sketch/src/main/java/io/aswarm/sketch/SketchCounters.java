package io.aswarm.sketch;

import org.agrona.concurrent.status.AtomicCounter;

import java.util.Objects;
import java.util.function.Function;

/**
 * The module's counters, each taken once from whoever allocates them. Single writer: release stores, no locked adds.
 */
final class SketchCounters
{
    private final AtomicCounter[] counters = new AtomicCounter[SketchCounter.values().length];

    SketchCounters(final Function<SketchCounter, AtomicCounter> allocator)
    {
        for (final SketchCounter counter : SketchCounter.values())
        {
            counters[counter.ordinal()] = Objects.requireNonNull(allocator.apply(counter), counter.label());
        }
    }

    void increment(final SketchCounter counter)
    {
        counters[counter.ordinal()].incrementRelease();
    }
}
