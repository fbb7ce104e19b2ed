package io.aswarm.ebpf;

/**
 * What happened to a conversation. The numbers are those of {@code enum conversation_kind} in aswarm_events.h.
 */
public final class ConversationKind
{
    /** The initiator asked: a TCP SYN, the first datagram of a UDP exchange, an ICMP echo request. */
    public static final int OPENED = 1;
    /** The responder answered: a SYN-ACK, the first datagram back, an echo reply. */
    public static final int ACCEPTED = 2;
    /** The initiator acknowledged the responder's number, so its address is not forged. */
    public static final int ESTABLISHED = 3;
    /** The responder said no: RST in answer to an opening. */
    public static final int REFUSED = 4;
    /** A router or the responder's host said that it can not be reached: ICMP or ICMPv6 destination unreachable. */
    public static final int UNREACHABLE = 5;
    /** The initiator reset what it had opened before it was established. */
    public static final int ABORTED = 6;
    /** An established conversation is over: its first FIN or RST. The quantity is its duration. */
    public static final int ENDED = 7;
    /** Bytes that went one way, sampled in proportion to them. The quantity is the bytes that the record stands for. */
    public static final int VOLUME = 8;

    private ConversationKind()
    {
    }

    /**
     * The name of a kind.
     *
     * @param kind one of the constants of this class.
     * @return its name, or the number as text for a kind that is not known.
     */
    public static String name(final int kind)
    {
        switch (kind)
        {
            case OPENED:
                return "OPENED";
            case ACCEPTED:
                return "ACCEPTED";
            case ESTABLISHED:
                return "ESTABLISHED";
            case REFUSED:
                return "REFUSED";
            case UNREACHABLE:
                return "UNREACHABLE";
            case ABORTED:
                return "ABORTED";
            case ENDED:
                return "ENDED";
            case VOLUME:
                return "VOLUME";
            default:
                return Integer.toString(kind);
        }
    }
}
