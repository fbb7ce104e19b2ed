package io.aswarm.twinlab;

import java.nio.ByteBuffer;

/**
 * Decodes the headers of one Ethernet frame as the XDP program does (ebpf, decode.h): up to two VLAN tags, IPv4, IPv6
 * with extension headers, TCP, UDP, ICMP and the packet that an ICMP error quotes. Believes no length; what does not
 * fit is not decoded. Reads in place, allocates nothing; the fields are overwritten by the next call.
 */
final class CaptureDecoder
{
    static final int TCP = 6;
    static final int UDP = 17;
    static final int ICMP = 1;
    static final int ICMPV6 = 58;
    /** ARP requests and replies, ICMPv6 neighbour solicitations and advertisements: not a protocol of IP. */
    static final int NEIGHBOUR_DISCOVERY = 255;
    private static final int TYPE_ARP = 0x0806;
    private static final int ARP_LENGTH = 28;
    private static final int ARP_REQUEST = 1;
    private static final int ARP_REPLY = 2;
    private static final long ARP_ETHERNET_IPV4 = 0x0001_0800_0604L;
    private static final int SOLICITATION = 135;
    private static final int ADVERTISEMENT = 136;
    private static final int NEIGHBOUR_LENGTH = 24;
    private static final int TYPE_VLAN = 0x8100;
    private static final int TYPE_QINQ = 0x88A8;
    private static final int VLAN_DEPTH_MAX = 2;
    private static final int EXTENSION_DEPTH_MAX = 6;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int QUOTED_TRANSPORT_LENGTH = 8;
    private static final long V4_MAPPED = 0x0000_FFFF_0000_0000L;

    private ByteBuffer frame;
    private int captured;
    private int wireLength;
    private int cursor;
    private int remaining;
    private boolean moreFragments;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int protocol;
    private int sourcePort;
    private int destinationPort;
    private int sequence;
    private int acknowledgment;
    private int tcpFlags;
    private int icmpType;
    private int icmpCode;
    private boolean hasAddresses;
    private boolean isRequest;

    /** As {@link #decode(LinkType, ByteBuffer, int, int)}, of an Ethernet frame. */
    boolean decode(final ByteBuffer buffer, final int capturedLength, final int lengthOnWire)
    {
        return decode(LinkType.ETHERNET, buffer, capturedLength, lengthOnWire);
    }

    /**
     * Decode a frame.
     *
     * @param link           what the frame begins with.
     * @param buffer         with the frame from position 0, big endian.
     * @param capturedLength bytes of it that are there.
     * @param lengthOnWire   bytes that it had.
     * @return true when it holds a whole header of TCP, UDP or ICMP, sent to one receiver, or neighbour discovery.
     */
    boolean decode(final LinkType link, final ByteBuffer buffer, final int capturedLength, final int lengthOnWire)
    {
        frame = buffer;
        hasAddresses = false;
        protocol = 0;
        captured = capturedLength;
        wireLength = lengthOnWire;
        sourcePort = 0;
        destinationPort = 0;
        sequence = 0;
        acknowledgment = 0;
        tcpFlags = 0;
        moreFragments = false;
        final int type = LinkType.ETHERNET == link ? decodeEthernet() : decodeOther(link);
        if (TYPE_ARP == type)
        {
            return decodeArp();
        }
        final boolean isIp = TcpFrame.TYPE_IPV4 == type ? decodeIpv4() :
            TcpFrame.TYPE_IPV6 == type && decodeIpv6();
        return isIp && (isNeighbour() ? decodeNeighbour() : !isGroup() && decodeTransport());
    }

    /** Who asks for whom (RFC 826). A probe without a sender, and one for the sender's own address, ask nobody. */
    private boolean decodeArp()
    {
        if (!has(ARP_LENGTH) || ARP_ETHERNET_IPV4 != frame.getLong(cursor) >>> Short.SIZE)
        {
            return false;
        }
        final int operation = unsignedShort(cursor + 6);
        sourceHigh = 0;
        sourceLow = mapped(cursor + 14);
        destinationHigh = 0;
        destinationLow = mapped(cursor + 24);
        hasAddresses = true;
        return decodedNeighbour(ARP_REQUEST == operation, ARP_REPLY == operation, V4_MAPPED);
    }

    private boolean isNeighbour()
    {
        return ICMPV6 == protocol && has(1) && remaining >= NEIGHBOUR_LENGTH &&
            (SOLICITATION == (frame.get(cursor) & 0xFF) || ADVERTISEMENT == (frame.get(cursor) & 0xFF));
    }

    /** The target stands for the one who is asked, who may not be the receiver (RFC 4861, sections 4.3 and 4.4). */
    private boolean decodeNeighbour()
    {
        if (!has(NEIGHBOUR_LENGTH))
        {
            return false;
        }
        final boolean asks = SOLICITATION == (frame.get(cursor) & 0xFF);
        if (asks)
        {
            destinationHigh = frame.getLong(cursor + 8);
            destinationLow = frame.getLong(cursor + 16);
        }
        else
        {
            sourceHigh = frame.getLong(cursor + 8);
            sourceLow = frame.getLong(cursor + 16);
        }
        return decodedNeighbour(asks, !asks, 0);
    }

