package io.aswarm.sketch;

/**
 * Sequential test on the openings of one source to one service (address and port): TCP, UDP and ICMP echo. Three
 * processes of each pair are followed by {@link Cusum}, where both error rates are stated: openings that are overdue,
 * that are refused, and bare ones that are either. What is benign depends on the pair, so there are six models. To be
 * at one node's bar, 20.7 nats, they need as many that come at once as stands last, those before the pair is followed
 * included:
 * <pre>
 *                                               benign      flood       lump allowed  needed
 *   overdue openings, TCP (configured)          50/s        500/s       12            24
 *   overdue openings, datagrams                 2,000/s     20,000/s    64            76
 *   the same, of a stranger                     200/s       2,000/s     64            76
 *   refused openings                            1,000/s     20,000/s    11            21
 *   refused openings, the service served before 1,000/s     20,000/s    64            74
 *   bare openings refused or overdue            1/s         1,000/s     8             12
 * </pre>
 * An opening is overdue when it was neither completed nor refused within a grace after it was seen; it is noticed at
 * most another grace later. That is the configured one, 5 ms by default; where either end is outside the site, so that
 * a program may open dozens at once before the first is answered, {@value #FAR_GRACE_NS} ns for openings over TCP none
 * of which is bare. Loss and retries to a server that restarts are benign. A completion that comes late takes back what
 * its opening added. Refused openings keep nothing waiting, so only a rate counts that no client reaches who waits for
 * the refusal before it tries again. One-way datagrams are never answered, so only their rate counts: of another socket
 * each, since one socket opens once ({@link UnansweredFloodTest} asks for those). A stranger was never served there,
 * completed no exchange within memory and is not bound to its link; a script that starts a program for each datagram
 * comes to a few hundred a second.
 * <p>
 * With the defaults an overdue TCP opening adds 2.30 nats and a millisecond takes 0.45, so any lasting rate below
 * 195/s stays at the bottom. A flood of 1,000/s passes the weak threshold within 24 openings; from 5,000/s on
 * within 11 ms.
 * Refused ones balance at 6,342/s; a flood of 20,000/s is at one node's bar with its 29th opening, after 1.4 ms. A pool
 * of clients that comes back to a service that is down opens all at once and is refused as one lump; where the service
 * is known to have served the source, it may be large.
 * <p>
 * Bare openings ({@link BareOpenings}) are written by a program that is no pool, so eight at once are enough for a
 * device that lost its server, and 145/s balance: 20,000/s in bursts of 20, one each millisecond, are at the bar within
 * the first. Where the service served the source before, they count as all others do. A refusal does not say
 * which opening it answers: those that are not bare are taken to be answered first, so who mixes both kinds is
 * judged by no more bare ones than it sent.
 * <p>
 * <b>Memory.</b> A pair is followed exactly once the count-min sketch of openings, which halves each
 * {@code openingsWindowNs}, says that it opened {@code trackMin} times, a bare opening for {@value #BARE_OPENINGS}. The
 * sketch never underestimates, so no flood is missed; where it overestimates, a pair is followed without need and no
 * evidence comes of it. Openings before that are not counted. A scan opens each service once and is not followed.
 * <p>
 * <b>Collapsed records.</b> One that stands for many openings of the source names only the last one's service. It
 * counts with its whole weight where single records already gave evidence, else as one: what arrives one by one is
 * enough to call any flood, and a burst over many services must not be charged to one of them. Openings are not held
 * overdue when answers to their source were collapsed meanwhile ({@link CollapsedAnswers}).
 */
final class FloodTest
{
    static final double DATAGRAMS_BENIGN_PER_SECOND = 2_000.0;
    static final double DATAGRAMS_FLOOD_PER_SECOND = 20_000.0;
    static final double STRANGER_BENIGN_PER_SECOND = 200.0;
    static final double STRANGER_FLOOD_PER_SECOND = 2_000.0;
    static final double REFUSED_BENIGN_PER_SECOND = 1_000.0;
    static final double REFUSED_FLOOD_PER_SECOND = 20_000.0;
    static final int REFUSED_BURST = 11;
    static final int LARGE_BURST = 64;
    static final double BARE_BENIGN_PER_SECOND = 1.0;
    static final double BARE_FLOOD_PER_SECOND = 1_000.0;
    static final int BARE_BURST = 8;
    static final long FAR_GRACE_NS = 100_000_000L;
    private static final int BARE_OPENINGS = 2;
    private static final double SATURATION_MAX = 0.9;
    private static final int SWEEP_SLOTS = 64;

    private final Cusum tcp;
    private final Cusum datagrams;
    private final Cusum strangersDatagrams;
    private final Cusum refused;
    private final Cusum refusedAcquaintance;
    private final BareOpenings bare;
    private final long graceNs;
    private final long openingsWindowNs;
    private final int trackMin;
    private final int slots;
    private final CountMinSketch openings;
    private final FloodTable table;
    private final ContributionLog log;
    private final CollapsedAnswers collapsedAnswers;
    private final Verification verification;
    private final Site site;
    private final Exemptions exemptions;
    private final SignalGate gate;
    private final SketchCounters counters;
    private boolean started;
    private long windowNs;
    private int sweepSlot;

