package io.aswarm.twinlab;

/**
 * IPv4 and IPv6 (ebpf, internet.h): addresses, fragments, and the way past options and extension headers.
 */
final class InternetDecoder
{
    private static final int EXTENSION_DEPTH_MAX = 6;
    private static final int EXTENSION_LENGTH = 8;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int MOBILITY = 135;
    private static final int HIP = 139;
    private static final int SHIM6 = 140;

    private InternetDecoder()
    {
    }

    static boolean isIp(final int etherType)
    {
        return TcpFrame.TYPE_IPV4 == etherType || TcpFrame.TYPE_IPV6 == etherType;
    }

    /** To behind the fixed header of IPv6, or behind the whole header of IPv4. */
    static boolean decode(final DecodedPacket packet)
    {
        return TcpFrame.TYPE_IPV4 == packet.etherType ? decodeIpv4(packet) : decodeIpv6(packet);
    }

    private static boolean decodeIpv4(final DecodedPacket packet)
    {
        if (!packet.has(TcpFrame.IPV4_LENGTH))
        {
            return packet.stopAt(DecodeFault.TRUNCATED_IP);
        }
        if (4 != packet.unsignedByte(0) >> 4)
        {
            return packet.stopAt(DecodeFault.BAD_IP);
        }
        packet.sourceHigh = 0;
        packet.sourceLow = packet.mapped(12);
        packet.destinationHigh = 0;
        packet.destinationLow = packet.mapped(16);
        packet.isAddressed = true;

        final int headerLength = (packet.unsignedByte(0) & 0x0F) * 4;
        if (headerLength < TcpFrame.IPV4_LENGTH)
        {
            return packet.stopAt(DecodeFault.BAD_IP);
        }
        final int length = packet.unsignedShort(2);
        if (!takeLength(packet, length, headerLength, 0 == length))
        {
            return false;
        }
        final int fragment = packet.unsignedShort(6);
        packet.isLaterFragment = 0 != (fragment & 0x1FFF);
        packet.hasMoreFragments = 0 != (fragment & 0x2000);
        packet.fragmentId = packet.unsignedShort(4);
        packet.protocol = packet.unsignedByte(9);
        packet.offset += headerLength;
        return true;
    }

    private static boolean decodeIpv6(final DecodedPacket packet)
    {
        if (!packet.has(TcpFrame.IPV6_LENGTH))
        {
            return packet.stopAt(DecodeFault.TRUNCATED_IP);
        }
        if (6 != packet.unsignedByte(0) >> 4)
        {
            return packet.stopAt(DecodeFault.BAD_IP);
        }
        packet.sourceHigh = packet.doubleWord(8);
        packet.sourceLow = packet.doubleWord(16);
        packet.destinationHigh = packet.doubleWord(24);
        packet.destinationLow = packet.doubleWord(32);
        if (DecodedPacket.isMapped(packet.sourceHigh, packet.sourceLow) ||
            DecodedPacket.isMapped(packet.destinationHigh, packet.destinationLow))
        {
            return packet.stopAt(DecodeFault.MAPPED_SOURCE);
        }
        packet.isAddressed = true;

        final int payload = packet.unsignedShort(4);
        if (!takeLength(packet, TcpFrame.IPV6_LENGTH + payload, TcpFrame.IPV6_LENGTH, 0 == payload))
        {
            return false;
        }
        packet.isLaterFragment = false;
        packet.hasMoreFragments = false;
        packet.protocol = packet.unsignedByte(6);
        packet.offset += TcpFrame.IPV6_LENGTH;
        return true;
    }

    /** Check the length that the header claims against the frame. */
    private static boolean takeLength(
        final DecodedPacket packet, final int claimed, final int headerLength, final boolean isZero)
    {
        final int present = packet.end - packet.offset;
        final int length = (isZero && packet.isBig()) || packet.isQuoted ? present : claimed;
        if (present < 0 || length > present || length < headerLength)
        {
            return packet.stopAt(DecodeFault.BAD_IP);
        }
        packet.end = packet.offset + length;
        packet.remaining = length - headerLength;
        return true;
    }

    /** AH stands behind IPv4 too (RFC 4302 section 3.1.1); the others are IPv6's alone. */
    static boolean isExtended(final DecodedPacket packet)
    {
        switch (packet.protocol)
        {
            case AUTHENTICATION:
                return true;

            case HOP_BY_HOP:
            case ROUTING:
            case FRAGMENT:
            case DESTINATION_OPTIONS:
            case MOBILITY:
            case HIP:
            case SHIM6:
                return TcpFrame.TYPE_IPV6 == packet.etherType;

            default:
                return false;
        }
    }

    static boolean decodeExtensions(final DecodedPacket packet)
    {
        for (int depth = 0; depth < EXTENSION_DEPTH_MAX; depth++)
        {
            if (!isExtended(packet))
            {
                return true;
            }
            if (!packet.has(EXTENSION_LENGTH))
            {
                return packet.stopAt(DecodeFault.TRUNCATED_IP);
            }
            final int length = FRAGMENT == packet.protocol ? EXTENSION_LENGTH :
                AUTHENTICATION == packet.protocol ? (packet.unsignedByte(1) + 2) * 4 :
                (packet.unsignedByte(1) + 1) * 8;
            if (length > packet.remaining)
            {
                return packet.stopAt(DecodeFault.BAD_IP);
            }
            if (FRAGMENT == packet.protocol)
            {
                final int fragment = packet.unsignedShort(2);
                packet.hasMoreFragments = 0 != (fragment & 1);
                packet.isLaterFragment = 0 != (fragment & 0xFFF8);
                packet.fragmentId = packet.word(4);
            }
            packet.protocol = packet.unsignedByte(0);
            packet.remaining -= length;
            packet.offset += length;
            if (packet.isLaterFragment)
            {
                return true;
            }
        }
        return !isExtended(packet) || packet.stopAt(DecodeFault.EXTENSION_DEPTH);
    }
}
