package io.aswarm.twinlab;

import java.nio.ByteBuffer;

/**
 * Decodes one frame as the XDP program does (ebpf, decode.h and network.bpf.c), to the same depth and with the same
 * reasons to stop; a test over all recordings holds the two together. Believes no length; what does not fit is not
 * decoded. Allocates nothing but for quotes and fragments; everything is overwritten by the next call.
 */
final class CaptureDecoder extends DecodedPacket
{
    static final int TCP = 6;
    static final int UDP = 17;
    static final int ICMP = 1;
    static final int ICMPV6 = 58;
    static final int SCTP = 132;
    /** ARP requests and replies, ICMPv6 neighbour solicitations and advertisements: not a protocol of IP. */
    static final int NEIGHBOUR_DISCOVERY = 255;
    static final int NEIGHBOUR_REQUEST = 1;
    static final int NEIGHBOUR_REPLY = 2;
    private static final int ARP_LENGTH = 28;
    private static final long ARP_ETHERNET_IPV4 = 0x0001_0800_0604L;
    private static final int SOLICITATION = 135;
    private static final int ADVERTISEMENT = 136;
    private static final int SOLICITED = 0x4000;
    private static final int NEIGHBOUR_LENGTH = 24;
    private static final int ICMP_LENGTH = 8;
    private static final int QUOTED_TRANSPORT_LENGTH = 8;
    private static final int FRAGMENTATION_NEEDED = 4;
    private static final int PARAMETER_PROBLEM = 4;
    private static final int NEXT_HEADER_UNKNOWN = 1;

    private final DecodedPacket scratch = new DecodedPacket();
    private final FragmentTable fragments = new FragmentTable();
    private ConversationKey quoted;

    /** As {@link #decode(LinkType, ByteBuffer, int, int)}, of an Ethernet frame. */
    boolean decode(final ByteBuffer buffer, final int captured, final int onWire)
    {
        return decode(LinkType.ETHERNET, buffer, captured, onWire);
    }

    /**
     * Decode a frame.
     *
     * @param link     what the frame begins with.
     * @param buffer   with the frame from position 0, big endian.
     * @param captured bytes of it that are there.
     * @param onWire   bytes that it had.
     * @return true when it tells its ports, or has none, and is sent to one receiver.
     */
    boolean decode(final LinkType link, final ByteBuffer buffer, final int captured, final int onWire)
    {
        begin(buffer, captured, onWire);
        quoted = null;
        decodeOutermost(link);
        outerSourceHigh = sourceHigh;
        outerSourceLow = sourceLow;
        outerDestinationHigh = destinationHigh;
        outerDestinationLow = destinationLow;
        if (Encapsulation.NONE != encapsulation || isDiscovery() || isUnreachable())
        {
            decodeDepths();
        }
        if (isLaterFragment || hasMoreFragments)
        {
            fragments.tie(this);
        }
        return isTold();
    }

    private void decodeOutermost(final LinkType link)
    {
        if (!(LinkType.ETHERNET == link ? LinkDecoder.decodeEthernet(this) : LinkDecoder.decodeOther(this, link)))
        {
            return;
        }
        if (LinkDecoder.isShim(etherType) && LinkType.ETHERNET == link && !LinkDecoder.decodeShim(this))
        {
            return;
        }
        if (LinkDecoder.TYPE_ARP == etherType)
        {
            decodeArp();
            return;
        }
        if (!InternetDecoder.isIp(etherType) || !InternetDecoder.decode(this))
        {
            return;
        }
        if ((InternetDecoder.isExtended(this) && !InternetDecoder.decodeExtensions(this)) || isLaterFragment)
        {
            return;
        }
        TransportDecoder.decode(this);
    }

    private void decodeDepths()
    {
        for (int depth = 0; Encapsulation.NONE != encapsulation && depth < TunnelDecoder.DEPTH_MAX; depth++)
        {
            TunnelDecoder.decodeLevel(this, scratch);
        }
        if (Encapsulation.NONE != encapsulation)
        {
            fault = DecodeFault.TUNNEL_DEPTH;
        }
        if (!isDecoded)
        {
            return;
        }
        if (isDiscovery())
        {
            isDecoded = decodeDiscovery();
        }
        else if (isUnreachable())
        {
            isDecoded = decodeQuote();
        }
    }

    /** ARP as a packet of protocol 255, from sender to target (RFC 826). */
    private void decodeArp()
    {
        if (!has(ARP_LENGTH) || ARP_ETHERNET_IPV4 != doubleWord(0) >>> Short.SIZE)
        {
            fault = DecodeFault.BAD_ARP;
            return;
        }
        final int operation = unsignedShort(6);
        protocol = NEIGHBOUR_DISCOVERY;
        type = operation > 0xFF ? 0 : operation;
        sourceHigh = 0;
        sourceLow = mapped(14);
        destinationHigh = 0;
        destinationLow = mapped(24);
        isDecoded = true;
    }

    private boolean isDiscovery()
    {
        return ICMPV6 == protocol && (SOLICITATION == type || ADVERTISEMENT == type);
    }

