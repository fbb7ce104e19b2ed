package io.aswarm.dataplane;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Counters on plain memory, one for each key that is asked for.
 */
final class TestCounters
{
    private static final int COUNTER_LENGTH = 128;

    private final Map<Object, AtomicCounter> counters = new HashMap<>();

    <E> Function<E, AtomicCounter> of()
    {
        return this::get;
    }

    AtomicCounter get(final Object key)
    {
        return counters.computeIfAbsent(
            key, (each) -> new AtomicCounter(new UnsafeBuffer(new byte[COUNTER_LENGTH]), 0));
    }
}
