package io.aswarm.sketch;

/**
 * Generators of the ordinary life of a GPU cluster: the services that run beside its jobs.
 */
public final class ClusterServices extends Timetable
{
    /**
     * Seed it.
     *
     * @param seed of everything that is drawn.
     */
    public ClusterServices(final long seed)
    {
        super(seed);
    }

    /**
     * Speak IPv6 from here on.
     *
     * @return this.
     */
    public ClusterServices overIpv6()
    {
        useIpv6();
        return this;
    }

    /**
     * NCCL bootstraps: every rank calls the root, then its neighbours in the ring at ports that they just told, then
     * queue pairs of RoCE send datagrams that are answered by other conversations (UDP 4791).
     *
     * @param atNs  when.
     * @param ranks one on each host.
     * @return this.
     */
    public ClusterServices collectiveBootstrap(final long atNs, final int ranks)
    {
        for (int rank = 0; rank < ranks; rank++)
        {
            final long whenNs = atNs + random.nextInt(200) * MILLISECOND_NS;
            connection(whenNs, inside(rank), inside(0), 29_400, roundTripNs(100 * MICROSECOND_NS));
            for (final int step : new int[]{1, ranks - 1})
            {
                final int neighbour = (rank + step) % ranks;
                connection(
                    whenNs + 300 * MILLISECOND_NS, inside(rank), inside(neighbour), 33_000 + random.nextInt(20_000),
                    roundTripNs(100 * MICROSECOND_NS));
                for (int pair = 0; pair < 8; pair++)
                {
                    final int sourcePort = 49_152 + random.nextInt(16_384);
                    event(
                        ConversationKind.OPENED, whenNs + 400 * MILLISECOND_NS, inside(rank), inside(neighbour),
                        sourcePort, 4_791, UDP);
                    for (int burst = 0; burst < 8; burst++)
                    {
                        volume(
                            whenNs + (500 + burst) * MILLISECOND_NS, inside(rank), inside(neighbour), sourcePort,
                            4_791, UDP, 8L << 20);
                    }
                }
            }
        }
        return this;
    }

    /**
     * The members of an etcd cluster hold connections to each other and beat each 100 ms; now and then one is opened
     * anew, or ends.
     *
     * @param atNs    when.
     * @param members of it.
     * @param seconds that it lasts.
     * @return this.
     */
    public ClusterServices consensus(final long atNs, final int members, final int seconds)
    {
        for (int member = 0; member < members; member++)
        {
            for (int peer = 0; peer < members; peer++)
            {
                if (member != peer)
                {
                    final long from = inside(41_000 + member);
                    final long to = inside(41_000 + peer);
                    connection(atNs, from, to, 2_380, 200 * MICROSECOND_NS);
                    final int sourcePort = samePort();
                    for (int beat = 0; beat < 10 * seconds; beat++)
                    {
                        volume(atNs + beat * 100 * MILLISECOND_NS, from, to, sourcePort, 2_380, TCP, 1_024);
                    }
                    for (int second = 20; second < seconds; second += 20)
                    {
                        connection(atNs + second * SECOND_NS, from, to, 2_380, 200 * MICROSECOND_NS);
                        ended(atNs + (second + 1) * SECOND_NS, from, to, samePort(), 2_380, 1_000);
                    }
                }
            }
        }
        return this;
    }

    /**
     * Kubernetes probes its pods each ten seconds; new ones refuse until they are up.
     *
     * @param atNs  when.
     * @param nodes each with some pods.
     * @param pods  of a node; one in ten is new.
     * @return this.
     */
    public ClusterServices livenessProbes(final long atNs, final int nodes, final int pods)
    {
        for (int node = 0; node < nodes; node++)
        {
            for (int pod = 0; pod < pods; pod++)
            {
                final long target = inside(20_000 + node * pods + pod);
                for (int round = 0; round < 6; round++)
                {
                    final long whenNs = atNs + round * 10 * SECOND_NS + random.nextInt(10_000) * MILLISECOND_NS;
                    if (pod % 10 == 0 && round < 2)
                    {
                        event(ConversationKind.OPENED, whenNs, inside(node), target, port(), 8_080, TCP);
                        event(
                            ConversationKind.REFUSED, whenNs + 80 * MICROSECOND_NS, inside(node), target, samePort(),
                            8_080, TCP);
                    }
                    else
                    {
                        connection(whenNs, inside(node), target, 8_080, 100 * MICROSECOND_NS);
                        ended(whenNs + 3 * MILLISECOND_NS, inside(node), target, samePort(), 8_080, 3);
                    }
                }
            }
        }
        return this;
    }

