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

    private final SampledRates rates;
    private final int excused;
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

    BackscatterTest(final Workshop workshop)
    {
        final DetectorParameters parameters = workshop.parameters();
        final Cusum model = new Cusum(
            parameters.value(DetectorParameter.SPREAD_RESETS_BENIGN),
            parameters.value(DetectorParameter.SPREAD_RESETS_ATTACK),
            parameters.count(DetectorParameter.SPREAD_RESETS_BURST), workshop.config().evidenceMaxNats());
        this.excused = parameters.count(DetectorParameter.SPREAD_RESETS_EXCUSED);
        final int slots = workshop.config().floodsMax();
        this.rates = new SampledRates(model, slots, workshop);
        this.table = rates.table();
        this.sources = workshop.fanOut(slots, 45);
        this.ranking = new SourceRanking(workshop, slots);
        this.log = new ContributionLog(workshop.memory().allocate(ContributionLog.memoryLength(slots)));
        this.victimHash = workshop.key().derive(46);
        this.verification = workshop.verification();
        this.exemptions = workshop.exemptions();
        this.gate = workshop.gate();
    }

    /** Whether a segment answers one that acknowledged something nobody sent: a reset without an ACK of its own. */
    static boolean isReset(final Conversation c)
    {
        return (c.tcpFlags() & (Conversation.TCP_RST | Conversation.TCP_ACK)) == Conversation.TCP_RST;
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
        final int slot = rates.follow(victimHash.hash(c.initiatorHigh(), c.initiatorLow()), nowNs);
        if (slot == FloodTable.NONE)
        {
            return;
        }
        seenShare = Math.min(1.0, (double)c.lengthBytes() / Math.max(1, c.quantity()));
        if (rates.rest(slot, seenShare, nowNs))
        {
            sources.clear(slot);
            ranking.clear(slot);
            log.clear(slot);
        }
        table.put(slot, FloodTable.VICTIM_HIGH, c.initiatorHigh());
        table.put(slot, FloodTable.VICTIM_LOW, c.initiatorLow());
        table.putInt(slot, FloodTable.PORT, c.initiatorPort());
        sources.add(slot, c.responderHigh(), c.responderLow());
        ranking.add(slot, c.responderHigh(), c.responderLow(), 1);
        reset.set(0, c).turn().cause = Cause.RESET;
        log.addSource(slot, Cause.RESET, rates.seen(slot, 1.0, nowNs), reset, nowNs);
        if (table.takeDue(slot, gate, nowNs))
        {
            tell(slot, c);
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
        return rates.onTick(nowNs);
    }

    private void excuse(final long high, final long low, final int resets)
    {
        if (seenShare > 0.0)
        {
            rates.excuse(victimHash.hash(high, low), resets * seenShare);
        }
    }

    private void tell(final int slot, final Conversation c)
    {
        final HeavyHitters ranked = ranking.of(slot);
        final long high = ranked.high(0);
        final long low = ranked.low(0);
        final boolean isOne = ranked.count(0) >= ONE_SOURCE * ranked.total();
        if (!isOne)
        {
            final Signal signal = gate.signal().subject(
                Scenario.SPREAD_FLOOD, table.get(slot, FloodTable.VICTIM_HIGH), table.get(slot, FloodTable.VICTIM_LOW));
            table.describe(slot, signal, log).spread(sources.estimate(slot), 1).ranked(ranked);
            gate.publish();
        }
        else if (!exemptions.spare(high, low, c.timeNs()))
        {
            table.describe(slot, gate.signal().subject(Scenario.FLOOD, high, low), log)
                .spread(1, 1)
                .verified(verification.of(high, low, false, c.interfaceIndex()));
            gate.publish();
        }
    }
}
