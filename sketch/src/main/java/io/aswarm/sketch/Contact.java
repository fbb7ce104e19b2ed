package io.aswarm.sketch;

/**
 * A contact about to be judged; one instance is filled again and again, so that a judgement has few arguments.
 */
final class Contact
{
    private static final long IPV4_MAPPED = 0x0000ffff_00000000L;

    long hash;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    int port;
    int sourcePort;
    int protocol;
    int interfaceIndex;
    long openedNs;
    /** {@link PendingContacts} state bits. */
    int state;
    /** Evidence that its opening or its silence is held to be. */
    double heldNats;
    /** Whether its silence was told as a failure already. */
    boolean isJudged;
    /** At how many {@link PendingPorts} its source waits, this one included; 0 where that says nothing. */
    int pendingPorts;
    /** Whether answers to its source are seen here, so that its wait says that none came. */
    boolean isAnswerSeen;
    /** Whether the destination was never seen saying anything; of contacts without answer only. */
    boolean isUnheard;
    /** Whether others opened the same bare in the same instant ({@link Decoys}); known while it is opened only. */
    boolean isAccompanied;
    /** What its outcome is called in an explanation. */
    Cause cause;

    Contact set(final long contactHash, final Conversation c)
    {
        hash = contactHash;
        sourceHigh = c.initiatorHigh();
        sourceLow = c.initiatorLow();
        destinationHigh = c.responderHigh();
        destinationLow = c.responderLow();
        port = c.responderPort();
        sourcePort = c.initiatorPort();
        protocol = c.protocol();
        interfaceIndex = c.interfaceIndex();
        openedNs = c.timeNs();
        state = 0;
        heldNats = 0.0;
        isJudged = false;
        pendingPorts = 0;
        isAccompanied = false;
        // The flag speaks of the sender of the packet, which opens a conversation but does not answer it.
        if (c.kind() == ConversationKind.OPENED || (c.kind() == ConversationKind.VOLUME &&
            (c.flags() & Conversation.FLAG_FROM_RESPONDER) == 0))
        {
            state = (c.flags() & Conversation.FLAG_ON_LINK) != 0 ? PendingContacts.ON_LINK : 0;
            state |= (c.flags() & Conversation.FLAG_REPEAT) != 0 ? PendingContacts.REPEATED : 0;
            state |= c.isBareOpening() ? PendingContacts.BARE : 0;
            state |= PendingContacts.SHOWN;
        }
        return this;
    }

    /**
     * What a packet answers: its source is whom the packet went to. Who sent it may have made that up, so it lacks the
     * link's word ({@link Verification#isForged}).
     */
    Contact turn()
    {
        final long high = sourceHigh;
        final long low = sourceLow;
        final int client = port;
        sourceHigh = destinationHigh;
        sourceLow = destinationLow;
        destinationHigh = high;
        destinationLow = low;
        port = sourcePort;
        sourcePort = client;
        state = PendingContacts.SHOWN;
        return this;
    }

    boolean is(final int stateBit)
    {
        return (state & stateBit) != 0;
    }

    boolean isTcp()
    {
        return protocol == ConversationKind.TCP;
    }

    boolean isEcho()
    {
        return isEcho(protocol);
    }

    /** Whether a protocol is that of echoes (ICMP), of which nothing else opens a conversation. */
    static boolean isEcho(final int protocol)
    {
        return protocol == ConversationKind.ICMP || protocol == ConversationKind.ICMPV6;
    }

    /** Whether its protocol has no ports, so that what it asks a host for is the protocol itself. */
    boolean isPortless()
    {
        return isPortless(protocol);
    }

    /** Whether a protocol has no ports (ESP, OSPF). */
    static boolean isPortless(final int protocol)
    {
        switch (protocol)
        {
            case ConversationKind.ICMP:
            case ConversationKind.TCP:
            case ConversationKind.UDP:
            case ConversationKind.ICMPV6:
            case ConversationKind.SCTP:
            case Conversation.NEIGHBOUR_DISCOVERY:
                return false;

            default:
                return true;
        }
    }

    /** First part of the key of the destination's network: IPv4 /24, IPv6 /64. */
    static long networkLow(final long high, final long low)
    {
        return isIpv4(high, low) ? low & ~0xffL : 0;
    }

    static boolean isIpv4(final long high, final long low)
    {
        return high == 0 && (low & 0xffffffff_00000000L) == IPV4_MAPPED;
    }

    /** Whether an address stands for a group or for everybody (RFC 5771, RFC 919, RFC 4291), so that none answers. */
    static boolean isGroup(final long high, final long low)
    {
        return isIpv4(high, low) ? (low & 0xf0000000L) == 0xe0000000L || (int)low == -1 : high >>> 56 == 0xff;
    }
}
