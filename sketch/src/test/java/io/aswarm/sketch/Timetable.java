package io.aswarm.sketch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Events as the sensor would tell them, filled in from one seed and handed over in the order of their times. Hosts are
 * numbers: addresses of 198.18.0.0/15, or of 2001:2::/48 where asked for; places outside are of 203.0.113.0/24 and on,
 * or of 2001:db8::/32.
 */
abstract class Timetable
{
    static final long MICROSECOND_NS = 1_000L;
    static final long MILLISECOND_NS = 1_000_000L;
    static final long SECOND_NS = 1_000_000_000L;
    static final int TCP = 6;
    static final int UDP = 17;
    /** Of the TCP header with which Linux opens. */
    private static final int STACK_HEADER_BYTES = 40;
    private static final long INSIDE = 0x0000_ffff_c612_0000L;
    private static final long OUTSIDE = 0x0000_ffff_cb00_7100L;
    private static final long GROUP = 0x0000_ffff_e000_0000L;

    final Random random;
    private final List<Event> events = new ArrayList<>();
    private boolean isIpv6;
    private int nextPort = 32_768;

    Timetable(final long seed)
    {
        random = new Random(seed);
    }

    /** One event, immutable. */
    private record Event(
        int kind, long timeNs, long initiatorHigh, long initiatorLow, long responderHigh, long responderLow,
        int initiatorPort, int responderPort, int protocol, int flags, long quantity) implements Conversation
    {
        @Override
        public int weight()
        {
            return 1;
        }
    }

    static long inside(final int host)
    {
        return INSIDE + host;
    }

    static long outside(final int place)
    {
        return OUTSIDE + place;
    }

    /** A multicast group on the link. */
    static long group(final int number)
    {
        return GROUP + number;
    }

    /** From here on all is IPv6. */
    void useIpv6()
    {
        isIpv6 = true;
    }

    private long high(final long low)
    {
        if (!isIpv6)
        {
            return 0;
        }
        return low >= GROUP ? 0xff02_0000_0000_0000L :
            low >= OUTSIDE ? 0x2001_0db8_0000_0000L : 0x2001_0002_0000_0000L;
    }

    private long low(final long low)
    {
        if (!isIpv6)
        {
            return low;
        }
        return low >= GROUP ? low - GROUP : low >= OUTSIDE ? low - OUTSIDE + 1 : low - INSIDE + 1;
    }

    final void event(
        final int kind, final long timeNs, final long from, final long to, final int sourcePort, final int port,
        final int protocol)
    {
        final int headerBytes = kind == ConversationKind.OPENED && protocol == TCP ? STACK_HEADER_BYTES : 0;
        events.add(new Event(
            kind, timeNs, high(from), low(from), high(to), low(to), sourcePort, port, protocol, 0, headerBytes));
    }

    /** A device's small stack opens over TCP, and asks for a segment size alone. */
    final void bareOpening(
        final long timeNs, final long from, final long to, final int sourcePort, final int port)
    {
        events.add(new Event(
            ConversationKind.OPENED, timeNs, high(from), low(from), high(to), low(to), sourcePort, port, TCP, 0,
            Conversation.BARE_HEADER_MAX_BYTES));
    }

    /** The initiator sends. */
    final void volume(
        final long timeNs, final long from, final long to, final int sourcePort, final int port, final int protocol,
        final long bytes)
    {
        events.add(new Event(
            ConversationKind.VOLUME, timeNs, high(from), low(from), high(to), low(to), sourcePort, port, protocol, 0,
            bytes));
    }

    /** The responder sends, over TCP. */
    final void answerVolume(
        final long timeNs, final long from, final long to, final int sourcePort, final int port, final long bytes)
    {
        events.add(new Event(
            ConversationKind.VOLUME, timeNs, high(from), low(from), high(to), low(to), sourcePort, port, TCP,
            Conversation.FLAG_FROM_RESPONDER, bytes));
    }

    /** A conversation over TCP is over. */
    final void ended(
        final long timeNs, final long from, final long to, final int sourcePort, final int port, final long lastedMs)
    {
        events.add(new Event(
            ConversationKind.ENDED, timeNs, high(from), low(from), high(to), low(to), sourcePort, port, TCP, 0,
            lastedMs));
    }

    /** Another port of an initiator. */
    final int port()
    {
        nextPort = nextPort == 60_999 ? 32_768 : nextPort + 1;
        return nextPort;
    }

    /** The port that {@link #port()} gave. */
    final int samePort()
    {
        return nextPort;
    }

    /** A round trip with a long tail: the median given, one in a hundred ten times that. */
    final long roundTripNs(final long medianNs)
    {
        return (long)(medianNs * Math.exp(random.nextGaussian()));
    }

    final void connection(final long atNs, final long from, final long to, final int port, final long roundTripNs)
    {
        final int sourcePort = port();
        event(ConversationKind.OPENED, atNs, from, to, sourcePort, port, TCP);
        event(ConversationKind.ACCEPTED, atNs + roundTripNs, from, to, sourcePort, port, TCP);
        event(ConversationKind.ESTABLISHED, atNs + roundTripNs + 20_000, from, to, sourcePort, port, TCP);
    }

    /** A datagram and its answer. */
    final void exchange(final long atNs, final long from, final long to, final int sourcePort, final int port)
    {
        event(ConversationKind.OPENED, atNs, from, to, sourcePort, port, UDP);
        event(ConversationKind.ACCEPTED, atNs + roundTripNs(MILLISECOND_NS), from, to, sourcePort, port, UDP);
    }

    /**
     * Hand the events over in the order of their times.
     *
     * @param to told each.
     * @return how many there were.
     */
    public int run(final Consumer<Conversation> to)
    {
        events.sort(Comparator.comparingLong(Event::timeNs));
        events.forEach(to);
        return events.size();
    }
}
