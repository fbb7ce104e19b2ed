package io.aswarm.sketch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Generators of the ordinary life of a GPU cluster, as the sensor would tell it: each fills a timetable of events from
 * one seed; {@link #run} hands them over in the order of their times. Hosts are numbers, addresses those of
 * 198.18.0.0/15; places outside are of 203.0.113.0/24 and on.
 */
public final class ClusterLife
{
    private static final long MICROSECOND_NS = 1_000L;
    private static final long MILLISECOND_NS = 1_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int TCP = 6;
    private static final int UDP = 17;

    private final Random random;
    private final List<Event> events = new ArrayList<>();
    private int nextPort = 32_768;

    /**
     * Seed it.
     *
     * @param seed of everything that is drawn.
     */
    public ClusterLife(final long seed)
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

    private static long inside(final int host)
    {
        return 0x0000_ffff_c612_0000L + host;
    }

    private static long outside(final int place)
    {
        return 0x0000_ffff_cb00_7100L + place;
    }

    private void event(
        final int kind, final long timeNs, final long from, final long to, final int sourcePort, final int port,
        final int protocol)
    {
        events.add(new Event(kind, timeNs, 0, from, 0, to, sourcePort, port, protocol, 0, 0));
    }

    private void volume(
        final long timeNs, final long from, final long to, final int sourcePort, final int port, final int protocol,
        final long bytes)
    {
        events.add(new Event(ConversationKind.VOLUME, timeNs, 0, from, 0, to, sourcePort, port, protocol, 0, bytes));
    }

    private int port()
    {
        nextPort = nextPort == 60_999 ? 32_768 : nextPort + 1;
        return nextPort;
    }

    /** A round trip with a long tail: the median given, one in a hundred ten times that. */
    private long roundTripNs(final long medianNs)
    {
        return (long)(medianNs * Math.exp(random.nextGaussian()));
    }

    private void connection(final long atNs, final long from, final long to, final int port, final long roundTripNs)
    {
        final int sourcePort = port();
        event(ConversationKind.OPENED, atNs, from, to, sourcePort, port, TCP);
        event(ConversationKind.ACCEPTED, atNs + roundTripNs, from, to, sourcePort, port, TCP);
        event(ConversationKind.ESTABLISHED, atNs + roundTripNs + 20_000, from, to, sourcePort, port, TCP);
    }

    /**
     * A collective starts: all open channels to all within some milliseconds, answers queue, and some openings are lost
     * and repeated after a second.
     *
     * @param atNs        when.
     * @param hosts       that take part.
     * @param channels    from each to each.
     * @param lostPercent of openings.
     * @return this.
     */
    public ClusterLife collectiveStart(final long atNs, final int hosts, final int channels, final int lostPercent)
    {
        for (int from = 0; from < hosts; from++)
        {
            for (int to = 0; to < hosts; to++)
            {
                for (int channel = 0; from != to && channel < channels; channel++)
                {
                    final long openedNs = atNs + random.nextInt(20) * MILLISECOND_NS + random.nextInt(1_000_000);
                    final boolean isLost = random.nextInt(100) < lostPercent;
                    if (isLost)
                    {
                        event(ConversationKind.OPENED, openedNs, inside(from), inside(to), port(), 29_500, TCP);
                    }
                    connection(
                        openedNs + (isLost ? SECOND_NS : 0), inside(from), inside(to), 29_500,
                        roundTripNs(400 * MICROSECOND_NS));
                }
            }
        }
        return this;
    }

    /**
     * Checkpoints are written to storage inside the site: elephants.
     *
     * @param atNs    when.
     * @param writers hosts.
     * @return this.
     */
    public ClusterLife checkpoint(final long atNs, final int writers)
    {
        for (int writer = 0; writer < writers; writer++)
        {
            final long storage = inside(40_000 + writer % 8);
            connection(atNs, inside(writer), storage, 2_049, 200 * MICROSECOND_NS);
            for (int megabyte = 0; megabyte < 500; megabyte++)
            {
                volume(
                    atNs + SECOND_NS + megabyte * 5 * MILLISECOND_NS, inside(writer), storage, 900, 2_049, TCP,
                    4L << 20);
            }
        }
        return this;
    }

    /**
     * A health checker asks every host on a few ports each ten seconds; some hosts are down.
     *
     * @param atNs    when.
     * @param checker who asks.
     * @param hosts   asked.
     * @param down    of them do not answer.
     * @param rounds  of ten seconds.
     * @return this.
     */
    public ClusterLife healthChecks(
        final long atNs, final int checker, final int hosts, final int down, final int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            for (int host = 0; host < hosts; host++)
            {
                final long whenNs = atNs + round * 10 * SECOND_NS + host * 5 * MILLISECOND_NS;
                if (host * down / hosts != (host + 1) * down / hosts)
                {
                    event(ConversationKind.OPENED, whenNs, inside(checker), inside(host), port(), 9_100, TCP);
                }
                else
                {
                    connection(whenNs, inside(checker), inside(host), 9_100, 300 * MICROSECOND_NS);
                }
            }
        }
        return this;
    }

    /**
     * Hosts ask a name server: each question from a port of its own, some never answered.
     *
     * @param atNs      when.
     * @param hosts     that ask.
     * @param questions of each.
     * @return this.
     */
    public ClusterLife names(final long atNs, final int hosts, final int questions)
    {
        for (int question = 0; question < questions; question++)
        {
            for (int host = 0; host < hosts; host++)
            {
                final long whenNs = atNs + question * SECOND_NS / 2 + random.nextInt(400) * MILLISECOND_NS;
                final int sourcePort = 1_024 + random.nextInt(64_000);
                event(ConversationKind.OPENED, whenNs, inside(host), inside(50_000), sourcePort, 53, UDP);
                if (random.nextInt(50) > 0)
                {
                    event(
                        ConversationKind.ACCEPTED, whenNs + roundTripNs(2 * MILLISECOND_NS), inside(host),
                        inside(50_000), sourcePort, 53, UDP);
                }
                if (random.nextInt(6) == 0)
                {
                    volume(whenNs, inside(host), inside(50_000), sourcePort, 53, UDP, 1_024);
                }
            }
        }
        return this;
    }

    /**
     * A gateway hides many clients: all their connections come from one address.
     *
     * @param atNs        when.
     * @param connections in a minute, to a few thousand places outside.
     * @return this.
     */
    public ClusterLife addressTranslation(final long atNs, final int connections)
    {
        for (int connection = 0; connection < connections; connection++)
        {
            final long whenNs = atNs + (long)(random.nextDouble() * 60 * SECOND_NS);
            final long place = outside(random.nextInt(3_000));
            if (random.nextInt(50) == 0)
            {
                final int sourcePort = port();
                event(ConversationKind.OPENED, whenNs, inside(60_000), place, sourcePort, 443, TCP);
                event(
                    ConversationKind.REFUSED, whenNs + 40 * MILLISECOND_NS, inside(60_000), place, sourcePort, 443,
                    TCP);
            }
            else
            {
                connection(whenNs, inside(60_000), place, 443, roundTripNs(30 * MILLISECOND_NS));
            }
        }
        return this;
    }

    /**
     * A server restarts: its clients, who all used it before, come back with pools of connections that are refused,
     * again and again, until it serves.
     *
     * @param atNs    when it goes.
     * @param clients of it.
     * @param pool    connections of each.
     * @return this.
     */
    public ClusterLife restart(final long atNs, final int clients, final int pool)
    {
        final long server = inside(45_000);
        for (int client = 0; client < clients; client++)
        {
            connection(atNs - 30 * SECOND_NS + client * MILLISECOND_NS, inside(client), server, 5_432, 300_000);
            for (int round = 0; round < 10; round++)
            {
                final long whenNs = atNs + round * SECOND_NS + random.nextInt(900) * MILLISECOND_NS;
                for (int connection = 0; connection < pool; connection++)
                {
                    final long openedNs = whenNs + connection * 20 * MICROSECOND_NS;
                    event(ConversationKind.OPENED, openedNs, inside(client), server, port(), 5_432, TCP);
                    event(
                        ConversationKind.REFUSED, openedNs + 150 * MICROSECOND_NS, inside(client), server, nextPort,
                        5_432, TCP);
                }
            }
            connection(atNs + 11 * SECOND_NS, inside(client), server, 5_432, 300_000);
        }
        return this;
    }

    /**
     * Short connections in numbers between few, so that ports are used again within seconds.
     *
     * @param atNs        when.
     * @param connections in all, 20,000 a second.
     * @return this.
     */
    public ClusterLife portReuse(final long atNs, final int connections)
    {
        for (int connection = 0; connection < connections; connection++)
        {
            final long whenNs = atNs + connection * 50 * MICROSECOND_NS;
            final int client = connection % 4;
            connection(whenNs, inside(client), inside(46_000), 8_080, 150 * MICROSECOND_NS);
            events.add(new Event(
                ConversationKind.ENDED, whenNs + 2 * MILLISECOND_NS, 0, inside(client), 0, inside(46_000), nextPort,
                8_080, TCP, 0, 2));
        }
        return this;
    }

    /**
     * A job starts on all hosts and fetches its image from a place that nobody asked before.
     *
     * @param atNs  when.
     * @param hosts that fetch.
     * @return this.
     */
    public ClusterLife imageFetch(final long atNs, final int hosts)
    {
        for (int host = 0; host < hosts; host++)
        {
            final long whenNs = atNs + random.nextInt(500) * MILLISECOND_NS;
            connection(whenNs, inside(host), outside(9_000), 443, roundTripNs(20 * MILLISECOND_NS));
            for (int part = 0; part < 20; part++)
            {
                events.add(new Event(
                    ConversationKind.VOLUME, whenNs + (1 + part) * 100 * MILLISECOND_NS, 0, inside(host), 0,
                    outside(9_000), nextPort, 443, TCP, Conversation.FLAG_FROM_RESPONDER, 1 << 20));
            }
            events.add(new Event(
                ConversationKind.ENDED, whenNs + 3 * SECOND_NS, 0, inside(host), 0, outside(9_000), nextPort, 443, TCP,
                0, 3_000));
        }
        return this;
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
