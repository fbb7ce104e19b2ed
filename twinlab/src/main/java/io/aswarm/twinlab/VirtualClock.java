package io.aswarm.twinlab;

import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;

/**
 * Time that moves only when it is told to: that of the capture being replayed. The monotonic clock and the wall clock
 * are one, so that recordings of several gateways stay in step. One thread.
 */
final class VirtualClock
{
    private long nowNs;

    VirtualClock(final long startNs)
    {
        nowNs = startNs;
    }

    long nowNs()
    {
        return nowNs;
    }

    /** Never backwards: a capture may hold frames slightly out of order. */
    void advanceTo(final long instantNs)
    {
        nowNs = Math.max(nowNs, instantNs);
    }

    NanoClock monotonic()
    {
        return this::nowNs;
    }

    EpochNanoClock wall()
    {
        return this::nowNs;
    }

    EpochClock wallMs()
    {
        return () -> nowNs / 1_000_000L;
    }
}
