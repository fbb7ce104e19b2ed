package io.aswarm.twinlab;

/**
 * The conversations that are held, in three tables as the XDP program has them (ebpf, conversation.h): pending until
 * their handshake ends, established, and exchanges. Not thread-safe.
 */
final class ConversationTables
{
    private static final long EXCHANGE_IDLE_NS = 120_000_000_000L;

    /** Who sent a packet of a conversation. */
    enum Sender
    {
        INITIATOR, RESPONDER, UNKNOWN
    }

    /** What is known of one. */
    static final class State
    {
        /** When it was opened; for an exchange, when it was last seen. */
        long timeNs;
        final int initiatorSequence;
        int responderSequence;
        boolean isAccepted;

        State(final long timeNs, final int initiatorSequence)
        {
            this.timeNs = timeNs;
            this.initiatorSequence = initiatorSequence;
        }
    }

    final RecentTable<State> pending = new RecentTable<>();
    final RecentTable<State> established = new RecentTable<>();
    final RecentTable<State> exchanges = new RecentTable<>();

    /** An exchange that was seen lately, or null. */
    State live(final ConversationKey exchange, final long nowNs)
    {
        final State known = exchanges.get(exchange);
        return null != known && nowNs - known.timeNs <= EXCHANGE_IDLE_NS ? known : null;
    }

    /** Whether a segment's conversation is held, and it does not repeat the opening. */
    boolean isHeld(final ConversationKey outward, final int sequence)
    {
        final ConversationKey back = outward.back();
        final State own = pending.get(outward);
        if (null != own)
        {
            return own.initiatorSequence != sequence;
        }
        return null != pending.get(back) || null != established.get(outward) || null != established.get(back);
    }

    /** Who sent it, seen from its sender; an answer's is unknown only if nobody was seen to ask. */
    Sender senderOf(final ConversationKey outward, final int tcpFlags)
    {
        final boolean isNumbered =
            CaptureDecoder.TCP == outward.protocol() || CaptureDecoder.SCTP == outward.protocol();
        final boolean isAnswer = TcpFrame.ANSWER == (tcpFlags & TcpFrame.ANSWER);
        final RecentTable<State> table = isNumbered ? established : exchanges;
        if (null != table.get(outward))
        {
            return Sender.INITIATOR;
        }
        final ConversationKey back = outward.back();
        return null != table.get(back) || (isAnswer && null != pending.get(back)) ? Sender.RESPONDER : Sender.UNKNOWN;
    }
}
