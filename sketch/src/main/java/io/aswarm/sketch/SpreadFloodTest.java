package io.aswarm.sketch;

/**
 * Sequential test on what strangers open at one victim and do not complete. A stranger is a source that never completed
 * an exchange within memory and is not bound to its place on the link: a forged source is always one. Each counts with
 * its first contacts only, so clients who retry, however many, are not a flood.
 * <p>
 * Processes followed by {@link Cusum}, where both error rates are stated, for each victim and protocol. To be at one
 * node's bar, 20.7 nats, they need as many that come at once as stands last:
 * <pre>
 *                                                            benign   flood      lump allowed  needed
 *   TCP openings refused, or not completed within a grace    50/s     2,000/s    64            70
 *   of these, bare ones                                      5/s      1,000/s    32            36
 *   datagrams that are not answered                          500/s    5,000/s    256           265
 *   datagrams from a service's port that nobody had asked    1/s      20/s       16            23
 * </pre>
 * Bare ones ({@link BareOpenings}) are not those of a crowd, nor of a site that starts; 32 are the devices of a rack
 * that lost their collector. A flooder who writes a stack's options is told by the first. An echo is a datagram, and
 * whether it is answered is all the same: who asks for nothing else is no crowd.
 * <p>
 * Of reflection each opening counts, and each record of volume from outside once the victim is followed for it; not
 * what hosts of the site answer to a search by multicast, which nobody asked them as far as addresses tell.
 * <p>
 * TCP is reflected too (K&uuml;hrer, Hupperich, Rossow and Holz, "Hell of a handshake", WOOT 2014): services send
 * SYN-ACKs to who seems to ask. Those that nobody was seen to ask for are heard of by samples in proportion to bytes,
 * of 17 of them one, and each sample counts once. Where routes are asymmetric a whole site's acceptances are of that
 * kind, but data follow them, several times their bytes; so a sample of anything else but a reset takes two back. The
 * price is a prober that asks hundreds of services a second, breaks off once they accept, and is heard on its way back
 * only. Fewer than 107 a second stay below.
 * <p>
 * The grace is what {@link AnswerTimes} learned of completions at the victim, {@value #GRACE_MIN_NS} to {@value
 * #GRACE_MAX_NS} ns, so clients far away are waited for. A spoofed flood of 20,000/s at a closed port is called within
 * 75 openings, 4 ms, a bare one within 38, 2 ms.
 * <p>
 * A flash crowd completes what it opens. A site that starts while this sensor knows nobody yet is the price: 64 hosts
 * that fail at one victim within a few milliseconds look like forged ones.
 */
final class SpreadFloodTest implements ContactListener
{
    static final int SOURCES_MIN = 8;
    static final long GRACE_MIN_NS = 20_000_000L;
    static final long GRACE_MAX_NS = 1_000_000_000L;
    static final double HANDSHAKES_BENIGN_PER_SECOND = 50.0;
    static final double HANDSHAKES_FLOOD_PER_SECOND = 2_000.0;
    static final int HANDSHAKES_BURST = 64;
    static final double BARE_BENIGN_PER_SECOND = 5.0;
    static final double BARE_FLOOD_PER_SECOND = 1_000.0;
    static final int BARE_BURST = 32;
    static final double DATAGRAMS_BENIGN_PER_SECOND = 500.0;
    static final double DATAGRAMS_FLOOD_PER_SECOND = 5_000.0;
    static final int DATAGRAMS_BURST = 256;
    static final double REFLECTIONS_BENIGN_PER_SECOND = 1.0;
    static final double REFLECTIONS_FLOOD_PER_SECOND = 20.0;
    static final int REFLECTIONS_BURST = 16;
    private static final int SWEEP_SLOTS = 32;
    private static final long IDLE_NS = 10_000_000_000L;

    private final Cusum handshakes;
    private final BareOpenings bare;
    private final Cusum datagrams;
    private final Cusum reflections;
    private final int sourcesMin;
    private final long graceMinNs;
    private final int slots;
    private final FloodTable table;
    private final FanOutSketch sources;
    private final SourceRanking ranking;
    private final ContributionLog log;
    private final AnswerTimes completions;
    private final KeyedHash aimHash;
    private final Verification verification;
    private final SignalGate gate;
    private final Site site;
    private final Contact volume = new Contact();
    private int sweepSlot;

