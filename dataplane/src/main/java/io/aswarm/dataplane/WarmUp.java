package io.aswarm.dataplane;

import io.aswarm.actuator.Containment;
import io.aswarm.actuator.Outcome;
import io.aswarm.actuator.Probe;
import io.aswarm.actuator.Role;
import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.QuarantineRule;
import io.aswarm.quorum.Elevation;
import io.aswarm.quorum.QuorumProxy;
import io.aswarm.quorum.Witness;
import io.aswarm.sketch.LocalPolicy;
import io.aswarm.sketch.LocalPolicyConfig;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Lets the virtual machine load and compile detection and the adapters before the first real record: whole attacks go
 * the product's way, from a record of the kernel to the signal in the quorum's ring and the line of the event log, on
 * copies that are thrown away. Quorum, actuator and journal warm up themselves. Nothing reaches kernel or disk.
 */
final class WarmUp
{
    /** Some 1,500 records each: enough that the second compiler has seen all that a record meets. */
    static final int ROUNDS = 60;
    static final int ACTS = 2_000;
    /** No more time than this for each of the two, on a machine too busy for all of it. */
    static final long TIME_MAX_NS = 1_000_000_000L;

    private static final Path NOWHERE = Path.of("/dev/null");
    private static final String NOBODY = "warm-up";
    private static final int LINES_MAX = 16;

    private WarmUp()
    {
    }

    /**
     * Run it.
     *
     * @param policyConfig of the node.
     * @param clock        monotonic, for the time it may take.
     * @return lines that would have been in the event log.
     * @throws IOException when even /dev/null cannot be written.
     */
    static long run(final LocalPolicyConfig policyConfig, final NanoClock clock) throws IOException
    {
        final AtomicCounter written = unseen();
        final EventLog eventLog = new EventLog(NOWHERE, NOBODY, LINES_MAX, String::valueOf, () -> 0,
            (counter) -> counter == DataplaneCounter.EVENTS_WRITTEN ? written : unseen(), WarmUp::onError);
        signals(policyConfig, eventLog, clock);
        outcomes(eventLog, clock);
        eventLog.onClose();
        return written.get();
    }

    private static void signals(final LocalPolicyConfig policyConfig, final EventLog eventLog, final NanoClock clock)
    {
        final long startNs = clock.nanoTime();
        final SignalToQuorum toQuorum = new SignalToQuorum(
            new QuorumProxy((counter) -> unseen()), Wakeup.NONE, new EvidenceMemory(), eventLog, clock);
        try (LocalPolicy policy = new LocalPolicy(policyConfig, toQuorum, (counter) -> unseen()))
        {
            final RehearsedTraffic traffic = new RehearsedTraffic(policy);
            for (int round = 0; round < ROUNDS && clock.nanoTime() - startNs < TIME_MAX_NS; round++)
            {
                traffic.play(round);
                drain(eventLog);
            }
        }
    }

    private static void outcomes(final EventLog eventLog, final NanoClock clock)
    {
        final long startNs = clock.nanoTime();
        final AtomicCounter taken = unseen();
        final ElevationToAct toAct = new ElevationToAct(
            (request) -> taken.increment(), Wakeup.NONE, (finding) -> taken.increment(), new EvidenceMemory(),
            eventLog, SystemNanoClock.INSTANCE);
        final OutcomeToDeed toDeed =
            new OutcomeToDeed((deed) -> taken.increment(), Wakeup.NONE, eventLog, SystemNanoClock.INSTANCE);
        for (int i = 0; i < ACTS && clock.nanoTime() - startNs < TIME_MAX_NS; i++)
        {
            final Elevation elevation = elevation(i);
            toAct.onDepositSent(1, 0, RehearsedTraffic.V4_NETWORK + i, i / 7.0, i);
            toAct.onDepositAccepted(1, 1, 0, RehearsedTraffic.V4_NETWORK + i, i / 7.0, i);
            toAct.onElevation(elevation);
            toAct.onEvidence(elevation);
            toDeed.onOutcome(outcome(i));
            drain(eventLog);
        }
    }

    private static void drain(final EventLog eventLog)
    {
        while (eventLog.doWork() > 0)
        {
            Thread.onSpinWait();
        }
    }

    private static void onError(final Throwable throwable)
    {
        throw new IllegalStateException(NOWHERE + ": cannot be written", throwable);
    }

    private static Outcome outcome(final int i)
    {
        final List<Probe> probes = List.of(new Probe("", "", "", true, 1, 1));
        return new Outcome(
            Outcome.Kind.EFFECTIVE, i, i, "", "", 1, "", 0, RehearsedTraffic.V4_NETWORK + i, Role.SOURCE, 1,
            Containment.drop(QuarantineRule.source(new IpAddress(0, RehearsedTraffic.V4_NETWORK + i))), 1, 1, 1, 1, 1,
            probes, 0, "", "");
    }

    private static Elevation elevation(final int i)
    {
        final List<Witness> witnesses = List.of(new Witness(1, "", 1.0, 1.0, 1, 0, new byte[1]));
        return new Elevation(
            i, 1, 0, RehearsedTraffic.V4_NETWORK + i, 20.7 + i / 1_000.0, 20.7, 1, true, witnesses, 1, 1, 1, 0, 0, 0, 1,
            1, 1, 1);
    }

    /** A counter that nobody reads. */
    static AtomicCounter unseen()
    {
        return new AtomicCounter(new UnsafeBuffer(new byte[128]), 0);
    }
}
