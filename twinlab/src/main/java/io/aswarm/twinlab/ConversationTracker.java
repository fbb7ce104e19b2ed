package io.aswarm.twinlab;

import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;
import io.aswarm.twinlab.ConversationTables.State;

/**
 * Says what a decoded packet does to its conversation, by the rules of the XDP program (ebpf, observe.h and
 * volume.h): a TCP or SCTP conversation is pending until its handshake ends, then it is kept with the established
 * ones; answers count when they quote the numbers of the opening; UDP, echo and neighbour discovery are exchanges. The
 * same records come out. Not thread-safe; the virtual clock is an argument.
 */
final class ConversationTracker
{
    private static final int SEQUENCE_WINDOW = 65_535;

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

    private final Sink sink;
    private final TrackedConversation record = new TrackedConversation();
    private final ConversationTables tables = new ConversationTables();
    private final RecentTable<State> pending = tables.pending;
    private final RecentTable<State> established = tables.established;
    private final RecentTable<State> exchanges = tables.exchanges;
    private final VolumeSampler sampler = new VolumeSampler();

    ConversationTracker(final Sink sink)
    {
        this.sink = sink;
    }

    /**
     * Take a packet.
     *
     * @param packet decoded as far as it goes.
     * @param nowNs  virtual time.
     */
    void onPacket(final CaptureDecoder packet, final long nowNs)
    {
        sampler.count(packet.wireLength());
        if (packet.isGroup())
        {
            return;
        }
        record.by(packet);
        if (packet.isTold())
        {
            observe(packet, nowNs);
        }
        final long bytes = sampler.sampled();
        if (bytes > 0 && packet.isAddressed && CaptureDecoder.NEIGHBOUR_DISCOVERY != packet.protocol())
        {
            sampler.adapt(nowNs);
            measure(packet, ConversationKey.measured(packet), bytes, nowNs);
        }
    }

    private void observe(final CaptureDecoder packet, final long nowNs)
    {
        if (packet.isUnreachable())
        {
            onUnreachable(packet, nowNs);
            return;
        }
        final ConversationKey outward = ConversationKey.outward(packet);
        switch (packet.protocol())
        {
            case CaptureDecoder.TCP:
                onTcp(packet, outward, nowNs);
                break;

            case CaptureDecoder.SCTP:
                onSctp(packet, outward, nowNs);
                break;

            case CaptureDecoder.NEIGHBOUR_DISCOVERY:
                onDiscovery(packet, outward, nowNs);
                break;

            case CaptureDecoder.ICMP:
            case CaptureDecoder.ICMPV6:
                onIcmp(packet, outward, nowNs);
                break;

            default:
                onExchange(packet, outward, nowNs, false);
                break;
        }
    }

