package io.aswarm.dataplane;

import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * Passes every call on to an agent and keeps its longest duty cycle and the number of its stalls.
 */
final class MeteredAgent implements Agent
{
    static final long STALL_NS = 10_000_000L;

    private final Agent agent;
    private final NanoClock clock;
    private final AtomicCounter cycleMax;
    private final AtomicCounter stalls;

    MeteredAgent(final Agent agent, final NanoClock clock, final AtomicCounter cycleMax, final AtomicCounter stalls)
    {
        this.agent = agent;
        this.clock = clock;
        this.cycleMax = cycleMax;
        this.stalls = stalls;
    }

    @Override
    public void onStart()
    {
        agent.onStart();
    }

    @Override
    public int doWork() throws Exception
    {
        final long beginNs = clock.nanoTime();
        try
        {
            return agent.doWork();
        }
        finally
        {
            final long durationNs = clock.nanoTime() - beginNs;
            cycleMax.proposeMaxRelease(durationNs);
            if (durationNs > STALL_NS)
            {
                stalls.incrementRelease();
            }
        }
    }

    @Override
    public void onClose()
    {
        agent.onClose();
    }

    @Override
    public String roleName()
    {
        return agent.roleName();
    }
}
