package io.aswarm.twinlab;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Says what a decoded packet does to its conversation, by the rules of the XDP program (ebpf, conversation.h): only
 * what is undecided is remembered, answers count when they quote the numbers of the opening, and the same kinds come
 * out. Not thread-safe; the virtual clock is an argument.
 */
final class ConversationTracker
{
    static final int NONE = 0;
    static final int OPENED = 1;
    static final int ACCEPTED = 2;
    static final int ESTABLISHED = 3;
    static final int REFUSED = 4;
    static final int UNREACHABLE = 5;
    static final int ABORTED = 6;

    private static final int CONVERSATIONS_MAX = 65_536;
    private static final int SEQUENCE_WINDOW = 65_535;
    private static final long EXCHANGE_IDLE_NS = 120_000_000_000L;
    private static final int FRAGMENTATION_NEEDED = 4;

    /**
     * A conversation, whichever way a packet of it goes.
     *
     * @param initiatorHigh first eight bytes of who asked.
     * @param initiatorLow  last eight.
     * @param responderHigh first eight bytes of who was asked.
     * @param responderLow  last eight.
     * @param initiatorPort of who asked.
     * @param responderPort of who was asked.
     * @param protocol      IANA number.
     */
    record Key(
        long initiatorHigh, long initiatorLow, long responderHigh, long responderLow, int initiatorPort,
        int responderPort, int protocol)
    {
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

    private final Map<Key, State> conversations = bounded();
    private final Map<Key, State> exchanges = bounded();
    private Key key;
    private boolean isRepeat;

    /**
     * Take a packet.
     *
     * @param packet decoded; an ICMP error is replaced by what it quotes.
     * @param nowNs  virtual time.
     * @return a kind, or {@link #NONE}.
     */
    int onPacket(final CaptureDecoder packet, final long nowNs)
    {
        isRepeat = false;
        switch (packet.protocol())
        {
            case CaptureDecoder.TCP:
                return onTcp(packet, nowNs);

            case CaptureDecoder.UDP:
                return onUdp(packet, nowNs);

            default:
                return onIcmp(packet, nowNs);
        }
    }

    /** The conversation of the packet for which a kind was returned. */
    Key key()
    {
        return key;
    }

    /** Whether it was a retransmitted opening. */
    boolean isRepeat()
    {
        return isRepeat;
    }

    private int onTcp(final CaptureDecoder packet, final long nowNs)
    {
        final int flags = packet.tcpFlags();
        if (0 != (flags & TcpFrame.RST))
        {
            return onReset(packet);
        }
        if (0 == (flags & TcpFrame.ACK))
        {
            return onOpening(packet, nowNs);
        }
        return 0 != (flags & TcpFrame.SYN) ? onAnswer(packet) : onAcknowledgment(packet);
    }

    private int onOpening(final CaptureDecoder packet, final long nowNs)
    {
        key = outward(packet);
        final State known = conversations.get(key);
        isRepeat = null != known && known.initiatorSequence == packet.sequence();
        if (!isRepeat)
        {
            conversations.put(key, new State(nowNs, packet.sequence()));
        }
        return OPENED;
    }

    private int onAnswer(final CaptureDecoder packet)
    {
        key = back(packet);
        final State known = conversations.get(key);
        if (null == known || known.isAccepted || outside(packet.acknowledgment(), known.initiatorSequence + 1))
        {
            return NONE;
        }
        known.isAccepted = true;
        known.responderSequence = packet.sequence();
        return ACCEPTED;
    }

    private int onAcknowledgment(final CaptureDecoder packet)
    {
        key = outward(packet);
        final State known = conversations.get(key);
        if (null == known || !known.isAccepted || outside(packet.acknowledgment(), known.responderSequence + 1))
        {
            return NONE;
        }
        conversations.remove(key);
        return ESTABLISHED;
    }

    private int onReset(final CaptureDecoder packet)
    {
        key = back(packet);
        State known = conversations.get(key);
        if (null != known)
        {
            final boolean isForeign = 0 != (packet.tcpFlags() & TcpFrame.ACK) ?
                outside(packet.acknowledgment(), known.initiatorSequence) :
                !known.isAccepted || outside(packet.sequence(), known.responderSequence);
            if (isForeign)
            {
                return NONE;
            }
            conversations.remove(key);
            return REFUSED;
        }

        key = outward(packet);
        known = conversations.get(key);
        if (null == known || outside(packet.sequence(), known.initiatorSequence))
        {
            return NONE;
        }
        conversations.remove(key);
        return ABORTED;
    }

    private int onUdp(final CaptureDecoder packet, final long nowNs)
    {
        final Key reverse = back(packet);
        final State known = live(reverse, nowNs);
        return null == known ? onExchange(packet, nowNs) : accept(reverse, known, nowNs);
    }

    private int onExchange(final CaptureDecoder packet, final long nowNs)
    {
        key = outward(packet);
        final State known = live(key, nowNs);
        if (null != known)
        {
            known.seenNs = nowNs;
            return NONE;
        }
        exchanges.put(key, new State(nowNs, packet.sequence()));
        return OPENED;
    }

    private int accept(final Key reverse, final State known, final long nowNs)
    {
        key = reverse;
        known.seenNs = nowNs;
        if (known.isAccepted)
        {
            return NONE;
        }
        known.isAccepted = true;
        return ACCEPTED;
    }

    private int onIcmp(final CaptureDecoder packet, final long nowNs)
    {
        final boolean isV4 = CaptureDecoder.ICMP == packet.protocol();
        final int type = packet.icmpType();
        if ((isV4 ? 8 : 128) == type)
        {
            return onExchange(packet, nowNs);
        }
        if ((isV4 ? 0 : 129) == type)
        {
            // the identifier is the initiator's port; the responder has none
            final Key reverse = new Key(packet.destinationHigh(), packet.destinationLow(), packet.sourceHigh(),
                packet.sourceLow(), packet.sourcePort(), 0, packet.protocol());
            final State known = live(reverse, nowNs);
            return null == known ? NONE : accept(reverse, known, nowNs);
        }
        final boolean isUnreachable = (isV4 ? 3 : 1) == type &&
            !(isV4 && FRAGMENTATION_NEEDED == packet.icmpCode());
        return isUnreachable && packet.decodeQuoted() ? onUnreachable(packet) : NONE;
    }

    private int onUnreachable(final CaptureDecoder quoted)
    {
        key = outward(quoted);
        final boolean isTcp = CaptureDecoder.TCP == quoted.protocol();
        final Map<Key, State> map = isTcp ? conversations : exchanges;
        final State known = map.get(key);
        if (null == known || known.isAccepted || (isTcp && quoted.sequence() != known.initiatorSequence))
        {
            return NONE;
        }
        map.remove(key);
        return UNREACHABLE;
    }

    private State live(final Key exchange, final long nowNs)
    {
        final State known = exchanges.get(exchange);
        return null != known && nowNs - known.seenNs <= EXCHANGE_IDLE_NS ? known : null;
    }

    private static boolean outside(final int number, final int base)
    {
        return Integer.compareUnsigned(number - base, SEQUENCE_WINDOW) > 0;
    }

    private static Key outward(final CaptureDecoder packet)
    {
        return new Key(packet.sourceHigh(), packet.sourceLow(), packet.destinationHigh(), packet.destinationLow(),
            packet.sourcePort(), packet.destinationPort(), packet.protocol());
    }

    private static Key back(final CaptureDecoder packet)
    {
        return new Key(packet.destinationHigh(), packet.destinationLow(), packet.sourceHigh(), packet.sourceLow(),
            packet.destinationPort(), packet.sourcePort(), packet.protocol());
    }

    /** Forgets what was not touched for longest, as the kernel's LRU maps do. */
    private static Map<Key, State> bounded()
    {
        return new LinkedHashMap<>(1_024, 0.75f, true)
        {
            @Override
            protected boolean removeEldestEntry(final Map.Entry<Key, State> eldest)
            {
                return size() > CONVERSATIONS_MAX;
            }
        };
    }
}
