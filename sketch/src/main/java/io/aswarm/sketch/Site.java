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

    private final Exemption[] prefixes;

    /**
     * Declare a site.
     *
     * @param prefixes of its addresses.
     */
    public Site(final List<Exemption> prefixes)
    {
        this.prefixes = prefixes.toArray(new Exemption[0]);
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
        for (final Exemption prefix : prefixes)
        {
            if (prefix.contains(high, low))
            {
                return true;
            }
        }
        return false;
    }
}
