package io.aswarm.twinlab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One attack on a site that is up, from its first packet until packets flow again, with a source of its own.
 * <p>
 * Runs on the drill's thread, which polls; sending, capturing and benign traffic have theirs.
 */
final class DrillRun
{
    /** First contacts behind one gateway, each worth less than 1.4 nats: below the 20.7 nats that suffice for one. */
    static final int CONTACTS_PER_RACK = 10;
    private static final long POLL_MS = 5;
    private static final long BURST_LEAD_MS = 100;
    private static final long DRAIN_MS = 50;
    private static final long EFFECT_TIMEOUT_NS = 10_000_000_000L;
    private static final long REVERT_TIMEOUT_NS = 5_000_000_000L;
    private static final long CERTIFICATE_TIMEOUT_NS = 5_000_000_000L;
    /** A stamp of the kernel on the way can be this much later than the attacker's own, made before sending. */
    private static final long STAMP_TOLERANCE_NS = 50_000_000L;

    private final DrillSite site;
    private final Timeline timeline;
    private final Scenario scenario;
    private final int family;
    private final int number;
    private final String source;
    private final AttackPlan plan;
    private final ProbeLog log;
    private final RunObserver observer;
    private final List<String> problems = new ArrayList<>();
    private boolean originKnown;
    private final boolean[] flowing = new boolean[RackPlan.RACKS + 1];

    /**
     * Prepare a run.
     *
     * @param site     that is up.
     * @param timeline that tells it.
     * @param scenario of the attack.
     * @param family   4 or 6.
     * @param number   of the run, from 1.
     * @param seed     of the sequence numbers.
     */
    DrillRun(
        final DrillSite site, final Timeline timeline, final Scenario scenario, final int family, final int number,
        final long seed)
    {
        this.site = site;
        this.timeline = timeline;
        this.scenario = scenario;
        this.family = family;
        this.number = number;
        this.source = RackPlan.attackSource(family, number - 1);
        this.plan = AttackPlan.of(scenario, family, CONTACTS_PER_RACK);
        this.log = new ProbeLog(new Random(seed).nextInt());
        this.observer = new RunObserver(RackPlan.bytes(source));
    }

    String source()
    {
        return source;
    }

    /**
     * Attack, wait, judge.
     *
     * @return what came of it.
     * @throws IOException when the site broke, or was closed by an interruption.
     */
    RunResult run() throws IOException
    {
        timeline.begin(System.nanoTime());
        site.capture().watch(RackPlan.bytes(source), log);
        site.benign().burst();
        observe(BURST_LEAD_MS);

        try (Attacker attacker = new Attacker(site.attackSocket(), plan, RackPlan.bytes(source), log))
        {
            attacker.start();
            await(EFFECT_TIMEOUT_NS, this::allEffective, "proven effect");
            attacker.steady(sentBeforeAnyEffect());
            await(remainingNs() + REVERT_TIMEOUT_NS, this::allFlowing, "packets flowing again after the deadline");
            attacker.stop();
        }
        await(CERTIFICATE_TIMEOUT_NS, this::allCertified, "certificates of containment and of its end");
        observe(DRAIN_MS);
        timeline.flush();
        return judge();
    }

    private int sentBeforeAnyEffect()
    {
        long firstEffectNs = Long.MAX_VALUE;
        for (int rack = 1; rack <= RackPlan.RACKS; rack++)
        {
            final long effectNs = observer.effectiveNs(rack);
            firstEffectNs = 0 == effectNs ? firstEffectNs : Math.min(firstEffectNs, effectNs);
        }
        int number = 0;
        while (number < log.count() && log.sentNs(number) < firstEffectNs)
        {
            number++;
        }
        return number;
    }

    private void await(final long timeoutNs, final java.util.function.BooleanSupplier condition, final String what)
        throws IOException
    {
        final long deadlineNs = System.nanoTime() + timeoutNs;
        poll();
        while (!condition.getAsBoolean())
        {
            if (System.nanoTime() - deadlineNs > 0)
            {
                problems.add("no " + what + " within " + timeoutNs / 1_000_000 + " ms");
                return;
            }
            DrillSite.pause(POLL_MS);
            poll();
        }
    }

    private void observe(final long durationMs) throws IOException
    {
        final long deadlineNs = System.nanoTime() + durationMs * 1_000_000L;
        while (System.nanoTime() - deadlineNs < 0)
        {
            poll();
            DrillSite.pause(POLL_MS);
        }
    }

