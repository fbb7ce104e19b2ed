package io.aswarm.sketch;

/**
 * A beat by which something ages, by whatever time its owner is told. The first time told is one.
 */
final class Beat
{
    private final long periodNs;
    private boolean isStarted;
    private long lastNs;

    Beat(final long periodNs)
    {
        this.periodNs = periodNs;
    }

    /** Whether it is time again; if so the next period begins now. */
    boolean isDue(final long nowNs)
    {
        final boolean isDue = !isStarted || nowNs - lastNs >= periodNs;
        if (isDue)
        {
            isStarted = true;
            lastNs = nowNs;
        }
        return isDue;
    }
}