    FloodTest(final Workshop workshop, final CollapsedAnswers collapsedAnswers)
    {
        final LocalPolicyConfig config = workshop.config();
        this.tcp = new Cusum(
            config.benignUnfinishedPerSecond(), config.floodUnfinishedPerSecond(), config.floodBurst(),
            config.evidenceMaxNats());
        this.datagrams = workshop.cusum(
            DetectorParameter.FLOOD_DATAGRAMS_BENIGN, DetectorParameter.FLOOD_DATAGRAMS_ATTACK,
            DetectorParameter.FLOOD_LARGE_BURST);
        this.strangersDatagrams = workshop.cusum(
            DetectorParameter.FLOOD_STRANGER_BENIGN, DetectorParameter.FLOOD_STRANGER_ATTACK,
            DetectorParameter.FLOOD_LARGE_BURST);
        this.refused = workshop.cusum(
            DetectorParameter.FLOOD_REFUSED_BENIGN, DetectorParameter.FLOOD_REFUSED_ATTACK,
            DetectorParameter.FLOOD_REFUSED_BURST);
        this.refusedAcquaintance = workshop.cusum(
            DetectorParameter.FLOOD_REFUSED_BENIGN, DetectorParameter.FLOOD_REFUSED_ATTACK,
            DetectorParameter.FLOOD_LARGE_BURST);
        this.graceNs = config.floodGraceNs();
        this.openingsWindowNs = config.openingsWindowNs();
        this.trackMin = config.floodTrackMin();
        this.slots = config.floodsMax();
        final KeyedHash key = workshop.key().derive(6);
        this.openings = new CountMinSketch(
            workshop.memory().allocate(CountMinSketch.memoryLength(config.openingsDepth(), config.openingsWidth())),
            config.openingsDepth(), config.openingsWidth(), key.keyHigh(), key.keyLow());
        this.table = workshop.floodTable(slots);
        this.bare = new BareOpenings(workshop.cusum(
            DetectorParameter.FLOOD_BARE_BENIGN, DetectorParameter.FLOOD_BARE_ATTACK,
            DetectorParameter.FLOOD_BARE_BURST), table);
        this.log = workshop.contributionLog(slots);
        this.collapsedAnswers = collapsedAnswers;
        this.verification = workshop.verification();
        this.site = config.site();
        this.exemptions = workshop.exemptions();
        this.gate = workshop.gate();
        this.counters = workshop.counters();
    }

    /**
     * A source asked a service.
     *
     * @param hash       of the contact.
     * @param c          the opening.
     * @param isServed   whether the service is known to have served the source before.
     */
    void onOpened(final long hash, final Conversation c, final boolean isServed)
    {
        final boolean isBare = c.isBareOpening() && !isServed;
        int slot = table.find(hash);
        if (slot == FloodTable.NONE)
        {
            if (openings.add(hash, isBare ? BARE_OPENINGS : 1) < trackMin ||
                exemptions.spare(c.initiatorHigh(), c.initiatorLow(), c.timeNs()))
            {
                return;
            }
            final boolean isOnLink = (c.flags() & Conversation.FLAG_ON_LINK) != 0;
            final int stranger =
                isServed || isOnLink || verification.hasExchanged(c.initiatorHigh(), c.initiatorLow()) ? 0 : 1;
            slot = table.claim(
                hash, overdue(c.protocol(), stranger).bottomNats(), refused(isServed ? 1 : 0).bottomNats(), c.timeNs());
            if (slot == FloodTable.NONE)
            {
                return;
            }
            name(slot, c);
            bare.follow(slot);
            table.putInt(slot, FloodTable.SERVED, isServed ? 1 : 0);
            table.putInt(slot, FloodTable.STRANGER, stranger);
            table.putInt(slot, FloodTable.FAR, isFar(c) ? 1 : 0);
        }

        ripen(slot, c.timeNs());
        if (isIdle(slot))
        {
            log.clear(slot);
            table.begin(slot, c.timeNs());
        }
        final int weight = table.evidenceNats(slot) > 0.0 ? Math.max(1, c.weight()) : 1;
        table.add(slot, FloodTable.YOUNG, weight);
        bare.opened(slot, isBare ? weight : 0);
        table.opened(slot, verification.of(c));
        table.put(slot, FloodTable.LAST_SEEN_NS, c.timeNs());
    }

    private boolean isFar(final Conversation c)
    {
        return c.protocol() == ConversationKind.TCP &&
            !(site.contains(c.initiatorHigh(), c.initiatorLow()) && site.contains(c.responderHigh(), c.responderLow()));
    }

