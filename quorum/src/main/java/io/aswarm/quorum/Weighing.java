package io.aswarm.quorum;

import io.aswarm.trust.Roster;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * What a held deposit counts for: what is neither spent nor evaporated, less the toll of a face, at most the clip of
 * the row, and nothing below its floor. In whole micro-nats, exact to the bit; see {@link Fusion}. Pure.
 */
final class Weighing
{
    /** By how much a deposit against a source counts for less under its aim. */
    static final double FACE_TOLL_NATS = StrictMath.log(16);

    private static final double MICRO = 1_000_000.0;
    private static final long FACE_TOLL_MICRO_NATS = micro(FACE_TOLL_NATS);

    private final ElevationTable elevationTable;
    private final DepositTable table;
    private final int ownNodeId;
    private final long halfLifeNs;
    private final Int2ObjectHashMap<ElevationTable.Row> rowByScenario = new Int2ObjectHashMap<>();
    private ElevationTable.Row commonRow;

    Weighing(
        final ElevationTable elevationTable, final DepositTable table, final int ownNodeId, final long halfLifeNs)
    {
        this.elevationTable = elevationTable;
        this.table = table;
        this.ownNodeId = ownNodeId;
        this.halfLifeNs = halfLifeNs;
    }

    /** The size of the site chooses the rows. */
    void onRoster(final Roster roster)
    {
        final int nodes = roster.nodes().size();
        commonRow = elevationTable.row(ElevationTable.ANY_SCENARIO, nodes);
        elevationTable.scenarios().forEach((code) -> rowByScenario.put((int)code, elevationTable.row(code, nodes)));
    }

    /** The row for a slot's topic. */
    ElevationTable.Row row(final int slot)
    {
        final ElevationTable.Row special = rowByScenario.get(table.scenario(slot));
        return null == special ? commonRow : special;
    }

    /** Micro-nats of a slot, not clipped. A clock behind the witness's makes no evidence. */
    long live(final int slot, final long nowEpochNs)
    {
        final long fresh = table.freshMilliNats(slot) * 1000L;
        final long ageNs = nowEpochNs - table.lastSeenEpochNs(slot);
        final long live = (long)(fresh * Evaporation.left(ageNs, halfLifeNs));
        return table.isFace(slot) ? Math.max(0, live - FACE_TOLL_MICRO_NATS) : live;
    }

    /** Micro-nats for which a slot counts beside others, or 0 when its node is no witness. */
    long counted(final int slot, final ElevationTable.Row row, final long nowEpochNs)
    {
        final long counted = Math.min(micro(row.clipNats()), live(slot, nowEpochNs));
        return counted >= micro(row.floorNats()) ? counted : 0;
    }

    /** Micro-nats for which a slot counts in an elevation that was decided so. */
    long counted(
        final int slot, final ElevationTable.Row row, final Fusion.Decision decision, final long nowEpochNs)
    {
        if (Fusion.Decision.LOCAL == decision)
        {
            return table.nodeId(slot) == ownNodeId ? live(slot, nowEpochNs) : 0;
        }
        return counted(slot, row, nowEpochNs);
    }

    static long micro(final double nats)
    {
        return StrictMath.round(nats * MICRO);
    }

    static double nats(final long microNats)
    {
        return microNats / MICRO;
    }
}
