package io.aswarm.dataplane;

import io.aswarm.ebpf.KernelException;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/** Does one thing at its start and then once a second; what the kernel refuses is logged, and tried again. */
final class SecondlyAgent implements Agent
{
    static final long INTERVAL_NS = 1_000_000_000L;

    /** What is done. */
    @FunctionalInterface
    interface Task
    {
        void run() throws KernelException;
    }

    private final String roleName;
    private final Task task;
    private final NanoClock clock;
    private final ErrorHandler errorHandler;
    private long nextNs;

    SecondlyAgent(final String roleName, final Task task, final NanoClock clock, final ErrorHandler errorHandler)
    {
        this.roleName = roleName;
        this.task = task;
        this.clock = clock;
        this.errorHandler = errorHandler;
        this.nextNs = clock.nanoTime();
    }

    @Override
    public int doWork()
    {
        final long nowNs = clock.nanoTime();
        if (nowNs - nextNs < 0)
        {
            return 0;
        }
        nextNs = nowNs + INTERVAL_NS;
        try
        {
            task.run();
        }
        catch (final KernelException ex)
        {
            errorHandler.onError(ex);
        }
        return 1;
    }

    @Override
    public String roleName()
    {
        return roleName;
    }
}
