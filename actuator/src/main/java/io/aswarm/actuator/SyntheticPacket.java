package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;

/**
 * A packet that nobody sent, to ask what would happen to it. It spends nothing of a limit and counts nowhere. Its frame
 * is bound to no neighbour.
 *
 * @param kind        of packet.
 * @param source      address.
 * @param destination address, of the same family.
 * @param protocol    of the IP header; 0 for TCP.
 * @param port        of the responder, which is the destination; 0 for any.
 */
public record SyntheticPacket(Kind kind, IpAddress source, IpAddress destination, int protocol, int port)
{
    /** Synthetic peers, of the documentation ranges (RFC 5737, RFC 3849): never a host of the site. */
    private static final IpAddress PEER_V4 = IpAddress.parse("192.0.2.254");
    private static final IpAddress PEER_V6 = IpAddress.parse("2001:db8::fe");

    /**
     * What the packet is to its conversation, and to a limit that it meets.
     */
    public enum Kind
    {
        /** It opens one, and finds the bucket as it is. */
        OPENING,
        /** It opens one, and finds the bucket empty. */
        SURPLUS_OPENING,
        /** It belongs to one that is established, and finds the bucket empty. */
        ESTABLISHED
    }

    /** A packet that the target matches. */
    static SyntheticPacket of(final Kind kind, final Target target)
    {
        final IpAddress address = target.address();
        final IpAddress peer = address.isV4() ? PEER_V4 : PEER_V6;
        return Role.SOURCE == target.role() ?
            new SyntheticPacket(kind, address, peer, target.protocol(), target.port()) :
            new SyntheticPacket(kind, peer, address, target.protocol(), target.port());
    }
}
