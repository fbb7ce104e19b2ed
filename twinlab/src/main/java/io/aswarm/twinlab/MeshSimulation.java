package io.aswarm.twinlab;

import io.aswarm.quorum.QuorumCounter;
import io.aswarm.quorum.QuorumProxy;
import io.aswarm.trust.Roster;
import io.aswarm.trust.SignedOrder;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A site of real quorum and actuator agents on one thread and on virtual time, put through a plan. The same plan gives
 * the same history, on every machine.
 */
final class MeshSimulation
{
    private static final int COUNTER_LENGTH = 128;
    private static final long TICK_NS = 10_000_000L;
    /** In a large site; what waits for nothing but the budget waits longer then. */
    private static final long TICK_LARGE_NS = 100_000_000L;
    private static final int NODES_LARGE = 200;
    private static final long LIE_INTERVAL_NS = 200_000_000L;
    private static final long FORGERY_INTERVAL_NS = 50_000_000L;
    /** Operators who find nobody at one node try another. */
    private static final long GIVE_AGAIN_NS = 1_000_000L;
    private static final double LIE_NATS = 1e6;
    private static final long LATENCY_MAX_US = 3_600_000_000L;
    private static final int DIGITS = 3;

    private final MeshPlan plan;
    private final MeshKeys keys;
    private final MeshFaults faults;
    private final MeshAgenda agenda = new MeshAgenda();
    private final QuorumProxy proxy;
    private final Map<QuorumCounter, AtomicCounter> counters = new EnumMap<>(QuorumCounter.class);
    private final MeshSignatures signatures;
    private final MeshNetwork network;
    private final MeshJudge judge;
    private final List<MeshNode> nodes = new ArrayList<>();
    private final int followed;
    private final Histogram latencies = new Histogram(LATENCY_MAX_US, DIGITS);
    private final Histogram suspensions = new Histogram(LATENCY_MAX_US, DIGITS);
    private final Map<Long, Map<Integer, Double>> seenBySubject = new HashMap<>();
    private final Map<Long, Long> sufficientNs = new HashMap<>();

    /**
     * A site that has not started.
     *
     * @param plan     of what happens to it.
     * @param keys     of at least as many nodes.
     * @param followed nodes that receive and decide; the others only speak.
     * @param faults   put in by a test.
     */
    MeshSimulation(final MeshPlan plan, final MeshKeys keys, final int followed, final MeshFaults faults)
    {
        this.plan = plan;
        this.keys = keys;
        this.faults = faults;
        this.followed = followed;
        for (final QuorumCounter counter : QuorumCounter.values())
        {
            counters.put(counter, new AtomicCounter(new UnsafeBuffer(new byte[COUNTER_LENGTH]), 0));
        }
        proxy = new QuorumProxy(counters::get);
        signatures = new MeshSignatures(roster());
        final MeshRandom random = new MeshRandom(~plan.seed);
        network = new MeshNetwork(plan, agenda, random.split(), followed,
            (place, datagram) -> nodes.get(place).receive(datagram, agenda.nowNs()));
        judge = new MeshJudge(this);
        final MeshRandom keyBits = new MeshRandom(Long.reverse(plan.seed));
        for (int place = 0; place < plan.nodes; place++)
        {
            nodes.add(new MeshNode(this, place, place < followed, keyBits.split()));
        }
        script(random);
    }

    /** Let it all happen; what came of it. */
    MeshResult run()
    {
        agenda.runUntil(plan.endNs + MeshKeys.TTL_NS + MeshPlan.SECOND_NS);
        judge.atEnd(nodes);
        return new MeshResult(this);
    }

    MeshPlan plan()
    {
        return plan;
    }

    MeshKeys keys()
    {
        return keys;
    }

    MeshFaults faults()
    {
        return faults;
    }

    MeshAgenda agenda()
    {
        return agenda;
    }

    MeshNetwork network()
    {
        return network;
    }

    MeshSignatures signatures()
    {
        return signatures;
    }

    MeshJudge judge()
    {
        return judge;
    }

    Roster roster()
    {
        return keys.roster(plan.nodes);
    }

