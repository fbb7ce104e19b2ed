package io.aswarm.sketch;

/**
 * Sequential test on openings that stay unfinished, from one source to one service (address and port), TCP.
 * <p>
 * <b>Model.</b> An opening is overdue when it was neither completed nor refused {@code graceNs} after it was seen; it
 * is noticed at most another {@code graceNs} later. Overdue openings of a pair are a Poisson process, with rate
 * &lambda;0 (benign: loss, retries to a server that restarts) or &lambda;1 (flood). The log of the likelihood ratio
 * of n overdue openings in t seconds is
 * <pre>
 *   n ln(&lambda;1 / &lambda;0) - (&lambda;1 - &lambda;0) t
 * </pre>
 * and is followed by Page's CUSUM ("Continuous inspection schemes", Biometrika 41, 1954; for the detection of SYN
 * floods: Wang, Zhang and Shin, INFOCOM 2002). With the defaults (50/s, 500/s) an overdue opening adds 2.30 nats and a
 * millisecond takes 0.45, so any lasting rate below 195/s stays at the bottom.
 * <p>
 * The bottom is not 0 but {@code burst} openings below it. A listener whose backlog overflows when a collective job
 * starts drops openings in one lump, which is not a Poisson process; a lump of up to that many is no evidence. Evidence
 * is what is above 0, and an episode lasts until the score is back at the bottom. A completion that comes late takes
 * back what its opening added.
 * <p>
 * With the defaults a flood of 1,000/s passes the weak threshold with its 23rd opening and 14 nats with its 34th; from
 * 5,000/s on both come within 11 ms.
 * <p>
 * <b>Memory.</b> A pair is followed exactly once the count-min sketch of openings, which halves each
 * {@code openingsWindowNs}, says that it opened {@code trackMin} times. The sketch never underestimates, so no flood is
 * missed; where it overestimates, a pair is followed without need and no evidence comes of it. Openings before that are
 * not counted.
 * <p>
 * <b>Collapsed records.</b> One that stands for many openings of the source names only the last one's service. It
 * counts with its whole weight where single records already gave evidence, else as one: what arrives one by one is
 * enough to call any flood, and a burst over many services must not be charged to one of them. Openings are not held
 * overdue when answers to their source were collapsed meanwhile ({@link CollapsedAnswers}).
 */
final class FloodTest
{
    private static final double SATURATION_MAX = 0.9;
    private static final int SWEEP_SLOTS = 64;

    private final double overdueNats;
    private final double driftNatsPerNs;
    private final double bottomNats;
    private final double evidenceMaxNats;
    private final long graceNs;
    private final long openingsWindowNs;
    private final int trackMin;
    private final int slots;
    private final CountMinSketch openings;
    private final FloodTable table;
    private final CollapsedAnswers collapsedAnswers;
    private final Exemptions exemptions;
    private final SignalGate gate;
    private final SketchCounters counters;
    private boolean started;
    private long windowNs;
    private int sweepSlot;

    FloodTest(
        final LocalPolicyConfig config,
        final SketchMemory memory,
        final KeyedHash keyedHash,
        final CollapsedAnswers collapsedAnswers,
        final Exemptions exemptions,
        final SignalGate gate,
        final SketchCounters counters)
    {
        final double benign = config.benignUnfinishedPerSecond();
        final double flood = config.floodUnfinishedPerSecond();
        this.overdueNats = StrictMath.log(flood / benign);
        this.driftNatsPerNs = (flood - benign) / 1e9;
        this.bottomNats = -overdueNats * config.floodBurst();
        this.evidenceMaxNats = config.evidenceMaxNats();
        this.graceNs = config.floodGraceNs();
        this.openingsWindowNs = config.openingsWindowNs();
        this.trackMin = config.floodTrackMin();
        this.slots = config.floodsMax();
        final KeyedHash key = keyedHash.derive(6);
        this.openings = new CountMinSketch(
            memory.allocate(CountMinSketch.memoryLength(config.openingsDepth(), config.openingsWidth())),
            config.openingsDepth(), config.openingsWidth(), key.keyHigh(), key.keyLow());
        this.table = new FloodTable(
            memory.allocate(FloodTable.memoryLength(slots)),
            new SlotIndex(memory.allocate(SlotIndex.memoryLength(slots)), slots), counters);
        this.collapsedAnswers = collapsedAnswers;
        this.exemptions = exemptions;
        this.gate = gate;
        this.counters = counters;
    }

    /** A source asked a service. */
    void onOpened(final long hash, final Conversation c)
    {
        int slot = table.find(hash);
        if (slot == FloodTable.NONE)
        {
            if (openings.addHashed(hash, 1) < trackMin || exemptions.spare(c.initiatorHigh(), c.initiatorLow()))
            {
                return;
            }
            slot = table.claim(hash, c);
            if (slot == FloodTable.NONE)
            {
                return;
            }
            table.put(slot, FloodTable.EPOCH_NS, c.timeNs());
            table.put(slot, FloodTable.SCORE_NS, c.timeNs());
            table.scoreNats(slot, bottomNats);
        }

        ripen(slot, c.timeNs());
        if (isIdle(slot))
        {
            table.put(slot, FloodTable.FIRST_SEEN_NS, c.timeNs());
            table.put(slot, FloodTable.OVERDUE, 0);
            table.signalledNats(slot, 0.0);
        }
        final int weight = table.scoreNats(slot) > 0.0 ? Math.max(1, c.weight()) : 1;
        table.put(slot, FloodTable.YOUNG, table.get(slot, FloodTable.YOUNG) + weight);
        table.put(slot, FloodTable.LAST_SEEN_NS, c.timeNs());
    }

