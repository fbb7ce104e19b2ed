package io.aswarm.dataplane;

import io.aswarm.ebpf.ClockQuality;
import io.aswarm.ebpf.KernelException;
import io.aswarm.journal.ClockStatement;

/**
 * Asks the kernel how wrong the wall clock may be (adjtimex(2), {@code maxerror}), so that deposits and certificates
 * can say so without a system call. To be asked to {@link #look()} once a second, on the journal's thread; its answers
 * are for any thread.
 * <p>
 * The bound that is told grows by the 500 us a second that the kernel itself adds (PPM_SCALE and MAXFREQ in
 * kernel/time/ntp.c), ahead of time, so it holds until the next look.
 */
final class ClockWatch
{
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
    private volatile long boundNs = UNKNOWN_NS;
    private volatile ClockStatement statement = ClockStatement.UNMEASURED;

    ClockWatch(final Source source)
    {
        this.source = source;
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

    /** Nothing is known of the clock where the kernel does not answer. */
    void look() throws KernelException
    {
        boolean isKnown = false;
        try
        {
            onQuality(source.read());
            isKnown = true;
        }
        finally
        {
            if (!isKnown)
            {
                boundNs = UNKNOWN_NS;
                statement = ClockStatement.UNMEASURED;
            }
        }
    }

    private void onQuality(final ClockQuality quality)
    {
        final long knownNs = Math.min(UNKNOWN_NS, quality.maxErrorUs() * 1_000L + DRIFT_PER_SECOND_NS);
        boundNs = quality.synchronised() ? knownNs : UNKNOWN_NS;
        statement = quality.synchronised() ? new ClockStatement("CLOCK_REALTIME", knownNs) : ClockStatement.UNMEASURED;
    }
}
