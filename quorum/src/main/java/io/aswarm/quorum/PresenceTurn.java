package io.aswarm.quorum;

import java.util.concurrent.TimeUnit;

/**
 * When this node next says that it is there: in turn; at once after what all should know of it; and soon, though not
 * again and again, when it lacks what others have.
 */
final class PresenceTurn
{
    /** Least time between a presence and the next that is said soon. */
    static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final long intervalNs;
    private long dueNs;
    private long saidNs;

    PresenceTurn(final long intervalNs, final long nowNs)
    {
        this.intervalNs = intervalNs;
        dueNs = nowNs;
        saidNs = nowNs - PAUSE_NS;
    }

    boolean isDue(final long nowNs)
    {
        return dueNs - nowNs <= 0;
    }

    void onSaid(final long nowNs)
    {
        dueNs = nowNs + intervalNs;
        saidNs = nowNs;
    }

    void atOnce(final long nowNs)
    {
        dueNs = nowNs;
    }

    void soon(final long nowNs)
    {
        final long pausedNs = saidNs + PAUSE_NS - nowNs > 0 ? saidNs + PAUSE_NS : nowNs;
        dueNs = pausedNs - dueNs < 0 ? pausedNs : dueNs;
    }
}