    /** Solicitation and advertisement (RFC 4861, section 4.3) as the packets of ARP that they replace. */
    private boolean decodeDiscovery()
    {
        if (!has(NEIGHBOUR_LENGTH) || remaining < NEIGHBOUR_LENGTH)
        {
            return stopAt(DecodeFault.TRUNCATED_TRANSPORT);
        }
        protocol = NEIGHBOUR_DISCOVERY;
        sourcePort = 0;
        if (SOLICITATION == type)
        {
            destinationHigh = doubleWord(8);
            destinationLow = doubleWord(16);
            type = NEIGHBOUR_REQUEST;
        }
        else
        {
            sourceHigh = doubleWord(8);
            sourceLow = doubleWord(16);
            type = 0 != (unsignedShort(4) & SOLICITED) ? NEIGHBOUR_REPLY : 0;
        }
        return true;
    }

    /** Whether it says that what it quotes could not be delivered. */
    boolean isUnreachable()
    {
        // "fragmentation needed" is advice on the way, not a refusal
        if (ICMP == protocol)
        {
            return 3 == type && FRAGMENTATION_NEEDED != code;
        }
        // what ICMP calls "protocol unreachable" (RFC 4443, section 3.4)
        return ICMPV6 == protocol && (1 == type || (PARAMETER_PROBLEM == type && NEXT_HEADER_UNKNOWN == code));
    }

    /**
     * The packet that an ICMP error quotes: where they tell conversations apart with the eight bytes of transport that
     * RFC 792 promises.
     */
    private boolean decodeQuote()
    {
        final DecodedPacket quote = scratch;
        quote.begin(frame, capturedLength, wireLength);
        quote.offset = offset + ICMP_LENGTH;
        quote.end = end;
        quote.etherType = ICMP == protocol ? TcpFrame.TYPE_IPV4 : TcpFrame.TYPE_IPV6;
        quote.isQuoted = true;
        if (!InternetDecoder.decode(quote) ||
            (InternetDecoder.isExtended(quote) && !InternetDecoder.decodeExtensions(quote)) ||
            quote.isLaterFragment)
        {
            return stopAt(DecodeFault.BAD_QUOTE);
        }
        final boolean hasPorts = TransportDecoder.hasPorts(quote.protocol);
        final boolean isTold = hasPorts || isEcho(quote.protocol);
        if (isTold && (!quote.has(QUOTED_TRANSPORT_LENGTH) || quote.remaining < QUOTED_TRANSPORT_LENGTH))
        {
            return stopAt(DecodeFault.BAD_QUOTE);
        }
        quoted = new ConversationKey(
            quote.sourceHigh, quote.sourceLow, quote.destinationHigh, quote.destinationLow,
            isTold ? quote.unsignedShort(hasPorts ? 0 : 4) : 0, hasPorts ? quote.unsignedShort(2) : 0, quote.protocol);
        sequence = isTold ? quote.word(4) : 0;
        return true;
    }

    /** Give the hosts other addresses. */
    void renumber(final Renumbering by)
    {
        final long oldSourceHigh = sourceHigh;
        sourceHigh = by.high(sourceHigh, sourceLow);
        sourceLow = by.low(oldSourceHigh, sourceLow);
        final long oldDestinationHigh = destinationHigh;
        destinationHigh = by.high(destinationHigh, destinationLow);
        destinationLow = by.low(oldDestinationHigh, destinationLow);
        quoted = null == quoted ? null : by.of(quoted);
        if (by.isIpv6() && ICMP == protocol)
        {
            protocol = ICMPV6;
            type = typeOfIpv6(type, code);
        }
    }

    /** RFC 4443 for RFC 792; what has no counterpart becomes an error that nobody sends. */
    private static int typeOfIpv6(final int type, final int code)
    {
        switch (type)
        {
            case 0:
                return 129;

            case 3:
                return FRAGMENTATION_NEEDED == code ? 2 : 1;

            case 8:
                return 128;

            default:
                return 127;
        }
    }

    /** Whether what it does to its conversation can be told. */
    boolean isTold()
    {
        return isDecoded && !isLaterFragment && !isGroup();
    }

    /** What an error quotes, with its sender as initiator; null for what is no such error. */
    ConversationKey quoted()
    {
        return quoted;
    }

    /** Whether the frame named a sender and a receiver, even where nothing else of it could be decoded. */
    boolean hasAddresses()
    {
        return isAddressed || NEIGHBOUR_DISCOVERY == protocol;
    }

    DecodeFault fault()
    {
        return fault;
    }

    int tunnels()
    {
        return tunnels;
    }

    int vlan()
    {
        return vlan;
    }

    int networkId()
    {
        return networkId;
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

    /** Source of the first IP header; the same where there is no tunnel. */
    long outerSourceHigh()
    {
        return outerSourceHigh;
    }

    long outerSourceLow()
    {
        return outerSourceLow;
    }

    int protocol()
    {
        return protocol;
    }

    /** Of TCP, UDP and SCTP; the identifier of ICMP. */
    int sourcePort()
    {
        return sourcePort;
    }

    int destinationPort()
    {
        return destinationPort;
    }

    /** Of TCP; the initiate tag of SCTP; of the quoted segment, for an error. */
    int sequence()
    {
        return sequence;
    }

    /** Of TCP; the verification tag of SCTP. */
    int acknowledgment()
    {
        return acknowledgment;
    }

    /** 0 for what is not TCP. */
    int tcpFlags()
    {
        return tcpFlags;
    }

    /** Of ICMP; the first chunk of SCTP; the operation of ARP. */
    int type()
    {
        return type;
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
}
