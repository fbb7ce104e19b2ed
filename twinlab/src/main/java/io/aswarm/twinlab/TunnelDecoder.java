package io.aswarm.twinlab;

/**
 * What carries an IP packet inside another (ebpf, tunnel.h): IPIP, 6in4, 4in6, GRE and ERSPAN, VXLAN, Geneve,
 * Teredo to its servers, user data of GTP. Where a tunnel holds no IP packet, the outer one stays what is told.
 */
final class TunnelDecoder
{
    static final int DEPTH_MAX = 4;
    private static final int TYPE_ETHERNET = 0x6558;
    private static final int TYPE_ERSPAN = 0x88BE;
    private static final int TYPE_ERSPAN_III = 0x22EB;
    private static final int GRE_LENGTH = 4;
    private static final int GRE_CHECKSUM = 0x8000;
    private static final int GRE_ROUTING = 0x4000;
    private static final int GRE_KEY = 0x2000;
    private static final int GRE_SEQUENCE = 0x1000;
    private static final int GRE_VERSION = 0x0007;
    private static final int ERSPAN_II_LENGTH = 8;
    private static final int ERSPAN_III_LENGTH = 12;
    private static final int ERSPAN_III_SUBHEADER_LENGTH = 8;
    private static final int ERSPAN_III_FRAME_TYPE = 0x7C00;
    private static final int UDP_LENGTH = 8;
    private static final int NETWORK_LENGTH = 8;
    private static final int VXLAN_VALID = 0x08;
    private static final int GENEVE_OPTION_WORDS = 0x3F;
    private static final int TEREDO_INDICATION_LENGTH = 4;
    private static final int TEREDO_AUTHENTICATION = 0x0001;
    private static final int TEREDO_AUTHENTICATION_LENGTH = 13;
    private static final int TEREDO_ORIGIN = 0x0000;
    private static final int TEREDO_ORIGIN_LENGTH = 8;
    private static final int GTP_LENGTH = 8;
    private static final int GTP_VERSION_MASK = 0xF0;
    private static final int GTP_VERSION = 0x30;
    private static final int GTP_EXTENDED = 0x04;
    private static final int GTP_OPTIONAL = 0x07;
    private static final int GTP_OPTIONAL_LENGTH = 4;
    private static final int GTP_USER_DATA = 255;
    private static final int GTP_EXTENSION_DEPTH_MAX = 4;

    private TunnelDecoder()
    {
    }

    /**
     * One level further in.
     *
     * @param packet  that announces a tunnel.
     * @param scratch overwritten.
     */
    static void decodeLevel(final DecodedPacket packet, final DecodedPacket scratch)
    {
        scratch.copyFrom(packet);
        scratch.tunnels++;
        scratch.isAddressed = false;
        scratch.isDecoded = false;
        scratch.sourcePort = 0;
        scratch.destinationPort = 0;
        scratch.tcpFlags = 0;
        scratch.tcpHeaderLength = 0;
        scratch.protocol = 0;
        decodeCarried(scratch);
        packet.encapsulation = DecodedPacket.Encapsulation.NONE;
        if (scratch.isAddressed)
        {
            packet.copyFrom(scratch);
        }
        else if (DecodeFault.NONE != scratch.fault)
        {
            packet.fault = DecodeFault.BAD_TUNNEL;
        }
    }

    private static void decodeCarried(final DecodedPacket inner)
    {
        final int carried = open(inner);
        inner.etherType = carried;
        inner.encapsulation = DecodedPacket.Encapsulation.NONE;
        if (0 == carried || (TYPE_ETHERNET == carried && !LinkDecoder.decodeEthernet(inner)))
        {
            return;
        }
        if (LinkDecoder.isShim(inner.etherType) && !LinkDecoder.decodeShim(inner))
        {
            return;
        }
        if (!InternetDecoder.isIp(inner.etherType) || !InternetDecoder.decode(inner))
        {
            return;
        }
        if ((InternetDecoder.isExtended(inner) && !InternetDecoder.decodeExtensions(inner)) || inner.isLaterFragment)
        {
            return;
        }
        TransportDecoder.decode(inner);
    }

    /** To the first byte of what is carried; its EtherType, or 0 when it is nothing that can be decoded. */
    private static int open(final DecodedPacket packet)
    {
        switch (packet.encapsulation)
        {
            case IPV4:
                return TcpFrame.TYPE_IPV4;

            case IPV6:
                return TcpFrame.TYPE_IPV6;

            case GRE:
                return openGre(packet);

            case VXLAN:
                return openNetwork(packet, true);

            case GENEVE:
                return openNetwork(packet, false);

            case TEREDO:
                return openTeredo(packet);

            case GTP:
                return openGtp(packet);

            default:
                return 0;
        }
    }

