package io.aswarm.dataplane;

import io.aswarm.ebpf.ClockQuality;
import io.aswarm.ebpf.KernelException;
import io.aswarm.journal.ClockStatement;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/**
 * Asks the kernel once a second how wrong the wall clock may be (adjtimex(2), {@code maxerror}), so that deposits and
 * certificates can say so without a system call. Lives on the journal's thread; its answers are for any thread.
 * <p>
 * The bound that is told grows by the 500 us a second that the kernel itself adds (PPM_SCALE and MAXFREQ in
 * kernel/time/ntp.c), ahead of time, so it holds until the next look.
 */
final class ClockWatch implements Agent
{
    static final long INTERVAL_NS = 1_000_000_000L;
    /** What the kernel says of a clock that nobody disciplines, NTP_PHASE_LIMIT of linux/timex.h. */
    static final long UNKNOWN_NS = 16_000_000_000L;
    private static final long DRIFT_PER_SECOND_NS = 500_000L;

    /** {@link ClockQuality#read()}. */
    @FunctionalInterface
    interface Source
    {
        ClockQuality read() throws KernelException;
    }

    private final Source source;
    private final NanoClock clock;
    private final ErrorHandler errorHandler;
    private long nextNs;
    private volatile long boundNs = UNKNOWN_NS;
    private volatile ClockStatement statement = ClockStatement.UNMEASURED;

    ClockWatch(final Source source, final NanoClock clock, final ErrorHandler errorHandler)
    {
        this.source = source;
        this.clock = clock;
        this.errorHandler = errorHandler;
        this.nextNs = clock.nanoTime();
    }

    /** Largest error of the wall clock; allocates nothing, does not block. */
    long boundNs()
    {
        return boundNs;
    }

    /** What certificates say of the wall clock. */
    ClockStatement statement()
    {
        return statement;
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
            onQuality(source.read());
        }
        catch (final KernelException ex)
        {
            boundNs = UNKNOWN_NS;
            statement = ClockStatement.UNMEASURED;
            errorHandler.onError(ex);
        }
        return 1;
    }

    @Override
    public String roleName()
    {
        return "clock-watch";
    }

    private void onQuality(final ClockQuality quality)
    {
        final long knownNs = Math.min(UNKNOWN_NS, quality.maxErrorUs() * 1_000L + DRIFT_PER_SECOND_NS);
        boundNs = quality.synchronised() ? knownNs : UNKNOWN_NS;
        statement = quality.synchronised() ? new ClockStatement("CLOCK_REALTIME", knownNs) : ClockStatement.UNMEASURED;
    }
}
