package io.aswarm.twinlab;

/**
 * Ports, numbers and types from the header behind IP, and what announces a tunnel (ebpf, transport.h).
 */
final class TransportDecoder
{
    static final int SCTP_INIT = 1;
    static final int SCTP_INIT_ACK = 2;
    static final int SCTP_ABORT = 6;
    static final int SCTP_SHUTDOWN = 7;
    static final int SCTP_COOKIE_ECHO = 10;
    private static final int IPIP = 4;
    private static final int IPV6 = 41;
    private static final int GRE = 47;
    private static final int VXLAN_PORT = 4789;
    private static final int VXLAN_LEGACY_PORT = 8472;
    private static final int GENEVE_PORT = 6081;
    private static final int TEREDO_PORT = 3544;
    private static final int GTP_USER_PORT = 2152;
    /** Of a TCP header: ports and sequence number, the least that a first fragment holds (RFC 791). */
    private static final int TCP_LEAST_LENGTH = 8;
    private static final int TCP_FLAGS_BYTE = 13;
    private static final int UDP_LENGTH = 8;
    private static final int ICMP_LENGTH = 8;
    private static final int SCTP_LENGTH = 16;
    private static final int SCTP_INIT_LENGTH = 20;

    private TransportDecoder()
    {
    }

    /** What has no ports is its addresses and its number; 255 is no protocol that anybody may send. */
    static void decode(final DecodedPacket packet)
    {
        switch (packet.protocol)
        {
            case CaptureDecoder.TCP:
                packet.isDecoded = decodeTcp(packet);
                break;

            case CaptureDecoder.UDP:
                packet.isDecoded = decodeUdp(packet);
                break;

            case CaptureDecoder.ICMP:
            case CaptureDecoder.ICMPV6:
                packet.isDecoded = decodeIcmp(packet);
                break;

            case CaptureDecoder.SCTP:
                packet.isDecoded = decodeSctp(packet);
                break;

            case IPIP:
                packet.encapsulation = DecodedPacket.Encapsulation.IPV4;
                break;

            case IPV6:
                packet.encapsulation = DecodedPacket.Encapsulation.IPV6;
                break;

            case GRE:
                packet.encapsulation = DecodedPacket.Encapsulation.GRE;
                break;

            default:
                packet.isDecoded = CaptureDecoder.NEIGHBOUR_DISCOVERY != packet.protocol;
                break;
        }
    }

    /**
     * A first fragment that ends within the header (RFC 1858, section 3.1; RFC 3128): no stack makes it, and the
     * receiver puts it together. Flags that are not there are 0.
     */
    private static boolean decodeTinyTcp(final DecodedPacket packet)
    {
        final boolean hasFlags = packet.remaining > TCP_FLAGS_BYTE;
        if (isCut(packet, hasFlags ? TCP_FLAGS_BYTE + 1 : TCP_LEAST_LENGTH))
        {
            return packet.stopAt(DecodeFault.TRUNCATED_TRANSPORT);
        }
        readPorts(packet);
        packet.sequence = packet.word(4);
        packet.tcpHeaderLength = packet.remaining;
        if (hasFlags)
        {
            packet.acknowledgment = packet.word(8);
            packet.tcpFlags = packet.unsignedByte(TCP_FLAGS_BYTE);
        }
        return true;
    }

    /** Whether a segment of TCP is a fragment that ends before its flags. */
    static boolean lacksFlags(final DecodedPacket packet)
    {
        return packet.tcpHeaderLength <= TCP_FLAGS_BYTE;
    }

    static boolean hasPorts(final int protocol)
    {
        return CaptureDecoder.TCP == protocol || CaptureDecoder.UDP == protocol || CaptureDecoder.SCTP == protocol;
    }

    private static boolean decodeTcp(final DecodedPacket packet)
    {
        if (packet.hasMoreFragments && packet.remaining < TcpFrame.TCP_LENGTH)
        {
            return decodeTinyTcp(packet);
        }
        if (isCut(packet, TcpFrame.TCP_LENGTH))
        {
            return packet.stopAt(DecodeFault.TRUNCATED_TRANSPORT);
        }
        final int claimed = (packet.unsignedByte(12) >> 4) * 4;
        // of a first fragment, options may be in the next one
        final int headerLength = packet.hasMoreFragments ? Math.min(claimed, packet.remaining) : claimed;
        if (headerLength < TcpFrame.TCP_LENGTH || headerLength > packet.remaining)
        {
            return packet.stopAt(DecodeFault.BAD_TRANSPORT);
        }
        readPorts(packet);
        packet.sequence = packet.word(4);
        packet.acknowledgment = packet.word(8);
        packet.tcpFlags = packet.unsignedByte(TCP_FLAGS_BYTE);
        packet.tcpHeaderLength = headerLength;
        return true;
    }

    private static boolean decodeUdp(final DecodedPacket packet)
    {
        if (isCut(packet, UDP_LENGTH))
        {
            return packet.stopAt(DecodeFault.TRUNCATED_TRANSPORT);
        }
        // 0 stands for a jumbogram (RFC 2675); a first fragment holds less than the length says
        final int length = packet.unsignedShort(4);
        if ((0 != length && length < UDP_LENGTH) || (length > packet.remaining && !packet.hasMoreFragments))
        {
            return packet.stopAt(DecodeFault.BAD_TRANSPORT);
        }
        readPorts(packet);
        if (VXLAN_PORT == packet.destinationPort || VXLAN_LEGACY_PORT == packet.destinationPort)
        {
            packet.encapsulation = DecodedPacket.Encapsulation.VXLAN;
        }
        else if (GENEVE_PORT == packet.destinationPort)
        {
            packet.encapsulation = DecodedPacket.Encapsulation.GENEVE;
        }
        else if (TEREDO_PORT == packet.destinationPort)
        {
            packet.encapsulation = DecodedPacket.Encapsulation.TEREDO;
        }
        else if (GTP_USER_PORT == packet.destinationPort)
        {
            packet.encapsulation = DecodedPacket.Encapsulation.GTP;
        }
        return true;
    }

    private static boolean decodeIcmp(final DecodedPacket packet)
    {
        if (isCut(packet, ICMP_LENGTH))
        {
            return packet.stopAt(DecodeFault.TRUNCATED_TRANSPORT);
        }
        packet.type = packet.unsignedByte(0);
        packet.code = packet.unsignedByte(1);
        packet.sourcePort = packet.unsignedShort(4);
        return true;
    }

    private static boolean decodeSctp(final DecodedPacket packet)
    {
        if (isCut(packet, SCTP_LENGTH))
        {
            return packet.stopAt(DecodeFault.TRUNCATED_TRANSPORT);
        }
        readPorts(packet);
        packet.acknowledgment = packet.word(4);
        packet.type = packet.unsignedByte(12);
        packet.code = packet.unsignedByte(13);
        if (SCTP_INIT != packet.type && SCTP_INIT_ACK != packet.type)
        {
            return true;
        }
        if (isCut(packet, SCTP_INIT_LENGTH))
        {
            return packet.stopAt(DecodeFault.TRUNCATED_TRANSPORT);
        }
        packet.sequence = packet.word(16);
        return true;
    }

    private static void readPorts(final DecodedPacket packet)
    {
        packet.sourcePort = packet.unsignedShort(0);
        packet.destinationPort = packet.unsignedShort(2);
    }

    private static boolean isCut(final DecodedPacket packet, final int length)
    {
        return !packet.has(length) || packet.remaining < length;
    }
}
