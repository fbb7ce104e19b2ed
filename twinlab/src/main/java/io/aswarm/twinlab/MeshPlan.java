package io.aswarm.twinlab;

import io.aswarm.quorum.ElevationTable;

import java.util.ArrayList;
import java.util.List;

/**
 * All that happens to a simulated site from outside, drawn from one seed: its network, its faults, its liars, and who
 * sees what. Immutable once drawn.
 */
final class MeshPlan
{
    /** What a site is put through. */
    enum Weather
    {
        /** A local network at rest: no loss, nobody fails, nobody lies. */
        CALM,
        /** Everything at once, in doses drawn from the seed. */
        ROUGH
    }

    /** What is behind the evidence against a subject. */
    enum Truth
    {
        /** It attacks, and enough nodes see it. */
        ATTACK,
        /** It attacks one node, which alone is sure. */
        ATTACK_ON_ONE,
        /** It does nothing; what few nodes see is chance, and too little. */
        CHANCE
    }

    /**
     * Evidence that sensors gather against one subject.
     *
     * @param subject   low half of its address.
     * @param truth     behind it.
     * @param witnesses places of the nodes that see it.
     * @param fromNs    first sight of each of them.
     * @param firstNats of each.
     * @param topNats   that none of them passes.
     */
    record Episode(long subject, Truth truth, int[] witnesses, long[] fromNs, double firstNats, double topNats)
    {
    }

    /** The process of a node dies and comes back. */
    record Crash(int place, long atNs, long backNs)
    {
    }

    /** For a while, what nodes of one side send does not reach the other; both ways unless it is one-way. */
    record Cut(boolean[] side, boolean isOneWay, long fromNs, long untilNs)
    {
    }

    static final int SCENARIO = 1;
    /** High half of every subject's address: in 2001:2::/48, the benchmarking range (RFC 5180). */
    static final long SUBJECT_HIGH = 0x2001_0002_0000_fff0L;
    static final long SUBJECT_FIRST = 0x1000L;
    static final long SECOND_NS = 1_000_000_000L;
    /** Last sights of every attack come after all faults are over, and so much before the end. */
    static final long QUIET_NS = 3 * SECOND_NS;

    private static final double ATTACK_FIRST_NATS = 8;
    /** Below every bar for a node's own evidence. */
    private static final double ATTACK_TOP_NATS = 19;
    /** Above every bar for a node's own evidence. */
    private static final double SURE_NATS = 30;
    private static final double CHANCE_TOP_NATS = 3;
    private static final int STARTS_PER_SECOND = 400;
    /** Two of them differ by more than the age limits alone bear, and by less than with the bounds that nodes claim. */
    private static final int SKEW_MAX_MS = 1_900;
    private static final long CLOCK_ERROR_EXTRA_NS = 1_000_000L;
    /** In larger sites the handshake declines, and agents without it take less memory. */
    private static final int SESSIONS_NODES_MAX = 128;
    private static final double SEALED_SHARE = 0.75;
    private static final long REKEY_CALM_NS = 3_600 * SECOND_NS;
    private static final long SESSION_DRAWS = 0x5E55_1045L;

    final long seed;
    final int nodes;
    final Weather weather;
    final ElevationTable table;
    final int[] liars;
    final List<Episode> episodes = new ArrayList<>();
    final List<Crash> crashes = new ArrayList<>();
    final List<Cut> cuts = new ArrayList<>();
    /** When an operator halts all enforcement, and when it is resumed; none when 0. */
    final long haltNs;
    final long resumeNs;
    final long startedNs;
    final long endNs;
    final double loss;
    final double duplication;
    final double reordering;
    final long delayNs;
    /** By how much each wall clock is wrong, and by how much each node says that it may be. */
    final long[] skewNs;
    final long[] clockErrorNs;
    /** Whether nodes agree on session keys, and how often anew. */
    final boolean hasSessions;
    final long rekeyNs;

    /**
     * Draw a plan.
     *
     * @param seed      of everything.
     * @param nodes     of the site.
     * @param weather   that it is put through.
     * @param liarCount nodes that lie; negative for as many as the seed says and the table bears.
     */
    MeshPlan(final long seed, final int nodes, final Weather weather, final int liarCount)
    {
        this.seed = seed;
        this.nodes = nodes;
        this.weather = weather;
        this.table = ElevationTable.standard();
        final MeshRandom random = new MeshRandom(seed);
        final boolean isRough = Weather.ROUGH == weather;
        final int witnessesMin = row().witnesses();
        final int liarsMax = isRough ? Math.min(witnessesMin - 1, nodes - witnessesMin) : 0;
        // drawn in any case, so that the number said aloud gives the same plan
        final int liarsDrawn = random.below(liarsMax + 1);
        liars = random.distinct(liarCount >= 0 ? liarCount : liarsDrawn, nodes);

        delayNs = random.between(20_000, isRough ? 2_000_000 : 60_000);
        loss = isRough ? random.below(4) * 0.04 : 0;
        duplication = isRough ? random.below(3) * 0.1 : 0;
        reordering = isRough ? random.below(3) * 0.05 : 0;
        skewNs = new long[nodes];
        clockErrorNs = new long[nodes];
        for (int i = 0; i < nodes; i++)
        {
            skewNs[i] = isRough ? random.between(-SKEW_MAX_MS, SKEW_MAX_MS) * 1_000_000L :
                random.between(-1_000_000, 1_000_000);
            clockErrorNs[i] = Math.abs(skewNs[i]) + CLOCK_ERROR_EXTRA_NS;
        }
        final MeshRandom sessions = new MeshRandom(seed ^ SESSION_DRAWS);
        hasSessions = nodes <= SESSIONS_NODES_MAX && (!isRough || sessions.chance(SEALED_SHARE));
        // often, but what a rekey of all costs grows with the square of the site
        rekeyNs = isRough ? nodes * sessions.between(SECOND_NS / 2, 2 * SECOND_NS) : REKEY_CALM_NS;

        startedNs = SECOND_NS + nodes * SECOND_NS / STARTS_PER_SECOND;
        final long faultsEndNs = isRough ? faults(random) : startedNs;
        final boolean isHalted = isRough && random.chance(0.3);
        haltNs = isHalted ? random.between(startedNs, faultsEndNs) : 0;
        resumeNs = isHalted ? haltNs + random.between(SECOND_NS / 10, 2 * SECOND_NS) : 0;
        final int attacks = 1 + random.below(3);
        for (int i = 0; i < attacks; i++)
        {
            attack(random);
        }
        if (isRough)
        {
            surprise(random);
        }
        endNs = Math.max(faultsEndNs, startedNs + 2 * SECOND_NS) + QUIET_NS;
    }

