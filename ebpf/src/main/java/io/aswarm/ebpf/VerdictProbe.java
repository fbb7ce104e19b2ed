package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.util.List;

/**
 * Asks the loaded program what it would do with a packet, and the kernel whether that program is on the interfaces. A
 * probe moves no counter and causes no event; it is told apart by a secret that the program was loaded with and that
 * travels in front of the packet, where nothing from a wire can be. Any thread; no allocation in
 * {@link #run(long, long, long, long)}.
 */
public final class VerdictProbe
{
    /** XDP_DROP of linux/bpf.h. */
    public static final int VERDICT_DROP = 1;
    /** XDP_PASS of linux/bpf.h. */
    public static final int VERDICT_PASS = 2;

    private static final int ETHERNET_LENGTH = 14;
    private static final int ETHER_TYPE_OFFSET = 12;
    private static final int V4_LENGTH = 20;
    private static final int V6_LENGTH = 40;
    private static final int TCP_LENGTH = 20;
    private static final int TCP_PORT = 9;
    private static final byte HOPS = 64;
    private static final byte TCP = 6;
    private static final byte SYN = 2;

    private final byte[] nonce;
    private final int programId;
    private final ProgramRun programRun;
    private final List<InterfaceLink> links;
    private boolean closed;

    VerdictProbe(
        final byte[] nonce, final int programId, final ProgramRun programRun, final List<InterfaceLink> links)
    {
        this.nonce = nonce.clone();
        this.programId = programId;
        this.programRun = programRun;
        this.links = links;
    }

    /**
     * The verdict on a TCP SYN between two addresses. Both must be of one family, else EINVAL.
     *
     * @param sourceHigh      first eight bytes of the source, network order.
     * @param sourceLow       last eight bytes.
     * @param destinationHigh first eight bytes of the destination.
     * @param destinationLow  last eight bytes.
     * @return {@link #VERDICT_DROP}, {@link #VERDICT_PASS}, another XDP action, or a negative errno.
     */
    public synchronized int run(
        final long sourceHigh, final long sourceLow, final long destinationHigh, final long destinationLow)
    {
        final boolean v4 = IpAddress.isV4(sourceHigh, sourceLow);
        if (closed || v4 != IpAddress.isV4(destinationHigh, destinationLow))
        {
            return Errno.EINVAL.asResult();
        }

        final UnsafeBuffer packet = programRun.packet();
        packet.putBytes(0, nonce);
        final int ethernet = nonce.length;
        final int ip = ethernet + ETHERNET_LENGTH;
        packet.setMemory(ethernet, ETHERNET_LENGTH + V6_LENGTH + TCP_LENGTH, (byte)0);
        packet.putShort(ethernet + ETHER_TYPE_OFFSET, v4 ? (short)0x0800 : (short)0x86dd, ByteOrder.BIG_ENDIAN);
        if (v4)
        {
            writeV4(packet, ip, (int)sourceLow, (int)destinationLow);
        }
        else
        {
            writeV6(packet, ip, sourceHigh, sourceLow);
            packet.putLong(ip + 24, destinationHigh, ByteOrder.BIG_ENDIAN);
            packet.putLong(ip + 32, destinationLow, ByteOrder.BIG_ENDIAN);
        }

        final int ipLength = v4 ? V4_LENGTH : V6_LENGTH;
        writeSyn(packet, ip + ipLength);
        return programRun.run(nonce.length, ETHERNET_LENGTH + ipLength + TCP_LENGTH);
    }

    /**
     * Whether the program that is probed is the one on every configured interface.
     *
     * @return false also when there is no interface, when one of them is gone, or when another program took the place.
     */
    public synchronized boolean attached()
    {
        if (closed || links.isEmpty())
        {
            return false;
        }
        for (final InterfaceLink link : links)
        {
            if (!link.runs(programId))
            {
                return false;
            }
        }
        return true;
    }

    synchronized void close()
    {
        if (!closed)
        {
            closed = true;
            programRun.close();
        }
    }

    private static void writeV4(final UnsafeBuffer packet, final int ip, final int source, final int destination)
    {
        packet.putByte(ip, (byte)0x45);
        packet.putShort(ip + 2, (short)(V4_LENGTH + TCP_LENGTH), ByteOrder.BIG_ENDIAN);
        packet.putByte(ip + 8, HOPS);
        packet.putByte(ip + 9, TCP);
        packet.putInt(ip + 12, source, ByteOrder.BIG_ENDIAN);
        packet.putInt(ip + 16, destination, ByteOrder.BIG_ENDIAN);
    }

    private static void writeV6(final UnsafeBuffer packet, final int ip, final long high, final long low)
    {
        packet.putByte(ip, (byte)0x60);
        packet.putShort(ip + 4, (short)TCP_LENGTH, ByteOrder.BIG_ENDIAN);
        packet.putByte(ip + 6, TCP);
        packet.putByte(ip + 7, HOPS);
        packet.putLong(ip + 8, high, ByteOrder.BIG_ENDIAN);
        packet.putLong(ip + 16, low, ByteOrder.BIG_ENDIAN);
    }

    private static void writeSyn(final UnsafeBuffer packet, final int tcp)
    {
        packet.putShort(tcp, (short)TCP_PORT, ByteOrder.BIG_ENDIAN);
        packet.putShort(tcp + 2, (short)TCP_PORT, ByteOrder.BIG_ENDIAN);
        packet.putByte(tcp + 12, (byte)((TCP_LENGTH / Integer.BYTES) << 4));
        packet.putByte(tcp + 13, SYN);
    }
}
