package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

/**
 * Writes the frame of a probe, layer by layer. Checksums and MACs are left 0: nobody looks at them. In
 * an overlay both headers carry the same addresses.
 */
final class ProbeFrame
{
    private static final int ETHERNET_LENGTH = 14;
    private static final int ETHER_TYPE_OFFSET = 12;
    private static final int TAG_LENGTH = 4;
    private static final short TAG = (short)0x8100;
    private static final short V4 = 0x0800;
    private static final short V6 = (short)0x86dd;
    private static final int V4_LENGTH = 20;
    private static final int V6_LENGTH = 40;
    private static final int TCP_LENGTH = 20;
    private static final int UDP_LENGTH = 8;
    private static final int ECHO_LENGTH = 8;
    private static final byte HOPS = 64;
    private static final byte SYN = 0x02;
    private static final byte ACK = 0x10;
    private static final byte ECHO = 8;
    private static final byte ECHO_V6 = (byte)128;
    private static final int VXLAN_LENGTH = 8;
    private static final short VXLAN_PORT = 4789;
    private static final byte VXLAN_HAS_VNI = 0x08;
    private static final int NONE = -1;
    private static final int LENGTH_MAX =
        2 * (ETHERNET_LENGTH + V6_LENGTH) + UDP_LENGTH + VXLAN_LENGTH + TCP_LENGTH;

    private UnsafeBuffer packet;
    private int begin;
    private int ip;
    private int outerIp;
    private boolean v4;

    /** Start a frame at an index of a buffer. */
    ProbeFrame ethernet(final UnsafeBuffer buffer, final int index, final int vlan)
    {
        packet = buffer;
        begin = index;
        packet.setMemory(begin, LENGTH_MAX, (byte)0);
        ip = begin + ETHERNET_LENGTH;
        outerIp = NONE;
        if (vlan != 0)
        {
            packet.putShort(begin + ETHER_TYPE_OFFSET, TAG, ByteOrder.BIG_ENDIAN);
            packet.putShort(ip, (short)vlan, ByteOrder.BIG_ENDIAN);
            ip += TAG_LENGTH;
        }
        return this;
    }

    /** Both addresses are of the first one's family. */
    ProbeFrame addresses(
        final long sourceHigh, final long sourceLow, final long destinationHigh, final long destinationLow)
    {
        v4 = IpAddress.isV4(sourceHigh, sourceLow);
        packet.putShort(ip - Short.BYTES, v4 ? V4 : V6, ByteOrder.BIG_ENDIAN);
        if (v4)
        {
            packet.putByte(ip, (byte)0x45);
            packet.putByte(ip + 8, HOPS);
            packet.putInt(ip + 12, (int)sourceLow, ByteOrder.BIG_ENDIAN);
            packet.putInt(ip + 16, (int)destinationLow, ByteOrder.BIG_ENDIAN);
        }
        else
        {
            packet.putByte(ip, (byte)0x60);
            packet.putByte(ip + 7, HOPS);
            packet.putLong(ip + 8, sourceHigh, ByteOrder.BIG_ENDIAN);
            packet.putLong(ip + 16, sourceLow, ByteOrder.BIG_ENDIAN);
            packet.putLong(ip + 24, destinationHigh, ByteOrder.BIG_ENDIAN);
            packet.putLong(ip + 32, destinationLow, ByteOrder.BIG_ENDIAN);
        }
        return this;
    }

    /** Go on with a frame of an overlay network inside the packet whose addresses were given (RFC 7348). */
    ProbeFrame overlay(final int vni)
    {
        final int udp = ip + (v4 ? V4_LENGTH : V6_LENGTH);
        packet.putShort(udp, (short)ProbePacket.DISCARD_PORT, ByteOrder.BIG_ENDIAN);
        packet.putShort(udp + 2, VXLAN_PORT, ByteOrder.BIG_ENDIAN);
        packet.putByte(udp + UDP_LENGTH, VXLAN_HAS_VNI);
        packet.putInt(udp + UDP_LENGTH + 4, vni << 8, ByteOrder.BIG_ENDIAN);
        outerIp = ip;
        ip = udp + UDP_LENGTH + VXLAN_LENGTH + ETHERNET_LENGTH;
        return this;
    }

    /** The transport header, and with it the end of the frame: its length. */
    int transport(final int protocol, final int port, final boolean isEstablished)
    {
        final int transport = ip + (v4 ? V4_LENGTH : V6_LENGTH);
        final int end = transport + writeTransport(transport, protocol, port, isEstablished);
        close(ip, protocol, end);
        if (outerIp != NONE)
        {
            final int udp = outerIp + (v4 ? V4_LENGTH : V6_LENGTH);
            packet.putShort(udp + 4, (short)(end - udp), ByteOrder.BIG_ENDIAN);
            close(outerIp, ProbePacket.UDP, end);
        }
        return end - begin;
    }

    /** What an IP header says of what follows it. */
    private void close(final int header, final int protocol, final int end)
    {
        packet.putByte(header + (v4 ? 9 : 6), (byte)protocol);
        packet.putShort(
            header + (v4 ? 2 : 4), (short)(end - header - (v4 ? 0 : V6_LENGTH)), ByteOrder.BIG_ENDIAN);
    }

    private int writeTransport(final int offset, final int protocol, final int port, final boolean isEstablished)
    {
        switch (protocol)
        {
            case ProbePacket.TCP:
                packet.putShort(offset, (short)ProbePacket.DISCARD_PORT, ByteOrder.BIG_ENDIAN);
                packet.putShort(offset + 2, (short)port, ByteOrder.BIG_ENDIAN);
                packet.putByte(offset + 12, (byte)((TCP_LENGTH / Integer.BYTES) << 4));
                packet.putByte(offset + 13, isEstablished ? ACK : SYN);
                return TCP_LENGTH;
            case ProbePacket.UDP:
                packet.putShort(offset, (short)ProbePacket.DISCARD_PORT, ByteOrder.BIG_ENDIAN);
                packet.putShort(offset + 2, (short)port, ByteOrder.BIG_ENDIAN);
                packet.putShort(offset + 4, (short)UDP_LENGTH, ByteOrder.BIG_ENDIAN);
                return UDP_LENGTH;
            case ProbePacket.ICMP:
            case ProbePacket.ICMPV6:
                packet.putByte(offset, v4 ? ECHO : ECHO_V6);
                return ECHO_LENGTH;
            default:
                return 0;
        }
    }
}
