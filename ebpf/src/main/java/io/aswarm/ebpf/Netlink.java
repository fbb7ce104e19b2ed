package io.aswarm.ebpf;

import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A netlink socket, read without blocking.
 */
final class Netlink implements AutoCloseable
{
    /* struct nlmsghdr: length 32, type 16, flags 16, sequence 32, port 32 (linux/netlink.h) */
    static final int LENGTH_OFFSET = 0;
    static final int TYPE_OFFSET = LENGTH_OFFSET + Integer.BYTES;
    static final int FLAGS_OFFSET = TYPE_OFFSET + Short.BYTES;
    static final int SEQUENCE_OFFSET = FLAGS_OFFSET + Short.BYTES;
    static final int HEADER_LENGTH = SEQUENCE_OFFSET + 2 * Integer.BYTES;
    /* struct nfgenmsg: family 8, version 8, resource 16 */
    static final int NETFILTER_HEADER_LENGTH = 4;

    /* struct nlattr: length 16, type 16 */
    static final int ATTRIBUTE_HEADER_LENGTH = 4;

    /** Subsystems: NETLINK_ROUTE, NETLINK_NETFILTER, NETLINK_GENERIC. */
    static final int ROUTE = 0;
    static final int NETFILTER = 12;
    static final int GENERIC = 16;

    static final int NLMSG_ERROR = 2;
    static final int NLMSG_DONE = 3;
    static final int NLM_F_REQUEST = 0x1;
    static final int NLM_F_MULTI = 0x2;
    static final int NLM_F_DUMP_INTR = 0x10;
    static final int NLM_F_DUMP = 0x300;
    static final int NLM_F_CREATE = 0x400;

    /** Without NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
    private static final int ATTRIBUTE_TYPE_MASK = 0x3fff;
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int ADDRESS_LENGTH = 12;
    private static final int ADDRESS_GROUPS_OFFSET = 8;
    /** NLMSG_GOODSIZE of a dump's reply is at most 32 KiB (net/netlink/af_netlink.c, netlink_dump()). */
    private static final int RECEIVE_LENGTH = 64 << 10;

    private final int fd;
    private final NativeBlock block = new NativeBlock(RECEIVE_LENGTH);

    Netlink(final int subsystem, final int groups, final int receiveBufferBytes) throws KernelException
    {
        fd = LibC.API.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, subsystem);
        if (fd < 0)
        {
            block.close();
            throw new KernelException("netlink socket", Errno.last());
        }

        final UnsafeBuffer buffer = block.buffer();
        buffer.putInt(0, receiveBufferBytes);
        if (LibC.API.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, block.address(), Integer.BYTES) != 0)
        {
            throw failed("SO_RCVBUFFORCE receiveBufferBytes=" + receiveBufferBytes);
        }
        block.clear();
        buffer.putShort(0, (short)AF_NETLINK);
        buffer.putInt(ADDRESS_GROUPS_OFFSET, groups);
        if (LibC.API.bind(fd, block.address(), ADDRESS_LENGTH) != 0)
        {
            throw failed("netlink bind groups=" + groups);
        }
    }

    static int align(final int length)
    {
        return BitUtil.align(length, Integer.BYTES);
    }

    /** Where the attribute of a type begins, or -1; no length is believed before it is checked. */
    static int attribute(final UnsafeBuffer buffer, final int begin, final int end, final int type)
    {
        int offset = begin;
        while (end - offset >= ATTRIBUTE_HEADER_LENGTH)
        {
            final int length = attributeLength(buffer, offset);
            if (length < ATTRIBUTE_HEADER_LENGTH || length > end - offset)
            {
                return -1;
            }
            if (attributeType(buffer, offset) == type)
            {
                return offset;
            }
            offset = align(offset + length);
        }
        return -1;
    }

    static int attributeLength(final UnsafeBuffer buffer, final int offset)
    {
        return buffer.getShort(offset) & 0xffff;
    }

    static int attributeType(final UnsafeBuffer buffer, final int offset)
    {
        return buffer.getShort(offset + Short.BYTES) & ATTRIBUTE_TYPE_MASK;
    }

    int fd()
    {
        return fd;
    }

    UnsafeBuffer buffer()
    {
        return block.buffer();
    }

    /** Length of a datagram that now lies in the buffer, or a negative errno. */
    int receive()
    {
        final int length = (int)LibC.API.recv(fd, block.address(), RECEIVE_LENGTH, MSG_DONTWAIT);
        return length < 0 ? -Errno.last() : length;
    }

    /** Send what was written to the front of the buffer: 0 or a negative errno. */
    int send(final int length)
    {
        return LibC.API.send(fd, block.address(), length, MSG_DONTWAIT) == length ? 0 : -Errno.last();
    }

    @Override
    public void close()
    {
        LibC.API.close(fd);
        block.close();
    }

    private KernelException failed(final String what)
    {
        final KernelException failure = new KernelException(what, Errno.last(), "it needs CAP_NET_ADMIN");
        close();
        return failure;
    }
}
