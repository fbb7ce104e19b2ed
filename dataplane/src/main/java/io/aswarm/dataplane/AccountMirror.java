package io.aswarm.dataplane;

import io.aswarm.ebpf.KernelException;
import io.aswarm.ebpf.KernelSensor;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/**
 * Brings the kernel side's counts into the counters file once a second. Lives on the journal's thread, away from the
 * pipeline.
 */
final class AccountMirror implements Agent
{
    static final long INTERVAL_NS = 1_000_000_000L;

    private final KernelSensor sensor;
    private final NanoClock clock;
    private final ErrorHandler errorHandler;
    private long nextNs;

    AccountMirror(final KernelSensor sensor, final NanoClock clock, final ErrorHandler errorHandler)
    {
        this.sensor = sensor;
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
            sensor.account();
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
        return "account";
    }
}
