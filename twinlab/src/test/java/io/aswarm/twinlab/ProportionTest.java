package io.aswarm.twinlab;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ProportionTest
{
    private static final double DIGITS = 5e-5;

    /** Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, 1998. */
    @Test
    void shouldGiveThePublishedIntervalsWhenAskedForThePublishedCounts()
    {
        assertInterval(0.2553, 0.3662, new Proportion(81, 263));
        assertInterval(0.0624, 0.1605, new Proportion(15, 148));
        assertInterval(0.0000, 0.1611, new Proportion(0, 20));
        assertInterval(0.0061, 0.1718, new Proportion(1, 29));
    }

    @Test
    void shouldSayNothingWhenNothingWasTried()
    {
        assertInterval(0, 1, new Proportion(0, 0));
        assertEquals(0, new Proportion(0, 0).rate());
    }

    @Test
    void shouldReachOneWhenAllWereHits()
    {
        final Proportion all = new Proportion(20, 20);
        assertEquals(1, all.high());
        assertEquals(1 - 0.1611, all.low(), DIGITS);
    }

    private static void assertInterval(final double low, final double high, final Proportion share)
    {
        assertEquals(low, share.low(), DIGITS);
        assertEquals(high, share.high(), DIGITS);
    }
}
