package io.aswarm.dataplane;

import io.aswarm.actuator.ActRequest;
import io.aswarm.actuator.ActuatorAgent;
import io.aswarm.actuator.OutcomeHandler;
import io.aswarm.quorum.NoPeers;
import io.aswarm.quorum.QuorumAgent;
import io.aswarm.quorum.QuorumConfig;
import io.aswarm.quorum.QuorumProxy;
import io.aswarm.sketch.LocalPolicy;
import io.aswarm.sketch.LocalPolicyConfig;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.status.AtomicCounter;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * A second line of this node's own agents, from a record of the kernel to the line of the event log: alone in its site,
 * enforcing nothing, its event log /dev/null, its journal a counter. One thread.
 */
final class RehearsedLine implements AutoCloseable
{
    private static final Path NOWHERE = Path.of("/dev/null");
    private static final String NOBODY = "warm-up";
    private static final int LINES_MAX = 1_024;

    private final Function<OutcomeHandler, ActuatorAgent> actuators;
    private final EvidenceMemory memory = new EvidenceMemory();
    private final AtomicCounter lines = NodeCounters.unseen();
    private final AtomicCounter findings = NodeCounters.unseen();
    private final AtomicCounter deeds = NodeCounters.unseen();
    private final EventLog eventLog;
    private final OutcomeToDeed toDeed;
    private final Wakeup actuatorThread = new Wakeup();
    private final Agent quorum;
    private final LocalPolicy policy;
    private final RehearsedTraffic traffic;
    private ActuatorAgent actuator;

    /**
     * A line that has seen nothing.
     *
     * @param policy     of the node.
     * @param site       of one node.
     * @param actuators  makes one that enforces nothing.
     * @param clock      monotonic.
     * @param epochClock wall clock.
     * @throws IOException when even /dev/null cannot be written.
     */
    RehearsedLine(
        final LocalPolicyConfig policy,
        final QuorumConfig site,
        final Function<OutcomeHandler, ActuatorAgent> actuators,
        final NanoClock clock,
        final EpochNanoClock epochClock)
        throws IOException
    {
        this.actuators = actuators;
        eventLog = new EventLog(
            NOWHERE, NOBODY, LINES_MAX, String::valueOf, clock,
            (counter) -> counter == DataplaneCounter.EVENTS_WRITTEN ? lines : NodeCounters.unseen(),
            RehearsedLine::onError);
        toDeed = new OutcomeToDeed((deed) -> deeds.increment(), Wakeup.NONE, eventLog, clock);
        final QuorumProxy proxy = new QuorumProxy((counter) -> NodeCounters.unseen());
        final QuorumAgent alone = new QuorumAgent(
            site, new NoPeers(), proxy,
            new ElevationToAct(
                this::request, actuatorThread, (finding) -> findings.increment(), memory, eventLog, clock),
            clock, epochClock, (counter) -> NodeCounters.unseen());
        final Wakeup quorumThread = new Wakeup();
        quorum = quorumThread.share(alone, alone::decideAlone, RehearsedLine::onError);
        this.policy = new LocalPolicy(
            policy, new SignalToQuorum(proxy, quorumThread, memory, eventLog, clock),
            (counter) -> NodeCounters.unseen());
        traffic = new RehearsedTraffic(this.policy, clock.nanoTime());
    }

    /** Every episode once, to its end; an actuator for each round, since a minute's acts are bounded. */
    void play(final int round)
    {
        final ActuatorAgent fresh = actuators.apply(toDeed);
        actuator = fresh;
        final Agent shared = actuatorThread.share(fresh, fresh::contain, RehearsedLine::onError);
        // nobody takes a turn before the first
        turn(quorum);
        turn(shared);
        traffic.play(round);
        // by their common name, as their own threads call them: so that none becomes a part of this loop
        final Agent[] agents = {quorum, shared, eventLog};
        int work;
        do
        {
            work = 0;
            for (final Agent agent : agents)
            {
                work += turn(agent);
            }
        }
        while (work > 0);
    }

    /** Lines that would have been in the event log. */
    long lines()
    {
        return lines.get();
    }

    /** Elevations with all signatures that the journal would have got. */
    long findings()
    {
        return findings.get();
    }

    /** Acts and their proof that the journal would have got. */
    long deeds()
    {
        return deeds.get();
    }

    @Override
    public void close()
    {
        policy.close();
        eventLog.onClose();
    }

    private void request(final ActRequest request)
    {
        actuator.proxy().offer(request);
    }

    private static int turn(final Agent agent)
    {
        try
        {
            return agent.doWork();
        }
        catch (final Exception ex)
        {
            throw new IllegalStateException(agent.roleName() + ": rehearsed", ex);
        }
    }

    private static void onError(final Throwable throwable)
    {
        throw new IllegalStateException(NOWHERE + ": cannot be written", throwable);
    }
}
