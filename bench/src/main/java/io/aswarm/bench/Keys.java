package io.aswarm.bench;

import java.util.Arrays;
import java.util.Random;

/**
 * Streams of keys that are the same in every run.
 */
final class Keys
{
    private Keys()
    {
    }

    /**
     * Ranks drawn from a Zipf distribution by inversion.
     *
     * @param count    how many.
     * @param distinct ranks to draw from.
     * @param exponent of the distribution.
     * @return ranks from 0, the most frequent one.
     */
    static int[] zipf(final int count, final int distinct, final double exponent)
    {
        final double[] cumulative = new double[distinct];
        double sum = 0;
        for (int rank = 0; rank < distinct; rank++)
        {
            sum += Math.pow(rank + 1, -exponent);
            cumulative[rank] = sum;
        }
        final Random random = new Random(20261122L);
        final int[] ranks = new int[count];
        for (int i = 0; i < count; i++)
        {
            final int found = Arrays.binarySearch(cumulative, random.nextDouble() * sum);
            ranks[i] = Math.min(distinct - 1, found < 0 ? -found - 1 : found);
        }
        return ranks;
    }
}
