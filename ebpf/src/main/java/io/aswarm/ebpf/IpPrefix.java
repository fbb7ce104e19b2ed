package io.aswarm.ebpf;

/**
 * A network: an address and how many of its leading bits count. IPv4 networks are held as v4-mapped, so
 * {@code lengthBits} of 198.18.0.0/24 is 120.
 *
 * @param address    with all bits after the prefix zero.
 * @param lengthBits of the prefix, 0 to 128.
 */
public record IpPrefix(IpAddress address, int lengthBits)
{
    private static final int BITS = 128;
    private static final int V4_OFFSET_BITS = 96;

    /**
     * Check that no bit is set behind the prefix.
     *
     * @throws IllegalArgumentException when the length is out of range or host bits are set.
     */
    public IpPrefix
    {
        if (lengthBits < 0 || lengthBits > BITS)
        {
            throw new IllegalArgumentException("prefix length out of range: " + lengthBits);
        }
        if ((address.high() & ~highMask(lengthBits)) != 0 || (address.low() & ~lowMask(lengthBits)) != 0)
        {
            throw new IllegalArgumentException("bits are set behind the prefix: " + address + " of " + lengthBits);
        }
    }

    /**
     * Read a network, or a single address as the network of itself.
     *
     * @param text such as {@code 198.18.0.0/24}, {@code 2001:2::/48} or {@code 198.18.0.1}.
     * @return the network.
     * @throws IllegalArgumentException when the text is not one; the message says why.
     */
    public static IpPrefix parse(final String text)
    {
        final int slash = text.indexOf('/');
        if (slash < 0)
        {
            return new IpPrefix(IpAddress.parse(text), BITS);
        }

        final IpAddress address = IpAddress.parse(text.substring(0, slash));
        final String digits = text.substring(slash + 1);
        final int bitsMax = address.isV4() ? BITS - V4_OFFSET_BITS : BITS;
        if (!digits.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(digits) > bitsMax)
        {
            throw new IllegalArgumentException(
                "not a network: '" + text + "': the length must be 0 to " + bitsMax);
        }

        final int length = Integer.parseInt(digits) + (address.isV4() ? V4_OFFSET_BITS : 0);
        try
        {
            return new IpPrefix(address, length);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new IllegalArgumentException("not a network: '" + text + "': bits are set behind the prefix", ex);
        }
    }

    /**
     * Whether an address lies in this network.
     *
     * @param high first eight bytes of the address, network order.
     * @param low  last eight bytes.
     * @return true if it does.
     */
    public boolean contains(final long high, final long low)
    {
        return ((high ^ address.high()) & highMask(lengthBits)) == 0 &&
            ((low ^ address.low()) & lowMask(lengthBits)) == 0;
    }

    /**
     * Whether an address lies in this network.
     *
     * @param candidate address.
     * @return true if it does.
     */
    public boolean contains(final IpAddress candidate)
    {
        return contains(candidate.high(), candidate.low());
    }

    @Override
    public String toString()
    {
        return address.isV4() && lengthBits >= V4_OFFSET_BITS ?
            address + "/" + (lengthBits - V4_OFFSET_BITS) : address + "/" + lengthBits;
    }

    private static long highMask(final int lengthBits)
    {
        return lengthBits == 0 ? 0 : lengthBits >= Long.SIZE ? -1L : -1L << (Long.SIZE - lengthBits);
    }

    private static long lowMask(final int lengthBits)
    {
        return lengthBits <= Long.SIZE ? 0 : -1L << (BITS - lengthBits);
    }
}
