package io.aswarm.twinlab;

import java.nio.ByteBuffer;

/**
 * Writes one Ethernet frame with an IPv4 (RFC 791) or IPv6 (RFC 8200) packet with a TCP segment without data
 * (RFC 9293), checksums included. Not thread-safe: one for each sender.
 */
final class TcpFrame
{
    static final int FIN = 0x01;
    static final int SYN = 0x02;
    static final int RST = 0x04;
    static final int ACK = 0x10;
    static final int ANSWER = SYN | ACK;

    static final int ETHERNET_LENGTH = 14;
    static final int IPV4_LENGTH = 20;
    static final int IPV6_LENGTH = 40;
    static final int TCP_LENGTH = 20;
    static final int LENGTH_MAX = ETHERNET_LENGTH + IPV6_LENGTH + TCP_LENGTH;
    static final int TYPE_IPV4 = 0x0800;
    static final int TYPE_IPV6 = 0x86DD;
    static final int PROTOCOL_TCP = 6;

    private static final int HOP_LIMIT = 64;
    private static final int WINDOW = 64_240;

    private final ByteBuffer frame = ByteBuffer.allocateDirect(LENGTH_MAX);

    /** The frame written last, from position 0. */
    ByteBuffer buffer()
    {
        return frame;
    }

    /**
     * Set the link-layer addresses, which stay for all frames until set again.
     *
     * @param destination six bytes.
     * @param source      six bytes.
     */
    void link(final byte[] destination, final byte[] source)
    {
        frame.put(0, destination).put(6, source);
    }

    /**
     * Write a segment.
     *
     * @param source          4 or 16 bytes, as long as the destination.
     * @param destination     4 or 16 bytes.
     * @param sourcePort      TCP.
     * @param destinationPort TCP.
     * @param sequence        number.
     * @param flags           of TCP.
     * @return length of the frame in bytes.
     */
    int write(
        final byte[] source,
        final byte[] destination,
        final int sourcePort,
        final int destinationPort,
        final int sequence,
        final int flags)
    {
        final boolean isV4 = 4 == source.length;
        final int tcp = ETHERNET_LENGTH + (isV4 ? IPV4_LENGTH : IPV6_LENGTH);
        frame.putShort(12, (short)(isV4 ? TYPE_IPV4 : TYPE_IPV6));
        if (isV4)
        {
            writeIpv4(source, destination);
        }
        else
        {
            writeIpv6(source, destination);
        }

        frame.putShort(tcp, (short)sourcePort).putShort(tcp + 2, (short)destinationPort);
        frame.putInt(tcp + 4, sequence).putInt(tcp + 8, 0);
        frame.put(tcp + 12, (byte)((TCP_LENGTH / 4) << 4)).put(tcp + 13, (byte)flags);
        frame.putShort(tcp + 14, (short)WINDOW).putInt(tcp + 16, 0);

        // pseudo header: addresses, protocol, length (RFC 9293 section 3.1, RFC 8200 section 8.1)
        final int addresses = tcp - 2 * source.length;
        final long sum = sum(frame, addresses, tcp + TCP_LENGTH) + PROTOCOL_TCP + TCP_LENGTH;
        frame.putShort(tcp + 16, (short)~fold(sum));
        return tcp + TCP_LENGTH;
    }

    private void writeIpv4(final byte[] source, final byte[] destination)
    {
        final int ip = ETHERNET_LENGTH;
        frame.putShort(ip, (short)0x4500).putShort(ip + 2, (short)(IPV4_LENGTH + TCP_LENGTH));
        frame.putInt(ip + 4, 0x4000);
        frame.put(ip + 8, (byte)HOP_LIMIT).put(ip + 9, (byte)PROTOCOL_TCP).putShort(ip + 10, (short)0);
        frame.put(ip + 12, source).put(ip + 16, destination);
        frame.putShort(ip + 10, (short)~fold(sum(frame, ip, ip + IPV4_LENGTH)));
    }

    private void writeIpv6(final byte[] source, final byte[] destination)
    {
        final int ip = ETHERNET_LENGTH;
        frame.putInt(ip, 0x6000_0000).putShort(ip + 4, (short)TCP_LENGTH);
        frame.put(ip + 6, (byte)PROTOCOL_TCP).put(ip + 7, (byte)HOP_LIMIT);
        frame.put(ip + 8, source).put(ip + 24, destination);
    }

    /** Sum of 16-bit words, RFC 1071; the range has an even length. */
    static long sum(final ByteBuffer buffer, final int from, final int to)
    {
        long sum = 0;
        for (int i = from; i < to; i += 2)
        {
            sum += buffer.getShort(i) & 0xFFFF;
        }
        return sum;
    }

    /** End-around carry, RFC 1071. */
    static int fold(final long sum)
    {
        long folded = sum;
        while (0 != folded >>> 16)
        {
            folded = (folded & 0xFFFF) + (folded >>> 16);
        }
        return (int)folded;
    }
}
