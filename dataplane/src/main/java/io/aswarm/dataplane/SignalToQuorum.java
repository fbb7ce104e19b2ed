package io.aswarm.dataplane;

import io.aswarm.quorum.QuorumProxy;
import io.aswarm.sketch.Signal;
import io.aswarm.sketch.SignalHandler;
import org.agrona.concurrent.NanoClock;

/**
 * Carries a signal from the local policy to the quorum agent. Sensor thread; allocates nothing. A full ring is
 * the quorum's counter.
 */
public final class SignalToQuorum implements SignalHandler
{
    private final QuorumProxy quorum;
    private final Wakeup quorumThread;
    private final SignalMemory memory;
    private final EventLog eventLog;
    private final NanoClock clock;

    /**
     * Connect a policy with a quorum agent.
     *
     * @param quorum       to tell.
     * @param quorumThread to hand over to.
     * @param memory       to remember it in, with what explains it.
     * @param eventLog     to note it in.
     * @param clock        monotonic.
     */
    public SignalToQuorum(
        final QuorumProxy quorum,
        final Wakeup quorumThread,
        final EvidenceMemory memory,
        final EventLog eventLog,
        final NanoClock clock)
    {
        this.quorum = quorum;
        this.quorumThread = quorumThread;
        this.memory = memory.signals();
        this.eventLog = eventLog;
        this.clock = clock;
    }

    @Override
    public void onSignal(final Signal signal)
    {
        final long nowNs = clock.nanoTime();
        final long id = memory.onSignal(signal, nowNs);
        quorum.offerSignal(
            signal.scenario(), signal.subjectHigh(), signal.subjectLow(), signal.evidenceNats(), signal.count(),
            signal.distinctHosts(), signal.distinctPorts(), signal.aimPort(), signal.aimHigh(), signal.aimLow(),
            signal.firstSeenNs(), signal.lastSeenNs(), signal.subjectRole(), signal.verification());
        quorumThread.handOver();
        eventLog.signal(
            nowNs, id, signal.scenario(), signal.subjectHigh(), signal.subjectLow(), signal.subjectRole(),
            signal.verification(), signal.evidenceNats(), signal.count(), signal.firstSeenNs());
    }
}
