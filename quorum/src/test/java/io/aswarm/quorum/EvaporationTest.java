package io.aswarm.quorum;

import org.junit.jupiter.api.Test;

import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EvaporationTest
{
    private static final long HALF_LIFE_NS = 10_000_000_000L;

    @Test
    void shouldHalveExactlyAtEachHalfLife()
    {
        for (int halves = 0; halves < 100; halves++)
        {
            assertEquals(Math.scalb(1.0, -halves), Evaporation.left(halves * HALF_LIFE_NS, HALF_LIFE_NS));
        }
        assertEquals(1.0, Evaporation.left(-1, HALF_LIFE_NS));
        assertEquals(0.0, Evaporation.left(Long.MAX_VALUE, 1));
    }

    @Test
    void shouldAgreeWithPowToAFewUnitsInTheLastPlaceAndNeverGrow()
    {
        final Random random = new Random(3);
        for (int i = 0; i < 100_000; i++)
        {
            final long ageNs = (long)(random.nextDouble() * 20 * HALF_LIFE_NS);
            final double expected = StrictMath.pow(2.0, -((double)ageNs / HALF_LIFE_NS));
            final double left = Evaporation.left(ageNs, HALF_LIFE_NS);
            assertEquals(expected, left, 16 * Math.ulp(expected));
            assertTrue(Evaporation.left(ageNs + 100, HALF_LIFE_NS) <= left);
        }
    }

    @Test
    void shouldGiveTheBitsThatAreWrittenDown()
    {
        assertEquals(0x3fec149fd532b1c9L, Double.doubleToRawLongBits(Evaporation.left(1_885_000_000L, HALF_LIFE_NS)));
    }
}
