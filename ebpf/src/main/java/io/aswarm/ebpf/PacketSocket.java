package io.aswarm.ebpf;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Whole link-layer frames to and from one interface: packet(7), SOCK_RAW, never blocking. Lives in the network
 * namespace of the thread that opens it; one thread may send while another receives, each side has one user.
 * <p>
 * Received frames carry the kernel's stamp (SO_TIMESTAMPNS), which is wall clock; it is given as CLOCK_MONOTONIC, the
 * clock of {@link System#nanoTime()} and {@code bpf_ktime_get_ns}. The offset between the two clocks is measured when
 * the socket opens and again by {@link #measureClocks()}.
 */
public final class PacketSocket implements AutoCloseable
{
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_NONBLOCK_CLOEXEC = 3 | 0x800 | 0x80000;
    private static final int ETH_P_ALL = 0x0003;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SO_TIMESTAMPNS = 35;
    private static final int SOL_PACKET = 263;
    private static final int PACKET_STATISTICS = 6;
    private static final int PACKET_OUTGOING = 4;
    private static final int CLOCK_REALTIME = 0;
    private static final short POLLIN = 1;
    private static final int EAGAIN = 11;
    private static final int ENOBUFS = 105;
    private static final int BUFFER_LENGTH = 8 << 20;
    private static final int CLOCK_SAMPLES = 16;

    /* One block of native memory: sockaddr_ll | iovec | msghdr | control | scratch. LP64 layouts of socket.h. */
    private static final int ADDRESS_OFFSET = 0;
    private static final int ADDRESS_LENGTH = 20;
    private static final int ADDRESS_PROTOCOL = 2;
    private static final int ADDRESS_INTERFACE = 4;
    private static final int ADDRESS_KIND = 10;
    private static final int IOVEC_OFFSET = 24;
    private static final int MESSAGE_OFFSET = 40;
    private static final int MESSAGE_LENGTH = 56;
    private static final int CONTROL_OFFSET = 96;
    private static final int CONTROL_LENGTH = 128;
    private static final int CONTROL_HEADER_LENGTH = 16;
    private static final int SCRATCH_OFFSET = 224;
    private static final int BLOCK_LENGTH = 256;
    private static final int POLL_ENTRY_LENGTH = 8;

    private final String interfaceName;
    private final int fd;
    private final UnsafeBuffer block = new UnsafeBuffer(ByteBuffer.allocateDirect(BLOCK_LENGTH));
    private long wallMinusMonotonicNs;
    private long clockErrorNs;
    private long timeNs;
    private boolean outgoing;

    private PacketSocket(final String interfaceName, final int fd)
    {
        this.interfaceName = interfaceName;
        this.fd = fd;
    }

    /**
     * Open a socket that only sends.
     *
     * @param interfaceName in the namespace of the calling thread.
     * @return the socket.
     * @throws IOException without CAP_NET_RAW, or when there is no such interface.
     */
    public static PacketSocket sender(final String interfaceName) throws IOException
    {
        return open(interfaceName, 0, null);
    }

    /**
     * Open a socket that receives what passes the interface in either direction, and can send.
     *
     * @param interfaceName in the namespace of the calling thread.
     * @param filter        classic BPF, each instruction as {@code code << 48 | jt << 40 | jf << 32 | k}; null takes
     *                      every frame. It is in force before the first frame is taken.
     * @return the socket.
     * @throws IOException without CAP_NET_RAW, or when there is no such interface.
     */
    public static PacketSocket receiver(final String interfaceName, final long[] filter) throws IOException
    {
        return open(interfaceName, ETH_P_ALL, filter);
    }

    private static PacketSocket open(final String interfaceName, final int protocol, final long[] filter)
        throws IOException
    {
        final int index = LibC.API.if_nametoindex(interfaceName);
        if (0 == index)
        {
            throw failure("no such interface", interfaceName);
        }

        // protocol 0: nothing is delivered before bind(2) names the interface, so no frame of another one slips in
        final int fd = LibC.API.socket(AF_PACKET, SOCK_RAW_NONBLOCK_CLOEXEC, 0);
        if (fd < 0)
        {
            throw failure("cannot open a packet socket", interfaceName);
        }

        final PacketSocket socket = new PacketSocket(interfaceName, fd);
        try
        {
            socket.configure(index, protocol, filter);
            return socket;
        }
        catch (final IOException ex)
        {
            socket.close();
            throw ex;
        }
    }

    private void configure(final int index, final int protocol, final long[] filter) throws IOException
    {
        measureClocks();
        setOption(SO_TIMESTAMPNS, 1);
        setOption(SO_RCVBUFFORCE, BUFFER_LENGTH);
        setOption(SO_SNDBUFFORCE, BUFFER_LENGTH);
        if (null != filter)
        {
            attachFilter(filter);
        }

        block.setMemory(ADDRESS_OFFSET, ADDRESS_LENGTH, (byte)0);
        block.putShort(ADDRESS_OFFSET, (short)AF_PACKET);
        block.putShort(ADDRESS_OFFSET + ADDRESS_PROTOCOL, (short)protocol, ByteOrder.BIG_ENDIAN);
        block.putInt(ADDRESS_OFFSET + ADDRESS_INTERFACE, index);
        if (0 != LibC.API.bind(fd, block.addressOffset() + ADDRESS_OFFSET, ADDRESS_LENGTH))
        {
            throw failure("cannot bind a packet socket", interfaceName);
        }
    }

    /**
     * Hand one frame to the interface. With a veth peer it is delivered, or dropped by XDP there, mostly before this
     * returns.
     *
     * @param frame  direct buffer with the frame from position 0.
     * @param length in bytes, with the Ethernet header and without checksum.
     * @return true when taken, false when the queue is full.
     * @throws IOException when the interface refuses.
     */
    public boolean send(final ByteBuffer frame, final int length) throws IOException
    {
        // send(2), not sendto(2): jnr-ffi passes garbage as sixth integer argument when all are primitive
        if (LibC.API.send(fd, BufferUtil.address(frame), length, 0) >= 0)
        {
            return true;
        }

        final int errno = Errno.last();
        if (EAGAIN == errno || ENOBUFS == errno)
        {
            return false;
        }
        throw new IOException("cannot send on " + interfaceName + ": errno=" + errno);
    }

    /**
     * Take one frame.
     *
     * @param into direct buffer, filled from position 0; a longer frame is cut.
     * @return bytes filled, or 0 when no frame waits.
     * @throws IOException when the interface is gone or down.
     */
    public int receive(final ByteBuffer into) throws IOException
    {
        final long base = block.addressOffset();
        block.putLong(IOVEC_OFFSET, BufferUtil.address(into));
        block.putLong(IOVEC_OFFSET + 8, into.capacity());
        block.setMemory(MESSAGE_OFFSET, MESSAGE_LENGTH, (byte)0);
        block.putLong(MESSAGE_OFFSET, base + ADDRESS_OFFSET);
        block.putInt(MESSAGE_OFFSET + 8, ADDRESS_LENGTH);
        block.putLong(MESSAGE_OFFSET + 16, base + IOVEC_OFFSET);
        block.putLong(MESSAGE_OFFSET + 24, 1);
        block.putLong(MESSAGE_OFFSET + 32, base + CONTROL_OFFSET);
        block.putLong(MESSAGE_OFFSET + 40, CONTROL_LENGTH);

        final long length = LibC.API.recvmsg(fd, base + MESSAGE_OFFSET, 0);
        if (length < 0)
        {
            final int errno = Errno.last();
            if (EAGAIN == errno)
            {
                return 0;
            }
            throw new IOException("cannot receive on " + interfaceName + ": errno=" + errno);
        }

        outgoing = PACKET_OUTGOING == (block.getByte(ADDRESS_OFFSET + ADDRESS_KIND) & 0xFF);
        timeNs = stampNs((int)block.getLong(MESSAGE_OFFSET + 40));
        return (int)length;
    }

    private long stampNs(final int controlLength)
    {
        int offset = CONTROL_OFFSET;
        final int limit = CONTROL_OFFSET + Math.min(controlLength, CONTROL_LENGTH);
        while (offset + CONTROL_HEADER_LENGTH <= limit)
        {
            final int length = (int)block.getLong(offset);
            if (length < CONTROL_HEADER_LENGTH)
            {
                break;
            }
            if (SOL_SOCKET == block.getInt(offset + 8) && SO_TIMESTAMPNS == block.getInt(offset + 12))
            {
                return block.getLong(offset + 16) * 1_000_000_000L + block.getLong(offset + 24) - wallMinusMonotonicNs;
            }
            offset += (length + 7) & ~7;
        }
        return System.nanoTime();
    }

    /**
     * When the kernel saw the frame that was received last.
     *
     * @return CLOCK_MONOTONIC nanoseconds.
     */
    public long timeNs()
    {
        return timeNs;
    }

    /**
     * Which way the frame went that was received last.
     *
     * @return true when it left through the interface, false when it came in.
     */
    public boolean outgoing()
    {
        return outgoing;
    }

    /**
     * Measure the offset between the wall clock and the monotonic clock again, so that a step of the wall clock does
     * not shift the stamps. For the receiving thread.
     */
    public void measureClocks()
    {
        clockErrorNs = Long.MAX_VALUE;
        final long address = block.addressOffset() + SCRATCH_OFFSET;
        for (int i = 0; i < CLOCK_SAMPLES; i++)
        {
            final long beforeNs = System.nanoTime();
            LibC.API.clock_gettime(CLOCK_REALTIME, address);
            final long afterNs = System.nanoTime();
            if (afterNs - beforeNs < clockErrorNs)
            {
                clockErrorNs = afterNs - beforeNs;
                final long wallNs = block.getLong(SCRATCH_OFFSET) * 1_000_000_000L + block.getLong(SCRATCH_OFFSET + 8);
                wallMinusMonotonicNs = wallNs - (beforeNs + clockErrorNs / 2);
            }
        }
    }

    /**
     * How far the measured offset may be off.
     *
     * @return half of the narrowest bracket of readings, nanoseconds.
     */
    public long clockErrorNs()
    {
        return clockErrorNs / 2;
    }

    /**
     * Frames that the socket lost because its buffer was full, since the last call: the kernel resets its count.
     *
     * @return frames lost.
     * @throws IOException when the kernel refuses.
     */
    public long lost() throws IOException
    {
        block.putInt(SCRATCH_OFFSET, 8);
        final long base = block.addressOffset();
        if (0 != LibC.API.getsockopt(
            fd, SOL_PACKET, PACKET_STATISTICS, base + SCRATCH_OFFSET + 8, base + SCRATCH_OFFSET))
        {
            throw failure("cannot read the statistics of a packet socket", interfaceName);
        }
        return block.getInt(SCRATCH_OFFSET + 12) & 0xFFFF_FFFFL;
    }

    /**
     * The interface.
     *
     * @return name of the interface.
     */
    public String interfaceName()
    {
        return interfaceName;
    }

    /**
     * Wait until one of several sockets has a frame, or time has passed.
     *
     * @param sockets   to wait for.
     * @param timeoutMs most milliseconds to wait.
     * @return how many sockets have a frame.
     */
    public static int poll(final List<PacketSocket> sockets, final int timeoutMs)
    {
        if (sockets.isEmpty())
        {
            return 0;
        }

        final UnsafeBuffer entries = new UnsafeBuffer(ByteBuffer.allocateDirect(sockets.size() * POLL_ENTRY_LENGTH));
        for (int i = 0; i < sockets.size(); i++)
        {
            entries.putInt(i * POLL_ENTRY_LENGTH, sockets.get(i).fd);
            entries.putShort(i * POLL_ENTRY_LENGTH + 4, POLLIN);
        }
        return LibC.API.poll(entries.addressOffset(), sockets.size(), timeoutMs);
    }

    /**
     * Close the socket.
     */
    @Override
    public void close()
    {
        LibC.API.close(fd);
    }

    private void attachFilter(final long[] filter) throws IOException
    {
        final UnsafeBuffer program = new UnsafeBuffer(ByteBuffer.allocateDirect(filter.length * 8));
        for (int i = 0; i < filter.length; i++)
        {
            program.putShort(i * 8, (short)(filter[i] >>> 48));
            program.putByte(i * 8 + 2, (byte)(filter[i] >>> 40));
            program.putByte(i * 8 + 3, (byte)(filter[i] >>> 32));
            program.putInt(i * 8 + 4, (int)filter[i]);
        }

        block.putLong(SCRATCH_OFFSET, filter.length);
        block.putLong(SCRATCH_OFFSET + 8, program.addressOffset());
        final long address = block.addressOffset() + SCRATCH_OFFSET;
        if (0 != LibC.API.setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, address, 16))
        {
            throw failure("cannot attach a filter", interfaceName);
        }
        java.lang.ref.Reference.reachabilityFence(program);
    }

    private void setOption(final int option, final int value) throws IOException
    {
        block.putInt(SCRATCH_OFFSET, value);
        if (0 != LibC.API.setsockopt(fd, SOL_SOCKET, option, block.addressOffset() + SCRATCH_OFFSET, 4))
        {
            throw failure("cannot set socket option " + option, interfaceName);
        }
    }

    private static IOException failure(final String what, final String interfaceName)
    {
        return new IOException(what + ": interface=" + interfaceName + " errno=" + Errno.last());
    }
}
