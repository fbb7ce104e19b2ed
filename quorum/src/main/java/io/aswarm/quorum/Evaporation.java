package io.aswarm.quorum;

/**
 * What is left of evidence after a time: 2^-(age / half-life). The same bits on every machine, since Java's arithmetic
 * is strict (JEP 306) and nothing else is used; StrictMath.pow would do, but allocates where it is not compiled.
 */
final class Evaporation
{
    private static final double LN_2 = 0.6931471805599453;
    /** The series of exp(-x), x at most ln 2, is cut where its terms are below half a unit in the last place. */
    private static final int TERMS = 18;
    /** Beyond so many half-lives nothing is left that could be counted. */
    private static final long HALF_LIVES_MAX = 1_000;

    private Evaporation()
    {
    }

    /** Share that is left: 1 for an age that is not positive, 0 after {@link #HALF_LIVES_MAX} half-lives. */
    static double left(final long ageNs, final long halfLifeNs)
    {
        if (ageNs <= 0)
        {
            return 1.0;
        }
        final long whole = ageNs / halfLifeNs;
        if (whole >= HALF_LIVES_MAX)
        {
            return 0.0;
        }
        final double x = LN_2 * ((ageNs - whole * halfLifeNs) / (double)halfLifeNs);
        double sum = 1.0;
        for (int term = TERMS; term > 0; term--)
        {
            sum = 1.0 - x / term * sum;
        }
        return Math.scalb(sum, (int)-whole);
    }
}