    SpreadFloodTest(final Workshop workshop)
    {
        final LocalPolicyConfig config = workshop.config();
        final DetectorParameters parameters = workshop.parameters();
        this.handshakes = workshop.cusum(
            DetectorParameter.SPREAD_HANDSHAKES_BENIGN, DetectorParameter.SPREAD_HANDSHAKES_ATTACK,
            DetectorParameter.SPREAD_HANDSHAKES_BURST);
        this.datagrams = workshop.cusum(
            DetectorParameter.SPREAD_DATAGRAMS_BENIGN, DetectorParameter.SPREAD_DATAGRAMS_ATTACK,
            DetectorParameter.SPREAD_DATAGRAMS_BURST);
        this.reflections = workshop.cusum(
            DetectorParameter.SPREAD_REFLECTIONS_BENIGN, DetectorParameter.SPREAD_REFLECTIONS_ATTACK,
            DetectorParameter.SPREAD_REFLECTIONS_BURST);
        this.sourcesMin = parameters.count(DetectorParameter.SPREAD_SOURCES);
        this.graceMinNs = parameters.ns(DetectorParameter.SPREAD_GRACE_MIN);
        this.slots = config.floodsMax();
        this.table = workshop.floodTable(slots);
        this.bare = new BareOpenings(workshop.cusum(
            DetectorParameter.SPREAD_BARE_BENIGN, DetectorParameter.SPREAD_BARE_ATTACK,
            DetectorParameter.SPREAD_BARE_BURST), table);
        this.sources = workshop.fanOut(slots, 10);
        this.ranking = new SourceRanking(workshop, slots);
        this.log = workshop.contributionLog(slots);
        this.completions = new AnswerTimes(
            workshop.memory().allocate(AnswerTimes.memoryLength(slots)), workshop.index(slots), GRACE_MAX_NS,
            config.contactMemoryNs());
        this.aimHash = workshop.key().derive(11);
        this.verification = workshop.verification();
        this.gate = workshop.gate();
        this.site = config.site();
    }

    @Override
    public void onOpened(final Contact contact, final int weight)
    {
        if (verification.isKnown(contact))
        {
            return;
        }
        final long hash = hash(contact);
        final int slot = follow(hash, contact);
        if (slot == FloodTable.NONE)
        {
            return;
        }
        note(slot, hash, contact, weight);
        contact.state |= PendingContacts.COUNTED;
        if (Reflectors.isUnasked(contact, site))
        {
            count(slot, contact, weight, contact.openedNs);
        }
        else
        {
            table.add(slot, FloodTable.YOUNG, weight);
            bare.opened(slot, contact.is(PendingContacts.BARE) ? weight : 0);
        }
    }

    private void note(final int slot, final long hash, final Contact contact, final int weight)
    {
        final long nowNs = contact.openedNs;
        ripen(slot, hash, nowNs);
        if (isIdle(slot))
        {
            table.begin(slot, nowNs);
            table.putInt(slot, FloodTable.PORT, contact.port);
            sources.clear(slot);
            ranking.clear(slot);
            log.clear(slot);
        }
        table.put(slot, FloodTable.LAST_SEEN_NS, nowNs);
        table.putInt(slot, FloodTable.PORT, table.getInt(slot, FloodTable.PORT) == contact.port ? contact.port : 0);
        sources.add(slot, contact.sourceHigh, contact.sourceLow);
        ranking.add(slot, contact.sourceHigh, contact.sourceLow, weight);
    }

    /** Volume from a place outside: that of a service which nobody asked is reflected. */
    void onVolume(final Conversation c)
    {
        if ((c.flags() & Conversation.FLAG_FROM_RESPONDER) != 0 ||
            site.contains(c.initiatorHigh(), c.initiatorLow()))
        {
            return;
        }
        if (c.protocol() == ConversationKind.UDP && Reflectors.isAnswering(c.initiatorPort(), c.responderPort()))
        {
            volume.set(0, c);
            reflected(table.find(hash(volume)));
        }
        else if (c.protocol() == ConversationKind.TCP && (c.flags() & Conversation.FLAG_UNORIENTED) != 0)
        {
            volume.set(0, c);
            volume.protocol = Reflectors.ACCEPTANCES;
            if (Reflectors.isAccepting(c))
            {
                reflected(follow(hash(volume), volume));
            }
            else if (!Reflectors.isReset(c))
            {
                takeBack(table.find(hash(volume)));
            }
        }
    }

