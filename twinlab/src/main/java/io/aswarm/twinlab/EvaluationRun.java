package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.quorum.ElevationTable;
import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.LocalPolicy;
import io.aswarm.sketch.LocalPolicyConfig;
import io.aswarm.sketch.ProcessEvent;
import io.aswarm.sketch.Scenario;
import io.aswarm.sketch.Signal;
import io.aswarm.sketch.SketchCounter;
import io.aswarm.trust.DocumentException;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * One recording, shown to the appliance's own {@link LocalPolicy} on virtual time. Keeps what the policy said at two
 * thresholds: a signal is its weakest word, an elevation is what a node alone would act on, by the row for a roster of
 * one in the {@link ElevationTable}.
 */
final class EvaluationRun implements Recording.Observer
{
    /** Virtual time that passes after the last entry, so that silence can still become evidence. */
    static final long AFTERWARD_NS = 2_000_000_000L;
    private static final int COUNTER_LENGTH = 128;
    private static final long TICK_MIN_NS = 1_000_000L;
    private static final int TICK_SHARE = 100;
    private static final int ROSTER_OF_ONE = 1;
    /** Any: the same recording must give the same result, and nobody aims collisions at it. */
    private static final long HASH_KEY = 0x5DEECE66DL;

    private record HostWindow(IpAddress host, long number)
    {
    }

    private final Recording recording;
    private final GroundTruth truth;
    private final AttackCounts counts = new AttackCounts();
    private final VirtualClock clock = new VirtualClock(0);
    private final ElevationTable bars = ElevationTable.standard();
    private final Accusations signals;
    private final Accusations elevations;
    private final List<ReferenceDetector> references;
    private final Map<String, Accusations> referenceAccusations = new LinkedHashMap<>();
    private final Set<HostWindow> windows = new HashSet<>();
    private final LocalPolicy policy;
    private long packets;
    private long attackPackets;
    private long attackBeginNs;

    private EvaluationRun(final Recording recording, final List<ReferenceDetector> references)
    {
        this.recording = recording;
        this.truth = recording.truth();
        this.signals = new Accusations(truth);
        this.elevations = new Accusations(truth);
        this.references = references;
        this.policy = new LocalPolicy(policyConfig(), this::onSignal, counters());
        for (final ReferenceDetector reference : references)
        {
            final Accusations its = new Accusations(truth);
            referenceAccusations.put(reference.label(), its);
            reference.sink((subject, isAim) -> its.add(
                new Accusation(reference.label(), subject, isAim, 0, clock.nowNs(), attackPackets)));
        }
    }

    /**
     * Run a recording.
     *
     * @param recording before its first entry.
     * @param references that see the same, at the same time; new ones.
     * @return the run, finished.
     * @throws DocumentException when the recording breaks off.
     */
    static EvaluationRun of(final Recording recording, final List<ReferenceDetector> references)
        throws DocumentException
    {
        final EvaluationRun run = new EvaluationRun(recording, references);
        try
        {
            run.run();
        }
        finally
        {
            run.policy.close();
        }
        return run;
    }

    /** What every run uses: the appliance's defaults. */
    static LocalPolicyConfig policyConfig()
    {
        return LocalPolicyConfig.builder().hashKey(HASH_KEY, 1).build();
    }

    private void run() throws DocumentException
    {
        while (recording.next())
        {
            passTimeUntil(recording.timeNs());
            recording.show(clock.nowNs(), this);
            tick();
        }
        passTimeUntil(clock.nowNs() + AFTERWARD_NS);
        tick();
    }

    /**
     * A node ticks all the time; here the steps grow with the silence, so that a tick is late by no more than a
     * hundredth of it, and a day without a packet costs a few thousand steps.
     */
    private void passTimeUntil(final long instantNs)
    {
        final long silentNs = clock.nowNs();
        long stepNs = TICK_MIN_NS;
        while (0 != silentNs && instantNs - clock.nowNs() > stepNs)
        {
            clock.advanceTo(clock.nowNs() + stepNs);
            tick();
            stepNs = Math.max(TICK_MIN_NS, (clock.nowNs() - silentNs) / TICK_SHARE);
        }
        clock.advanceTo(instantNs);
    }

