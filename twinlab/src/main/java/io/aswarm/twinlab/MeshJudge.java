package io.aswarm.twinlab;

import io.aswarm.quorum.Deposit;
import io.aswarm.quorum.DepositVerifier;
import io.aswarm.quorum.Elevation;
import io.aswarm.quorum.ElevationTable;
import io.aswarm.quorum.Witness;
import io.aswarm.trust.Session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Watches every step of a simulated site and says what must not be:
 * <ul>
 *   <li>an elevation without k distinct witnesses, authentic and with the evidence that the table asks for, of whom no
 *   more lie than the site has liars, or without own evidence above the bar;</li>
 *   <li>a witness counted with what its sensors did not see, or twice with the same evidence, or with what it saw
 *   before the node's last elevation of the same, in this life or certified in one before;</li>
 *   <li>two nodes that were told the same and decide differently: each decides as {@link MeshRule} does;</li>
 *   <li>an innocent elevated, or an attacker that some node never elevates although enough nodes keep seeing it;</li>
 *   <li>two honest nodes without a session after all faults are over;</li>
 *   <li>an order of the operators that does not reach a node;</li>
 *   <li>what {@link MeshActs} says of acts.</li>
 * </ul>
 */
final class MeshJudge
{
    private static final int VIOLATIONS_MAX = 20;
    private static final long NEVER = Long.MIN_VALUE;

    private record Subject(int place, int boot, long subject)
    {
    }

    private record Shown(int place, long subject)
    {
    }

    private record Evidence(Subject by, int witness, long bootEpoch)
    {
    }

    private final MeshSimulation simulation;
    private final ElevationTable.Row row;
    private final MeshActs acts;
    private final Map<Subject, MeshRule> rules = new HashMap<>();
    /** Wall clock of the last elevation in one life of a node. */
    private final Map<Subject, Long> elevated = new HashMap<>();
    /** The same of the last one certified, which outlives the process. */
    private final Map<Shown, Long> certified = new HashMap<>();
    private final Set<Shown> elevatedEver = new HashSet<>();
    private final Map<Shown, Double> shown = new HashMap<>();
    private final Map<Evidence, Double> spent = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private Subject changed;
    private long elevations;
    private long unsigned;

    MeshJudge(final MeshSimulation simulation)
    {
        this.simulation = simulation;
        this.row = simulation.plan().row();
        this.acts = new MeshActs(this);
    }

    List<String> violations()
    {
        return violations;
    }

    /** Elevations at followed nodes. */
    long elevations()
    {
        return elevations;
    }

    MeshActs acts()
    {
        return acts;
    }

    /** A sensor's evidence, as the sensor gave it to its node. */
    void onSignal(final MeshNode node, final long subject, final double nats)
    {
        shown.merge(new Shown(node.place(), subject), nats, Math::max);
        if (node.isJudged())
        {
            changed = new Subject(node.place(), node.boots(), subject);
            // on the wire in milli-nats
            rule(changed).onOwn(Math.floor(nats * 1000) / 1000, node.wallNs());
        }
    }

    void onAccepted(final MeshNode node, final Deposit deposit)
    {
        if (node.isJudged())
        {
            final Subject subject = new Subject(node.place(), node.boots(), deposit.subjectLow());
            changed = rule(subject).onAccepted(deposit) ? subject : changed;
        }
    }

    void onElevation(final MeshNode node, final Elevation elevation)
    {
        if (!node.isJudged())
        {
            return;
        }
        elevations++;
        final Subject subject = new Subject(node.place(), node.boots(), elevation.subjectLow());
        final long lastEpochNs = lastEpochNs(subject);
        if (NEVER == lastEpochNs)
        {
            final MeshRule rule = rules.get(subject);
            require(null != rule && rule.allows(node.wallNs(), node.wasDegraded()), node,
                "elevated " + name(subject.subject) + " on less than the table asks for");
        }
        elevated.put(subject, elevation.elevatedEpochNs());
        if (elevatedEver.add(new Shown(node.place(), subject.subject)))
        {
            simulation.onFirstElevation(node, subject.subject);
        }
        witnesses(node, elevation);
        for (final Witness witness : elevation.witnesses())
        {
            witness(node, subject, lastEpochNs, elevation, witness);
        }
    }

    /** What an elevation rests on, as the certificate will hold it. */
    void onEvidence(final MeshNode node, final Elevation elevation)
    {
        if (node.isJudged())
        {
            certified.merge(
                new Shown(node.place(), elevation.subjectLow()), elevation.elevatedEpochNs(), Math::max);
            for (final Witness witness : elevation.witnesses())
            {
                // under session keys a witness may die, be cut off or lie before it has signed: it is then left out
                final boolean isLeftOut = simulation.plan().hasSessions && 0 == witness.deposit().length;
                require(isLeftOut || simulation.signatures().read(witness.deposit()).isAuthentic(), node, "elevated " +
                    name(elevation.subjectLow()) + " by node-" + witness.nodeId() + " whose deposit is not authentic");
                unsigned += isLeftOut ? 1 : 0;
            }
        }
    }

    /** Witnesses who did not sign in time what they had said under session keys. */
    long unsigned()
    {
        return unsigned;
    }

    /** A node has done a duty cycle: what it was told in it must have been decided upon. */
    void afterWork(final MeshNode node)
    {
        if (null != changed)
        {
            require(NEVER != lastEpochNs(changed) ||
                !rules.get(changed).requires(node.wallNs(), node.wasDegraded()), node,
                "did not elevate " + name(changed.subject) + " on enough evidence");
            changed = null;
        }
    }