    private void reflected(final int slot)
    {
        if (slot != FloodTable.NONE && !verification.isKnown(volume))
        {
            note(slot, hash(volume), volume, 1);
            count(slot, volume, 1, volume.openedNs);
        }
    }

    /** The victim is sent data too: it did ask, where this sensor does not hear it. */
    private void takeBack(final int slot)
    {
        if (slot != FloodTable.NONE)
        {
            table.putNats(slot, FloodTable.REFUSED_NATS,
                reflections.withdraw(table.nats(slot, FloodTable.REFUSED_NATS), Reflectors.TAKEN_BACK));
        }
    }

    private int follow(final long hash, final Contact contact)
    {
        int slot = table.find(hash);
        if (slot == FloodTable.NONE)
        {
            final Cusum model = contact.isTcp() ? handshakes : datagrams;
            slot = table.claim(hash, model.bottomNats(), second(contact.protocol).bottomNats(), contact.openedNs);
            if (slot != FloodTable.NONE)
            {
                bare.follow(slot);
                table.put(slot, FloodTable.VICTIM_HIGH, contact.destinationHigh);
                table.put(slot, FloodTable.VICTIM_LOW, contact.destinationLow);
                table.putInt(slot, FloodTable.PROTOCOL, contact.protocol);
            }
        }
        return slot;
    }

    /** What the second score of a slot follows: refusals of TCP, reflections of the others. */
    private Cusum second(final int protocol)
    {
        return protocol == ConversationKind.TCP ? handshakes : reflections;
    }

    @Override
    public void onSuccess(final Contact contact, final long nowNs)
    {
        final long hash = hash(contact);
        if (contact.isTcp())
        {
            completions.answered(hash, contact.openedNs, nowNs);
        }
        final int slot =
            contact.is(PendingContacts.COUNTED) && !contact.isEcho() ? table.find(hash) : FloodTable.NONE;
        if (slot != FloodTable.NONE)
        {
            ripen(slot, hash, nowNs);
            final long late = finish(slot, contact, 1);
            bare.withdraw(slot, contact.is(PendingContacts.BARE) ? late : 0);
            if (late > 0)
            {
                final Cusum model = contact.isTcp() ? handshakes : datagrams;
                table.putNats(
                    slot, FloodTable.SCORE_NATS, model.withdraw(table.nats(slot, FloodTable.SCORE_NATS), late));
            }
        }
    }

    @Override
    public void onFailure(final Contact contact, final int weight, final long nowNs)
    {
        // Silence was counted when the opening ripened.
        if (contact.is(PendingContacts.COUNTED) && contact.isTcp() &&
            (contact.cause == Cause.REFUSED || contact.cause == Cause.UNREACHABLE))
        {
            final long hash = hash(contact);
            final int slot = table.find(hash);
            if (slot != FloodTable.NONE)
            {
                ripen(slot, hash, nowNs);
                final long failed = weight - finish(slot, contact, weight);
                bare.failed(slot, contact.is(PendingContacts.BARE) ? failed : 0, nowNs);
                count(slot, contact, failed, nowNs);
            }
        }
    }

    /** Returns how many had been held overdue. */
    private long finish(final int slot, final Contact contact, final long openings)
    {
        return contact.is(PendingContacts.BARE) ? table.finishBare(slot, openings) : table.finish(slot, openings);
    }

