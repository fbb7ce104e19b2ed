package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

/**
 * Asks the kernel by which interface it sends to an address (RTM_GETROUTE of linux/rtnetlink.h, a lookup as for a
 * packet of this host's own, without marks). Answers are remembered for a second, in a table where addresses may push
 * each other out. One thread; nothing is allocated after {@link #open()}.
 */
public final class Routes implements AutoCloseable
{
    /** No route, or an address that is no host's. */
    public static final int NOWHERE = 0;
    /** This host itself: loopback's index, the same in every network namespace. */
    public static final int LOCAL = 1;

    private static final int RTM_GETROUTE = 26;
    private static final int RTM_NEWROUTE = 24;
    private static final byte AF_INET = 2;
    private static final byte AF_INET6 = 10;
    /* struct rtmsg: family 8, destination length 8, source length 8, service 8, then 8 bytes of no concern here */
    private static final int MESSAGE_LENGTH = 12;
    private static final int ATTRIBUTES_OFFSET = Netlink.HEADER_LENGTH + MESSAGE_LENGTH;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final long MULTIPLIER = 0x9e37_79b9_7f4a_7c15L;
    private static final int CACHE_BITS = 10;
    private static final long CACHE_NS = 1_000_000_000L;

    private final Netlink netlink;
    private final long[] cachedHigh = new long[1 << CACHE_BITS];
    private final long[] cachedLow = new long[1 << CACHE_BITS];
    private final long[] cachedNs = new long[1 << CACHE_BITS];
    private final int[] cachedInterface = new int[1 << CACHE_BITS];

    private Routes(final Netlink netlink)
    {
        this.netlink = netlink;
    }

    /**
     * Ask in the caller's network namespace.
     *
     * @return to be closed.
     * @throws KernelException when the kernel refuses a socket.
     */
    public static Routes open() throws KernelException
    {
        return new Routes(new Netlink(Netlink.ROUTE, 0, 1 << 16));
    }

    /**
     * By which interface this host would send to an address.
     *
     * @param high  first eight bytes of the address.
     * @param low   last eight bytes.
     * @param nowNs CLOCK_MONOTONIC.
     * @return its index, {@link #LOCAL}, or {@link #NOWHERE}.
     */
    public int interfaceTo(final long high, final long low, final long nowNs)
    {
        final int slot = (int)(((high ^ Long.rotateLeft(low, 1)) * MULTIPLIER) >>> (Long.SIZE - CACHE_BITS));
        if (cachedLow[slot] != low || cachedHigh[slot] != high || cachedNs[slot] == 0 ||
            nowNs - cachedNs[slot] >= CACHE_NS)
        {
            cachedHigh[slot] = high;
            cachedLow[slot] = low;
            cachedNs[slot] = nowNs == 0 ? 1 : nowNs;
            cachedInterface[slot] = ask(high, low);
        }
        return cachedInterface[slot];
    }

    @Override
    public void close()
    {
        netlink.close();
    }

    private int ask(final long high, final long low)
    {
        final boolean isV4 = IpAddress.isV4(high, low);
        final int addressLength = isV4 ? Integer.BYTES : 2 * Long.BYTES;
        final int length = ATTRIBUTES_OFFSET + Netlink.ATTRIBUTE_HEADER_LENGTH + addressLength;
        final UnsafeBuffer buffer = netlink.buffer();
        buffer.setMemory(0, length, (byte)0);
        buffer.putInt(Netlink.LENGTH_OFFSET, length);
        buffer.putShort(Netlink.TYPE_OFFSET, (short)RTM_GETROUTE);
        buffer.putShort(Netlink.FLAGS_OFFSET, (short)Netlink.NLM_F_REQUEST);
        buffer.putByte(Netlink.HEADER_LENGTH, isV4 ? AF_INET : AF_INET6);
        buffer.putByte(Netlink.HEADER_LENGTH + 1, (byte)(addressLength * Byte.SIZE));
        buffer.putShort(ATTRIBUTES_OFFSET, (short)(Netlink.ATTRIBUTE_HEADER_LENGTH + addressLength));
        buffer.putShort(ATTRIBUTES_OFFSET + Short.BYTES, (short)RTA_DST);
        final int address = ATTRIBUTES_OFFSET + Netlink.ATTRIBUTE_HEADER_LENGTH;
        if (isV4)
        {
            buffer.putInt(address, (int)low, ByteOrder.BIG_ENDIAN);
        }
        else
        {
            buffer.putLong(address, high, ByteOrder.BIG_ENDIAN);
            buffer.putLong(address + Long.BYTES, low, ByteOrder.BIG_ENDIAN);
        }

        // The kernel answers within send(): net/core/rtnetlink.c, rtnetlink_rcv_msg().
        final int received = netlink.send(length) < 0 ? -1 : netlink.receive();
        if (received < ATTRIBUTES_OFFSET || buffer.getShort(Netlink.TYPE_OFFSET) != RTM_NEWROUTE)
        {
            return NOWHERE;
        }
        final int found = Netlink.attribute(buffer, ATTRIBUTES_OFFSET, received, RTA_OIF);
        return found < 0 ? NOWHERE : buffer.getInt(found + Netlink.ATTRIBUTE_HEADER_LENGTH);
    }
}