    private void name(final int slot, final Conversation c)
    {
        table.put(slot, FloodTable.SOURCE_HIGH, c.initiatorHigh());
        table.put(slot, FloodTable.SOURCE_LOW, c.initiatorLow());
        table.put(slot, FloodTable.VICTIM_HIGH, c.responderHigh());
        table.put(slot, FloodTable.VICTIM_LOW, c.responderLow());
        table.putInt(slot, FloodTable.PORT, c.responderPort());
        table.putInt(slot, FloodTable.PROTOCOL, c.protocol());
    }

    private Cusum overdue(final int protocol, final int stranger)
    {
        return protocol == ConversationKind.TCP ? tcp : stranger == 0 ? datagrams : strangersDatagrams;
    }

    private Cusum overdueAt(final int slot)
    {
        return overdue(table.getInt(slot, FloodTable.PROTOCOL), table.getInt(slot, FloodTable.STRANGER));
    }

    private Cusum refused(final int served)
    {
        return served == 0 ? refused : refusedAcquaintance;
    }

    private Cusum refusedAt(final int slot)
    {
        return refused(table.getInt(slot, FloodTable.SERVED));
    }

    /** Openings of a source were completed. */
    void onFinished(final long hash, final Conversation c)
    {
        final int slot = table.find(hash);
        if (slot != FloodTable.NONE)
        {
            bare.withdraw(slot, finish(slot, c));
        }
    }

    /** Returns how many of the openings had been held overdue. */
    private long finish(final int slot, final Conversation c)
    {
        ripen(slot, c.timeNs());
        final long late = table.finish(slot, Math.max(1, c.weight()));
        if (late > 0)
        {
            final Cusum model = overdueAt(slot);
            table.putNats(slot, FloodTable.SCORE_NATS, model.withdraw(table.nats(slot, FloodTable.SCORE_NATS), late));
        }
        return late;
    }

    /** Openings of a source were refused: the service keeps nothing waiting. */
    void onRefused(final long hash, final Conversation c)
    {
        final int slot = table.find(hash);
        if (slot != FloodTable.NONE)
        {
            ripen(slot, c.timeNs());
            final int bareBefore = table.bareWaiting(slot);
            finish(slot, c);
            final long events = table.evidenceNats(slot) > 0.0 ? Math.max(1, c.weight()) : 1;
            table.score(
                slot, refusedAt(slot), FloodTable.REFUSED_NATS, FloodTable.REFUSED_NS, events, c.timeNs());
            final long bareOnes = Math.min(events, bareBefore - table.bareWaiting(slot));
            held(slot, Cause.REFUSED_OPENING, refused.eventNats(), events, bareOnes, c.timeNs());
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
            sweepSlot = (slot + 1) & (slots - 1);
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
        return table.isRipe(slot) &&
            table.nats(slot, FloodTable.SCORE_NATS) <= overdueAt(slot).bottomNats() &&
            table.nats(slot, FloodTable.REFUSED_NATS) <= refusedAt(slot).bottomNats() && bare.isIdle(slot);
    }

    private long graceNs(final int slot)
    {
        return table.getInt(slot, FloodTable.FAR) != 0 && table.bareWaiting(slot) == 0 ?
            Math.max(graceNs, FAR_GRACE_NS) : graceNs;
    }

    private boolean ripen(final int slot, final long nowNs)
    {
        final long slotGraceNs = graceNs(slot);
        if (!table.isEpochOver(slot, slotGraceNs, nowNs))
        {
            return false;
        }
        final long oldestNs = table.oldestNs(slot, slotGraceNs);
        final long bareOnes = table.bareOverdue(slot, slotGraceNs, nowNs);
        long overdue = table.ripen(slot, slotGraceNs, nowNs);
        if (overdue > 0 && collapsedAnswers.since(
            table.get(slot, FloodTable.SOURCE_HIGH), table.get(slot, FloodTable.SOURCE_LOW), oldestNs))
        {
            counters.increment(SketchCounter.OVERDUE_FORGIVEN);
            overdue = 0;
        }
        final Cusum model = overdueAt(slot);
        table.score(slot, model, FloodTable.SCORE_NATS, FloodTable.SCORE_NS, overdue, nowNs);
        table.score(slot, refusedAt(slot), FloodTable.REFUSED_NATS, FloodTable.REFUSED_NS, 0, nowNs);
        if (overdue > 0)
        {
            held(slot, Cause.OVERDUE_OPENING, model.eventNats(), overdue, bareOnes, nowNs);
        }
        else
        {
            bare.failed(slot, 0, nowNs);
        }
        return true;
    }

    /** Openings failed, some of them bare. */
    private void held(
        final int slot, final Cause cause, final double eventNats, final long failed, final long bareOnes,
        final long nowNs)
    {
        bare.failed(slot, bareOnes, nowNs);
        table.add(slot, FloodTable.HELD, failed);
        if (bareOnes > 0)
        {
            log.add(slot, Cause.BARE_OPENING, bareOnes * bare.eventNats(), null, nowNs);
        }
        if (failed > bareOnes)
        {
            log.add(slot, cause, (failed - bareOnes) * eventNats, null, nowNs);
        }
        if (table.takeDueOfSource(slot, gate, nowNs))
        {
            table.tellSource(slot, gate, log);
        }
    }
}
