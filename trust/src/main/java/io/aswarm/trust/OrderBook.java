package io.aswarm.trust;

/**
 * Which order is in force: the one issued last of all that were verified, until its end. Giving an order again changes
 * nothing, and one issued earlier is never taken up again, however often it is replayed. Not thread-safe; pure.
 */
public final class OrderBook
{
    /** By which an operator's clock may be ahead of a node's: 2 minutes. */
    public static final long CLOCK_ERROR_NS = 120_000_000_000L;

    private SignedOrder last;

    /**
     * Take in an order.
     *
     * @param order      from a file or the mesh; null for one that had no form.
     * @param roster     of the site.
     * @param nowEpochNs wall clock.
     * @return ACCEPTED if it is in force from now on, else why nothing changed.
     */
    public OrderVerdict accept(final SignedOrder order, final Roster roster, final long nowEpochNs)
    {
        if (null == order)
        {
            return OrderVerdict.MALFORMED;
        }
        final OrderVerdict verdict = order.verify(roster, nowEpochNs, CLOCK_ERROR_NS);
        if (OrderVerdict.ACCEPTED != verdict)
        {
            return verdict;
        }
        if (null != last && !order.isAfter(last))
        {
            return order.id().equals(last.id()) ? OrderVerdict.REPEATED : OrderVerdict.SUPERSEDED;
        }
        last = order;
        return OrderVerdict.ACCEPTED;
    }

    /**
     * The order in force, to be told to whoever missed it and to be kept over a restart.
     *
     * @param nowEpochNs wall clock.
     * @return the order, or null if none is in force.
     */
    public SignedOrder standing(final long nowEpochNs)
    {
        return null != last && nowEpochNs < last.untilEpochNs() ? last : null;
    }

    /**
     * Is enforcement suspended?
     *
     * @param nowEpochNs wall clock.
     * @return true while a suspend is in force.
     */
    public boolean isSuspended(final long nowEpochNs)
    {
        final SignedOrder standing = standing(nowEpochNs);
        return null != standing && SignedOrder.Action.SUSPEND == standing.action();
    }
}