    /**
     * Prometheus scrapes its targets each 15 seconds over connections that it keeps; one in a hundred is down.
     *
     * @param atNs    when.
     * @param targets of it.
     * @param rounds  of 15 seconds.
     * @return this.
     */
    public ClusterServices scrape(final long atNs, final int targets, final int rounds)
    {
        final long server = inside(42_000);
        for (int round = 0; round < rounds; round++)
        {
            for (int target = 0; target < targets; target++)
            {
                final long whenNs =
                    atNs + round * 15 * SECOND_NS + target * 15 * SECOND_NS / targets + random.nextInt(1_000_000);
                if (target % 100 == 37)
                {
                    event(ConversationKind.OPENED, whenNs, server, inside(target), port(), 9_100, TCP);
                    event(
                        ConversationKind.REFUSED, whenNs + 200 * MICROSECOND_NS, server, inside(target), samePort(),
                        9_100, TCP);
                }
                else if (round == 0)
                {
                    connection(whenNs, server, inside(target), 9_100, roundTripNs(200 * MICROSECOND_NS));
                }
            }
        }
        return this;
    }

    /**
     * A mirror fetches packages from upstream, and hosts fetch them from the mirror.
     *
     * @param atNs  when.
     * @param hosts that fetch.
     * @return this.
     */
    public ClusterServices mirror(final long atNs, final int hosts)
    {
        final long mirror = inside(43_000);
        for (int stream = 0; stream < 4; stream++)
        {
            connection(atNs + stream * SECOND_NS, mirror, outside(500), 873, 20 * MILLISECOND_NS);
            for (int part = 0; part < 100; part++)
            {
                answerVolume(atNs + (5 + part) * SECOND_NS / 4, mirror, outside(500), samePort(), 873, 16L << 20);
            }
        }
        for (int host = 0; host < hosts; host++)
        {
            final long whenNs = atNs + random.nextInt(30_000) * MILLISECOND_NS;
            for (int fetch = 0; fetch < 6; fetch++)
            {
                connection(whenNs + fetch * 200 * MILLISECOND_NS, inside(host), mirror, 80, 200 * MICROSECOND_NS);
                ended(whenNs + (fetch * 200 + 150) * MILLISECOND_NS, inside(host), mirror, samePort(), 80, 150);
            }
        }
        return this;
    }

    /**
     * Hosts send their backups to a server of the site, over SSH.
     *
     * @param atNs  when.
     * @param hosts one after another, with some at a time.
     * @return this.
     */
    public ClusterServices backup(final long atNs, final int hosts)
    {
        for (int host = 0; host < hosts; host++)
        {
            final long whenNs = atNs + host * 2 * SECOND_NS;
            connection(whenNs, inside(host), inside(43_500), 22, 200 * MICROSECOND_NS);
            for (int part = 0; part < 60; part++)
            {
                volume(
                    whenNs + part * SECOND_NS, inside(host), inside(43_500), samePort(), 22, TCP, 64L << 20);
            }
            ended(whenNs + 61 * SECOND_NS, inside(host), inside(43_500), samePort(), 22, 61_000);
        }
        return this;
    }

    /**
     * Hosts set their clocks by four servers outside, each 64 seconds.
     *
     * @param atNs   when.
     * @param hosts  that ask.
     * @param rounds of 64 seconds.
     * @return this.
     */
    public ClusterServices clocks(final long atNs, final int hosts, final int rounds)
    {
        for (int host = 0; host < hosts; host++)
        {
            for (int round = 0; round < rounds; round++)
            {
                for (int server = 0; server < 4; server++)
                {
                    exchange(
                        atNs + round * 64 * SECOND_NS + host * 7 * MILLISECOND_NS, inside(host), outside(700 + server),
                        123, 123);
                }
            }
        }
        return this;
    }

    /**
     * Devices announce themselves (mDNS), one searches (SSDP), and all answer it: from a service's port, at once, and
     * as far as addresses tell nobody had asked them.
     *
     * @param atNs    when.
     * @param devices on the link.
     * @return this.
     */
    public ClusterServices discovery(final long atNs, final int devices)
    {
        for (int device = 0; device < devices; device++)
        {
            event(
                ConversationKind.OPENED, atNs + random.nextInt(5_000) * MILLISECOND_NS, inside(device), group(0xfb),
                5_353, 5_353, UDP);
        }
        for (int round = 0; round < 3; round++)
        {
            final long searchNs = atNs + (10 + 10 * round) * SECOND_NS;
            final int sourcePort = port();
            event(ConversationKind.OPENED, searchNs, inside(3), group(0x0c), sourcePort, 1_900, UDP);
            for (int device = 4; device < devices; device++)
            {
                event(
                    ConversationKind.OPENED, searchNs + random.nextInt(3_000) * MILLISECOND_NS, inside(device),
                    inside(3), 1_900, sourcePort, UDP);
            }
        }
        return this;
    }