    ElevationTable.Row row()
    {
        return table.row(SCENARIO, nodes);
    }

    boolean isLiar(final int place)
    {
        for (final int liar : liars)
        {
            if (liar == place)
            {
                return true;
            }
        }
        return false;
    }

    /** Time between heartbeats that a site of this size can bear: some seventeen a second of all nodes together. */
    long presenceIntervalNs()
    {
        return Math.max(5 * SECOND_NS, Math.min(600 * SECOND_NS, nodes * 60_000_000L));
    }

    /** Whether what one node sends at this time cannot reach another; the cut, or null. */
    Cut cutBetween(final int from, final int to, final long nowNs)
    {
        for (final Cut cut : cuts)
        {
            if (nowNs >= cut.fromNs && nowNs < cut.untilNs && cut.side[from] != cut.side[to] &&
                (!cut.isOneWay || cut.side[from]))
            {
                return cut;
            }
        }
        return null;
    }

    private long faults(final MeshRandom random)
    {
        long endNs = startedNs;
        final int cutCount = random.below(3);
        for (int i = 0; i < cutCount; i++)
        {
            final long fromNs = random.between(startedNs, startedNs + 3 * SECOND_NS);
            final long untilNs =
                fromNs + random.between(SECOND_NS / 10, random.chance(0.2) ? 12 * SECOND_NS : SECOND_NS);
            final boolean[] side = new boolean[nodes];
            for (int place = 0; place < nodes; place++)
            {
                side[place] = random.chance(0.4);
            }
            cuts.add(new Cut(side, random.chance(0.3), fromNs, untilNs));
            endNs = Math.max(endNs, untilNs);
        }
        final int crashCount = random.below(4);
        for (int i = 0; i < crashCount; i++)
        {
            final int place = random.below(nodes);
            final long atNs = random.between(startedNs, startedNs + 3 * SECOND_NS);
            final long backNs = atNs + random.between(SECOND_NS / 20, 2 * SECOND_NS);
            if (crashes.stream().noneMatch((crash) -> crash.place == place))
            {
                crashes.add(new Crash(place, atNs, backNs));
                endNs = Math.max(endNs, backNs);
            }
        }
        return Math.max(endNs, startedNs + SECOND_NS) + SECOND_NS / 10;
    }

    private void attack(final MeshRandom random)
    {
        final int honest = nodes - liars.length;
        final int least = Math.min(honest, row().witnesses());
        final int count = least + random.below(Math.min(honest - least, 2 * least) + 1);
        add(random, Truth.ATTACK, count, ATTACK_FIRST_NATS, ATTACK_TOP_NATS);
    }

    /** What must not spread: one node's certainty, and chance at so few that the liars stay one witness short. */
    private void surprise(final MeshRandom random)
    {
        final int honest = nodes - liars.length;
        add(random, Truth.ATTACK_ON_ONE, Math.min(1, honest), SURE_NATS, SURE_NATS + 1);
        final int innocents = 1 + random.below(3);
        for (int i = 0; i < innocents; i++)
        {
            final int most = Math.min(honest, Math.max(0, row().witnesses() - 1 - liars.length));
            add(random, Truth.CHANCE, random.below(most + 1), 1, CHANCE_TOP_NATS);
        }
    }

    private void add(
        final MeshRandom random, final Truth truth, final int count, final double firstNats, final double topNats)
    {
        episodes.add(new Episode(SUBJECT_FIRST + episodes.size(), truth, honestPlaces(random, count),
            sights(random, count), firstNats, topNats));
    }

    private int[] honestPlaces(final MeshRandom random, final int count)
    {
        final int[] places = new int[count];
        int found = 0;
        for (final int place : random.distinct(Math.min(nodes, count + liars.length), nodes))
        {
            if (found < count && !isLiar(place))
            {
                places[found++] = place;
            }
        }
        return places;
    }

    private long[] sights(final MeshRandom random, final int count)
    {
        final long fromNs = random.between(startedNs, startedNs + 2 * SECOND_NS);
        final long[] sights = new long[count];
        for (int i = 0; i < count; i++)
        {
            sights[i] = fromNs + random.between(0, SECOND_NS / 5);
        }
        return sights;
    }
}
