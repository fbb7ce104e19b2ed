package io.aswarm.twinlab;

/**
 * A share that was counted, with Wilson's score interval (Wilson, "Probable inference, the law of succession, and
 * statistical inference", JASA 22, 1927), which stays between 0 and 1 and holds its level also where nothing was found
 * (Brown, Cai and DasGupta, "Interval estimation for a binomial proportion", Statistical Science 16, 2001). It takes
 * the trials for independent; windows of one host are not quite, so read it as the least that is uncertain.
 *
 * @param hits   counted.
 * @param trials of which; 0 gives the interval from 0 to 1.
 */
record Proportion(long hits, long trials)
{
    /** 97.5th percentile of the standard normal distribution: 95 % two-sided. */
    private static final double Z = 1.959963984540054;

    /** Hits of trials, 0 for none. */
    double rate()
    {
        return 0 == trials ? 0 : (double)hits / trials;
    }

    /** Lower end of the 95 % interval. */
    double low()
    {
        return 0 == hits ? 0 : Math.max(0, centre() - half());
    }

    /** Upper end of the 95 % interval. */
    double high()
    {
        return hits >= trials ? 1 : Math.min(1, centre() + half());
    }

    private double centre()
    {
        return (rate() + Z * Z / (2 * trials)) / (1 + Z * Z / trials);
    }

    private double half()
    {
        final double variance = rate() * (1 - rate()) / trials + Z * Z / (4.0 * trials * trials);
        return Z / (1 + Z * Z / trials) * Math.sqrt(variance);
    }
}