    /** A first fragment that ends before the flags opens what nobody holds; of what is held it tells nothing. */
    private void onTcp(final CaptureDecoder packet, final ConversationKey outward, final long nowNs)
    {
        if (TransportDecoder.lacksFlags(packet) && tables.isHeld(outward, packet.sequence()))
        {
            return;
        }
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
            final State known = pending.get(outward.back());
            if (null != known && !outside(packet.acknowledgment(), known.initiatorSequence + 1))
            {
                accept(packet, outward.back(), known, nowNs);
            }
        }
        else
        {
            onAcknowledgment(packet, outward, nowNs);
        }
    }

    /** A SYN, or a packet without SYN and ACK, which no conversation holds (NULL, FIN and XMAS scans). */
    private void onOpening(final CaptureDecoder packet, final ConversationKey key, final long nowNs)
    {
        final State known = pending.get(key);
        if (null != known && known.initiatorSequence == packet.sequence())
        {
            sink.onRecord(record.opened(key, Conversation.FLAG_REPEAT, packet.tcpHeaderLength, nowNs));
            return;
        }
        pending.remove(key.back());
        pending.put(key, new State(nowNs, packet.sequence()));
        sink.onRecord(record.opened(key, 0, packet.tcpHeaderLength, nowNs));
    }

    private void accept(
        final CaptureDecoder packet, final ConversationKey key, final State known, final long nowNs)
    {
        if (!known.isAccepted)
        {
            known.isAccepted = true;
            known.responderSequence = packet.sequence();
            tell(ConversationKind.ACCEPTED, key, 0, nowNs);
        }
    }

    private void onAcknowledgment(final CaptureDecoder packet, final ConversationKey outward, final long nowNs)
    {
        final State known = pending.get(outward);
        if (null != known)
        {
            if (known.isAccepted && !outside(packet.acknowledgment(), known.responderSequence + 1))
            {
                establish(outward, known, nowNs);
            }
        }
        else if (0 != (packet.tcpFlags() & TcpFrame.FIN) && null == pending.get(outward.back()))
        {
            onEnd(outward, nowNs);
        }
    }

    private void establish(final ConversationKey key, final State known, final long nowNs)
    {
        pending.remove(key);
        established.remove(key.back());
        established.put(key, known);
        tell(ConversationKind.ESTABLISHED, key, 0, nowNs);
    }

    private void onReset(final CaptureDecoder packet, final ConversationKey outward, final long nowNs)
    {
        final ConversationKey back = outward.back();
        final State asked = pending.get(back);
        final State own = pending.get(outward);
        if (null != asked)
        {
            final boolean answers = 0 != (packet.tcpFlags() & TcpFrame.ACK) ?
                !outside(packet.acknowledgment(), asked.initiatorSequence) :
                asked.isAccepted && !outside(packet.sequence(), asked.responderSequence);
            if (answers)
            {
                conclude(ConversationKind.REFUSED, back, nowNs);
            }
        }
        else if (null == own)
        {
            onEnd(outward, nowNs);
        }
        else if (!outside(packet.sequence(), own.initiatorSequence))
        {
            conclude(ConversationKind.ABORTED, outward, nowNs);
        }
    }

    private void conclude(final int kind, final ConversationKey key, final long nowNs)
    {
        pending.remove(key);
        tell(kind, key, 0, nowNs);
    }

    /** The first FIN or RST of what was established, from either side. */
    private void onEnd(final ConversationKey outward, final long nowNs)
    {
        final State own = established.remove(outward);
        if (null != own)
        {
            sink.onRecord(record.ended(outward, 0, nowNs - own.timeNs, nowNs));
            return;
        }
        final ConversationKey back = outward.back();
        final State asked = established.remove(back);
        if (null != asked)
        {
            sink.onRecord(record.ended(back, Conversation.FLAG_FROM_RESPONDER, nowNs - asked.timeNs, nowNs));
        }
    }

    /** RFC 9260: every packet quotes the receiver's tag, so that nobody on the side can end an association. */
    private void onSctp(final CaptureDecoder packet, final ConversationKey outward, final long nowNs)
    {
        final State own = pending.get(outward);
        final State asked = pending.get(outward.back());
        switch (packet.type())
        {
            case TransportDecoder.SCTP_INIT:
                onOpening(packet, outward, nowNs);
                break;

            case TransportDecoder.SCTP_INIT_ACK:
                if (null != asked && packet.acknowledgment() == asked.initiatorSequence)
                {
                    accept(packet, outward.back(), asked, nowNs);
                }
                break;

            case TransportDecoder.SCTP_COOKIE_ECHO:
                if (null != own && own.isAccepted && packet.acknowledgment() == own.responderSequence)
                {
                    establish(outward, own, nowNs);
                }
                break;

            case TransportDecoder.SCTP_ABORT:
                onSctpAbort(packet, outward, nowNs);
                break;

            case TransportDecoder.SCTP_SHUTDOWN:
                onSctpEnd(packet, outward, nowNs);
                break;

            default:
                break;
        }
    }

    private void onSctpAbort(final CaptureDecoder packet, final ConversationKey outward, final long nowNs)
    {
        final State own = pending.get(outward);
        final State asked = pending.get(outward.back());
        if (null == own && null == asked)
        {
            onSctpEnd(packet, outward, nowNs);
        }
        else if (null != asked && packet.acknowledgment() == asked.initiatorSequence)
        {
            conclude(ConversationKind.REFUSED, outward.back(), nowNs);
        }
        else if (null != own && packet.acknowledgment() == own.responderSequence)
        {
            conclude(ConversationKind.ABORTED, outward, nowNs);
        }
    }

    private void onSctpEnd(final CaptureDecoder packet, final ConversationKey outward, final long nowNs)
    {
        final State own = established.get(outward);
        final State asked = established.get(outward.back());
        if ((null != own && packet.acknowledgment() == own.responderSequence) ||
            (null != asked && packet.acknowledgment() == asked.initiatorSequence))
        {
            onEnd(outward, nowNs);
        }
    }

    /** The first packet opens, the first one back accepts. */
    private void onExchange(
        final CaptureDecoder packet, final ConversationKey outward, final long nowNs, final boolean answersOnly)
    {
        final ConversationKey back = outward.back();
        final State asked = tables.live(back, nowNs);
        if (null != asked)
        {
            asked.timeNs = nowNs;
            if (!asked.isAccepted)
            {
                asked.isAccepted = true;
                tell(ConversationKind.ACCEPTED, back, 0, nowNs);
            }
            return;
        }
        final State own = answersOnly ? null : tables.live(outward, nowNs);
        if (null != own)
        {
            own.timeNs = nowNs;
        }
        else if (!answersOnly)
        {
            exchanges.remove(back);
            exchanges.put(outward, new State(nowNs, packet.sequence()));
            tell(ConversationKind.OPENED, outward, 0, nowNs);
        }
    }

    private void onDiscovery(final CaptureDecoder packet, final ConversationKey outward, final long nowNs)
    {
        final boolean asks = CaptureDecoder.NEIGHBOUR_REQUEST == packet.type();
        final long askerHigh = asks ? outward.initiatorHigh() : outward.responderHigh();
        final long askerLow = asks ? outward.initiatorLow() : outward.responderLow();
        final boolean isNobody = 0 == askerHigh && 0 == (int)askerLow &&
            (0 == askerLow || DecodedPacket.isMapped(askerHigh, askerLow));
        final boolean isOwn = outward.initiatorHigh() == outward.responderHigh() &&
            outward.initiatorLow() == outward.responderLow();
        // an announcement asks nobody, and who has no address yet is not somebody (RFC 5227; RFC 4862, section 5.4)
        if (!isNobody && !isOwn && (asks || CaptureDecoder.NEIGHBOUR_REPLY == packet.type()))
        {
            onExchange(packet, outward, nowNs, !asks);
        }
    }

    private void onIcmp(final CaptureDecoder packet, final ConversationKey outward, final long nowNs)
    {
        final boolean isV4 = CaptureDecoder.ICMP == packet.protocol();
        if ((isV4 ? 8 : 128) == packet.type())
        {
            onExchange(packet, outward, nowNs, false);
        }
        else if ((isV4 ? 0 : 129) == packet.type())
        {
            onExchange(packet, outward.answering(), nowNs, true);
        }
    }

    private void onUnreachable(final CaptureDecoder packet, final long nowNs)
    {
        final ConversationKey key = packet.quoted();
        final boolean isNumbered = CaptureDecoder.TCP == key.protocol();
        final RecentTable<State> table =
            isNumbered || CaptureDecoder.SCTP == key.protocol() ? pending : exchanges;
        final State known = table.get(key);
        if (null != known && !known.isAccepted && (!isNumbered || packet.sequence() == known.initiatorSequence))
        {
            table.remove(key);
            tell(ConversationKind.UNREACHABLE, key, 0, nowNs);
        }
    }

    /** Who began it is looked up only for the packet that is reported. */
    private void measure(
        final CaptureDecoder packet, final ConversationKey outward, final long bytes, final long nowNs)
    {
        switch (tables.senderOf(outward, packet.tcpFlags()))
        {
            case INITIATOR:
                record.volume(outward, 0, bytes, nowNs);
                break;

            case RESPONDER:
                record.volume(outward.back(), Conversation.FLAG_FROM_RESPONDER, bytes, nowNs);
                break;

            default:
                record.volume(outward, Conversation.FLAG_UNORIENTED, bytes, nowNs);
                break;
        }
        sink.onRecord(record.withLength(packet.wireLength()));
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
