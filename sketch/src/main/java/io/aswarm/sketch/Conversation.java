package io.aswarm.sketch;

/**
 * One event in the life of a conversation between two addresses, seen from the wire. Initiator and responder are those
 * of the conversation, whichever way the packet went that caused the event. The policy reads it during the call only,
 * so a view that moves over a ring is fine.
 * <p>
 * Addresses are the two halves of 16 bytes in network order; IPv4 is v4-mapped ({@code ::ffff:a.b.c.d}).
 */
public interface Conversation
{
    /** Flag: the source was under a containment that let the packet pass. Judged like any other. */
    int FLAG_CONTAINED = 1;
    /** Flag: a retransmission of an opening that was seen before. Not a further opening. */
    int FLAG_REPEAT = 2;
    /** Flag: the sender is an on-link neighbour, and the frame came with the MAC and by the interface bound to it. */
    int FLAG_ON_LINK = 4;
    /** Flag: the packet of this record was sent by the responder. */
    int FLAG_FROM_RESPONDER = 8;
    /** Flag: who opened the conversation is not known; the initiator is the sender. */
    int FLAG_UNORIENTED = 16;
    /** Flag: the addresses are those inside a tunnel. */
    int FLAG_TUNNEL = 32;
    /** Flag: of the packets that the record stands for, the initiators differ. */
    int FLAG_SOURCES_VARY = 64;
    /** Flag: of the packets that the record stands for, the responders differ. */
    int FLAG_AIMS_VARY = 128;
    /** Protocol of neighbour discovery (ARP, ICMPv6 solicitation), a number that IANA keeps reserved. */
    int NEIGHBOUR_DISCOVERY = 255;
    /** {@link #quantity()} of a conversation that ended after longer than can be told, or nobody knows how long. */
    long DURATION_UNKNOWN = 0xffff_ffffL;
    /** {@link #tcpFlags()}: of who opens. */
    int TCP_SYN = 2;
    /** {@link #tcpFlags()}: of who refuses, or breaks off. */
    int TCP_RST = 4;
    /** {@link #tcpFlags()}: of who acknowledges. */
    int TCP_ACK = 16;
    /** Shortest part of a TCP header that a first fragment holds, RFC 791: ports and sequence number. */
    int HEADER_MIN_BYTES = 8;
    /** Longest TCP header of an opening that is bare: no option, or a maximum segment size alone. */
    int BARE_HEADER_MAX_BYTES = 24;

    /**
     * What happened.
     *
     * @return one of {@link ConversationKind}.
     */
    int kind();

    /**
     * When the packet was seen.
     *
     * @return CLOCK_MONOTONIC in nanoseconds.
     */
    long timeNs();

    /**
     * First eight bytes of the address that opened the conversation.
     *
     * @return first eight bytes of the address that opened the conversation.
     */
    long initiatorHigh();

    /**
     * Last eight bytes of the address that opened the conversation.
     *
     * @return last eight bytes of the address that opened the conversation.
     */
    long initiatorLow();

    /**
     * First eight bytes of the address that was asked.
     *
     * @return first eight bytes of the address that was asked.
     */
    long responderHigh();

    /**
     * Last eight bytes of the address that was asked.
     *
     * @return last eight bytes of the address that was asked.
     */
    long responderLow();

    /**
     * Port of the initiator.
     *
     * @return 0 to 65535; 0 where the protocol has no ports.
     */
    int initiatorPort();

    /**
     * Port of the responder.
     *
     * @return 0 to 65535; 0 where the protocol has no ports.
     */
    int responderPort();

    /**
     * Protocol above IP.
     *
     * @return IANA protocol number, or {@link #NEIGHBOUR_DISCOVERY}.
     */
    int protocol();

    /**
     * How many packets of the same source this record stands for, when the sensor collapsed a burst.
     *
     * @return at least 1; smaller values are read as 1.
     */
    int weight();

    /**
     * What else is known, the {@code FLAG_} bits.
     *
     * @return the bits; those not known are ignored.
     */
    int flags();

    /**
     * What the kind measures: bytes for {@link ConversationKind#VOLUME}, milliseconds or {@link #DURATION_UNKNOWN} for
     * {@link ConversationKind#ENDED}, bytes of the TCP header in the packet for {@link ConversationKind#OPENED} over
     * TCP, 0 where that is not known.
     *
     * @return 0 to 4,294,967,295; 0 for the other kinds.
     */
    default long quantity()
    {
        return 0;
    }

    /**
     * Whether this opens a conversation over TCP and asks for no more than a segment size. Stacks of operating systems
     * negotiate window scale and selective acknowledgment; programs that write their segments themselves, port scanners
     * and flooders, rarely do (Hiesgen et al., "Spoki: Unveiling a new wave of scanners through a reactive network
     * telescope", USENIX Security 2022: irregular SYNs; Zalewski's p0f knows stacks by the same options). Nor does any
     * stack cut the header, of 20 bytes at least, into fragments (RFC 1858, section 3).
     *
     * @return false also where the header is not known.
     */
    default boolean isBareOpening()
    {
        return kind() == ConversationKind.OPENED && protocol() == ConversationKind.TCP &&
            quantity() >= HEADER_MIN_BYTES && quantity() <= BARE_HEADER_MAX_BYTES;
    }

    /**
     * Flags of the TCP segment that gave the event.
     *
     * @return the header's eight bits, FIN lowest (RFC 9293); 0 where they are not known, or the protocol has none.
     */
    default int tcpFlags()
    {
        return 0;
    }

    /**
     * Length of the packet that gave the event, with its Ethernet header.
     *
     * @return bytes; 0 where it is not known.
     */
    default int lengthBytes()
    {
        return 0;
    }

    /**
     * Where the packet came in.
     *
     * @return index of the interface, or 0 where there is none to tell.
     */
    default int interfaceIndex()
    {
        return 0;
    }
}
