package io.aswarm.twinlab;

/**
 * From a frame's first byte to its network header (ebpf, link.h): Ethernet, up to two VLAN tags, and what may be put
 * between: MPLS labels (RFC 3032), a PPP session (RFC 2516), 802.3 with a SNAP header (RFC 1042).
 */
final class LinkDecoder
{
    static final int TYPE_ARP = 0x0806;
    private static final int TYPE_LENGTH_MIN = 0x0600;
    private static final int TYPE_VLAN = 0x8100;
    private static final int TYPE_QINQ = 0x88A8;
    private static final int TYPE_QINQ_OLD = 0x9100;
    private static final int TYPE_MPLS = 0x8847;
    private static final int TYPE_MPLS_MULTICAST = 0x8848;
    private static final int TYPE_PPPOE = 0x8864;
    private static final int PPP_IPV4 = 0x0021;
    private static final int PPP_IPV6 = 0x0057;
    private static final int VLAN_DEPTH_MAX = 2;
    private static final int LABEL_DEPTH_MAX = 8;
    private static final int LABEL_BOTTOM = 0x100;
    private static final int TAG_LENGTH = 4;
    private static final int LABEL_LENGTH = 4;
    private static final int SHIM_LENGTH = 8;
    private static final long SNAP = 0xAAAA_0300_0000L;

    private LinkDecoder()
    {
    }

    static boolean decodeEthernet(final DecodedPacket packet)
    {
        if (!packet.has(TcpFrame.ETHERNET_LENGTH))
        {
            return packet.stopAt(DecodeFault.TRUNCATED_LINK);
        }
        packet.etherType = packet.unsignedShort(12);
        packet.offset += TcpFrame.ETHERNET_LENGTH;
        for (int depth = 0; depth < VLAN_DEPTH_MAX; depth++)
        {
            if (!isVlan(packet.etherType))
            {
                return true;
            }
            if (!packet.has(TAG_LENGTH))
            {
                return packet.stopAt(DecodeFault.TRUNCATED_LINK);
            }
            if (0 == depth && 0 == packet.tunnels && 0 == packet.vlan)
            {
                packet.vlan = packet.unsignedShort(0) & 0xFFF;
            }
            packet.etherType = packet.unsignedShort(2);
            packet.offset += TAG_LENGTH;
        }
        return !isVlan(packet.etherType) || packet.stopAt(DecodeFault.VLAN_DEPTH);
    }

    /** Of what only captures have: the header is passed over, and says what follows. */
    static boolean decodeOther(final DecodedPacket packet, final LinkType link)
    {
        if (!packet.has(link.headerLength()))
        {
            return packet.stopAt(DecodeFault.TRUNCATED_LINK);
        }
        packet.etherType = link.etherType(packet.frame, packet.capturedLength);
        packet.offset = link.headerLength();
        return true;
    }

    /** Something between link and network header. */
    static boolean isShim(final int etherType)
    {
        return TYPE_MPLS == etherType || TYPE_MPLS_MULTICAST == etherType || TYPE_PPPOE == etherType ||
            etherType < TYPE_LENGTH_MIN;
    }

    static boolean decodeShim(final DecodedPacket packet)
    {
        if (TYPE_PPPOE == packet.etherType)
        {
            return decodePppoe(packet);
        }
        return packet.etherType < TYPE_LENGTH_MIN ? decodeSnap(packet) : decodeLabels(packet);
    }

    private static boolean isVlan(final int etherType)
    {
        return TYPE_VLAN == etherType || TYPE_QINQ == etherType || TYPE_QINQ_OLD == etherType;
    }

    /** What lies below the last label is not named, and told by its first four bits. */
    private static boolean decodeLabels(final DecodedPacket packet)
    {
        for (int depth = 0; depth < LABEL_DEPTH_MAX; depth++)
        {
            if (!packet.has(LABEL_LENGTH))
            {
                return packet.stopAt(DecodeFault.TRUNCATED_LINK);
            }
            final boolean isBottom = 0 != (packet.word(0) & LABEL_BOTTOM);
            packet.offset += LABEL_LENGTH;
            if (isBottom)
            {
                if (!packet.has(1))
                {
                    return packet.stopAt(DecodeFault.TRUNCATED_LINK);
                }
                packet.etherType = LinkType.ofVersion(packet.unsignedByte(0) >> 4);
                return true;
            }
        }
        return packet.stopAt(DecodeFault.LABEL_DEPTH);
    }

    private static boolean decodePppoe(final DecodedPacket packet)
    {
        if (!packet.has(SHIM_LENGTH))
        {
            return packet.stopAt(DecodeFault.TRUNCATED_LINK);
        }
        final int protocol = packet.unsignedShort(6);
        packet.etherType = PPP_IPV4 == protocol ? TcpFrame.TYPE_IPV4 :
            PPP_IPV6 == protocol ? TcpFrame.TYPE_IPV6 : 0;
        packet.offset += SHIM_LENGTH;
        return true;
    }

    private static boolean decodeSnap(final DecodedPacket packet)
    {
        final boolean isSnap = packet.has(SHIM_LENGTH) && SNAP == packet.doubleWord(0) >>> Short.SIZE;
        packet.etherType = isSnap ? packet.unsignedShort(6) : 0;
        packet.offset += packet.has(SHIM_LENGTH) ? SHIM_LENGTH : 0;
        return true;
    }
}
