package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;

/**
 * Asks a driver what it can, without attaching anything: the netdev family of generic netlink (linux/netdev.h, kernel
 * documentation netlink/specs/netdev.yaml).
 */
final class DriverFeatures
{
    /* struct genlmsghdr: command 8, version 8, reserved 16 */
    private static final int GENERIC_HEADER_LENGTH = 4;
    private static final int BODY_OFFSET = Netlink.HEADER_LENGTH + GENERIC_HEADER_LENGTH;
    private static final int CONTROL_FAMILY = 16;
    private static final int CONTROL_GET_FAMILY = 3;
    private static final int CONTROL_FAMILY_ID = 1;
    private static final int CONTROL_FAMILY_NAME = 2;
    private static final byte[] FAMILY = "netdev\0".getBytes(StandardCharsets.US_ASCII);
    private static final int DEVICE_GET = 1;
    private static final int DEVICE_INDEX = 1;
    private static final int DEVICE_XDP_FEATURES = 3;
    private static final int XDP_BASIC = 1;

    private DriverFeatures()
    {
    }

    /** Whether programs can run in the driver of an interface of the caller's network namespace. */
    static InterfaceState.DriverXdp xdp(final int interfaceIndex) throws KernelException
    {
        try (Netlink netlink = new Netlink(Netlink.GENERIC, 0, 1 << 16))
        {
            final UnsafeBuffer buffer = netlink.buffer();
            buffer.setMemory(0, 64, (byte)0);
            buffer.putBytes(BODY_OFFSET + Netlink.ATTRIBUTE_HEADER_LENGTH, FAMILY);
            final int family = find(
                netlink, ask(netlink, CONTROL_FAMILY, CONTROL_GET_FAMILY, CONTROL_FAMILY_NAME, FAMILY.length),
                CONTROL_FAMILY_ID);
            if (family < 0)
            {
                return InterfaceState.DriverXdp.UNKNOWN;
            }

            final int familyId = buffer.getShort(family) & 0xffff;
            buffer.setMemory(0, 64, (byte)0);
            buffer.putInt(BODY_OFFSET + Netlink.ATTRIBUTE_HEADER_LENGTH, interfaceIndex);
            final int features = find(
                netlink, ask(netlink, familyId, DEVICE_GET, DEVICE_INDEX, Integer.BYTES), DEVICE_XDP_FEATURES);
            return features < 0 ? InterfaceState.DriverXdp.UNKNOWN :
                (buffer.getLong(features) & XDP_BASIC) != 0 ? InterfaceState.DriverXdp.OFFERED :
                InterfaceState.DriverXdp.REFUSED;
        }
    }

    /** Send a request with one attribute, whose value stands in the buffer; the length of the answer, or an errno. */
    private static int ask(
        final Netlink netlink, final int family, final int command, final int attribute, final int valueLength)
    {
        final UnsafeBuffer buffer = netlink.buffer();
        final int attributeLength = Netlink.ATTRIBUTE_HEADER_LENGTH + valueLength;
        final int length = BODY_OFFSET + Netlink.align(attributeLength);
        buffer.putInt(Netlink.LENGTH_OFFSET, length);
        buffer.putShort(Netlink.TYPE_OFFSET, (short)family);
        buffer.putShort(Netlink.FLAGS_OFFSET, (short)Netlink.NLM_F_REQUEST);
        buffer.putByte(Netlink.HEADER_LENGTH, (byte)command);
        buffer.putByte(Netlink.HEADER_LENGTH + 1, (byte)1);
        buffer.putShort(BODY_OFFSET, (short)attributeLength);
        buffer.putShort(BODY_OFFSET + Short.BYTES, (short)attribute);
        final int result = netlink.send(length);
        return result < 0 ? result : netlink.receive();
    }

    /** Where the value of an attribute of the answer stands, or -1. */
    private static int find(final Netlink netlink, final int length, final int attribute)
    {
        if (length < BODY_OFFSET || netlink.buffer().getShort(Netlink.TYPE_OFFSET) == Netlink.NLMSG_ERROR)
        {
            return -1;
        }
        final int found = Netlink.attribute(netlink.buffer(), BODY_OFFSET, length, attribute);
        return found < 0 ? -1 : found + Netlink.ATTRIBUTE_HEADER_LENGTH;
    }
}