    /** Openings of a source were completed, or refused: in neither case does the service keep anything waiting. */
    void onFinished(final long hash, final Conversation c)
    {
        final int slot = table.find(hash);
        if (slot != FloodTable.NONE)
        {
            ripen(slot, c.timeNs());
            long left = Math.max(1, c.weight());
            left -= take(slot, FloodTable.RIPENING, left);
            left -= take(slot, FloodTable.YOUNG, left);
            if (left > 0)
            {
                table.scoreNats(slot, table.scoreNats(slot) - left * overdueNats);
            }
        }
    }

    /**
     * Let time pass: age the sketch, notice overdue openings of pairs that fell silent, forget idle pairs.
     *
     * @return how many pairs ripened or were forgotten.
     */
    int onTick(final long nowNs)
    {
        age(nowNs);
        int done = 0;
        for (int i = 0, limit = Math.min(SWEEP_SLOTS, slots); i < limit; i++)
        {
            final int slot = sweepSlot;
            sweepSlot = slot + 1 & slots - 1;
            if (table.isTaken(slot))
            {
                done += ripen(slot, nowNs) ? 1 : 0;
                if (isIdle(slot) && nowNs - table.get(slot, FloodTable.LAST_SEEN_NS) >= openingsWindowNs)
                {
                    table.release(slot);
                    done++;
                }
            }
        }
        return done;
    }

    private void age(final long nowNs)
    {
        if (!started)
        {
            started = true;
            windowNs = nowNs;
        }
        if (nowNs - windowNs >= openingsWindowNs)
        {
            if (openings.saturation() > SATURATION_MAX)
            {
                counters.increment(SketchCounter.OPENINGS_SATURATED);
            }
            openings.halve();
            windowNs = nowNs;
        }
    }

    private boolean isIdle(final int slot)
    {
        return table.scoreNats(slot) <= bottomNats &&
            table.get(slot, FloodTable.YOUNG) == 0 && table.get(slot, FloodTable.RIPENING) == 0;
    }

    private long take(final int slot, final int field, final long wanted)
    {
        final long held = table.get(slot, field);
        final long taken = Math.min(held, wanted);
        table.put(slot, field, held - taken);
        return taken;
    }

    /** Move openings on by the epochs that have passed; those that leave the second epoch are overdue. */
    private boolean ripen(final int slot, final long nowNs)
    {
        final long elapsedNs = nowNs - table.get(slot, FloodTable.EPOCH_NS);
        if (elapsedNs < graceNs)
        {
            return false;
        }
        final long oldestNs = table.get(slot, FloodTable.EPOCH_NS) - graceNs;
        long overdue = table.get(slot, FloodTable.RIPENING);
        if (elapsedNs < 2 * graceNs)
        {
            table.put(slot, FloodTable.RIPENING, table.get(slot, FloodTable.YOUNG));
            table.put(slot, FloodTable.EPOCH_NS, nowNs - elapsedNs + graceNs);
        }
        else
        {
            overdue += table.get(slot, FloodTable.YOUNG);
            table.put(slot, FloodTable.RIPENING, 0);
            table.put(slot, FloodTable.EPOCH_NS, nowNs);
        }
        table.put(slot, FloodTable.YOUNG, 0);
        if (overdue > 0 && collapsedAnswers.since(
            table.get(slot, FloodTable.SOURCE_HIGH), table.get(slot, FloodTable.SOURCE_LOW), oldestNs))
        {
            counters.increment(SketchCounter.OVERDUE_FORGIVEN);
            overdue = 0;
        }
        score(slot, overdue, nowNs);
        return true;
    }

    private void score(final int slot, final long overdue, final long nowNs)
    {
        final long elapsedNs = Math.max(0, nowNs - table.get(slot, FloodTable.SCORE_NS));
        final double drifted = Math.max(bottomNats, table.scoreNats(slot) - driftNatsPerNs * elapsedNs);
        final double nats = Math.min(evidenceMaxNats, drifted + overdue * overdueNats);
        table.scoreNats(slot, nats);
        table.put(slot, FloodTable.SCORE_NS, nowNs);
        table.put(slot, FloodTable.OVERDUE, table.get(slot, FloodTable.OVERDUE) + overdue);

        if (overdue > 0 &&
            gate.isDue(nats, table.signalledNats(slot), nowNs - table.get(slot, FloodTable.SIGNALLED_NS)))
        {
            table.signalledNats(slot, nats);
            table.put(slot, FloodTable.SIGNALLED_NS, nowNs);
            gate.signal()
                .subject(Scenario.FLOOD, table.get(slot, FloodTable.SOURCE_HIGH),
                    table.get(slot, FloodTable.SOURCE_LOW))
                .evidence(nats, (int)Math.min(table.get(slot, FloodTable.OVERDUE), Integer.MAX_VALUE))
                .spread(1, 1)
                .aim(table.get(slot, FloodTable.VICTIM_HIGH), table.get(slot, FloodTable.VICTIM_LOW),
                    (int)table.get(slot, FloodTable.PORT))
                .seen(table.get(slot, FloodTable.FIRST_SEEN_NS), table.get(slot, FloodTable.LAST_SEEN_NS));
            gate.publish();
        }
    }
}
