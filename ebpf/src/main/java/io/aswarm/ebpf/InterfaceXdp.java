package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * What rtnetlink says of XDP on an interface (IFLA_XDP of linux/if_link.h), whoever attached it.
 *
 * @param mode      {@link AttachMode#NATIVE} or {@link AttachMode#GENERIC}, or {@link AttachMode#AUTO} for nothing.
 * @param programId of the program that runs, or 0.
 */
record InterfaceXdp(AttachMode mode, int programId)
{
    private static final int RTM_GETLINK = 18;
    /* struct ifinfomsg: family 8, padding 8, type 16, index 32, flags 32, change 32 */
    private static final int INFO_INDEX_OFFSET = Netlink.HEADER_LENGTH + Integer.BYTES;
    private static final int INFO_LENGTH = 16;
    private static final int IFLA_XDP = 43;
    private static final int IFLA_XDP_ATTACHED = 2;
    private static final int IFLA_XDP_PROG_ID = 4;
    private static final int IN_DRIVER = 1;
    private static final int IN_CARD = 3;
    private static final int SEVERAL = 4;

    /** Ask in the caller's network namespace. */
    static InterfaceXdp read(final int interfaceIndex) throws KernelException
    {
        try (Netlink netlink = new Netlink(Netlink.ROUTE, 0, 1 << 16))
        {
            final UnsafeBuffer buffer = netlink.buffer();
            final int length = Netlink.HEADER_LENGTH + INFO_LENGTH;
            buffer.setMemory(0, length, (byte)0);
            buffer.putInt(Netlink.LENGTH_OFFSET, length);
            buffer.putShort(Netlink.TYPE_OFFSET, (short)RTM_GETLINK);
            buffer.putShort(Netlink.FLAGS_OFFSET, (short)Netlink.NLM_F_REQUEST);
            buffer.putInt(INFO_INDEX_OFFSET, interfaceIndex);
            final int sent = netlink.send(length);
            final int received = sent < 0 ? sent : netlink.receive();
            if (received < 0)
            {
                throw new KernelException("interface " + interfaceIndex + " can not be examined", -received);
            }
            if (buffer.getShort(Netlink.TYPE_OFFSET) == Netlink.NLMSG_ERROR)
            {
                throw new KernelException("interface " + interfaceIndex + " can not be examined",
                    -buffer.getInt(Netlink.HEADER_LENGTH));
            }
            return decode(buffer, Netlink.HEADER_LENGTH + INFO_LENGTH, received);
        }
    }

    static InterfaceXdp decode(final UnsafeBuffer buffer, final int begin, final int end)
    {
        final int xdp = Netlink.attribute(buffer, begin, end, IFLA_XDP);
        if (xdp < 0)
        {
            return new InterfaceXdp(AttachMode.AUTO, 0);
        }
        final int body = xdp + Netlink.ATTRIBUTE_HEADER_LENGTH;
        final int bodyEnd = xdp + Netlink.attributeLength(buffer, xdp);
        final int attached = Netlink.attribute(buffer, body, bodyEnd, IFLA_XDP_ATTACHED);
        final int program = Netlink.attribute(buffer, body, bodyEnd, IFLA_XDP_PROG_ID);
        final int where = attached < 0 ? 0 : buffer.getByte(attached + Netlink.ATTRIBUTE_HEADER_LENGTH);
        return new InterfaceXdp(
            where == 0 ? AttachMode.AUTO :
            where == IN_DRIVER || where == IN_CARD || where == SEVERAL ? AttachMode.NATIVE : AttachMode.GENERIC,
            program < 0 ? 0 : buffer.getInt(program + Netlink.ATTRIBUTE_HEADER_LENGTH));
    }
}
