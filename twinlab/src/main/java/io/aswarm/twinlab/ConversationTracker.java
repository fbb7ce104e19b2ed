package io.aswarm.twinlab;

import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;

/**
 * Says what a decoded packet does to its conversation, by the rules of the XDP program (ebpf, conversation.h): only
 * what is undecided is remembered, answers count when they quote the numbers of the opening, and the same records come
 * out. What is established is remembered apart, with who began it, for the record of its end and for those of volume.
 * Not thread-safe; the virtual clock is an argument.
 */
final class ConversationTracker
{
    private static final int SEQUENCE_WINDOW = 65_535;
    private static final long EXCHANGE_IDLE_NS = 120_000_000_000L;
    private static final int FRAGMENTATION_NEEDED = 4;

    /** Takes the records, as the kernel's ring would be read. */
    interface Sink
    {
        /**
         * A record.
         *
         * @param record valid during the call.
         */
        void onRecord(TrackedConversation record);
    }

    private static final class State
    {
        private long seenNs;
        private final int initiatorSequence;
        private int responderSequence;
        private boolean isAccepted;

        private State(final long seenNs, final int initiatorSequence)
        {
            this.seenNs = seenNs;
            this.initiatorSequence = initiatorSequence;
        }
    }

    private final Sink sink;
    private final TrackedConversation record = new TrackedConversation();
    private final RecentTable<State> pending = new RecentTable<>();
    private final RecentTable<State> exchanges = new RecentTable<>();
    /** When they were established, on the virtual clock. */
    private final RecentTable<Long> established = new RecentTable<>();
    private final VolumeSampler sampler = new VolumeSampler();

    ConversationTracker(final Sink sink)
    {
        this.sink = sink;
    }

    /**
     * Take a packet.
     *
     * @param packet decoded; an ICMP error is replaced by what it quotes.
     * @param nowNs  virtual time.
     */
    void onPacket(final CaptureDecoder packet, final long nowNs)
    {
        final ConversationKey outward = ConversationKey.outward(packet);
        switch (packet.protocol())
        {
            case CaptureDecoder.TCP:
                onTcp(packet, outward, nowNs);
                break;

            case CaptureDecoder.UDP:
                onUdp(packet, outward, nowNs);
                break;

            case CaptureDecoder.NEIGHBOUR_DISCOVERY:
                onNeighbour(packet, outward, nowNs);
                return;

            default:
                onIcmp(packet, outward, nowNs);
                break;
        }
        onBytes(outward, packet.wireLength(), nowNs);
    }

    private void onTcp(final CaptureDecoder packet, final ConversationKey outward, final long nowNs)
    {
        final int flags = packet.tcpFlags();
        if (0 != (flags & TcpFrame.RST))
        {
            onReset(packet, outward, nowNs);
        }
        else if (0 == (flags & TcpFrame.ACK))
        {
            onOpening(packet, outward, nowNs);
        }
        else if (0 != (flags & TcpFrame.SYN))
        {
            onAnswer(packet, outward.back(), nowNs);
        }
        else
        {
            onAcknowledgment(packet, outward, nowNs);
            if (0 != (flags & TcpFrame.FIN))
            {
                onEnd(outward, nowNs);
            }
        }
    }

    private void onOpening(final CaptureDecoder packet, final ConversationKey key, final long nowNs)
    {
        final State known = pending.get(key);
        if (null != known && known.initiatorSequence == packet.sequence())
        {
            tell(ConversationKind.OPENED, key, Conversation.FLAG_REPEAT, nowNs);
            return;
        }
        pending.put(key, new State(nowNs, packet.sequence()));
        tell(ConversationKind.OPENED, key, 0, nowNs);
    }

    private void onAnswer(final CaptureDecoder packet, final ConversationKey key, final long nowNs)
    {
        final State known = pending.get(key);
        if (null != known && !known.isAccepted && !outside(packet.acknowledgment(), known.initiatorSequence + 1))
        {
            known.isAccepted = true;
            known.responderSequence = packet.sequence();
            tell(ConversationKind.ACCEPTED, key, 0, nowNs);
        }
    }

    private void onAcknowledgment(final CaptureDecoder packet, final ConversationKey key, final long nowNs)
    {
        final State known = pending.get(key);
        if (null != known && known.isAccepted && !outside(packet.acknowledgment(), known.responderSequence + 1))
        {
            pending.remove(key);
            established.put(key, nowNs);
            tell(ConversationKind.ESTABLISHED, key, 0, nowNs);
        }
    }

    private void onReset(final CaptureDecoder packet, final ConversationKey outward, final long nowNs)
    {
        final ConversationKey back = outward.back();
        State known = pending.get(back);
        if (null != known)
        {
            final boolean isForeign = 0 != (packet.tcpFlags() & TcpFrame.ACK) ?
                outside(packet.acknowledgment(), known.initiatorSequence) :
                !known.isAccepted || outside(packet.sequence(), known.responderSequence);
            if (!isForeign)
            {
                pending.remove(back);
                tell(ConversationKind.REFUSED, back, 0, nowNs);
            }
            return;
        }

        known = pending.get(outward);
        if (null == known)
        {
            onEnd(outward, nowNs);
        }
        else if (!outside(packet.sequence(), known.initiatorSequence))
        {
            pending.remove(outward);
            tell(ConversationKind.ABORTED, outward, 0, nowNs);
        }
    }

