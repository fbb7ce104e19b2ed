package io.aswarm.sketch;

/**
 * Sequential test on the resets by which a victim answers segments of no conversation: its backscatter (Moore, Voelker
 * and Savage, "Inferring Internet denial-of-service activity", USENIX Security 2001). What floods by ACK, by FIN and
 * ACK, or by reflected SYN-ACK send has no opening to follow, but a host answers each with a reset, and one that
 * answers an acknowledgment bears no ACK of its own (RFC 9293, section 3.5.2), unlike the refusal of a SYN.
 * <p>
 * <b>Model.</b> A host sends such resets as a Poisson process, {@value #BENIGN_PER_SECOND}/s when it is left in peace,
 * {@value #ATTACK_PER_SECOND}/s in a flood, followed by {@link Cusum}. They are seen by sampling, as records of volume
 * that stand for {@code quantity} bytes each: a record adds ln 20 = 3.0 nats, and the share that is seen is that of the
 * record's packet in its quantity. {@value #BURST} records in one lump are no evidence. At the sensor's finest quantum,
 * 1,024 bytes, the share is 1/17, and 15 records, 260 resets, are at one node's bar; at any rate below 317/s never.
 * <p>
 * Resets are normal at the end of a conversation: segments on their way come too late. Each end excuses
 * {@value #EXCUSED} of its two hosts, each opening that its own initiator aborts one of his, so that neither a busy
 * server nor a scanner, whose kernel resets what it did not ask, counts as a victim.
 * <p>
 * Where one address got most of the resets, it is held to flood, which it may deny if forged; else the victim is told.
 * A flood of resets is answered by nobody and not seen here. Nor is any flood where the victim's answers do not pass.
 */
final class BackscatterTest
{
    static final double BENIGN_PER_SECOND = 50.0;
    static final double ATTACK_PER_SECOND = 1_000.0;
    static final int BURST = 8;
    static final int EXCUSED = 4;
    /** Of the resets, how many must be one address's for it to be the source. */
    private static final double ONE_SOURCE = 0.8;
    private static final int RST = 4;
    private static final int ACK = 16;
    private static final long IDLE_NS = 10_000_000_000L;
    private static final int SWEEP_SLOTS = 16;

    private final Cusum model;
    private final int excused;
    private final int slots;
    private final FloodTable table;
    private final FanOutSketch sources;
    private final SourceRanking ranking;
    private final ContributionLog log;
    private final KeyedHash victimHash;
    private final Verification verification;
    private final Exemptions exemptions;
    private final SignalGate gate;
    private final Contact reset = new Contact();
    /** Share of the resets that is seen, lately; 0 before the first one. */
    private double seenShare;
    private int sweepSlot;

    BackscatterTest(final Workshop workshop)
    {
        final DetectorParameters parameters = workshop.parameters();
        this.model = new Cusum(
            parameters.value(DetectorParameter.SPREAD_RESETS_BENIGN),
            parameters.value(DetectorParameter.SPREAD_RESETS_ATTACK),
            parameters.count(DetectorParameter.SPREAD_RESETS_BURST), workshop.config().evidenceMaxNats());
        this.excused = parameters.count(DetectorParameter.SPREAD_RESETS_EXCUSED);
        this.slots = workshop.config().floodsMax();
        this.table = new FloodTable(
            workshop.memory().allocate(FloodTable.memoryLength(slots)), workshop.index(slots), workshop.counters());
        this.sources = workshop.fanOut(slots, 42);
        this.ranking = new SourceRanking(workshop, slots);
        this.log = new ContributionLog(workshop.memory().allocate(ContributionLog.memoryLength(slots)));
        this.victimHash = workshop.key().derive(43);
        this.verification = workshop.verification();
        this.exemptions = workshop.exemptions();
        this.gate = workshop.gate();
    }

    /** Whether a segment answers one that acknowledged something nobody sent: a reset without an ACK of its own. */
    static boolean isReset(final Conversation c)
    {
        return (c.tcpFlags() & (RST | ACK)) == RST;
    }