    /** The one ring of all nodes: it is emptied by the node that a signal is for before there is another. */
    QuorumProxy proxy()
    {
        return proxy;
    }

    /** Counters of all nodes together. */
    AtomicCounter counter(final QuorumCounter counter)
    {
        return counters.get(counter);
    }

    List<MeshNode> nodes()
    {
        return nodes;
    }

    int followed()
    {
        return followed;
    }

    /** Microseconds from the moment at which the site had seen enough to the elevation, over nodes and attacks. */
    Histogram latencies()
    {
        return latencies;
    }

    void onFirstElevation(final MeshNode node, final long subject)
    {
        final Long enoughNs = sufficientNs.get(subject);
        if (null != enoughNs && isAttack(subject))
        {
            latencies.recordValue(
                Math.min(LATENCY_MAX_US, Math.max(0, agenda.nowNs() + node.readingNs() - enoughNs) / 1_000));
        }
    }

    void onOrder(final MeshNode node, final boolean isSuspended)
    {
        if (isSuspended && node.isJudged())
        {
            suspensions.recordValue(Math.max(0, agenda.nowNs() - plan.haltNs) / 1_000);
        }
    }

    /** Microseconds from an order to suspend until a node obeyed. */
    Histogram suspensions()
    {
        return suspensions;
    }

    private void script(final MeshRandom random)
    {
        for (final MeshNode node : nodes)
        {
            agenda.once(0, () -> node.start(agenda.nowNs()));
            agenda.once(random.between(0, plan.startedNs - MeshPlan.SECOND_NS / 2), () ->
            {
                network.connect(node.place());
                node.work(agenda.nowNs());
            });
        }
        final long tickNs = plan.nodes < NODES_LARGE ? TICK_NS : TICK_LARGE_NS;
        agenda.at(tickNs, this::tick);
        for (final MeshPlan.Crash crash : plan.crashes)
        {
            agenda.once(crash.atNs(), () -> nodes.get(crash.place()).kill());
            agenda.once(crash.backNs(), () ->
            {
                network.restart(crash.place());
                nodes.get(crash.place()).start(agenda.nowNs());
            });
        }
        if (0 != plan.haltNs)
        {
            final MeshRandom given = random.split();
            agenda.at(plan.haltNs, (nowNs) -> give(SignedOrder.Action.SUSPEND, given, nowNs));
            agenda.at(plan.resumeNs, (nowNs) -> give(SignedOrder.Action.RESUME, given, nowNs));
        }

        final MeshRandom sights = random.split();
        for (final MeshPlan.Episode episode : plan.episodes)
        {
            for (int i = 0; i < episode.witnesses().length; i++)
            {
                final Sensor sensor = new Sensor(episode, nodes.get(episode.witnesses()[i]), sights);
                agenda.at(episode.fromNs()[i], sensor::see);
            }
        }
        final MeshRandom lies = random.split();
        for (final int liar : plan.liars)
        {
            agenda.at(plan.startedNs + lies.between(0, LIE_INTERVAL_NS), (nowNs) -> lie(nodes.get(liar), lies, nowNs));
        }
        if (MeshPlan.Weather.ROUGH == plan.weather)
        {
            final MeshRandom forger = random.split();
            agenda.at(plan.startedNs, (nowNs) -> forge(forger, nowNs));
        }
    }

    /** Give an order to some node that is up and heeds it. */
    private long give(final SignedOrder.Action action, final MeshRandom random, final long nowNs)
    {
        final MeshNode node = nodes.get(random.below(followed));
        if (!node.isUp() || !node.isJudged())
        {
            return nowNs + GIVE_AGAIN_NS;
        }
        node.order(keys.order(action, MeshNode.EPOCH_NS + nowNs), nowNs);
        return MeshAgenda.Step.DONE;
    }

    private long tick(final long nowNs)
    {
        for (final MeshNode node : nodes)
        {
            node.work(nowNs);
        }
        return nowNs + (plan.nodes < NODES_LARGE ? TICK_NS : TICK_LARGE_NS);
    }