    /** The first FIN or RST of what was established, from either side. */
    private void onEnd(final ConversationKey outward, final long nowNs)
    {
        final Long sinceNs = established.remove(outward);
        if (null != sinceNs)
        {
            sink.onRecord(record.ended(outward, 0, nowNs - sinceNs, nowNs));
            return;
        }
        final ConversationKey back = outward.back();
        final Long backSinceNs = established.remove(back);
        if (null != backSinceNs)
        {
            sink.onRecord(record.ended(back, Conversation.FLAG_FROM_RESPONDER, nowNs - backSinceNs, nowNs));
        }
    }

    private void onUdp(final CaptureDecoder packet, final ConversationKey outward, final long nowNs)
    {
        final ConversationKey back = outward.back();
        final State known = live(back, nowNs);
        if (null == known)
        {
            onExchange(packet, outward, nowNs);
        }
        else
        {
            accept(back, known, nowNs);
        }
    }

    private void onExchange(final CaptureDecoder packet, final ConversationKey key, final long nowNs)
    {
        final State known = live(key, nowNs);
        if (null != known)
        {
            known.seenNs = nowNs;
            return;
        }
        exchanges.put(key, new State(nowNs, packet.sequence()));
        tell(ConversationKind.OPENED, key, 0, nowNs);
    }

    private void accept(final ConversationKey key, final State known, final long nowNs)
    {
        known.seenNs = nowNs;
        if (!known.isAccepted)
        {
            known.isAccepted = true;
            tell(ConversationKind.ACCEPTED, key, 0, nowNs);
        }
    }

    private void onNeighbour(final CaptureDecoder packet, final ConversationKey outward, final long nowNs)
    {
        if (packet.isRequest())
        {
            onExchange(packet, outward, nowNs);
        }
        else
        {
            onEchoed(outward.back(), nowNs);
        }
    }

    private void onIcmp(final CaptureDecoder packet, final ConversationKey outward, final long nowNs)
    {
        final boolean isV4 = CaptureDecoder.ICMP == packet.protocol();
        final int type = packet.icmpType();
        if ((isV4 ? 8 : 128) == type)
        {
            onExchange(packet, outward, nowNs);
        }
        else if ((isV4 ? 0 : 129) == type)
        {
            onEchoed(outward.echoed(), nowNs);
        }
        else if ((isV4 ? 3 : 1) == type && !(isV4 && FRAGMENTATION_NEEDED == packet.icmpCode()) &&
            packet.decodeQuoted())
        {
            onUnreachable(packet, nowNs);
        }
    }

    private void onEchoed(final ConversationKey key, final long nowNs)
    {
        final State known = live(key, nowNs);
        if (null != known)
        {
            accept(key, known, nowNs);
        }
    }

    private void onUnreachable(final CaptureDecoder quoted, final long nowNs)
    {
        final ConversationKey key = ConversationKey.outward(quoted);
        final boolean isTcp = CaptureDecoder.TCP == quoted.protocol();
        final RecentTable<State> table = isTcp ? pending : exchanges;
        final State known = table.get(key);
        if (null != known && !known.isAccepted && (!isTcp || quoted.sequence() == known.initiatorSequence))
        {
            table.remove(key);
            tell(ConversationKind.UNREACHABLE, key, 0, nowNs);
        }
    }

    /** Who began it is looked up only for the packet that is reported. */
    private void onBytes(final ConversationKey outward, final int lengthBytes, final long nowNs)
    {
        final long bytes = sampler.onPacket(lengthBytes, nowNs);
        if (0 == bytes)
        {
            return;
        }
        final ConversationKey back = CaptureDecoder.isEcho(outward.protocol()) ? outward.echoed() : outward.back();
        if (isKnown(outward, nowNs))
        {
            sink.onRecord(record.volume(outward, 0, bytes, nowNs));
        }
        else if (isKnown(back, nowNs))
        {
            sink.onRecord(record.volume(back, Conversation.FLAG_FROM_RESPONDER, bytes, nowNs));
        }
        else
        {
            sink.onRecord(record.volume(outward, Conversation.FLAG_UNORIENTED, bytes, nowNs));
        }
    }

    private boolean isKnown(final ConversationKey key, final long nowNs)
    {
        return CaptureDecoder.TCP == key.protocol() ? null != established.get(key) || null != pending.get(key) :
            null != live(key, nowNs);
    }

    private State live(final ConversationKey exchange, final long nowNs)
    {
        final State known = exchanges.get(exchange);
        return null != known && nowNs - known.seenNs <= EXCHANGE_IDLE_NS ? known : null;
    }

    private void tell(final int kind, final ConversationKey key, final int flags, final long nowNs)
    {
        sink.onRecord(record.of(kind, key, flags, nowNs));
    }

    private static boolean outside(final int number, final int base)
    {
        return Integer.compareUnsigned(number - base, SEQUENCE_WINDOW) > 0;
    }
}