    private boolean decodedNeighbour(final boolean asks, final boolean answers, final long unspecifiedLow)
    {
        protocol = NEIGHBOUR_DISCOVERY;
        isRequest = asks;
        final boolean isUnspecified = 0 == sourceHigh && unspecifiedLow == sourceLow;
        final boolean isOwn = sourceHigh == destinationHigh && sourceLow == destinationLow;
        return (asks || answers) && !isUnspecified && !isOwn && !isGroup();
    }

    /** Go on, after an ICMP error was decoded, with the packet that it quotes: its own fields replace the error's. */
    boolean decodeQuoted()
    {
        // a quote is read where it lies, and after the error's own header of eight bytes
        cursor += QUOTED_TRANSPORT_LENGTH;
        final boolean isV4 = ICMP == protocol;
        if (!has(isV4 ? TcpFrame.IPV4_LENGTH : TcpFrame.IPV6_LENGTH))
        {
            return false;
        }
        if (isV4)
        {
            final int headerLength = (frame.get(cursor) & 0x0F) * 4;
            if (headerLength < TcpFrame.IPV4_LENGTH || 0 != (unsignedShort(cursor + 6) & 0x1FFF))
            {
                return false;
            }
            readIpv4Addresses();
            protocol = frame.get(cursor + 9) & 0xFF;
            cursor += headerLength;
        }
        else
        {
            readIpv6Addresses();
            protocol = frame.get(cursor + 6) & 0xFF;
            cursor += TcpFrame.IPV6_LENGTH;
        }
        return readQuotedTransport();
    }

    private boolean readQuotedTransport()
    {
        if (!has(QUOTED_TRANSPORT_LENGTH))
        {
            return false;
        }
        final boolean hasPorts = TCP == protocol || UDP == protocol;
        sourcePort = unsignedShort(hasPorts ? cursor : cursor + 4);
        destinationPort = hasPorts ? unsignedShort(cursor + 2) : 0;
        sequence = frame.getInt(cursor + 4);
        return true;
    }

    private int decodeOther(final LinkType link)
    {
        cursor = link.headerLength();
        return has(0) ? link.etherType(frame, captured) : 0;
    }

    private int decodeEthernet()
    {
        cursor = 12;
        for (int depth = 0; depth <= VLAN_DEPTH_MAX; depth++)
        {
            if (!has(2))
            {
                return 0;
            }
            final int type = unsignedShort(cursor);
            cursor += 2;
            if (TYPE_VLAN != type && TYPE_QINQ != type)
            {
                return type;
            }
            cursor += 2;
        }
        return 0;
    }

    private boolean decodeIpv4()
    {
        if (!has(TcpFrame.IPV4_LENGTH) || 4 != (frame.get(cursor) >> 4 & 0x0F))
        {
            return false;
        }
        readIpv4Addresses();
        final int headerLength = (frame.get(cursor) & 0x0F) * 4;
        final int fragment = unsignedShort(cursor + 6);
        if (headerLength < TcpFrame.IPV4_LENGTH || !takeLength(unsignedShort(cursor + 2), headerLength) ||
            0 != (fragment & 0x1FFF))
        {
            return false;
        }
        moreFragments = 0 != (fragment & 0x2000);
        protocol = frame.get(cursor + 9) & 0xFF;
        cursor += headerLength;
        return true;
    }

    private boolean decodeIpv6()
    {
        if (!has(TcpFrame.IPV6_LENGTH) || 6 != (frame.get(cursor) >> 4 & 0x0F))
        {
            return false;
        }
        readIpv6Addresses();
        if (isMapped(sourceHigh, sourceLow) || isMapped(destinationHigh, destinationLow) ||
            !takeLength(TcpFrame.IPV6_LENGTH + unsignedShort(cursor + 4), TcpFrame.IPV6_LENGTH))
        {
            return false;
        }
        protocol = frame.get(cursor + 6) & 0xFF;
        cursor += TcpFrame.IPV6_LENGTH;
        for (int depth = 0; depth < EXTENSION_DEPTH_MAX && isExtension(protocol); depth++)
        {
            if (!skipExtension())
            {
                return false;
            }
        }
        return !isExtension(protocol);
    }

    private boolean skipExtension()
    {
        if (!has(8))
        {
            return false;
        }
        final int length = FRAGMENT == protocol ? 8 :
            AUTHENTICATION == protocol ? ((frame.get(cursor + 1) & 0xFF) + 2) * 4 :
            ((frame.get(cursor + 1) & 0xFF) + 1) * 8;
        if (length > remaining)
        {
            return false;
        }
        if (FRAGMENT == protocol)
        {
            final int fragment = unsignedShort(cursor + 2);
            moreFragments = 0 != (fragment & 1);
            if (0 != (fragment & 0xFFF8))
            {
                return false;
            }
        }
        protocol = frame.get(cursor) & 0xFF;
        remaining -= length;
        cursor += length;
        return true;
    }

