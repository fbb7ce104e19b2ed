package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CountMinSketchTest
{
    private static final int DEPTH = 4;
    private static final int WIDTH = 1_024;
    private static final int ADDITIONS = 100_000;

    /** Streams of keys. */
    enum Stream
    {
        ZIPF, UNIFORM, COLLIDING_UNDER_ANOTHER_KEY
    }

    @ParameterizedTest
    @EnumSource(Stream.class)
    void shouldKeepTheErrorBoundWhenKeysComeFrom(final Stream stream)
    {
        for (long seed = 1; seed <= 5; seed++)
        {
            final CountMinSketch sketch = sketch(DEPTH, WIDTH, seed);
            final CountMinSketch oneWord = sketch(DEPTH, WIDTH, seed);
            final Map<Long, Integer> truth = fill(sketch, keys(stream, seed));
            truth.forEach(oneWord::add);

            int beyond = 0;
            int beyondOfOneWord = 0;
            for (final Map.Entry<Long, Integer> entry : truth.entrySet())
            {
                final int estimate = sketch.estimate(entry.getKey(), 0);
                final int ofOneWord = oneWord.estimate(entry.getKey());
                assertTrue(Math.min(estimate, ofOneWord) >= entry.getValue(), "underestimated, seed=" + seed);
                beyond += estimate > entry.getValue() + sketch.errorBound() ? 1 : 0;
                beyondOfOneWord += ofOneWord > entry.getValue() + oneWord.errorBound() ? 1 : 0;
            }
            final double allowed = Math.exp(-DEPTH) * truth.size();
            assertTrue(beyond <= allowed, "beyond=" + beyond + " allowed=" + allowed + " seed=" + seed);
            assertTrue(beyondOfOneWord <= allowed, "beyond=" + beyondOfOneWord + " seed=" + seed);
            assertEquals(ADDITIONS, sketch.total());
            assertEquals(ADDITIONS, oneWord.total());
        }
    }

    @Test
    void shouldExceedTheBoundWhenAnAttackerKnowsTheHashKey()
    {
        // The adversarial stream is a real one: aimed with the right key it does break the estimate of its victim.
        final CountMinSketch known = sketch(DEPTH, WIDTH, 77);
        fill(known, keys(Stream.COLLIDING_UNDER_ANOTHER_KEY, 76));
        assertTrue(known.estimate(0, 0) > known.errorBound(), "estimate=" + known.estimate(0, 0));

        final CountMinSketch secret = sketch(DEPTH, WIDTH, 78);
        fill(secret, keys(Stream.COLLIDING_UNDER_ANOTHER_KEY, 76));
        assertTrue(secret.estimate(0, 0) <= secret.errorBound(), "estimate=" + secret.estimate(0, 0));
    }

    @Test
    void shouldNotExceedThePlainSketchWhenUpdatedConservatively()
    {
        final CountMinSketch sketch = sketch(1, 64, 9);
        final int[] plain = new int[64];
        final CountMinSketch twoRows = sketch(2, 64, 9);
        final Random random = new Random(4);
        final RowHash row = row(9, 0, 64);
        for (int i = 0; i < 5_000; i++)
        {
            final long key = random.nextInt(500);
            sketch.add(key, 0, 1);
            twoRows.add(key, 0, 1);
            plain[row.column(key, 0)]++;
        }
        for (long key = 0; key < 500; key++)
        {
            final int column = plain[row.column(key, 0)];
            assertEquals(column, sketch.estimate(key, 0), "one row is the plain sketch");
            assertTrue(twoRows.estimate(key, 0) <= column);
        }
    }

    @Test
    void shouldRaiseOnlyTheMinimumWhenRowsDisagree()
    {
        // Two keys that share a column in row 0 and not in row 1.
        final long first = 1;
        long second = 2;
        while (row(1, 0, 8).column(second) != row(1, 0, 8).column(first) ||
            row(1, 1, 8).column(second) == row(1, 1, 8).column(first))
        {
            second++;
        }
        final CountMinSketch sketch = sketch(2, 8, 1);
        sketch.add(first, 10);
        sketch.add(second, 5);
        assertEquals(5, sketch.estimate(second), "row 1 decides");
        assertEquals(10, sketch.estimate(first), "row 0 was not raised by the second key");
        sketch.add(second, 7);
        assertEquals(12, sketch.estimate(second));
        assertEquals(10, sketch.estimate(first));
    }

    @Test
    void shouldCountAlikeWhenKeysAreOfOneWord()
    {
        for (final int depth : new int[]{2, DEPTH, 8})
        {
            final CountMinSketch sketch = sketch(depth, WIDTH, 6);
            for (long key = 0; key < 10_000; key++)
            {
                assertTrue(sketch.add(key % 100 << 50, 1) >= key / 100 + 1);
            }
            for (long key = 0; key < 100; key++)
            {
                final int estimate = sketch.estimate(key << 50);
                assertTrue(estimate >= 100 && estimate <= 100 + sketch.errorBound(), "estimate=" + estimate);
            }
            assertEquals(10_000, sketch.total());
        }
    }

    @Test
    void shouldHalveWhenAged()
    {
        final CountMinSketch sketch = sketch(DEPTH, WIDTH, 3);
        sketch.add(1, 2, 7);
        sketch.add(1, 3, 1);
        assertTrue(sketch.saturation() > 1.0 / WIDTH);
        sketch.halve();
        assertEquals(3, sketch.estimate(1, 2));
        assertEquals(0, sketch.estimate(1, 3));
        assertEquals(4, sketch.total());
        assertEquals(1.0 / WIDTH, sketch.saturation());
        sketch.clear();
        assertEquals(0, sketch.estimate(1, 2));
        assertEquals(0, sketch.total());
        assertEquals(0.0, sketch.saturation());
    }

    @Test
    void shouldKeepTheBoundOfWhatIsLeftWhenHalvedNowAndThen()
    {
        final CountMinSketch sketch = sketch(DEPTH, WIDTH, 4);
        final Map<Long, Integer> left = new HashMap<>();
        final long[] keys = keys(Stream.ZIPF, 4);
        for (int i = 0; i < keys.length; i++)
        {
            if (i % 30_000 == 29_999)
            {
                sketch.halve();
                left.replaceAll((key, count) -> count / 2);
            }
            sketch.add(keys[i], 0, 1);
            left.merge(keys[i], 1, Integer::sum);
        }
        assertEquals(((29_999 / 2 + 30_000) / 2 + 30_000) / 2 + 10_001, sketch.total());
        int beyond = 0;
        for (final Map.Entry<Long, Integer> entry : left.entrySet())
        {
            final int estimate = sketch.estimate(entry.getKey(), 0);
            assertTrue(estimate >= entry.getValue(), "underestimated");
            beyond += estimate > entry.getValue() + sketch.errorBound() ? 1 : 0;
        }
        assertTrue(beyond <= Math.exp(-DEPTH) * left.size(), "beyond=" + beyond);
    }

    @ParameterizedTest
    @EnumSource(Stream.class)
    void shouldKeepTheBoundOfBothWhenMerged(final Stream stream)
    {
        final CountMinSketch here = sketch(DEPTH, WIDTH, 9);
        final CountMinSketch there = sketch(DEPTH, WIDTH, 9);
        final Map<Long, Integer> truth = fill(here, keys(stream, 4));
        fill(there, keys(stream, 5)).forEach((key, count) -> truth.merge(key, count, Integer::sum));
        here.merge(there);

        assertEquals(2 * ADDITIONS, here.total());
        int beyond = 0;
        for (final Map.Entry<Long, Integer> entry : truth.entrySet())
        {
            final int estimate = here.estimate(entry.getKey(), 0);
            assertTrue(estimate >= entry.getValue(), "underestimated");
            beyond += estimate > entry.getValue() + here.errorBound() ? 1 : 0;
        }
        assertTrue(beyond <= Math.exp(-DEPTH) * truth.size(), "beyond=" + beyond);
        assertThrows(IllegalArgumentException.class, () -> here.merge(sketch(DEPTH, 2 * WIDTH, 9)));
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void shouldBeCopiedBetweenTheTruthBeforeAndTheEstimateAfterWhileItIsWritten() throws InterruptedException
    {
        final int keys = 500;
        final int rounds = 4_000;
        final CountMinSketch sketch = sketch(DEPTH, WIDTH, 9);
        final AtomicInteger roundsDone = new AtomicInteger();
        final Thread writer = new Thread(() ->
        {
            for (int round = 0; round < rounds; round++)
            {
                for (int key = 0; key < keys; key++)
                {
                    sketch.add(key, 0, 1);
                }
                roundsDone.set(round + 1);
            }
        });
        writer.start();
        final List<int[]> copies = new ArrayList<>();
        while (roundsDone.get() < rounds)
        {
            final CountMinSketch copy = sketch(DEPTH, WIDTH, 9);
            final int before = roundsDone.get();
            assertTrue(sketch.snapshot(copy));
            final int after = roundsDone.get() + 1;
            final int[] estimates = new int[keys];
            for (int key = 0; key < keys; key++)
            {
                estimates[key] = copy.estimate(key, 0);
                assertTrue(estimates[key] >= before, "key=" + key + " before=" + before);
            }
            assertTrue(copy.total() <= (long)keys * after);
            copies.add(estimates);
        }
        writer.join();
        for (final int[] estimates : copies)
        {
            for (int key = 0; key < keys; key++)
            {
                assertTrue(estimates[key] <= sketch.estimate(key, 0));
            }
        }
    }

    @Test
    void shouldStopAtTheLargestIntegerWhenCountsOverflow()
    {
        final CountMinSketch sketch = sketch(DEPTH, WIDTH, 3);
        assertEquals(Integer.MAX_VALUE - 1, sketch.add(1, 1, Integer.MAX_VALUE - 1));
        assertEquals(Integer.MAX_VALUE, sketch.add(1, 1, 1));
        assertEquals(Integer.MAX_VALUE, sketch.add(1, 1, 5));
        assertEquals(Integer.MAX_VALUE, sketch.estimate(1, 1));
        final CountMinSketch other = sketch(DEPTH, WIDTH, 3);
        other.add(1, 1, 2);
        other.merge(sketch);
        assertEquals(Integer.MAX_VALUE, other.estimate(1, 1));
        final CountMinSketch twoRows = sketch(2, WIDTH, 3);
        twoRows.add(1, 1, Integer.MAX_VALUE);
        assertEquals(Integer.MAX_VALUE, twoRows.add(1, 1, 2));
    }

    @Test
    void shouldSaySaturatedWhenNearlyEveryCounterIsInUse()
    {
        final CountMinSketch sketch = sketch(DEPTH, WIDTH, 3);
        for (int key = 0; key < WIDTH; key++)
        {
            sketch.add(KeyedHash.second(key), 1);
        }
        // Balls into bins: 1 - 1/e; a little less, since conservative update spares some.
        assertTrue(sketch.saturation() > 0.5 && sketch.saturation() < 0.66, "saturation=" + sketch.saturation());
        for (int key = WIDTH; key < 8 * WIDTH; key++)
        {
            sketch.add(KeyedHash.second(key), 1);
        }
        assertTrue(sketch.saturation() > 0.9, "saturation=" + sketch.saturation());
    }

    @Test
    void shouldCountExactlyWhenEightWideRowsAreHardlyUsed()
    {
        final CountMinSketch sketch = sketch(8, 1 << 16, 3);
        for (int key = 0; key < 1_000; key++)
        {
            sketch.add(key, 0, key + 1);
        }
        for (int key = 0; key < 1_000; key++)
        {
            assertEquals(key + 1, sketch.estimate(key, 0));
        }
    }

    @ParameterizedTest
    @CsvSource({"0,8", "9,8", "4,4", "4,1000", "4,33554432"})
    void shouldRefuseWhenShapeIsNotAllowed(final int depth, final int width)
    {
        assertThrows(IllegalArgumentException.class, () -> CountMinSketch.memoryLength(depth, width));
    }

    @ParameterizedTest
    @CsvSource({"1,8,32", "8,8,256", "4,16777216,268435456"})
    void shouldStateItsMemoryWhenShapeIsAllowed(final int depth, final int width, final int lengthBytes)
    {
        assertEquals(lengthBytes, CountMinSketch.memoryLength(depth, width));
    }

    @Test
    void shouldRefuseWhenMemoryIsOneByteTooSmall()
    {
        final int lengthBytes = CountMinSketch.memoryLength(4, 16);
        final UnsafeBuffer small = new UnsafeBuffer(new byte[lengthBytes - 1]);
        assertThrows(IndexOutOfBoundsException.class, () -> new CountMinSketch(small, 4, 16, 1, 2));
    }

    private static CountMinSketch sketch(final int depth, final int width, final long key)
    {
        return new CountMinSketch(
            new UnsafeBuffer(new byte[CountMinSketch.memoryLength(depth, width)]), depth, width, key, ~key);
    }

    private static RowHash row(final long key, final int row, final int width)
    {
        return new RowHash(new KeyedHash(key, ~key), row, Integer.numberOfTrailingZeros(width));
    }

    private static Map<Long, Integer> fill(final CountMinSketch sketch, final long[] keys)
    {
        final Map<Long, Integer> truth = new HashMap<>();
        for (final long key : keys)
        {
            sketch.add(key, 0, 1);
            truth.merge(key, 1, Integer::sum);
        }
        return truth;
    }

    private static long[] keys(final Stream stream, final long seed)
    {
        final Random random = new Random(seed);
        switch (stream)
        {
            case ZIPF:
                return zipf(random);
            case UNIFORM:
                return random.longs(ADDITIONS, 0, 20_000).toArray();
            default:
                return colliding(seed + 1);
        }
    }

    /** Exponent 1.1 over 50,000 ranks, by inversion. */
    private static long[] zipf(final Random random)
    {
        final double[] cumulative = new double[50_000];
        double sum = 0;
        for (int rank = 0; rank < cumulative.length; rank++)
        {
            sum += Math.pow(rank + 1, -1.1);
            cumulative[rank] = sum;
        }
        final long[] keys = new long[ADDITIONS];
        for (int i = 0; i < keys.length; i++)
        {
            final int at = Arrays.binarySearch(cumulative, random.nextDouble() * sum);
            keys[i] = at < 0 ? -at - 1 : at;
        }
        return keys;
    }

    /** Keys that share a counter with key 0 in some row, under the hash key that the attacker believes in. */
    private static long[] colliding(final long believedKey)
    {
        final long[] found = new long[40];
        int count = 0;
        for (long key = 1; count < found.length; key++)
        {
            final RowHash believed = row(believedKey, count % DEPTH, WIDTH);
            if (believed.column(key, 0) == believed.column(0, 0))
            {
                found[count++] = key;
            }
        }
        final long[] keys = new long[ADDITIONS];
        for (int i = 0; i < keys.length; i++)
        {
            keys[i] = found[i % found.length];
        }
        return keys;
    }
}
