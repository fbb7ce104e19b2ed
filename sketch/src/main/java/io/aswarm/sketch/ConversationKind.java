package io.aswarm.sketch;

/**
 * Kinds of {@link Conversation} events. The numbers are those of the sensor.
 */
public final class ConversationKind
{
    /** The initiator asked: TCP SYN, first UDP datagram, ICMP request, first packet of a protocol without ports. */
    public static final int OPENED = 1;
    /** The responder answered: TCP SYN-ACK, UDP or ICMP reply. */
    public static final int ACCEPTED = 2;
    /** The initiator completed a TCP handshake. */
    public static final int ESTABLISHED = 3;
    /** The responder refused: TCP RST in answer to a SYN, ICMP port unreachable. */
    public static final int REFUSED = 4;
    /** The network said that the responder cannot be reached. */
    public static final int UNREACHABLE = 5;
    /** The conversation was reset before it was done. */
    public static final int ABORTED = 6;
    /** A conversation that was established is over: its first FIN or RST. Carries its duration. */
    public static final int ENDED = 7;
    /** Bytes that went one way, sampled in proportion to them. Carries how many the record stands for. */
    public static final int VOLUME = 8;

    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int ICMPV6 = 58;
    static final int SCTP = 132;

    private ConversationKind()
    {
    }
}
