package io.aswarm.trust;

/**
 * How many expensive checks may still be made: so many a second, and so many at once. Pure.
 */
final class CheckBudget
{
    private static final long SECOND_NS = 1_000_000_000L;

    private final long intervalNs;
    private final long burst;
    private long available;
    private long creditedNs;

    /** Starts full. */
    CheckBudget(final int perSecond, final int burst, final long nowNs)
    {
        this.intervalNs = SECOND_NS / perSecond;
        this.burst = burst;
        this.available = burst;
        this.creditedNs = nowNs;
    }

    boolean tryTake(final long nowNs)
    {
        final long earned = Math.max(0, nowNs - creditedNs) / intervalNs;
        available = Math.min(burst, available + Math.min(burst, earned));
        creditedNs += earned * intervalNs;
        if (0 == available)
        {
            return false;
        }
        available--;
        return true;
    }
}
