package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * Builds frames for tests, header by header, with the lies that are asked for. Checksums stay 0: nothing here checks.
 */
final class PacketBuilder
{
    static final int FIN = 0x01;
    static final int SYN = 0x02;
    static final int RST = 0x04;
    static final int ACK = 0x10;

    static final int TCP = 6;
    static final int UDP = 17;
    static final int ICMP = 1;
    static final int ICMPV6 = 58;

    private final byte[] bytes = new byte[ProgramRun.PACKET_LENGTH_MAX];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    private int etherTypeOffset = 12;
    private int length = 14;
    private int ipOffset;
    private int nextHeaderOffset;
    private boolean v4;

    static PacketBuilder frame()
    {
        return new PacketBuilder();
    }

    PacketBuilder vlan(final int id)
    {
        return vlan(0x8100, id);
    }

    PacketBuilder vlan(final int etherType, final int id)
    {
        put16(etherTypeOffset, etherType);
        put16(length, id);
        etherTypeOffset = length + 2;
        length += 4;
        return this;
    }

    /** An IPv4 or IPv6 header, whichever the addresses are. */
    PacketBuilder ip(final String source, final String destination)
    {
        final IpAddress from = IpAddress.parse(source);
        final IpAddress to = IpAddress.parse(destination);
        v4 = from.isV4();
        put16(etherTypeOffset, v4 ? 0x0800 : 0x86dd);
        ipOffset = length;
        if (v4)
        {
            put8(length, 0x45);
            put8(length + 8, 64);
            put32(length + 12, (int)from.low());
            put32(length + 16, (int)to.low());
            nextHeaderOffset = length + 9;
            length += 20;
        }
        else
        {
            put8(length, 0x60);
            put8(length + 7, 64);
            put64(length + 8, from.high());
            put64(length + 16, from.low());
            put64(length + 24, to.high());
            put64(length + 32, to.low());
            nextHeaderOffset = length + 6;
            length += 40;
        }
        return this;
    }

    /** Options behind an IPv4 header. */
    PacketBuilder options(final int optionBytes)
    {
        put8(ipOffset, 0x45 + optionBytes / 4);
        length += optionBytes;
        return this;
    }

    /** IPv4 flags and fragment offset, as they stand in the header. */
    PacketBuilder fragment(final int flagsAndOffset)
    {
        put16(ipOffset + 6, flagsAndOffset);
        return this;
    }

    /** An IPv6 extension header of so many bytes; for a fragment header its offset and flag. */
    PacketBuilder extension(final int protocol, final int headerBytes, final int fragment)
    {
        put8(nextHeaderOffset, protocol);
        nextHeaderOffset = length;
        put8(length + 1, protocol == 44 ? 0 : headerBytes / 8 - 1);
        put16(length + 2, fragment);
        length += headerBytes;
        return this;
    }

    PacketBuilder tcp(
        final int sourcePort, final int destinationPort, final int flags, final int sequence, final int acknowledgment)
    {
        put8(nextHeaderOffset, TCP);
        put16(length, sourcePort);
        put16(length + 2, destinationPort);
        put32(length + 4, sequence);
        put32(length + 8, acknowledgment);
        put8(length + 12, 5 << 4);
        put8(length + 13, flags);
        length += 20;
        return this;
    }

    /** Options behind a TCP header. */
    PacketBuilder tcpOptions(final int optionBytes)
    {
        put8(length - 8, (5 + optionBytes / 4) << 4);
        length += optionBytes;
        return this;
    }

    PacketBuilder udp(final int sourcePort, final int destinationPort, final int payloadBytes)
    {
        put8(nextHeaderOffset, UDP);
        put16(length, sourcePort);
        put16(length + 2, destinationPort);
        put16(length + 4, 8 + payloadBytes);
        length += 8 + payloadBytes;
        return this;
    }

    PacketBuilder icmp(final int protocol, final int type, final int code, final int identifier)
    {
        put8(nextHeaderOffset, protocol);
        put8(length, type);
        put8(length + 1, code);
        put16(length + 4, identifier);
        length += 8;
        return this;
    }

    PacketBuilder etherType(final int etherType)
    {
        put16(etherTypeOffset, etherType);
        return this;
    }

    /** What the last header says to be next. */
    PacketBuilder protocol(final int protocol)
    {
        put8(nextHeaderOffset, protocol);
        return this;
    }

    PacketBuilder hex(final String digits)
    {
        return bytes(HexFormat.of().parseHex(digits), 0);
    }

    /** Append what another frame holds from an offset on. */
    PacketBuilder bytes(final byte[] other, final int from)
    {
        return quote(other, from, other.length - from);
    }

    /** Let the UDP header, which stands right behind the IP header, count what was appended behind it. */
    PacketBuilder stretchUdp()
    {
        final int udp = ipOffset + (v4 ? 20 : 40);
        put16(udp + 4, length - udp);
        return this;
    }

    /** Append the IP packet of another frame, as an ICMP error quotes it. */
    PacketBuilder quote(final byte[] other, final int from, final int quotedBytes)
    {
        buffer.putBytes(length, other, from, quotedBytes);
        length += quotedBytes;
        return this;
    }

    PacketBuilder byteAt(final int offset, final int value)
    {
        put8(offset, value);
        return this;
    }

    PacketBuilder claim(final int ipLength)
    {
        put16(ipOffset + (v4 ? 2 : 4), ipLength);
        return this;
    }

    /** The frame with the IP header's length as it should be. */
    byte[] build()
    {
        claim(v4 ? length - ipOffset : length - ipOffset - 40);
        return raw();
    }

    /** The frame as it stands. */
    byte[] raw()
    {
        final byte[] frame = new byte[length];
        System.arraycopy(bytes, 0, frame, 0, length);
        return frame;
    }

    /** The first bytes of the frame that would have been built. */
    byte[] cut(final int frameBytes)
    {
        final byte[] frame = new byte[frameBytes];
        System.arraycopy(build(), 0, frame, 0, frameBytes);
        return frame;
    }

    private void put8(final int offset, final int value)
    {
        buffer.putByte(offset, (byte)value);
    }

    private void put16(final int offset, final int value)
    {
        buffer.putShort(offset, (short)value, ByteOrder.BIG_ENDIAN);
    }

    private void put32(final int offset, final int value)
    {
        buffer.putInt(offset, value, ByteOrder.BIG_ENDIAN);
    }

    private void put64(final int offset, final long value)
    {
        buffer.putLong(offset, value, ByteOrder.BIG_ENDIAN);
    }
}
