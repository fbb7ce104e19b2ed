package io.aswarm.sketch;

import java.util.List;

/**
 * Which addresses belong to the site. What goes elsewhere goes outside.
 */
public final class Site
{
    private static final long V4 = 0x0000ffff_00000000L;

    /**
     * Private and shared address space (RFC 1918, RFC 6598, RFC 4193), link-local addresses (RFC 3927, RFC 4291), and
     * the benchmarking ranges (RFC 2544, RFC 5180).
     */
    public static final Site PRIVATE = new Site(List.of(
        new Exemption(0, V4 | 0x0a000000L, 104),
        new Exemption(0, V4 | 0xac100000L, 108),
        new Exemption(0, V4 | 0xc0a80000L, 112),
        new Exemption(0, V4 | 0x64400000L, 106),
        new Exemption(0, V4 | 0xa9fe0000L, 112),
        new Exemption(0, V4 | 0xc6120000L, 111),
        new Exemption(0, V4 | 0x7f000000L, 104),
        new Exemption(0xfc00_0000_0000_0000L, 0, 7),
        new Exemption(0xfe80_0000_0000_0000L, 0, 10),
        new Exemption(0x2001_0002_0000_0000L, 0, 48)));

    private final long[] highs;
    private final long[] highMasks;
    private final long[] lows;
    private final long[] lowMasks;

    /**
     * Declare a site.
     *
     * @param prefixes of its addresses.
     */
    public Site(final List<Exemption> prefixes)
    {
        this.highs = prefixes.stream().mapToLong(Exemption::high).toArray();
        this.highMasks = prefixes.stream().mapToLong((prefix) -> Exemption.highMask(prefix.lengthBits())).toArray();
        this.lows = prefixes.stream().mapToLong(Exemption::low).toArray();
        this.lowMasks = prefixes.stream().mapToLong((prefix) -> Exemption.lowMask(prefix.lengthBits())).toArray();
    }

    /**
     * Whether an address belongs to the site.
     *
     * @param high first eight bytes.
     * @param low  last eight bytes.
     * @return true when it does.
     */
    public boolean contains(final long high, final long low)
    {
        for (int i = 0; i < highs.length; i++)
        {
            if ((high & highMasks[i]) == highs[i] && (low & lowMasks[i]) == lows[i])
            {
                return true;
            }
        }
        return false;
    }
}
