package io.aswarm.sketch;

/**
 * Exponential decay with a half-life. StrictMath, so that a recording gives the same bits on every machine.
 */
final class Decay
{
    private final double ratePerNs;

    Decay(final long halfLifeNs)
    {
        ratePerNs = -StrictMath.log(2.0) / halfLifeNs;
    }

    /**
     * What is left of a value.
     *
     * @param value     at the start.
     * @param elapsedNs since then; events of different cores may be a little out of order, so negative is read as 0.
     * @return the value, smaller.
     */
    double left(final double value, final long elapsedNs)
    {
        return elapsedNs <= 0 || value == 0.0 ? value : value * StrictMath.exp(ratePerNs * elapsedNs);
    }
}