    /**
     * Routers hold BGP sessions and beat BFD both ways, which are conversations of their own.
     *
     * @param atNs    when.
     * @param routers each with the next one.
     * @param seconds that it lasts.
     * @return this.
     */
    public ClusterServices routing(final long atNs, final int routers, final int seconds)
    {
        for (int router = 0; router < routers; router++)
        {
            final long here = inside(44_000 + router);
            final long there = inside(44_000 + (router + 1) % routers);
            connection(atNs, here, there, 179, 200 * MICROSECOND_NS);
            final int session = samePort();
            for (int second = 0; second < seconds; second += 30)
            {
                volume(atNs + second * SECOND_NS, here, there, session, 179, TCP, 1_024);
                event(ConversationKind.OPENED, atNs + second * SECOND_NS, here, there, 49_152 + router, 3_784, UDP);
                event(ConversationKind.OPENED, atNs + second * SECOND_NS, there, here, 49_900 + router, 3_784, UDP);
                volume(atNs + second * SECOND_NS, here, there, 49_152 + router, 3_784, UDP, 32_768);
            }
        }
        return this;
    }

    /**
     * A management host polls the controllers of all boards each minute; one in fifty is dead.
     *
     * @param atNs        when.
     * @param controllers polled.
     * @param rounds      of a minute.
     * @return this.
     */
    public ClusterServices boardPolls(final long atNs, final int controllers, final int rounds)
    {
        final int sourcePort = port();
        for (int round = 0; round < rounds; round++)
        {
            for (int controller = 0; controller < controllers; controller++)
            {
                final long whenNs =
                    atNs + round * 60 * SECOND_NS + controller * 30 * SECOND_NS / controllers + random.nextInt(1_000);
                if (controller % 50 == 7)
                {
                    event(
                        ConversationKind.OPENED, whenNs, inside(47_000), inside(30_000 + controller), sourcePort, 623,
                        UDP);
                }
                else
                {
                    exchange(whenNs, inside(47_000), inside(30_000 + controller), sourcePort, 623);
                }
            }
        }
        return this;
    }

    /**
     * Power comes back to racks: the small stacks of their devices (power strips, sensors) all open to a collector that
     * is not up yet, eight channels each, and again each second; it refuses, then is silent, then serves.
     *
     * @param atNs    when.
     * @param devices that nobody heard before.
     * @return this.
     */
    public ClusterServices devices(final long atNs, final int devices)
    {
        for (int opening = 0; opening < devices * 8 * 10; opening++)
        {
            final int round = opening / (devices * 8);
            final long whenNs = atNs + round * SECOND_NS + opening % 8 * 20 * MICROSECOND_NS;
            final long device = inside(49_000 + opening / 8 % devices);
            final int sourcePort = port();
            bareOpening(whenNs, device, inside(43_900), sourcePort, 1_883);
            if (round < 5 || round == 9)
            {
                event(
                    round < 5 ? ConversationKind.REFUSED : ConversationKind.ESTABLISHED, whenNs + MILLISECOND_NS,
                    device, inside(43_900), sourcePort, 1_883, TCP);
            }
        }
        return this;
    }

    /**
     * Somebody traces routes: three datagrams for each hop, to a port of its own each, until the target says that it is
     * unreachable there.
     *
     * @param atNs    when.
     * @param targets one after another.
     * @return this.
     */
    public ClusterServices traces(final long atNs, final int targets)
    {
        for (int target = 0; target < targets; target++)
        {
            final long to = target % 2 == 0 ? inside(48_000 + target) : outside(800 + target);
            final int sourcePort = port();
            for (int probe = 0; probe < 24; probe++)
            {
                final long whenNs = atNs + target * 2 * SECOND_NS + probe * 30 * MILLISECOND_NS;
                event(ConversationKind.OPENED, whenNs, inside(9), to, sourcePort, 33_434 + probe, UDP);
                if (probe >= 21)
                {
                    event(
                        ConversationKind.UNREACHABLE, whenNs + 5 * MILLISECOND_NS, inside(9), to, sourcePort,
                        33_434 + probe, UDP);
                }
            }
        }
        return this;
    }
}