    /** Volume of no conversation: of resets, the initiator is who sends them. */
    void onVolume(final Conversation c)
    {
        if (c.protocol() != ConversationKind.TCP || !isReset(c) ||
            (c.flags() & Conversation.FLAG_UNORIENTED) == 0 || c.lengthBytes() == 0)
        {
            return;
        }
        final long nowNs = c.timeNs();
        final int slot = follow(c);
        if (slot == FloodTable.NONE)
        {
            return;
        }
        seenShare = Math.min(1.0, (double)c.lengthBytes() / Math.max(1, c.quantity()));
        final double drifted = model.rest(
            table.nats(slot, FloodTable.SCORE_NATS), nowNs - table.get(slot, FloodTable.SCORE_NS), seenShare);
        if (drifted <= model.bottomNats())
        {
            begin(slot, nowNs);
        }
        table.putNats(slot, FloodTable.SCORE_NATS, model.next(drifted, 0, 1));
        table.put(slot, FloodTable.SCORE_NS, nowNs);
        table.put(slot, FloodTable.LAST_SEEN_NS, nowNs);
        table.add(slot, FloodTable.HELD, 1);
        sources.add(slot, c.responderHigh(), c.responderLow());
        ranking.add(slot, c.responderHigh(), c.responderLow(), 1);
        reset.set(0, c).turn().cause = Cause.RESET;
        log.addSource(slot, Cause.RESET, model.eventNats(), reset, nowNs);
        final double evidence = table.nats(slot, FloodTable.SCORE_NATS);
        if (gate.isDue(evidence, table.nats(slot, FloodTable.SIGNALLED_NATS),
            nowNs - table.get(slot, FloodTable.SIGNALLED_NS)))
        {
            table.putNats(slot, FloodTable.SIGNALLED_NATS, evidence);
            table.put(slot, FloodTable.SIGNALLED_NS, nowNs);
            tell(slot, evidence, c);
        }
    }

    /** A conversation is over: what comes too late is reset, by either of the two. */
    void onEnded(final Conversation c)
    {
        excuse(c.initiatorHigh(), c.initiatorLow(), excused);
        excuse(c.responderHigh(), c.responderLow(), excused);
    }

    /** An initiator reset the answer to his own opening. */
    void onAborted(final Conversation c)
    {
        excuse(c.initiatorHigh(), c.initiatorLow(), Math.max(1, c.weight()));
    }

    /** Let time pass: forget who was left in peace. */
    int onTick(final long nowNs)
    {
        int forgotten = 0;
        for (int i = 0, limit = Math.min(SWEEP_SLOTS, slots); i < limit; i++)
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

    private void excuse(final long high, final long low, final int resets)
    {
        final int slot = seenShare == 0.0 ? FloodTable.NONE : table.find(victimHash.hash(high, low));
        if (slot != FloodTable.NONE)
        {
            table.putNats(slot, FloodTable.SCORE_NATS, Math.max(model.bottomNats(),
                table.nats(slot, FloodTable.SCORE_NATS) - resets * seenShare * model.eventNats()));
        }
    }

    private int follow(final Conversation c)
    {
        final long hash = victimHash.hash(c.initiatorHigh(), c.initiatorLow());
        int slot = table.find(hash);
        if (slot == FloodTable.NONE)
        {
            slot = table.claim(hash, model.bottomNats(), model.bottomNats(), c.timeNs());
            if (slot != FloodTable.NONE)
            {
                table.put(slot, FloodTable.VICTIM_HIGH, c.initiatorHigh());
                table.put(slot, FloodTable.VICTIM_LOW, c.initiatorLow());
            }
        }
        return slot;
    }

    private void begin(final int slot, final long nowNs)
    {
        table.begin(slot, nowNs);
        sources.clear(slot);
        ranking.clear(slot);
        log.clear(slot);
    }

    private void tell(final int slot, final double evidence, final Conversation c)
    {
        final HeavyHitters ranked = ranking.of(slot);
        final long high = table.get(slot, FloodTable.VICTIM_HIGH);
        final long low = table.get(slot, FloodTable.VICTIM_LOW);
        final boolean isOne = ranked.count(ranked.high(0), ranked.low(0)) >= ONE_SOURCE * ranked.total();
        if (isOne && exemptions.spare(ranked.high(0), ranked.low(0), c.timeNs()))
        {
            return;
        }
        if (isOne)
        {
            gate.signal()
                .subject(Scenario.FLOOD, ranked.high(0), ranked.low(0))
                .verified(verification.of(ranked.high(0), ranked.low(0), false, c.interfaceIndex()));
        }
        else
        {
            gate.signal().subject(Scenario.SPREAD_FLOOD, high, low).ranked(ranked);
        }
        gate.signal()
            .evidence(evidence, (int)Math.min(table.get(slot, FloodTable.HELD), Integer.MAX_VALUE))
            .spread(isOne ? 1 : sources.estimate(slot), 1)
            .aim(high, low, reset.port)
            .explained(log, slot)
            .seen(table.get(slot, FloodTable.FIRST_SEEN_NS), table.get(slot, FloodTable.LAST_SEEN_NS));
        gate.publish();
    }
}