    /** Hop-by-hop, routing, fragment, authentication, destination options, mobility, HIP, shim6. */
    private static boolean isExtension(final int header)
    {
        switch (header)
        {
            case 0:
            case 43:
            case FRAGMENT:
            case AUTHENTICATION:
            case 60:
            case 135:
            case 139:
            case 140:
                return true;

            default:
                return false;
        }
    }

    private boolean takeLength(final int claimed, final int headerLength)
    {
        final int present = wireLength - cursor;
        // a length of 0 in a frame longer than 65,535 bytes is the kernel's own (BIG TCP)
        final boolean isBig = wireLength > 0xFFFF && (0 == claimed || TcpFrame.IPV6_LENGTH == claimed);
        final int length = isBig ? present : claimed;
        remaining = length - headerLength;
        return length <= present && length >= headerLength;
    }

    private boolean decodeTransport()
    {
        switch (protocol)
        {
            case TCP:
                return decodeTcp();

            case UDP:
                return decodeUdp();

            case ICMP:
            case ICMPV6:
                return decodeIcmp();

            default:
                return false;
        }
    }

    private boolean decodeTcp()
    {
        if (!has(TcpFrame.TCP_LENGTH) || remaining < TcpFrame.TCP_LENGTH)
        {
            return false;
        }
        final int headerLength = (frame.get(cursor + 12) & 0xF0) >> 2;
        if (headerLength < TcpFrame.TCP_LENGTH || headerLength > remaining)
        {
            return false;
        }
        sourcePort = unsignedShort(cursor);
        destinationPort = unsignedShort(cursor + 2);
        sequence = frame.getInt(cursor + 4);
        acknowledgment = frame.getInt(cursor + 8);
        tcpFlags = frame.get(cursor + 13) & 0xFF;
        return true;
    }

    private boolean decodeUdp()
    {
        if (!has(8) || remaining < 8)
        {
            return false;
        }
        final int length = unsignedShort(cursor + 4);
        sourcePort = unsignedShort(cursor);
        destinationPort = unsignedShort(cursor + 2);
        return (0 == length || length >= 8) && (length <= remaining || moreFragments);
    }

    private boolean decodeIcmp()
    {
        if (!has(8) || remaining < 8)
        {
            return false;
        }
        icmpType = frame.get(cursor) & 0xFF;
        icmpCode = frame.get(cursor + 1) & 0xFF;
        sourcePort = unsignedShort(cursor + 4);
        return true;
    }

    private void readIpv4Addresses()
    {
        hasAddresses = true;
        sourceHigh = 0;
        sourceLow = mapped(cursor + 12);
        destinationHigh = 0;
        destinationLow = mapped(cursor + 16);
    }

    private long mapped(final int offset)
    {
        return V4_MAPPED | (frame.getInt(offset) & 0xFFFF_FFFFL);
    }

    private void readIpv6Addresses()
    {
        hasAddresses = true;
        sourceHigh = frame.getLong(cursor + 8);
        sourceLow = frame.getLong(cursor + 16);
        destinationHigh = frame.getLong(cursor + 24);
        destinationLow = frame.getLong(cursor + 32);
    }

    /** Multicast and limited broadcast: nobody in particular is asked. */
    private boolean isGroup()
    {
        if (isMapped(destinationHigh, destinationLow))
        {
            return 0xE == (destinationLow >>> 28 & 0xF) || 0xFFFF_FFFFL == (destinationLow & 0xFFFF_FFFFL);
        }
        return 0xFF == destinationHigh >>> 56;
    }

    private static boolean isMapped(final long high, final long low)
    {
        return 0 == high && 0xFFFF == low >>> 32;
    }

    private boolean has(final int length)
    {
        return cursor + length <= captured;
    }

    private int unsignedShort(final int offset)
    {
        return frame.getShort(offset) & 0xFFFF;
    }

    /** Whether the frame named a sender and a receiver, even where nothing else of it could be decoded. */
    boolean hasAddresses()
    {
        return hasAddresses;
    }

    long sourceHigh()
    {
        return sourceHigh;
    }

    long sourceLow()
    {
        return sourceLow;
    }

    long destinationHigh()
    {
        return destinationHigh;
    }

    long destinationLow()
    {
        return destinationLow;
    }

    int protocol()
    {
        return protocol;
    }

    /** Of TCP and UDP; the identifier of ICMP. */
    int sourcePort()
    {
        return sourcePort;
    }

    int destinationPort()
    {
        return destinationPort;
    }

    int sequence()
    {
        return sequence;
    }

    int acknowledgment()
    {
        return acknowledgment;
    }

    /** 0 for what is not TCP. */
    int tcpFlags()
    {
        return tcpFlags;
    }

    /** Of neighbour discovery: whether somebody asks; else somebody answers. */
    boolean isRequest()
    {
        return isRequest;
    }

    /** Bytes that the frame had on the wire. */
    int wireLength()
    {
        return wireLength;
    }

    /** Whether a protocol's ports are the identifier of an echo. */
    static boolean isEcho(final int protocol)
    {
        return ICMP == protocol || ICMPV6 == protocol;
    }

    int icmpType()
    {
        return icmpType;
    }

    int icmpCode()
    {
        return icmpCode;
    }
}
