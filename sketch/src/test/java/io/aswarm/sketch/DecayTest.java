package io.aswarm.sketch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DecayTest
{
    private static final long HALF_LIFE_NS = 1_000_000_007L;
    private static final double EXACT = 1e-14;
    private final Decay decay = new Decay(HALF_LIFE_NS);

    @ParameterizedTest
    @CsvSource({"0,8", "1,4", "2,2", "10,0.0078125"})
    void shouldHalveWithEachHalfLife(final long halfLives, final double left)
    {
        assertEquals(left, decay.left(8, halfLives * HALF_LIFE_NS), EXACT * left);
        assertEquals(-left, decay.left(-8, halfLives * HALF_LIFE_NS), EXACT * left);
    }

    @Test
    void shouldLeaveAllWhenNoTimePassedAndLessAfterANanosecond()
    {
        assertEquals(8.0, decay.left(8, -1));
        assertEquals(8.0, decay.left(8, 0));
        assertTrue(decay.left(8, 1) < 8.0);
        assertEquals(0.0, decay.left(0, Long.MAX_VALUE));
    }

    @Test
    void shouldLeaveTheSameInStepsOfAnyLength()
    {
        double left = 8;
        long elapsedNs = 0;
        for (long stepNs = 1; elapsedNs < 20 * HALF_LIFE_NS; stepNs = stepNs * 3 + 1)
        {
            left = decay.left(left, stepNs);
            elapsedNs += stepNs;
        }
        assertEquals(decay.left(8, elapsedNs), left, 100 * EXACT * left);
    }
}
