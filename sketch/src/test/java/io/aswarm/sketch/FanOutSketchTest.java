package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