    private static int openGre(final DecodedPacket packet)
    {
        if (!packet.has(GRE_LENGTH))
        {
            return 0;
        }
        final int flags = packet.unsignedShort(0);
        final int protocol = packet.unsignedShort(2);
        packet.offset += GRE_LENGTH;
        if (0 != (flags & (GRE_ROUTING | GRE_VERSION)))
        {
            return 0;
        }
        packet.offset += (0 != (flags & GRE_CHECKSUM) ? 4 : 0) + (0 != (flags & GRE_KEY) ? 4 : 0) +
            (0 != (flags & GRE_SEQUENCE) ? 4 : 0);
        if (TYPE_ERSPAN == protocol)
        {
            // type I has neither sequence number nor header
            packet.offset += 0 != (flags & GRE_SEQUENCE) ? ERSPAN_II_LENGTH : 0;
            return TYPE_ETHERNET;
        }
        return TYPE_ERSPAN_III == protocol ? openErspan(packet) : protocol;
    }

    private static int openErspan(final DecodedPacket packet)
    {
        if (!packet.has(ERSPAN_III_LENGTH))
        {
            return 0;
        }
        final int last = packet.unsignedShort(10);
        packet.offset += ERSPAN_III_LENGTH;
        if (0 != (last & ERSPAN_III_FRAME_TYPE))
        {
            return 0;
        }
        packet.offset += 0 != (last & 1) ? ERSPAN_III_SUBHEADER_LENGTH : 0;
        return TYPE_ETHERNET;
    }

    private static int openNetwork(final DecodedPacket packet, final boolean isVxlan)
    {
        packet.offset += UDP_LENGTH;
        if (!packet.has(NETWORK_LENGTH))
        {
            return 0;
        }
        final int flags = packet.unsignedByte(0);
        final int protocol = packet.unsignedShort(2);
        packet.networkId = packet.word(4) >>> Byte.SIZE;
        packet.offset += NETWORK_LENGTH;
        if (isVxlan)
        {
            return 0 != (flags & VXLAN_VALID) ? TYPE_ETHERNET : 0;
        }
        if (0 != flags >> 6)
        {
            return 0;
        }
        packet.offset += (flags & GENEVE_OPTION_WORDS) * 4;
        return protocol;
    }

    private static int openTeredo(final DecodedPacket packet)
    {
        packet.offset += UDP_LENGTH;
        if (packet.has(TEREDO_INDICATION_LENGTH) && TEREDO_AUTHENTICATION == packet.unsignedShort(0))
        {
            packet.offset += TEREDO_AUTHENTICATION_LENGTH + packet.unsignedByte(2) + packet.unsignedByte(3);
        }
        if (packet.has(TEREDO_INDICATION_LENGTH) && TEREDO_ORIGIN == packet.unsignedShort(0))
        {
            packet.offset += TEREDO_ORIGIN_LENGTH;
        }
        return TcpFrame.TYPE_IPV6 == namedByItself(packet) ? TcpFrame.TYPE_IPV6 : 0;
    }

    private static int openGtp(final DecodedPacket packet)
    {
        packet.offset += UDP_LENGTH;
        if (!packet.has(GTP_LENGTH))
        {
            return 0;
        }
        final int flags = packet.unsignedByte(0);
        final int type = packet.unsignedByte(1);
        packet.offset += GTP_LENGTH;
        if (GTP_VERSION != (flags & GTP_VERSION_MASK) || GTP_USER_DATA != type)
        {
            return 0;
        }
        if (0 != (flags & GTP_OPTIONAL))
        {
            if (!packet.has(GTP_OPTIONAL_LENGTH))
            {
                return 0;
            }
            final int next = packet.unsignedByte(3);
            packet.offset += GTP_OPTIONAL_LENGTH;
            if (0 != (flags & GTP_EXTENDED) && !skipGtpExtensions(packet, next))
            {
                return 0;
            }
        }
        return namedByItself(packet);
    }

    private static boolean skipGtpExtensions(final DecodedPacket packet, final int first)
    {
        int next = first;
        for (int depth = 0; depth < GTP_EXTENSION_DEPTH_MAX && 0 != next; depth++)
        {
            if (!packet.has(1) || 0 == packet.unsignedByte(0))
            {
                return false;
            }
            packet.offset += packet.unsignedByte(0) * 4 - 1;
            if (!packet.has(1))
            {
                return false;
            }
            next = packet.unsignedByte(0);
            packet.offset++;
        }
        return 0 == next;
    }

    /** IPv4 or IPv6, by the first four bits of what is next. */
    private static int namedByItself(final DecodedPacket packet)
    {
        final int version = packet.has(1) ? packet.unsignedByte(0) >> 4 : 0;
        return 4 == version ? TcpFrame.TYPE_IPV4 : 6 == version ? TcpFrame.TYPE_IPV6 : 0;
    }
}
