package io.aswarm.twinlab;

import java.nio.ByteBuffer;

/**
 * What is learnt of a frame, and how its bytes are reached (ebpf, struct packet in packet.h). Decoders of each layer
 * read on from {@code offset} and write here. Overwritten by the next frame.
 */
class DecodedPacket
{
    /** Headers are not looked for further behind the start of a frame. */
    static final int OFFSET_MAX = 0x3FFF;
    static final long V4_MAPPED = 0x0000_FFFF_0000_0000L;
    private static final int BIG_LENGTH = 0xFFFF;

    /** What a header announces as its payload. */
    enum Encapsulation
    {
        NONE, IPV4, IPV6, GRE, VXLAN, GENEVE, TEREDO, GTP
    }

    ByteBuffer frame;
    int capturedLength;
    int wireLength;
    /** Where the innermost IP packet, or else the frame, ends on the wire. */
    int end;
    int offset;
    /** Bytes of the IP packet from the offset on, as its header has it. */
    int remaining;
    int etherType;
    DecodeFault fault;
    Encapsulation encapsulation;
    int tunnels;
    int vlan;
    int networkId;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    long outerSourceHigh;
    long outerSourceLow;
    long outerDestinationHigh;
    long outerDestinationLow;
    int protocol;
    int sourcePort;
    int destinationPort;
    int sequence;
    int acknowledgment;
    int tcpFlags;
    /** Options included; 0 for what is not TCP. */
    int tcpHeaderLength;
    int type;
    int code;
    int fragmentId;
    boolean isAddressed;
    boolean isLaterFragment;
    boolean hasMoreFragments;
    boolean isDecoded;
    /** Inside an ICMP error: cut short by whoever quotes, so lengths are not held against the frame. */
    boolean isQuoted;

    final void begin(final ByteBuffer bytes, final int captured, final int onWire)
    {
        copyFrom(BLANK);
        frame = bytes;
        capturedLength = captured;
        wireLength = onWire;
        end = onWire;
    }

    final void copyFrom(final DecodedPacket other)
    {
        frame = other.frame;
        capturedLength = other.capturedLength;
        wireLength = other.wireLength;
        end = other.end;
        offset = other.offset;
        remaining = other.remaining;
        etherType = other.etherType;
        fault = other.fault;
        encapsulation = other.encapsulation;
        tunnels = other.tunnels;
        vlan = other.vlan;
        networkId = other.networkId;
        sourceHigh = other.sourceHigh;
        sourceLow = other.sourceLow;
        destinationHigh = other.destinationHigh;
        destinationLow = other.destinationLow;
        outerSourceHigh = other.outerSourceHigh;
        outerSourceLow = other.outerSourceLow;
        outerDestinationHigh = other.outerDestinationHigh;
        outerDestinationLow = other.outerDestinationLow;
        protocol = other.protocol;
        sourcePort = other.sourcePort;
        destinationPort = other.destinationPort;
        sequence = other.sequence;
        acknowledgment = other.acknowledgment;
        tcpFlags = other.tcpFlags;
        tcpHeaderLength = other.tcpHeaderLength;
        type = other.type;
        code = other.code;
        fragmentId = other.fragmentId;
        isAddressed = other.isAddressed;
        isLaterFragment = other.isLaterFragment;
        hasMoreFragments = other.hasMoreFragments;
        isDecoded = other.isDecoded;
        isQuoted = other.isQuoted;
    }

    private static final DecodedPacket BLANK = blank();

    private static DecodedPacket blank()
    {
        final DecodedPacket blank = new DecodedPacket();
        blank.fault = DecodeFault.NONE;
        blank.encapsulation = Encapsulation.NONE;
        return blank;
    }

    /** Whether so many bytes were captured from the offset on. */
    final boolean has(final int length)
    {
        return offset <= OFFSET_MAX && offset + length <= capturedLength;
    }

    /** Always false: what is left of the frame is not decoded, and this is why. */
    final boolean stopAt(final DecodeFault why)
    {
        fault = why;
        return false;
    }

    final int unsignedByte(final int at)
    {
        return frame.get(offset + at) & 0xFF;
    }

    final int unsignedShort(final int at)
    {
        return frame.getShort(offset + at) & 0xFFFF;
    }

    final int word(final int at)
    {
        return frame.getInt(offset + at);
    }

    final long doubleWord(final int at)
    {
        return frame.getLong(offset + at);
    }

    final long mapped(final int at)
    {
        return V4_MAPPED | (word(at) & 0xFFFF_FFFFL);
    }

    /** Whether the frame is longer than a length field can say, as the kernel's own are (BIG TCP). */
    final boolean isBig()
    {
        return wireLength > BIG_LENGTH;
    }

    /** Multicast and limited broadcast: nobody in particular is asked. */
    final boolean isGroup()
    {
        if (isMapped(destinationHigh, destinationLow))
        {
            return 0xE == (destinationLow >>> 28 & 0xF) || 0xFFFF_FFFFL == (destinationLow & 0xFFFF_FFFFL);
        }
        return 0xFF == destinationHigh >>> 56;
    }

    static boolean isMapped(final long high, final long low)
    {
        return 0 == high && 0xFFFF == low >>> 32;
    }
}
