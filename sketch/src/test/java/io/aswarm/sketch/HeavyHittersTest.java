package io.aswarm.sketch;

import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HeavyHittersTest
{
    private static final int COUNTERS = 32;
    private static final int ADDED = 50_000;

    private static HeavyHitters heavyHitters(final int counters)
    {
        return new HeavyHitters(
            new UnsafeBuffer(java.nio.ByteBuffer.allocateDirect(HeavyHitters.memoryLength(counters))), counters);
    }

    /** Keys: Zipf, uniform, or chosen to hurt: always one that has no counter, as long as there is one. */
    private static long key(final String stream, final int step, final Random random, final HeavyHitters hitters)
    {
        if ("zipf".equals(stream))
        {
            return (long)Math.pow(1 - random.nextDouble(), -1.2);
        }
        if ("uniform".equals(stream))
        {
            return random.nextInt(1_000);
        }
        long key = step % 40;
        while (hitters.count(0, key) > 0 && key < 40)
        {
            key++;
        }
        return key;
    }

    @ParameterizedTest
    @ValueSource(strings = {"zipf", "uniform", "adversary"})
    void shouldKeepItsBoundWhateverComes(final String stream)
    {
        final HeavyHitters hitters = heavyHitters(COUNTERS);
        final Map<Long, Long> truth = new HashMap<>();
        final Random random = new Random(3);
        for (int step = 0; step < ADDED; step++)
        {
            final long key = key(stream, step, random, hitters);
            final int count = 1 + step % 3;
            hitters.add(0, key, count);
            truth.merge(key, (long)count, Long::sum);
        }
        assertEquals(truth.values().stream().mapToLong(Long::longValue).sum(), hitters.total());
        final long slack = hitters.total() / COUNTERS;
        truth.forEach((key, count) ->
        {
            final long counted = hitters.count(0, key);
            assertTrue(counted == 0 ? count <= slack : counted >= count && counted <= count + slack,
                "key=" + key + " true=" + count + " counted=" + counted + " slack=" + slack);
        });
    }

    @Test
    void shouldRankAndStateErrorsInASnapshot()
    {
        final HeavyHitters hitters = heavyHitters(2);
        hitters.add(1, 1, 10);
        hitters.add(2, 2, 5);
        hitters.add(3, 3, 1);
        final ExpandableArrayBuffer copy = new ExpandableArrayBuffer(HeavyHitters.memoryLength(2));
        assertTrue(hitters.snapshot(copy));
        hitters.add(4, 4, 100);
        final List<String> read = new ArrayList<>();
        for (int rank = 0; rank < 3; rank++)
        {
            hitters.read(
                copy, rank, (high, low, count, error) -> read.add(high + "/" + low + "=" + count + "-" + error));
        }
        assertEquals(List.of("1/1=10-0", "3/3=6-5"), read, "the smallest was taken over with its count");
    }

    @Test
    void shouldHalveCountsDownAndErrorsUp()
    {
        final HeavyHitters hitters = heavyHitters(1);
        hitters.add(0, 1, 3);
        hitters.add(0, 2, 2);
        hitters.halve();
        assertEquals(2, hitters.count(0, 2));
        assertEquals(0, hitters.count(0, 1));
        assertEquals(2, hitters.total());
    }

    @Test
    void shouldHoldTheSumWhenTwoNodesAreMerged()
    {
        final HeavyHitters here = heavyHitters(COUNTERS);
        final HeavyHitters there = heavyHitters(COUNTERS);
        final Map<Long, Long> truth = new HashMap<>();
        final Random random = new Random(8);
        for (int step = 0; step < ADDED; step++)
        {
            final long key = key("zipf", step, random, here);
            (step % 2 == 0 ? here : there).add(0, key, 1);
            truth.merge(key, 1L, Long::sum);
        }
        here.merge(there);
        assertEquals(ADDED, here.total());
        truth.forEach((key, count) ->
        {
            final long counted = here.count(0, key);
            assertTrue(counted == 0 ? count <= ADDED / COUNTERS : counted >= count, "key=" + key);
            assertTrue(counted <= count + ADDED / COUNTERS, "key=" + key);
        });
        final ExpandableArrayBuffer copy = new ExpandableArrayBuffer(HeavyHitters.memoryLength(COUNTERS));
        assertTrue(here.snapshot(copy));
        for (int rank = 0; rank < COUNTERS; rank++)
        {
            here.read(copy, rank, (high, low, count, error) ->
                assertTrue(count - error <= truth.get(low), "key=" + low + " error=" + error));
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void shouldCopyWholeStatesWhileItIsWritten() throws InterruptedException
    {
        // Each update adds the same to one of four keys and to the total: a torn copy would not balance.
        final HeavyHitters hitters = heavyHitters(4);
        final AtomicBoolean isDone = new AtomicBoolean();
        final Thread writer = new Thread(() ->
        {
            for (int i = 0; i < 3_000_000; i++)
            {
                hitters.add(0, i & 3, 7);
            }
            isDone.set(true);
        });
        writer.start();
        final ExpandableArrayBuffer copy = new ExpandableArrayBuffer(HeavyHitters.memoryLength(4));
        int copies = 0;
        while (!isDone.get() || copies == 0)
        {
            if (hitters.snapshot(copy))
            {
                copies++;
                final long[] sum = {0};
                for (int rank = 0; rank < 4; rank++)
                {
                    hitters.read(copy, rank, (high, low, count, error) -> sum[0] += count);
                }
                assertEquals(copy.getLong(8), sum[0]);
            }
        }
        writer.join();
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "1025"})
    void shouldRefuseWhenTheNumberIsNotAllowed(final int counters)
    {
        assertThrows(IllegalArgumentException.class, () -> HeavyHitters.memoryLength(counters));
    }

    @Test
    void shouldFailRatherThanWaitWhenAnUpdateIsUnderWay()
    {
        final UnsafeBuffer memory = new UnsafeBuffer(java.nio.ByteBuffer.allocateDirect(64));
        final SharedBuffer shared = new SharedBuffer(memory, 0, 64);
        final ExpandableArrayBuffer copy = new ExpandableArrayBuffer(64);
        shared.beginWrite();
        assertFalse(shared.copy(copy));
        shared.endWrite();
        assertTrue(shared.copy(copy));
    }
}
