package io.aswarm.twinlab;

import io.aswarm.quorum.Deposit;
import io.aswarm.quorum.ElevationTable;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What one node was told about one subject, and what the table says to that: the rule of elevation written a second
 * time, slow and plain, from the table and the paper and not from {@code Fusion}. For evidence that was not elevated
 * upon yet. Sums are compared with a tolerance, so that it is free to add in another order.
 */
final class MeshRule
{
    /** Evidence that rounding may move. */
    static final double TOLERANCE_NATS = 0.002;

    private static final double HALF_LIFE_NS = 10e9;

    /** A node's newest statement. */
    private record Statement(long bootEpoch, long sequence, double nats, long lastSeenEpochNs)
    {
        private double at(final long nowEpochNs)
        {
            return nats * Math.pow(0.5, Math.max(0, nowEpochNs - lastSeenEpochNs) / HALF_LIFE_NS);
        }
    }

    private final ElevationTable.Row row;
    private final Map<Integer, Statement> others = new HashMap<>();
    private Statement own;

    MeshRule(final ElevationTable.Row row)
    {
        this.row = row;
    }

    void onOwn(final double nats, final long nowEpochNs)
    {
        own = new Statement(0, 0, nats, nowEpochNs);
    }

    /** Note a deposit; false when a newer one of its witness is known, so that there is nothing to decide. */
    boolean onAccepted(final Deposit deposit)
    {
        final Statement before = others.get(deposit.nodeId());
        final boolean isNewer = null == before ||
            Long.compareUnsigned(deposit.bootEpoch(), before.bootEpoch) > 0 ||
            (deposit.bootEpoch() == before.bootEpoch && deposit.sequence() - before.sequence > 0);
        if (isNewer)
        {
            others.put(deposit.nodeId(), new Statement(
                deposit.bootEpoch(), deposit.sequence(), deposit.evidenceNats(), deposit.lastSeenEpochNs()));
        }
        return isNewer;
    }

    /** Must a node elevate on this, even if all rounding goes against it? */
    boolean requires(final long nowEpochNs, final boolean isDegraded)
    {
        return suffices(nowEpochNs, isDegraded, TOLERANCE_NATS);
    }

    /** May it, if all rounding goes its way? */
    boolean allows(final long nowEpochNs, final boolean isDegraded)
    {
        return suffices(nowEpochNs, isDegraded, -TOLERANCE_NATS);
    }

    private boolean suffices(final long nowEpochNs, final boolean isDegraded, final double marginNats)
    {
        final double bar = isDegraded ? row.degradedBarNats() : row.localBarNats();
        if (null != own && own.at(nowEpochNs) >= bar + marginNats)
        {
            return true;
        }

        int witnesses = 0;
        double sum = 0;
        for (final Statement statement : statements())
        {
            final double counted = Math.min(row.clipNats(), statement.at(nowEpochNs));
            if (counted >= row.floorNats() + marginNats)
            {
                witnesses++;
                sum += counted;
            }
        }
        return !isDegraded && witnesses >= row.witnesses() && sum >= row.thresholdNats() + marginNats;
    }

    private Collection<Statement> statements()
    {
        final Map<Integer, Statement> all = new HashMap<>(others);
        if (null != own)
        {
            all.put(0, own);
        }
        return all.values();
    }
}
