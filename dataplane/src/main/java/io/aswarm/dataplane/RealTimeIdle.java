package io.aswarm.dataplane;

import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * Lets the thread of an agent run in the real-time class, so that it runs when it is woken, for as long as its turns
 * are short: a token bucket of running time, which a flood empties. Then the thread is one of the usual class, which
 * shares the CPU with those that it guards, until half of the bucket is there again.
 * <p>
 * Around another strategy, which sleeps. Used by the thread of the agent alone; two readings of the clock for each duty
 * cycle, a system call for each change of the class.
 */
final class RealTimeIdle implements IdleStrategy
{
    /** Of the time that passes, what may be run in the class: of one CPU, for each thread. */
    static final double SHARE = 0.1;
    /** What may be run at once: a collective elevation of dozens of subjects, acts and proofs included. */
    static final long BURST_NS = 10_000_000L;

    /** Changes the class of the calling thread; zero, or why not. */
    interface SchedulingClass
    {
        int enter();

        int leave();
    }

    private final IdleStrategy idle;
    private final SchedulingClass schedulingClass;
    private final NanoClock clock;
    private final AtomicCounter spent;
    private double leftNs = BURST_NS;
    private long turnNs;
    private boolean isRealTime;
    private boolean isRefused;

    /**
     * Around a strategy.
     *
     * @param idle            what the thread does without work.
     * @param schedulingClass of the thread.
     * @param clock           monotonic.
     * @param spent           counts how often the bucket was empty.
     */
    RealTimeIdle(
        final IdleStrategy idle,
        final SchedulingClass schedulingClass,
        final NanoClock clock,
        final AtomicCounter spent)
    {
        this.idle = idle;
        this.schedulingClass = schedulingClass;
        this.clock = clock;
        this.spent = spent;
        this.turnNs = clock.nanoTime();
    }

    @Override
    public void idle(final int workCount)
    {
        account();
        idle.idle(workCount);
        if (workCount <= 0)
        {
            slept();
        }
    }

    @Override
    public void idle()
    {
        idle(0);
    }

    @Override
    public void reset()
    {
        idle.reset();
    }

    @Override
    public String alias()
    {
        return idle.alias() + ", real-time";
    }

    /** At the end of each duty cycle. */
    private void account()
    {
        final long nowNs = clock.nanoTime();
        final double elapsedNs = nowNs - turnNs;
        turnNs = nowNs;
        leftNs = Math.min(BURST_NS, leftNs + (isRealTime ? SHARE - 1 : SHARE) * elapsedNs);
        if (isRealTime && leftNs < 0)
        {
            isRealTime = 0 != schedulingClass.leave();
            spent.increment();
        }
        else if (!isRealTime && !isRefused && leftNs >= BURST_NS / 2.0)
        {
            isRefused = 0 != schedulingClass.enter();
            isRealTime = !isRefused;
        }
    }

    /** Sleep takes no CPU. */
    private void slept()
    {
        final long nowNs = clock.nanoTime();
        leftNs = Math.min(BURST_NS, leftNs + SHARE * (nowNs - turnNs));
        turnNs = nowNs;
    }
}
