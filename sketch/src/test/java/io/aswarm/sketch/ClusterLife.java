package io.aswarm.sketch;

/**
 * Generators of the ordinary life of a GPU cluster: what its jobs do. See {@link ClusterServices} for what runs beside
 * them.
 */
public final class ClusterLife extends Timetable
{
    /**
     * Seed it.
     *
     * @param seed of everything that is drawn.
     */
    public ClusterLife(final long seed)
    {
        super(seed);
    }

    /**
     * Speak IPv6 from here on.
     *
     * @return this.
     */
    public ClusterLife overIpv6()
    {
        useIpv6();
        return this;
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
                        ConversationKind.REFUSED, openedNs + 150 * MICROSECOND_NS, inside(client), server, samePort(),
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
            ended(whenNs + 2 * MILLISECOND_NS, inside(client), inside(46_000), samePort(), 8_080, 2);
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
                answerVolume(
                    whenNs + (1 + part) * 100 * MILLISECOND_NS, inside(host), outside(9_000), samePort(), 443,
                    1 << 20);
            }
            ended(whenNs + 3 * SECOND_NS, inside(host), outside(9_000), samePort(), 443, 3_000);
        }
        return this;
    }
}
