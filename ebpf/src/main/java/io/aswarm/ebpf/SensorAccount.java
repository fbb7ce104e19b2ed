package io.aswarm.ebpf;

/**
 * What the kernel side counted up to a moment, summed over the CPUs. Immutable.
 * <p>
 * {@code seen = delivered + weighted + lost} holds in every account: each CPU's part is read whole, never in the midst
 * of an update.
 */
public final class SensorAccount
{
    private final long[] counts;

    SensorAccount(final long[] counts)
    {
        this.counts = counts;
    }

    /**
     * One count.
     *
     * @param counter which; those of connection tracking are kept by {@link ConntrackSensor} and are 0 here.
     * @return since the program was loaded.
     */
    public long get(final SensorCounter counter)
    {
        return counts[counter.ordinal()];
    }

    /**
     * Events, of which a packet causes none, one, or two when its bytes are sampled too.
     *
     * @return events.
     */
    public long seen()
    {
        return get(SensorCounter.SEEN);
    }

    /**
     * Records written to the ring.
     *
     * @return records of one event each; those that carry a weight are not among them.
     */
    public long delivered()
    {
        return get(SensorCounter.DELIVERED);
    }

    /**
     * Events that are part of the weight of a record, written already or yet to be.
     *
     * @return events.
     */
    public long weighted()
    {
        return get(SensorCounter.WEIGHTED);
    }

    /**
     * Events that reach nobody, for whatever reason.
     *
     * @return events.
     */
    public long lost()
    {
        return get(SensorCounter.LOST_RING_FULL) + get(SensorCounter.LOST_OVER_BUDGET);
    }

    /**
     * Whether nothing vanished without a reason.
     *
     * @return true if seen = delivered + weighted + lost.
     */
    public boolean isBalanced()
    {
        return seen() == delivered() + weighted() + lost();
    }

    @Override
    public String toString()
    {
        return "seen=" + seen() + " delivered=" + delivered() + " weighted=" + weighted() + " lost=" + lost();
    }
}