    /** All is quiet and everybody was connected for a while. */
    void atEnd(final Iterable<MeshNode> nodes)
    {
        for (final MeshNode node : nodes)
        {
            if (node.isJudged())
            {
                acts.atEnd(node);
                atEnd(node);
                sessions(node, nodes);
            }
        }
    }

    private void atEnd(final MeshNode node)
    {
        require(!node.isHalted(), node, "is still suspended after all others were resumed");
        for (final MeshPlan.Episode episode : simulation.plan().episodes)
        {
            final boolean isElevated = elevatedEver.contains(new Shown(node.place(), episode.subject()));
            require(MeshPlan.Truth.ATTACK != episode.truth() || isElevated, node,
                "never elevated " + name(episode.subject()) + " though enough saw it");
        }
    }

    /** Whatever broke, sessions stand again between all that are honest. */
    private void sessions(final MeshNode node, final Iterable<MeshNode> nodes)
    {
        final MeshPlan plan = simulation.plan();
        if (plan.hasSessions && plan.nodes <= Session.PEERS_MAX + 1)
        {
            for (final MeshNode other : nodes)
            {
                require(other == node || !other.isJudged() || node.reaches(other), node,
                    "has no session with node-" + (other.place() + 1));
            }
        }
    }

    void require(final boolean holds, final MeshNode node, final String otherwise)
    {
        if (!holds && violations.size() < VIOLATIONS_MAX)
        {
            violations.add(String.format(Locale.ROOT, "at %.6f s node-%d %s",
                simulation.agenda().nowNs() / 1e9, node.place() + 1, otherwise));
        }
    }

    /** When a node elevated a subject last, as far as it can still know. */
    private long lastEpochNs(final Subject subject)
    {
        return Math.max(elevated.getOrDefault(subject, NEVER),
            certified.getOrDefault(new Shown(subject.place, subject.subject), NEVER));
    }

    private MeshRule rule(final Subject subject)
    {
        return rules.computeIfAbsent(subject, (ignore) -> new MeshRule(row));
    }

    private void witnesses(final MeshNode node, final Elevation elevation)
    {
        final String name = name(elevation.subjectLow());
        final MeshPlan plan = simulation.plan();
        final Set<Integer> distinct = new HashSet<>();
        int honest = 0;
        double sum = 0;
        for (final Witness witness : elevation.witnesses())
        {
            distinct.add(witness.nodeId());
            honest += plan.isLiar(witness.nodeId() - 1) ? 0 : 1;
            sum += witness.countedNats();
        }
        if (elevation.local())
        {
            require(Set.of(node.place() + 1).equals(distinct), node, "elevated " + name + " alone on others' word");
            require(sum >= (node.wasDegraded() ? row.degradedBarNats() : row.localBarNats()) -
                MeshRule.TOLERANCE_NATS, node, "elevated " + name + " alone below its bar");
            return;
        }

        require(!node.wasDegraded(), node, "elevated " + name + " with others while it heard no majority");
        require(distinct.size() >= row.witnesses() && distinct.size() == elevation.witnesses().size(), node,
            "elevated " + name + " on " + distinct.size() + " distinct witnesses of " + row.witnesses());
        require(honest >= row.witnesses() - plan.liars.length, node,
            "elevated " + name + " on " + honest + " honest witnesses");
        require(sum >= row.thresholdNats() - MeshRule.TOLERANCE_NATS, node,
            "elevated " + name + " on " + sum + " nats of " + row.thresholdNats());
        for (final MeshPlan.Episode episode : plan.episodes)
        {
            require(MeshPlan.Truth.CHANCE != episode.truth() || episode.subject() != elevation.subjectLow(), node,
                "elevated " + name + " which is innocent");
        }
    }

    private void witness(
        final MeshNode node,
        final Subject subject,
        final long lastEpochNs,
        final Elevation elevation,
        final Witness witness)
    {
        final String what = name(subject.subject) + " by node-" + witness.nodeId();
        final DepositVerifier.Result read = simulation.signatures().read(witness.deposit());
        require(elevation.local() || witness.countedNats() <= row.clipNats() + MeshRule.TOLERANCE_NATS, node,
            "elevated " + what + " who counts for " + witness.countedNats() + " nats");
        require(null == read.deposit() || read.deposit().lastSeenEpochNs() > lastEpochNs, node,
            "elevated " + what + " who saw nothing since it was elevated last");
        final int place = witness.nodeId() - 1;
        if (simulation.plan().isLiar(place))
        {
            return;
        }

        final Double seen = shown.get(new Shown(place, subject.subject));
        require(null != seen && witness.evidenceNats() <= seen, node,
            "elevated " + what + " whose sensors did not see that");
        final Deposit deposit = read.deposit();
        final Double before = null == deposit ? null :
            spent.put(new Evidence(subject, witness.nodeId(), deposit.bootEpoch()), witness.evidenceNats());
        require(null == before || witness.countedNats() <= witness.evidenceNats() - before + MeshRule.TOLERANCE_NATS,
            node, "elevated " + what + " twice on the same evidence");
    }

    static String name(final long subject)
    {
        return "subject " + (subject - MeshPlan.SUBJECT_FIRST + 1);
    }
}
