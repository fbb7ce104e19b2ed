package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FanOutSketchTest
{
    private static final int TRIALS = 400;

    @ParameterizedTest
    @CsvSource({"32,0.032", "256,0.034", "512,0.037", "1536,0.059"})
    void shouldKeepTheStatedErrorWhenItemsAre(final int items, final double stated)
    {
        double squares = 0;
        double sum = 0;
        for (int trial = 0; trial < TRIALS; trial++)
        {
            final FanOutSketch sketch = sketch(1, trial);
            for (int item = 0; item < items; item++)
            {
                sketch.add(0, item, 0);
            }
            final double error = (sketch.estimate(0) - items) / (double)items;
            squares += error * error;
            sum += error;
        }
        final double measured = Math.sqrt(squares / TRIALS);
        // The deviation of a standard deviation over 400 trials is 3.5 %; rounding to integers adds up to 1 % at 32.
        assertTrue(measured < stated * 1.15 + 0.3 / items, "measured=" + measured);
        assertTrue(measured > stated * 0.85 - 0.3 / items, "measured=" + measured);
        assertTrue(Math.abs(sum / TRIALS) < stated / 4, "biased by " + sum / TRIALS);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8})
    void shouldBeExactNearlyAlwaysWhenItemsAreFew(final int items)
    {
        int exact = 0;
        for (int trial = 0; trial < TRIALS; trial++)
        {
            final FanOutSketch sketch = sketch(1, trial);
            for (int item = 0; item < items; item++)
            {
                sketch.add(0, 0, item);
            }
            assertTrue(sketch.estimate(0) <= items);
            exact += sketch.estimate(0) == items ? 1 : 0;
        }
        assertTrue(exact >= 0.91 * TRIALS, "exact=" + exact);
    }

    @Test
    void shouldCountOnceWhenAnItemComesAgain()
    {
        final FanOutSketch sketch = sketch(1, 1);
        assertEquals(0, sketch.estimate(0));
        assertTrue(sketch.add(0, 1, 2));
        assertFalse(sketch.add(0, 1, 2));
        assertEquals(1, sketch.estimate(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"zipf", "uniform"})
    void shouldCountDistinctItemsHoweverOftenEachComes(final String stream)
    {
        // Five standard errors at up to 512 items, stated as 3.7 %.
        final Random random = new Random(4);
        for (int trial = 0; trial < TRIALS; trial++)
        {
            final FanOutSketch sketch = sketch(1, trial);
            final Set<Long> truth = new HashSet<>();
            while (truth.size() < 400)
            {
                final long item = "uniform".equals(stream) ? random.nextInt(1_000) :
                    (long)Math.pow(1 - random.nextDouble(), -1.2);
                sketch.add(0, item, 0);
                truth.add(item);
            }
            assertEquals(truth.size(), sketch.estimate(0), 5 * 0.037 * truth.size(), "trial=" + trial);
        }
    }

    @Test
    void shouldBeTheSlotOfBothWhenMerged()
    {
        final FanOutSketch both = sketch(1, 3);
        final FanOutSketch here = sketch(2, 3);
        final FanOutSketch there = sketch(1, 3);
        for (int item = 0; item < 300; item++)
        {
            both.add(0, item, 0);
            (item % 3 == 0 ? here : there).add(item % 3 == 0 ? 1 : 0, item, 0);
        }
        here.merge(1, there, 0);
        assertEquals(both.estimate(0), here.estimate(1));
        assertEquals(0, here.estimate(0));
    }

    @Test
    void shouldLeaveNeighboursAloneWhenOneSlotIsUsedAndCleared()
    {
        final FanOutSketch sketch = sketch(3, 1);
        sketch.add(0, 1, 1);
        sketch.add(2, 1, 1);
        for (int item = 0; item < 10_000; item++)
        {
            sketch.add(1, item, item);
        }
        assertTrue(sketch.isSaturated(1));
        assertEquals(FanOutSketch.ESTIMATE_MAX, sketch.estimate(1));
        sketch.clear(1);
        assertEquals(1, sketch.estimate(0));
        assertEquals(0, sketch.estimate(1));
        assertEquals(1, sketch.estimate(2));
        assertFalse(sketch.isSaturated(1));
    }

    @Test
    void shouldNotBeFooledWhenItemsCollideUnderAnotherKey()
    {
        final KeyedHash believed = new KeyedHash(5, ~5L);
        final FanOutSketch known = sketch(1, 5);
        final FanOutSketch secret = sketch(1, 6);
        for (long item = 0, found = 0; found < 100; item++)
        {
            if (believed.hash(item, 0) >>> 55 == 0)
            {
                known.add(0, item, 0);
                secret.add(0, item, 0);
                found++;
            }
        }
        assertEquals(1, known.estimate(0));
        assertTrue(Math.abs(secret.estimate(0) - 100) < 15, "estimate=" + secret.estimate(0));
    }

    @Test
    void shouldRefuseWhenShapeIsNotAllowed()
    {
        assertEquals(64, FanOutSketch.memoryLength(1));
        assertThrows(IllegalArgumentException.class, () -> FanOutSketch.memoryLength(0));
        assertThrows(IllegalArgumentException.class, () -> FanOutSketch.memoryLength((1 << 24) + 1));
        assertThrows(
            IndexOutOfBoundsException.class, () -> new FanOutSketch(new UnsafeBuffer(new byte[127]), 2, 1, 1));
    }

    private static FanOutSketch sketch(final int slots, final long key)
    {
        return new FanOutSketch(new UnsafeBuffer(new byte[FanOutSketch.memoryLength(slots)]), slots, key, ~key);
    }
}
