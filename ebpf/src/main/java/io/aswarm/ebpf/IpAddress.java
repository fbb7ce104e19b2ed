package io.aswarm.ebpf;

/**
 * An address of either family as two longs. An IPv4 address is v4-mapped: {@code high} is 0 and {@code low} is
 * {@code 0x0000ffff_aabbccdd}. Parsing never asks a resolver.
 *
 * @param high first eight bytes, network order.
 * @param low  last eight bytes.
 */
public record IpAddress(long high, long low)
{
    private static final int GROUPS = 8;
    private static final int OCTETS = 4;
    private static final long V4_MARK = 0x0000_ffff_0000_0000L;
    private static final long V4_MASK = 0xffff_ffff_0000_0000L;

    /**
     * Read an address.
     *
     * @param text dotted quad without leading zeros, or IPv6 (RFC 4291 section 2.2; a dotted quad may end it).
     * @return the address.
     * @throws IllegalArgumentException when the text is not an address.
     */
    public static IpAddress parse(final String text)
    {
        if (text.indexOf(':') < 0)
        {
            return new IpAddress(0, V4_MARK | parseQuad(text, text));
        }

        final int gap = text.indexOf("::");
        final int[] groups = new int[GROUPS];
        if (gap < 0)
        {
            if (parseGroups(text, text, groups) != GROUPS)
            {
                throw notAnAddress(text);
            }
            return of(groups);
        }

        final int[] tail = new int[GROUPS];
        final int headCount = parseGroups(text.substring(0, gap), text, groups);
        final int tailCount = parseGroups(text.substring(gap + 2), text, tail);
        if (headCount + tailCount >= GROUPS)
        {
            throw notAnAddress(text);
        }
        System.arraycopy(tail, 0, groups, GROUPS - tailCount, tailCount);
        return of(groups);
    }

    /**
     * Whether this is an IPv4 address in its mapped form.
     *
     * @return true for ::ffff:0:0/96.
     */
    public boolean isV4()
    {
        return isV4(high, low);
    }

    /**
     * Whether two longs are an IPv4 address in its mapped form.
     *
     * @param high first eight bytes, network order.
     * @param low  last eight bytes.
     * @return true for ::ffff:0:0/96.
     */
    public static boolean isV4(final long high, final long low)
    {
        return high == 0 && (low & V4_MASK) == V4_MARK;
    }

    /**
     * Text of an address.
     *
     * @param high first eight bytes, network order.
     * @param low  last eight bytes.
     * @return dotted quad for IPv4, the canonical form of RFC 5952 for IPv6.
     */
    public static String format(final long high, final long low)
    {
        final StringBuilder text = new StringBuilder();
        if (isV4(high, low))
        {
            for (int shift = 24; shift >= 0; shift -= Byte.SIZE)
            {
                text.append((low >>> shift) & 0xff).append(shift == 0 ? "" : ".");
            }
            return text.toString();
        }

        final int[] run = longestZeroRun(high, low);
        for (int i = 0; i < GROUPS; i++)
        {
            if (i == run[0])
            {
                text.append("::");
                i += run[1] - 1;
            }
            else
            {
                text.append(i == 0 || (i == run[0] + run[1] && run[1] > 0) ? "" : ":");
                text.append(Integer.toHexString(group(high, low, i)));
            }
        }
        return text.toString();
    }

    @Override
    public String toString()
    {
        return format(high, low);
    }

    /** RFC 5952 section 4.2: only runs of two or more are shortened, the first of equals. */
    private static int[] longestZeroRun(final long high, final long low)
    {
        int start = -1;
        int length = 0;
        for (int i = 0; i < GROUPS; i++)
        {
            int end = i;
            while (end < GROUPS && group(high, low, end) == 0)
            {
                end++;
            }
            if (end - i > Math.max(length, 1))
            {
                start = i;
                length = end - i;
            }
        }
        return new int[]{start, length};
    }

    private static int group(final long high, final long low, final int index)
    {
        final long half = index < GROUPS / 2 ? high : low;
        return (int)(half >>> (Long.SIZE - Short.SIZE * (index % (GROUPS / 2) + 1))) & 0xffff;
    }

    private static IpAddress of(final int[] groups)
    {
        long high = 0;
        long low = 0;
        for (int i = 0; i < GROUPS / 2; i++)
        {
            high = high << Short.SIZE | groups[i];
            low = low << Short.SIZE | groups[i + GROUPS / 2];
        }
        return new IpAddress(high, low);
    }

    private static int parseGroups(final String part, final String whole, final int[] groups)
    {
        if (part.isEmpty())
        {
            return 0;
        }

        final String[] fields = part.split(":", -1);
        int count = 0;
        for (int i = 0; i < fields.length; i++)
        {
            final boolean quad = i == fields.length - 1 && fields[i].indexOf('.') >= 0;
            if (count + (quad ? 2 : 1) > GROUPS)
            {
                throw notAnAddress(whole);
            }
            if (quad)
            {
                final long value = parseQuad(fields[i], whole);
                groups[count++] = (int)(value >>> Short.SIZE);
                groups[count++] = (int)(value & 0xffff);
            }
            else
            {
                if (!fields[i].matches("[0-9a-fA-F]{1,4}"))
                {
                    throw notAnAddress(whole);
                }
                groups[count++] = Integer.parseInt(fields[i], 16);
            }
        }
        return count;
    }

    private static long parseQuad(final String quad, final String whole)
    {
        final String[] octets = quad.split("\\.", -1);
        long value = 0;
        for (final String octet : octets)
        {
            if (octets.length != OCTETS || !octet.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(octet) > 0xff)
            {
                throw notAnAddress(whole);
            }
            value = value << Byte.SIZE | Integer.parseInt(octet);
        }
        return value;
    }

    private static IllegalArgumentException notAnAddress(final String text)
    {
        return new IllegalArgumentException("not an IP address: '" + text + "'");
    }
}
