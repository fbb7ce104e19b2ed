package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SpreadSketchTest
{
    private static final int DEPTH = 4;
    private static final int WIDTH = 256;
    private static final int KEYS = 2_000;
    private static final int SMALL_WIDTH = 16;

    private static SpreadSketch sketch()
    {
        return new SpreadSketch(
            new UnsafeBuffer(new byte[SpreadSketch.memoryLength(DEPTH, WIDTH)]), DEPTH, WIDTH, 11, 12);
    }

    /** How many items each key has: a few have many, or all as many, or one has many and the rest one each. */
    private static int items(final String stream, final int key)
    {
        return "zipf".equals(stream) ? Math.max(1, 600 / (key + 1)) : "uniform".equals(stream) ? 3 : key == 0 ? 500 : 1;
    }

    @ParameterizedTest
    @ValueSource(strings = {"zipf", "uniform", "one"})
    void shouldKeepItsBoundAndNameTheHeavyKeys(final String stream)
    {
        final SpreadSketch sketch = sketch();
        final Random random = new Random(4);
        final Map<Integer, Set<Long>> truth = new HashMap<>();
        long spread = 0;
        for (int key = 0; key < KEYS; key++)
        {
            for (int item = 0; item < items(stream, key); item++)
            {
                final long what = random.nextLong();
                sketch.add(0, key, what, 0);
                sketch.add(0, key, what, 0);
                truth.computeIfAbsent(key, (k) -> new HashSet<>()).add(what);
                spread++;
            }
        }
        final double slack = 2.0 * spread / WIDTH;
        int beyond = 0;
        for (int key = 0; key < KEYS; key++)
        {
            final double error = sketch.estimate(0, key) - truth.get(key).size();
            beyond += error > slack + 0.1 * truth.get(key).size() ? 1 : 0;
            assertTrue(error > -0.12 * truth.get(key).size() - 3, "key=" + key + " error=" + error);
        }
        assertTrue(beyond <= KEYS >> DEPTH, "beyond=" + beyond);

        final Set<Long> named = new HashSet<>();
        sketch.keys(100, (high, low, items) -> named.add(low));
        for (int key = 0; key < KEYS; key++)
        {
            if (truth.get(key).size() >= 200)
            {
                assertTrue(named.contains((long)key), "key=" + key);
            }
        }
        // An estimate is beyond the bound for one key in sixteen at most, and so are few that are named.
        final long wrong = named.stream().filter((key) -> truth.get((int)(long)key).size() + slack < 90).count();
        assertTrue(wrong <= 2, "wrong=" + wrong);
    }

    @Test
    void shouldNotBeFooledWhenKeysCollideUnderAnotherHashKey()
    {
        // Each key shares the victim's buckets in all rows, where the hash key is the one that the attacker knows.
        final int keys = 200;
        final SpreadSketch known = small(2, 5);
        final SpreadSketch probe = small(2, 5);
        final SpreadSketch secret = small(2, 6);
        int found = 0;
        for (long key = 1; found < keys; key++)
        {
            probe.clear();
            probe.add(0, key, 1, 1);
            if (probe.estimate(0, 0) > 0)
            {
                known.add(0, key, 1, 1);
                secret.add(0, key, 1, 1);
                found++;
            }
        }
        assertTrue(known.estimate(0, 0) > 0.9 * keys, "known=" + known.estimate(0, 0));
        assertTrue(secret.estimate(0, 0) <= 2 * keys / SMALL_WIDTH, "secret=" + secret.estimate(0, 0));
    }

    private static SpreadSketch small(final int depth, final long hashKey)
    {
        return new SpreadSketch(
            new UnsafeBuffer(new byte[SpreadSketch.memoryLength(depth, SMALL_WIDTH)]), depth, SMALL_WIDTH, hashKey, 7);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void shouldMissAKeyWithHalfOfItsBucketsNoMoreOftenThanStated(final int depth)
    {
        final int trials = 2_000;
        int missed = 0;
        for (int trial = 0; trial < trials; trial++)
        {
            final SpreadSketch sketch = small(depth, trial);
            for (int item = 0; item < 20; item++)
            {
                sketch.add(0, 0, item, 0);
            }
            // As many of others in each of its buckets, on average.
            for (int other = 1; other <= 20 * SMALL_WIDTH; other++)
            {
                sketch.add(0, other, 0, 0);
            }
            final Set<Long> named = new HashSet<>();
            sketch.keys(0, (high, low, items) -> named.add(low));
            missed += named.contains(0L) ? 0 : 1;
        }
        final double stated = trials * Math.pow(0.5, depth);
        assertEquals(stated, missed, 4 * Math.sqrt(stated));
    }

    @Test
    void shouldBeTheSketchOfBothWhenMerged()
    {
        final SpreadSketch here = sketch();
        final SpreadSketch there = sketch();
        final SpreadSketch both = sketch();
        final Random random = new Random(5);
        for (int i = 0; i < 5_000; i++)
        {
            final long key = random.nextInt(50);
            final long item = random.nextInt(1_000);
            (i % 2 == 0 ? here : there).add(0, key, item, 0);
            both.add(0, key, item, 0);
        }
        here.merge(there);
        final Set<String> merged = new HashSet<>();
        final Set<String> whole = new HashSet<>();
        here.keys(1, (high, low, items) -> merged.add(low + "=" + items));
        both.keys(1, (high, low, items) -> whole.add(low + "=" + items));
        assertEquals(whole, merged);
        assertThrows(IllegalArgumentException.class, () -> here.merge(new SpreadSketch(
            new UnsafeBuffer(new byte[SpreadSketch.memoryLength(2, WIDTH)]), 2, WIDTH, 11, 12)));
    }

    @Test
    void shouldForgetWhenCleared()
    {
        final SpreadSketch sketch = sketch();
        sketch.add(0, 1, 2, 3);
        assertEquals(1, sketch.estimate(0, 1));
        sketch.clear();
        assertEquals(0, sketch.estimate(0, 1));
        sketch.keys(0, (high, low, items) -> assertEquals(-1, items, "nothing is named"));
    }

    @ParameterizedTest
    @CsvSource({"0,256", "9,256", "4,4", "4,100", "4,131072"})
    void shouldRefuseWhenTheShapeIsNotAllowed(final int depth, final int width)
    {
        assertThrows(IllegalArgumentException.class, () -> SpreadSketch.memoryLength(depth, width));
    }
}
