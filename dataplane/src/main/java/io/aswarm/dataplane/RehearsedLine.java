package io.aswarm.dataplane;

import io.aswarm.actuator.OutcomeHandler;
import io.aswarm.actuator.Rehearsal;
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
    /** Its traffic begins so long ago and is quicker than the clock, but never ahead of it: evidence has an age. */
    private static final long PAST_NS = 1_800_000_000_000L;
    private static final long HALF_LIFE_NS = 2 * PAST_NS;

    private final Rehearsal actuators;
    private final EvidenceMemory memory = new EvidenceMemory();
    private final AtomicCounter lines = NodeCounters.unseen();
    private final AtomicCounter findings = NodeCounters.unseen();
    private final AtomicCounter deeds = NodeCounters.unseen();
    private final EventLog eventLog;
    private final Wakeup actuatorThread = new Wakeup();
    private final Agent quorum;
    private final LocalPolicy policy;
    private final RehearsedTraffic traffic;
    private Agent actuator;

    /**
     * A line that has seen nothing.
     *
     * @param policy     of the node, in {@link RehearsedTraffic#SITE}.
     * @param site       of one node.
     * @param actuators  that enforce nothing, told whom their outcomes go to.
     * @param clock      monotonic.
     * @param epochClock wall clock.
     * @throws IOException when even /dev/null cannot be written.
     */
    RehearsedLine(
        final LocalPolicyConfig policy,
        final QuorumConfig site,
        final Function<OutcomeHandler, Rehearsal> actuators,
        final NanoClock clock,
        final EpochNanoClock epochClock)
        throws IOException
    {
        eventLog = new EventLog(
            NOWHERE, NOBODY, LINES_MAX, String::valueOf, clock,
            (counter) -> counter == DataplaneCounter.EVENTS_WRITTEN ? lines : NodeCounters.unseen(),
            RehearsedLine::onError);
        this.actuators = actuators.apply(
            new OutcomeToDeed((deed) -> deeds.increment(), Wakeup.NONE, eventLog, clock));
        final QuorumProxy proxy = new QuorumProxy((counter) -> NodeCounters.unseen());
        final QuorumAgent alone = new QuorumAgent(
            site.halfLifeNs(HALF_LIFE_NS), new NoPeers(), proxy,
            new ElevationToAct(
                this.actuators.proxy(), actuatorThread, (finding) -> findings.increment(), memory, eventLog, clock),
            clock, epochClock, (counter) -> NodeCounters.unseen());
        final Wakeup quorumThread = new Wakeup();
        quorum = quorumThread.share(SharedTurn.of(alone, RehearsedLine::onError));
        this.policy = new LocalPolicy(
            policy, new SignalToQuorum(proxy, quorumThread, memory, eventLog, clock),
            (counter) -> NodeCounters.unseen());
        traffic = new RehearsedTraffic(this.policy, clock.nanoTime() - PAST_NS, this::work);
    }

    /** Every episode once, to its end; an actuator for each round, since a minute's acts are bounded. */
    void play(final int round)
    {
        actuator = actuatorThread.share(SharedTurn.of(actuators.actuator(), RehearsedLine::onError));
        work();
        traffic.play(round);
    }

    /** All there is, the agents by their common name, as their threads call them: none becomes a part of this loop. */
    private void work()
    {
        final Agent[] agents = {quorum, actuator, eventLog};
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
        throw new IllegalStateException("rehearsed", throwable);
    }
}