    private void tick()
    {
        recording.pass(clock.nowNs(), this);
        int work = policy.onTick(clock.nowNs());
        while (work >= LocalPolicy.TICK_CONTACTS_MAX)
        {
            work = policy.onTick(clock.nowNs());
        }
        for (final ReferenceDetector reference : references)
        {
            reference.onTick(clock.nowNs());
        }
    }

    @Override
    public void onPacket(final CapturedPacket packet, final boolean isAttack)
    {
        packets++;
        windows.add(new HostWindow(packet.source(), Math.floorDiv(packet.timeNs(), Accusations.WINDOW_NS)));
        if (isAttack)
        {
            attackBeginNs = 0 == attackPackets ? packet.timeNs() : attackBeginNs;
            attackPackets++;
            counts.onPacket(packet);
        }
        for (final ReferenceDetector reference : references)
        {
            reference.onPacket(packet, isAttack);
        }
    }

    @Override
    public void onConversation(final Conversation conversation)
    {
        counts.onConversation(conversation, truth.isAttack(
            ReferenceDetector.initiator(conversation), ReferenceDetector.responder(conversation),
            conversation.timeNs()));
        for (final ReferenceDetector reference : references)
        {
            reference.onConversation(conversation);
        }
    }

    @Override
    public void onDelivered(final Conversation conversation)
    {
        policy.onConversation(conversation);
    }

    @Override
    public void onProcess(final ProcessEvent event)
    {
        if (!truth.isBenign())
        {
            counts.onProcess(event);
        }
        policy.onProcess(event);
    }

    private void onSignal(final Signal signal)
    {
        final Scenario scenario = scenario(signal.scenario());
        final Accusation accusation = new Accusation(
            scenario.label(), new IpAddress(signal.subjectHigh(), signal.subjectLow()),
            Signal.ROLE_AIM == signal.subjectRole(), signal.evidenceNats(), clock.nowNs(), attackPackets);
        signals.add(accusation);
        if (signal.evidenceNats() >= bars.row(signal.scenario(), ROSTER_OF_ONE).localBarNats())
        {
            elevations.add(accusation);
        }
    }

    private static Scenario scenario(final int code)
    {
        for (final Scenario scenario : Scenario.values())
        {
            if (scenario.code() == code)
            {
                return scenario;
            }
        }
        throw new IllegalStateException("scenario=" + code);
    }

    /** What was said at the weak threshold. */
    Accusations signals()
    {
        return signals;
    }

    /** What would have been acted on. */
    Accusations elevations()
    {
        return elevations;
    }

    /** What each reference said, by its label. */
    Map<String, Accusations> references()
    {
        return Collections.unmodifiableMap(referenceAccusations);
    }

    /** Packets with addresses. */
    long packets()
    {
        return packets;
    }

    /** Those of the attack. */
    long attackPackets()
    {
        return attackPackets;
    }

    /** Virtual time of the attack's first packet; meaningless without one. */
    long attackBeginNs()
    {
        return attackBeginNs;
    }

    /** Whether the recording holds enough of its attack. */
    Decidability.Verdict verdict()
    {
        return new Decidability(bars.row(Scenario.SCAN.code(), ROSTER_OF_ONE).localBarNats())
            .of(truth.kind(), counts);
    }

    /** Where and why the recording broke off, or null. */
    String breakOff()
    {
        return recording.breakOff();
    }

    /** Windows of ten seconds in which a host sent something, summed over hosts. */
    long hostWindows()
    {
        return windows.size();
    }

    private static Function<SketchCounter, AtomicCounter> counters()
    {
        final UnsafeBuffer sink = new UnsafeBuffer(new byte[COUNTER_LENGTH]);
        return (counter) -> new AtomicCounter(sink, 0);
    }
}
