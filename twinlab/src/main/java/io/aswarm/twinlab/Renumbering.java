package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.sketch.Site;

/**
 * Other addresses for a recording, one to one: networks stay together, hosts keep their last byte, and who was inside a
 * site or outside stays there. IPv4 may become IPv6, a network of 24 bits one of 64. Groups, addresses that were never
 * given to a host, and IPv6 stay as they are.
 */
final class Renumbering
{
    static final Renumbering NONE = new Renumbering(0, 0, false);
    private static final long INSIDE_HIGH = 0xfd00_0002_0000_0000L;
    private static final long OUTSIDE_HIGH = 0x2001_0db8_0000_0000L;
    private static final long PREFIX = 0xffff_ffff_0000_0000L;
    private static final int TEN = 10;

    private final long mask;
    private final long maskOfTen;
    private final boolean isIpv6;

    /**
     * A renumbering.
     *
     * @param thirdByte  that is changed in each IPv4 address, by exclusive or.
     * @param secondByte likewise, where there is room: in 10.0.0.0/8.
     * @param isIpv6     whether IPv4 becomes IPv6.
     */
    Renumbering(final int thirdByte, final int secondByte, final boolean isIpv6)
    {
        this.mask = (long)(thirdByte & 0xff) << 8;
        this.maskOfTen = mask | (long)(secondByte & 0xff) << 16;
        this.isIpv6 = isIpv6;
    }

    boolean isIpv6()
    {
        return isIpv6;
    }

    IpAddress of(final IpAddress address)
    {
        return new IpAddress(high(address.high(), address.low()), low(address.high(), address.low()));
    }

    long high(final long high, final long low)
    {
        if (!isIpv6 || !isChanged(high, low))
        {
            return high;
        }
        final long prefix = Site.PRIVATE.contains(high, low) ? INSIDE_HIGH : OUTSIDE_HIGH;
        return prefix | (changed(low) & 0xffff_ffffL) >>> 8;
    }

    long low(final long high, final long low)
    {
        if (!isChanged(high, low))
        {
            return low;
        }
        return isIpv6 ? low & 0xff : changed(low);
    }

    ConversationKey of(final ConversationKey key)
    {
        return new ConversationKey(
            high(key.initiatorHigh(), key.initiatorLow()), low(key.initiatorHigh(), key.initiatorLow()),
            high(key.responderHigh(), key.responderLow()), low(key.responderHigh(), key.responderLow()),
            key.initiatorPort(), key.responderPort(),
            isIpv6 && CaptureDecoder.ICMP == key.protocol() ? CaptureDecoder.ICMPV6 : key.protocol());
    }

    /** What was renumbered to this. */
    IpAddress original(final IpAddress address)
    {
        final long prefix = address.high() & PREFIX;
        if (isIpv6 && (INSIDE_HIGH == prefix || OUTSIDE_HIGH == prefix) && 0 == address.low() >>> 8)
        {
            final long low = (address.high() & 0xff_ffff) << 8 | address.low();
            return new IpAddress(0, changed(DecodedPacket.V4_MAPPED | low));
        }
        return isIpv6 ? address :
            new IpAddress(address.high(), low(address.high(), address.low()));
    }

    private long changed(final long low)
    {
        return low ^ (TEN == (low >>> 24 & 0xff) ? maskOfTen : mask);
    }

    private static boolean isChanged(final long high, final long low)
    {
        final int first = (int)(low >>> 24 & 0xff);
        return DecodedPacket.isMapped(high, low) && first > 0 && first < 224 && first != 127;
    }
}
