package io.aswarm.twinlab;

/**
 * Numbers that look random and are the same for a seed on every Java: SplitMix64 (Steele, Lea, Flood 2014, "Fast
 * splittable pseudorandom number generators", figure 17). One thread.
 */
final class MeshRandom
{
    private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;

    private long state;

    MeshRandom(final long seed)
    {
        state = seed;
    }

    /** Numbers for one purpose, so that drawing more of them for another does not change these. */
    MeshRandom split()
    {
        return new MeshRandom(nextLong());
    }

    long nextLong()
    {
        state += GOLDEN_GAMMA;
        long mixed = (state ^ (state >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ (mixed >>> 31);
    }

    /** From 0 to bound - 1; the bias of the remainder is below bound / 2^63. */
    int below(final int bound)
    {
        return (int)((nextLong() >>> 1) % bound);
    }

    /** From min to max, both included. */
    long between(final long min, final long max)
    {
        return min + (nextLong() >>> 1) % (max - min + 1);
    }

    boolean chance(final double probability)
    {
        return (nextLong() >>> 11) * 0x1.0p-53 < probability;
    }

    /** Exponentially distributed. */
    long exponential(final long mean)
    {
        return (long)(-mean * StrictMath.log(((nextLong() >>> 11) + 1) * 0x1.0p-53));
    }

    /** So many different numbers from 0 to bound - 1, in the order drawn. */
    int[] distinct(final int count, final int bound)
    {
        final int[] drawn = new int[count];
        for (int i = 0; i < count; i++)
        {
            boolean isNew = false;
            while (!isNew)
            {
                drawn[i] = below(bound);
                isNew = true;
                for (int j = 0; j < i; j++)
                {
                    isNew &= drawn[j] != drawn[i];
                }
            }
        }
        return drawn;
    }
}