    /** Openings were refused, or answers came that nobody had asked for. */
    private void count(final int slot, final Contact contact, final long events, final long nowNs)
    {
        if (events > 0)
        {
            final Cusum model = second(table.getInt(slot, FloodTable.PROTOCOL));
            table.score(slot, model, FloodTable.REFUSED_NATS, FloodTable.REFUSED_NS, events, nowNs);
            contact.cause = contact.isTcp() ? contact.cause : Cause.UNASKED_ANSWER;
            final boolean isBare = contact.is(PendingContacts.BARE);
            log.addSource(slot, isBare ? Cause.BARE_OPENING : contact.cause,
                events * (isBare ? bare.eventNats() : model.eventNats()), contact, nowNs);
            held(slot, events, nowNs);
        }
    }

    private void held(final int slot, final long events, final long nowNs)
    {
        table.add(slot, FloodTable.HELD, events);
        final int distinct = sources.estimate(slot);
        if (distinct >= sourcesMin && table.takeDue(slot, gate, nowNs))
        {
            final Signal signal = gate.signal().subject(
                Scenario.SPREAD_FLOOD, table.get(slot, FloodTable.VICTIM_HIGH), table.get(slot, FloodTable.VICTIM_LOW));
            table.describe(slot, signal, log).spread(distinct, 1).ranked(ranking.of(slot));
            gate.publish();
        }
    }

    private long graceNs(final long hash)
    {
        final int slot = completions.find(hash);
        return slot == AnswerTimes.NONE ? graceMinNs :
            Math.max(graceMinNs, completions.earlyTimeoutNs(slot));
    }

    private boolean ripen(final int slot, final long hash, final long nowNs)
    {
        final long graceNs = graceNs(hash);
        if (!table.isEpochOver(slot, graceNs, nowNs))
        {
            return false;
        }
        final int bareOnes = table.bareOverdue(slot, graceNs, nowNs);
        bare.failed(slot, bareOnes, nowNs);
        final long overdue = table.ripen(slot, graceNs, nowNs);
        final int protocol = table.getInt(slot, FloodTable.PROTOCOL);
        final Cusum model = protocol == ConversationKind.TCP ? handshakes : datagrams;
        table.score(slot, model, FloodTable.SCORE_NATS, FloodTable.SCORE_NS, overdue, nowNs);
        table.score(slot, second(protocol), FloodTable.REFUSED_NATS, FloodTable.REFUSED_NS, 0, nowNs);
        if (overdue > 0)
        {
            log.addSource(slot, bareOnes > 0 ? Cause.BARE_OPENING : Cause.STRANGER,
                bareOnes > 0 ? bareOnes * bare.eventNats() : overdue * model.eventNats(), null, nowNs);
            held(slot, overdue, nowNs);
        }
        return true;
    }

    private boolean isIdle(final int slot)
    {
        final int protocol = table.getInt(slot, FloodTable.PROTOCOL);
        final Cusum model = protocol == ConversationKind.TCP ? handshakes : datagrams;
        return table.isRipe(slot) && table.nats(slot, FloodTable.SCORE_NATS) <= model.bottomNats() &&
            table.nats(slot, FloodTable.REFUSED_NATS) <= second(protocol).bottomNats() && bare.isIdle(slot);
    }

    /** Let time pass: notice openings that became overdue, forget victims that are left in peace. */
    int onTick(final long nowNs)
    {
        int done = 0;
        for (int i = 0, limit = Math.min(SWEEP_SLOTS, slots); i < limit; i++)
        {
            final int slot = sweepSlot;
            sweepSlot = (slot + 1) & (slots - 1);
            if (table.isTaken(slot))
            {
                done += table.isEpochOver(slot, graceMinNs, nowNs) && ripen(slot, hash(slot), nowNs) ? 1 : 0;
                if (isIdle(slot) && nowNs - table.get(slot, FloodTable.LAST_SEEN_NS) >= IDLE_NS)
                {
                    table.release(slot);
                    done++;
                }
            }
        }
        return done;
    }

    private long hash(final Contact contact)
    {
        return hash(contact.destinationHigh, contact.destinationLow, contact.protocol);
    }

    private long hash(final int slot)
    {
        return hash(table.get(slot, FloodTable.VICTIM_HIGH), table.get(slot, FloodTable.VICTIM_LOW),
            table.getInt(slot, FloodTable.PROTOCOL));
    }

    private long hash(final long high, final long low, final int protocol)
    {
        return aimHash.hash(high, low, protocol, 0, 0);
    }
}