    private void poll() throws IOException
    {
        if (site.isClosed())
        {
            throw new IOException("interrupted");
        }
        site.capture().check();
        final List<NodeEvent> ours = new ArrayList<>();
        for (final GatewayNode node : site.nodes())
        {
            node.check();
            for (final NodeEvent event : node.poll())
            {
                if (observer.onEvent(node.rack(), event))
                {
                    ours.add(event);
                }
            }
        }

        if (!originKnown && 0 != observer.firstSeenNs())
        {
            originKnown = true;
            timeline.origin(firstNs());
            timeline.at(firstNs(), "", "first attack packet of " + source + " (kernel stamp)");
        }
        ours.forEach(timeline::event);
        timeline.advance(System.nanoTime());
    }

    /** Stamp of the first attack packet by the kernel of a gateway, or the attacker's own when that makes no sense. */
    private long firstNs()
    {
        final long sentNs = log.sentNs(0);
        final long seenNs = observer.firstSeenNs();
        return 0 != seenNs && seenNs - sentNs >= 0 && seenNs - sentNs < STAMP_TOLERANCE_NS ? seenNs : sentNs;
    }

    private boolean expected(final int rack)
    {
        return plan.passes(rack);
    }

    private boolean allEffective()
    {
        return all((rack) -> 0 != observer.effectiveNs(rack));
    }

    private boolean allCertified()
    {
        return all((rack) -> observer.certificates(rack) >= DrillSummary.CERTIFICATES_PER_CONTAINMENT);
    }

    private boolean allFlowing()
    {
        for (int rack = 1; rack <= RackPlan.RACKS; rack++)
        {
            if (!flowing[rack] && expected(rack) && 0 != observer.revertedNs(rack))
            {
                final long againNs = forwarding(rack).flowsAgainNs();
                flowing[rack] = 0 != againNs;
                if (flowing[rack])
                {
                    timeline.at(againNs, RackPlan.gatewayName(rack), "attack packets flow again");
                }
            }
        }
        return all((rack) -> flowing[rack]);
    }

    private boolean all(final java.util.function.IntPredicate condition)
    {
        return java.util.stream.IntStream.rangeClosed(1, RackPlan.RACKS).filter(this::expected).allMatch(condition);
    }

    private long remainingNs()
    {
        long remainingNs = 0;
        for (int rack = 1; rack <= RackPlan.RACKS; rack++)
        {
            if (0 != observer.deadlineNs(rack))
            {
                remainingNs = Math.max(remainingNs, observer.deadlineNs(rack) - System.nanoTime());
            }
        }
        return remainingNs;
    }

    private Forwarding forwarding(final int rack)
    {
        return Forwarding.of(log, rack, observer.effectiveNs(rack), observer.deadlineNs(rack));
    }

    private RunResult judge()
    {
        final List<RunResult.Gateway> gateways = new ArrayList<>();
        for (int rack = 1; rack <= RackPlan.RACKS; rack++)
        {
            if (expected(rack))
            {
                gateways.add(RunResult.Gateway.of(rack, observer, log));
                examine(rack);
            }
            else if (0 != observer.elevations(rack))
            {
                problems.add(RackPlan.gatewayName(rack) + " elevated, which none of the attack's packets passed");
            }
        }
        final long shiftNs = observer.firstSeenNs() - log.sentNs(0);
        if (0 != observer.firstSeenNs() && (shiftNs < 0 || shiftNs >= STAMP_TOLERANCE_NS))
        {
            problems.add("the nodes' first stamp is " + shiftNs + " ns after the attacker's own: MTTD counts from " +
                "the attacker's");
        }
        if (0 != site.capture().lost())
        {
            problems.add("the captures lost " + site.capture().lost() + " frames: absence says little");
        }
        return new RunResult(
            number, scenario, family, source, firstNs(), gateways, log.count(), List.copyOf(problems));
    }

    private void examine(final int rack)
    {
        final String name = RackPlan.gatewayName(rack);
        // more evidence against a source that is contained already is refused, as it should be
        if (0 == observer.effectiveNs(rack) && !observer.refusal(rack).isEmpty())
        {
            problems.add(name + " did not act: " + observer.refusal(rack));
        }
        if (0 != observer.elevatedNs(rack) && !scenario.label().equals(observer.pattern(rack)))
        {
            problems.add(name + " called it " + observer.pattern(rack));
        }
        if (scenario.spread() && 0 != observer.elevatedNs(rack) && observer.witnesses(rack) < 2)
        {
            problems.add(name + " was sure alone: the attack was not spread thin enough to show agreement");
        }
        if (0 != observer.effectiveNs(rack) && 0 == forwarding(rack).blocked())
        {
            problems.add(name + ": no attack packet arrived during containment, so blocking was not seen");
        }
    }
}
