package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the tests that a catalog carries: each against a policy of its own, on a clock of its own, with the thresholds
 * of the node and little memory, in a site of private and benchmarking addresses. Every amount of evidence is looked
 * at, however small, so a test can say where evidence stands exactly. Deterministic.
 */
public final class Rehearsal
{
    private static final double EVERY_NATS = 0.1;
    private static final int TABLE = 64;
    private static final int CONTACTS = 4_096;
    private static final long START_NS = 1_000_000_000_000L;
    private static final long EVENT_NS = 1_000L;
    private static final long SETTLE_NS = 3_000_000_000L;
    private static final long TICK_NS = 1_000_000L;
    private static final int TICKS_MAX = 64;
    private static final long COUNTER_LENGTH = 1_024L;

    private final Expectation expectation;
    private final LocalPolicy policy;
    private final RehearsedEvent event = new RehearsedEvent();
    private long nowNs = START_NS;
    private double reachedNats;

    /**
     * What came of a test.
     *
     * @param expectation that was tested.
     * @param reachedNats most evidence that was told of the scenario.
     */
    public record Outcome(Expectation expectation, double reachedNats)
    {
        /**
         * Whether it came as expected.
         *
         * @return true if it did.
         */
        public boolean passed()
        {
            return expectation.matches() ?
                reachedNats >= expectation.nats() && reachedNats < expectation.belowNats() :
                reachedNats < expectation.nats();
        }
    }

    private Rehearsal(
        final Expectation expectation, final LocalPolicyConfig config,
        final Map<SketchCounter, AtomicCounter> counters)
    {
        this.expectation = expectation;
        this.policy = new LocalPolicy(config, this::onSignal, counters::get);
    }

    /**
     * Run the tests of a catalog.
     *
     * @param node whose catalog and thresholds are tested.
     * @return what came of each, in the order of the catalog.
     */
    public static List<Outcome> run(final LocalPolicyConfig node)
    {
        return run(node, node.catalog().expectations());
    }

    static List<Outcome> run(final LocalPolicyConfig node, final List<Expectation> expectations)
    {
        final LocalPolicyConfig small = small(node);
        final Map<SketchCounter, AtomicCounter> counters = counters();
        final List<Outcome> outcomes = new ArrayList<>();
        for (final Expectation expectation : expectations)
        {
            outcomes.add(new Outcome(expectation, new Rehearsal(expectation, small, counters).play()));
        }
        return outcomes;
    }

    private double play()
    {
        try (policy)
        {
            for (final EventStep step : expectation.steps())
            {
                pass(step.pace().afterNs());
                for (int time = 0; time < step.pace().times(); time++)
                {
                    pass(step.pace().beforeNs(time));
                    happen(step, time);
                }
            }
            pass(SETTLE_NS);
            return reachedNats;
        }
    }

    private void happen(final EventStep step, final int time)
    {
        for (final int kind : step.kinds())
        {
            nowNs += EVENT_NS;
            event.set(step, kind, time, nowNs);
            if (kind == EventStep.STARTED)
            {
                policy.onProcess(event);
            }
            else
            {
                policy.onConversation(event);
            }
        }
        policy.onTick(nowNs);
    }

    /** Tick at least each millisecond, or in {@value #TICKS_MAX} equal parts of a long pause. */
    private void pass(final long spanNs)
    {
        final long endNs = nowNs + spanNs;
        final long tickNs = Math.max(TICK_NS, spanNs / TICKS_MAX);
        while (endNs - nowNs > tickNs)
        {
            nowNs += tickNs;
            policy.onTick(nowNs);
        }
        nowNs = endNs;
    }

    private void onSignal(final Signal signal)
    {
        if (signal.scenario() == expectation.scenario())
        {
            reachedNats = Math.max(reachedNats, signal.evidenceNats());
        }
    }

    private static LocalPolicyConfig small(final LocalPolicyConfig node)
    {
        return LocalPolicyConfig.builder()
            .hashKey(0x6173_7761_726d_2d72L, 0x6568_6561_7273_616cL)
            .weakNats(EVERY_NATS)
            .stepNats(EVERY_NATS)
            .evidenceMaxNats(node.evidenceMaxNats())
            .halfLifeNs(node.halfLifeNs())
            .quietNs(node.quietNs())
            .benignSuccess(node.benignSuccess())
            .scannerSuccess(node.scannerSuccess())
            .answerTimeoutNs(node.answerTimeoutNs())
            .repeatNs(node.repeatNs())
            .contactMemoryNs(node.contactMemoryNs())
            .contactsMax(CONTACTS)
            .networksMax(TABLE)
            .pendingMax(2 * CONTACTS)
            .suspectsMax(TABLE)
            .benignUnfinishedPerSecond(node.benignUnfinishedPerSecond())
            .floodUnfinishedPerSecond(node.floodUnfinishedPerSecond())
            .floodBurst(node.floodBurst())
            .floodGraceNs(node.floodGraceNs())
            .floodTrackMin(node.floodTrackMin())
            .floodsMax(TABLE)
            .openingsWidth(CONTACTS)
            .openingsWindowNs(node.openingsWindowNs())
            .verification(node.verification())
            .site(Site.PRIVATE)
            .catalog(node.catalog())
            .build();
    }

    private static Map<SketchCounter, AtomicCounter> counters()
    {
        final int values = (int)COUNTER_LENGTH * SketchCounter.values().length;
        final CountersManager manager = new CountersManager(
            new UnsafeBuffer(ByteBuffer.allocateDirect(4 * values)),
            new UnsafeBuffer(ByteBuffer.allocateDirect(values)));
        final Map<SketchCounter, AtomicCounter> counters = new EnumMap<>(SketchCounter.class);
        for (final SketchCounter counter : SketchCounter.values())
        {
            counters.put(counter, manager.newCounter(counter.label()));
        }
        return counters;
    }
}