    private long lie(final MeshNode liar, final MeshRandom random, final long nowNs)
    {
        if (liar.isUp())
        {
            final long subject = plan.episodes.get(random.below(plan.episodes.size())).subject();
            liar.signal(
                subject, random.chance(0.5) ? LIE_NATS : 1 + random.below(20), nowNs - random.below(1_000), nowNs);
            if (random.chance(0.02))
            {
                liar.kill();
                network.restart(liar.place());
                liar.start(nowNs);
            }
        }
        return nowNs < plan.endNs ? nowNs + random.between(1, 2 * LIE_INTERVAL_NS) : MeshAgenda.Step.DONE;
    }

    /** Somebody without a key repeats what was said, alters it, says it in another's name, or says nothing sensible. */
    private long forge(final MeshRandom random, final long nowNs)
    {
        final List<MeshDatagram> history = network.history();
        final int session = random.below(plan.nodes * 2) + 1;
        if (!history.isEmpty())
        {
            final byte[] bytes = history.get(random.below(history.size())).bytes.clone();
            switch (random.below(4))
            {
                case 0:
                    break;
                case 1:
                    bytes[random.below(bytes.length)] ^= (byte)(1 << random.below(8));
                    break;
                case 2:
                    bytes[MeshDatagram.NODE_ID_OFFSET] = (byte)(1 + random.below(Math.min(127, plan.nodes)));
                    break;
                default:
                    for (int i = 0; i < bytes.length; i++)
                    {
                        bytes[i] = (byte)random.nextLong();
                    }
                    break;
            }
            final MeshDatagram forged = new MeshDatagram(bytes, session);
            for (int i = 0; i < 3; i++)
            {
                network.inject(forged, random.below(followed));
            }
        }
        return nowNs < plan.endNs ? nowNs + random.between(1, 2 * FORGERY_INTERVAL_NS) : MeshAgenda.Step.DONE;
    }

    private boolean isAttack(final long subject)
    {
        return plan.episodes.stream().anyMatch(
            (episode) -> episode.subject() == subject && MeshPlan.Truth.ATTACK == episode.truth());
    }

    /** Note what honest sensors have seen; the moment at which that would suffice if all knew it. */
    private void onSeen(final MeshNode node, final long subject, final double nats, final long nowNs)
    {
        final Map<Integer, Double> seen = seenBySubject.computeIfAbsent(subject, (ignore) -> new HashMap<>());
        seen.put(node.place(), nats);
        final double sum = seen.values().stream().mapToDouble((each) -> Math.min(plan.row().clipNats(), each)).sum();
        if (seen.size() >= plan.row().witnesses() && sum >= plan.row().thresholdNats())
        {
            sufficientNs.putIfAbsent(subject, nowNs);
        }
    }

    /** One node's sensors and one subject: evidence that grows while it is watched, and anew after a restart. */
    private final class Sensor
    {
        private static final long INTERVAL_MIN_NS = 200_000_000L;
        private static final long INTERVAL_MAX_NS = 500_000_000L;

        private final MeshPlan.Episode episode;
        private final MeshNode node;
        private final MeshRandom random;
        private final long untilNs = plan.endNs - 2 * MeshPlan.SECOND_NS;
        private double nats;
        private long firstSeenNs;
        private int boot;

        private Sensor(final MeshPlan.Episode episode, final MeshNode node, final MeshRandom random)
        {
            this.episode = episode;
            this.node = node;
            this.random = random;
        }

        private long see(final long nowNs)
        {
            if (node.isUp())
            {
                if (boot != node.boots())
                {
                    boot = node.boots();
                    nats = episode.firstNats();
                    firstSeenNs = nowNs;
                }
                onSeen(node, episode.subject(), nats, nowNs);
                node.signal(episode.subject(), nats, firstSeenNs, nowNs);
                nats += (episode.topNats() - nats) / 10;
            }
            final long nextNs = nowNs + random.between(INTERVAL_MIN_NS, INTERVAL_MAX_NS);
            return nextNs < untilNs ? nextNs : MeshAgenda.Step.DONE;
        }
    }
}
