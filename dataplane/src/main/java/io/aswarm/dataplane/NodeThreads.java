package io.aswarm.dataplane;

import io.aswarm.ebpf.CpuAffinity;
import io.aswarm.ebpf.KernelException;
import io.aswarm.ebpf.RealTime;
import io.aswarm.ebpf.ThreadPriority;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Gives each agent its thread, where the plan says, and ends them in the opposite order of their start. An agent that
 * cannot go on takes the node down: half a node is worse than none, since containment holds in the kernel meanwhile.
 */
final class NodeThreads implements AutoCloseable
{
    private static final long START_TIMEOUT_S = 30;
    private static final int NICE_USUAL = 0;
    /** A tenth of the CPU where a thread of usual weight wants the same one. */
    private static final int NICE_BEHIND = 10;

    /** One turn of a thread that decides or acts: woken, it does not wait for the turn of another to end. */
    private static final long SLICE_NS = 100_000;

    private final CloseStack runners;
    private final List<Starting> agents = new ArrayList<>();
    private final ErrorHandler errorHandler;
    private final Runnable onFatal;
    private final NanoClock clock;
    private final AtomicCounter realTimeSpent;

    NodeThreads(
        final ErrorHandler errorHandler,
        final Runnable onFatal,
        final NanoClock clock,
        final AtomicCounter realTimeSpent)
    {
        this.clock = clock;
        this.realTimeSpent = realTimeSpent;
        this.runners = new CloseStack(errorHandler);
        this.errorHandler = errorHandler;
        this.onFatal = onFatal;
    }

    /**
     * Start an agent on a thread of its own. The agents warm up side by side: {@link #awaitStarted()} waits for all.
     *
     * @param agent     to run.
     * @param placement of its thread.
     * @param idle      what it does without work.
     * @param wakeup    told of the thread.
     */
    void start(
        final Agent agent, final ThreadPlan.Placement placement, final IdleStrategy idle, final Wakeup wakeup)
    {
        final RealTime realTime = new RealTime(placement.priority(), SLICE_NS);
        start(
            new Starting(agent, placement.cpu(), NICE_USUAL),
            0 == placement.priority() ?
                idle : new RealTimeIdle(idle, realTime::enter, realTime::leave, clock, realTimeSpent),
            wakeup);
    }

    /** As {@link #start}, for an agent whose work can wait: it leaves a CPU that is short to who decides and acts. */
    void startBehind(
        final Agent agent, final ThreadPlan.Placement placement, final IdleStrategy idle, final Wakeup wakeup)
    {
        start(new Starting(agent, placement.cpu(), NICE_BEHIND), idle, wakeup);
    }

    /**
     * Wait until every agent has started, warm-up included.
     *
     * @throws KernelException when a thread cannot be pinned.
     */
    void awaitStarted() throws KernelException
    {
        for (final Starting agent : agents)
        {
            agent.await();
        }
    }

    @Override
    public void close()
    {
        runners.close();
    }

    private void start(final Starting starting, final IdleStrategy idle, final Wakeup wakeup)
    {
        final AgentRunner runner = new AgentRunner(idle, this::onError, null, starting);
        wakeup.of(AgentRunner.startOnThread(runner));
        runners.add(runner);
        agents.add(starting);
    }

    private void onError(final Throwable throwable)
    {
        errorHandler.onError(throwable);
        if (throwable instanceof AgentTerminationException || throwable instanceof Error)
        {
            onFatal.run();
        }
    }

    /** Places and weighs its thread before the agent's own start, and says when that is over. */
    private static final class Starting implements Agent
    {
        private final Agent agent;
        private final int cpu;
        private final int nice;
        private final CountDownLatch started = new CountDownLatch(1);
        private volatile KernelException pinFailure;
        private volatile RuntimeException startFailure;

        private Starting(final Agent agent, final int cpu, final int nice)
        {
            this.agent = agent;
            this.cpu = cpu;
            this.nice = nice;
        }

        @Override
        public void onStart()
        {
            try
            {
                if (ThreadPlan.ANY_CPU != cpu)
                {
                    CpuAffinity.pinCurrentThread(cpu);
                }
                if (NICE_USUAL == nice)
                {
                    ThreadPriority.shortenSliceOfCurrentThread(SLICE_NS);
                }
                else
                {
                    ThreadPriority.lowerCurrentThread(nice);
                }
                agent.onStart();
            }
            catch (final KernelException ex)
            {
                pinFailure = ex;
            }
            catch (final RuntimeException ex)
            {
                startFailure = ex;
            }
            started.countDown();
        }

        @Override
        public int doWork() throws Exception
        {
            return agent.doWork();
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

        private void await() throws KernelException
        {
            try
            {
                if (!started.await(START_TIMEOUT_S, TimeUnit.SECONDS))
                {
                    throw new IllegalStateException(roleName() + " has not started within " + START_TIMEOUT_S + " s");
                }
            }
            catch (final InterruptedException ex)
            {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(roleName() + ": interrupted at start", ex);
            }
            if (null != pinFailure)
            {
                throw pinFailure;
            }
            if (null != startFailure)
            {
                throw startFailure;
            }
        }
    }
}
