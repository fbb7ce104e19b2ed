package io.aswarm.sketch;

/**
 * Sources that are declared to probe: health checkers, monitoring, inventory scanners. Nothing is held against them, as
 * long as they keep to their rate: who takes over a declared scanner has no more than it.
 *
 * @param high         first eight bytes of the prefix.
 * @param low          last eight bytes of the prefix; IPv4 is v4-mapped.
 * @param lengthBits   0 to 128 leading bits that count; for IPv4 its own length plus 96.
 * @param perSecondMax observations of the whole prefix that are spared in a second, at least 1.
 */
public record Exemption(long high, long low, int lengthBits, int perSecondMax)
{
    /** Most exemptions of one policy. */
    public static final int EXEMPTIONS_MAX = 1_024;

    /**
     * @throws IllegalArgumentException when the length is not 0 to 128, or bits behind it are set.
     */
    public Exemption
    {
        if (perSecondMax < 1)
        {
            throw new IllegalArgumentException("perSecondMax=" + perSecondMax + "; allowed: at least 1");
        }
        if (lengthBits < 0 || lengthBits > 128)
        {
            throw new IllegalArgumentException("lengthBits=" + lengthBits + "; allowed: 0 to 128");
        }
        if ((high & ~highMask(lengthBits)) != 0 || (low & ~lowMask(lengthBits)) != 0)
        {
            throw new IllegalArgumentException("lengthBits=" + lengthBits + ": the prefix has bits set behind it");
        }
    }

    /**
     * An exemption without bound.
     *
     * @param high       first eight bytes of the prefix.
     * @param low        last eight bytes of the prefix.
     * @param lengthBits leading bits that count.
     */
    public Exemption(final long high, final long low, final int lengthBits)
    {
        this(high, low, lengthBits, Integer.MAX_VALUE);
    }

    /**
     * Whether an address is inside.
     *
     * @param addressHigh first eight bytes.
     * @param addressLow  last eight bytes.
     * @return true when it is.
     */
    public boolean contains(final long addressHigh, final long addressLow)
    {
        return (addressHigh & highMask(lengthBits)) == high && (addressLow & lowMask(lengthBits)) == low;
    }

    static long highMask(final int lengthBits)
    {
        return lengthBits == 0 ? 0 : -1L << Math.max(0, 64 - lengthBits);
    }

    static long lowMask(final int lengthBits)
    {
        return lengthBits <= 64 ? 0 : -1L << (128 - lengthBits);
    }
}
