package io.aswarm.quorum;

import org.agrona.concurrent.status.AtomicCounter;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The counters that the quorum thread writes.
 */
final class Tally
{
    private final Map<QuorumCounter, AtomicCounter> counters = new EnumMap<>(QuorumCounter.class);
    private final AtomicCounter[] counterByVerdict = new AtomicCounter[Verdict.values().length];

    Tally(final Function<QuorumCounter, AtomicCounter> source)
    {
        for (final QuorumCounter counter : QuorumCounter.values())
        {
            if (QuorumCounter.SIGNALS_DROPPED != counter && QuorumCounter.ERRORS != counter)
            {
                counters.put(counter, source.apply(counter));
            }
        }
        for (final Verdict verdict : Verdict.values())
        {
            counterByVerdict[verdict.ordinal()] = null == verdict.counter() ? null : counters.get(verdict.counter());
        }
    }

    void increment(final QuorumCounter counter)
    {
        counters.get(counter).incrementRelease();
    }

    void add(final QuorumCounter counter, final long value)
    {
        counters.get(counter).getAndAddRelease(value);
    }

    void set(final QuorumCounter counter, final long value)
    {
        counters.get(counter).setRelease(value);
    }

    void proposeMax(final QuorumCounter counter, final long value)
    {
        counters.get(counter).proposeMaxRelease(value);
    }

    void count(final Verdict verdict)
    {
        final AtomicCounter counter = counterByVerdict[verdict.ordinal()];
        if (null != counter)
        {
            counter.incrementRelease();
        }
    }
}
