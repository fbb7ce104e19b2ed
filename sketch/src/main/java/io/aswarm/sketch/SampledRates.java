package io.aswarm.sketch;

/**
 * Rates that are known by samples, each followed by {@link Cusum} in a slot of a {@link FloodTable}: what
 * {@link FloodedVictims} and {@link EchoFloodTest} have in common. A record is one event of the share that is seen.
 */
final class SampledRates
{
    private static final long IDLE_NS = 10_000_000_000L;
    private static final int SWEEP_SLOTS = 16;
    private static final int SLOTS_MIN = 64;

    private final Cusum model;
    private final FloodTable table;
    private final int slots;
    private int sweepSlot;

    SampledRates(final Cusum model, final Workshop workshop)
    {
        this.model = model;
        // Few flood or are flooded at a time, and who does is never the one unseen for longest, so he keeps his place.
        this.slots = Math.max(SLOTS_MIN, workshop.config().floodsMax() / 4);
        this.table = workshop.floodTable(slots);
    }

    FloodTable table()
    {
        return table;
    }

    /** How many are followed at a time. */
    int slots()
    {
        return slots;
    }

    /** The slot of what is followed from now on, or {@link FloodTable#NONE}. */
    int follow(final long hash, final long nowNs)
    {
        final int slot = table.find(hash);
        return slot == FloodTable.NONE ? table.claim(hash, model.bottomNats(), model.bottomNats(), nowNs) : slot;
    }

    /** Let time pass, of which a share was seen. Returns whether an episode begins now. */
    boolean rest(final int slot, final double share, final long nowNs)
    {
        final double rested = model.rest(
            table.nats(slot, FloodTable.SCORE_NATS), nowNs - table.get(slot, FloodTable.SCORE_NS), share);
        table.putNats(slot, FloodTable.SCORE_NATS, rested);
        table.put(slot, FloodTable.SCORE_NS, nowNs);
        final boolean isNew = rested <= model.bottomNats();
        if (isNew)
        {
            table.begin(slot, nowNs);
        }
        return isNew;
    }

    /** A record was seen. Returns what it adds, in nats. */
    double seen(final int slot, final double events, final long nowNs)
    {
        table.putNats(
            slot, FloodTable.SCORE_NATS, model.next(table.nats(slot, FloodTable.SCORE_NATS), 0, events));
        table.put(slot, FloodTable.LAST_SEEN_NS, nowNs);
        table.add(slot, FloodTable.HELD, 1);
        return events * model.eventNats();
    }

    /** Records turned out to say nothing, where any are followed. */
    void excuse(final long hash, final double records)
    {
        final int slot = table.find(hash);
        if (slot != FloodTable.NONE)
        {
            table.putNats(
                slot, FloodTable.SCORE_NATS, model.withdraw(table.nats(slot, FloodTable.SCORE_NATS), records));
        }
    }

    /** Let time pass: forget what was not seen for long. */
    int onTick(final long nowNs)
    {
        int forgotten = 0;
        for (int i = 0; i < SWEEP_SLOTS; i++)
        {
            final int slot = sweepSlot;
            sweepSlot = (slot + 1) & (slots - 1);
            if (table.isTaken(slot) && nowNs - table.get(slot, FloodTable.LAST_SEEN_NS) >= IDLE_NS)
            {
                table.release(slot);
                forgotten++;
            }
        }
        return forgotten;
    }
}
