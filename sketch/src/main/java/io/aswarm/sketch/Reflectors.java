package io.aswarm.sketch;

/** Which datagrams and segments come from a service that answers whoever seems to ask. Stateless. */
public final class Reflectors
{
    /** In place of a protocol: segments of TCP that accept what nobody asked. */
    static final int ACCEPTANCES = 0x106;
    /** Of such segments, as many as one of another kind takes back. */
    static final int TAKEN_BACK = 2;
    private static final int SYN_ACK = Conversation.TCP_SYN | Conversation.TCP_ACK;
    /**
     * Ports of UDP services that answer a small question at length (US-CERT TA14-017A; Rossow, "Amplification hell",
     * NDSS 2014), and of two that do so since: IPsec behind NAT and CoAP.
     */
    private static final int[] PORTS =
        {17, 19, 53, 69, 111, 123, 137, 161, 389, 500, 520, 1434, 1900, 3283, 3702, 4500, 5351, 5353, 5683, 10001,
            11211, 27015, 30718, 32414, 37810, 47808};

    private Reflectors()
    {
    }

    /**
     * Whether a datagram goes from such a service to something else than its like.
     *
     * @param sourcePort      of UDP.
     * @param destinationPort of UDP.
     * @return whether it may be an answer that nobody asked for.
     */
    public static boolean isAnswering(final int sourcePort, final int destinationPort)
    {
        if (sourcePort != destinationPort)
        {
            for (final int port : PORTS)
            {
                if (port == sourcePort)
                {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether nobody asked for a datagram, as far as ports and addresses tell. */
    static boolean isUnasked(final Contact contact, final Site site)
    {
        return contact.protocol == ConversationKind.UDP && isAnswering(contact.sourcePort, contact.port) &&
            !(isDiscovery(contact.sourcePort) && site.contains(contact.sourceHigh, contact.sourceLow));
    }

    /** Asked by multicast, answered to who asked: SSDP, WS-Discovery, mDNS (RFC 6762, section 6.7). */
    private static boolean isDiscovery(final int port)
    {
        return port == 1900 || port == 3702 || port == 5353;
    }

    /** Whether a segment accepts a conversation. */
    static boolean isAccepting(final Conversation c)
    {
        return (c.tcpFlags() & SYN_ACK) == SYN_ACK;
    }

    /** Whether a segment refuses one, or breaks it off. */
    static boolean isReset(final Conversation c)
    {
        return (c.tcpFlags() & Conversation.TCP_RST) != 0;
    }
}
