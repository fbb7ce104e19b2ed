package io.aswarm.dataplane;

import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.function.IntSupplier;

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

    private final IdleStrategy idle;
    private final IntSupplier enter;
    private final IntSupplier leave;
    private final NanoClock clock;
    private final AtomicCounter spent;
    private double leftNs = BURST_NS;
    private long turnNs;
    private boolean isRealTime;
    private boolean isRefused;

    /**
     * Around a strategy.
     *
     * @param idle  what the thread does without work.
     * @param enter puts the calling thread into the real-time class; zero, or why not.
     * @param leave puts it back into the usual one; zero, or why not.
     * @param clock monotonic.
     * @param spent counts how often the bucket was empty.
     */
    RealTimeIdle(
        final IdleStrategy idle,
        final IntSupplier enter,
        final IntSupplier leave,
        final NanoClock clock,
        final AtomicCounter spent)
    {
        this.idle = idle;
        this.enter = enter;
        this.leave = leave;
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
            fill(SHARE);
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
        fill(isRealTime ? SHARE - 1 : SHARE);
        if (isRealTime && leftNs < 0)
        {
            isRealTime = 0 != leave.getAsInt();
            spent.increment();
        }
        else if (!isRealTime && !isRefused && leftNs >= BURST_NS / 2.0)
        {
            isRefused = 0 != enter.getAsInt();
            isRealTime = !isRefused;
        }
    }

    /** What the time since the last call gives back, less what was run of it. Sleep takes no CPU. */
    private void fill(final double rate)
    {
        final long nowNs = clock.nanoTime();
        leftNs = Math.min(BURST_NS, leftNs + rate * (nowNs - turnNs));
        turnNs = nowNs;
    }
}
