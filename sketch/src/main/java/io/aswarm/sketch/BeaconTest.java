package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;

/**
 * Sequential test for calls at regular intervals, from a host of the site to a rare destination outside.
 * <p>
 * <b>Model.</b> Each interval between two calls is held against the typical one of the pair, a running mean of up to
 * {@value #MEAN_OF} intervals that moves by no more than a tenth for each, whatever its size (Huber, "Robust estimation
 * of a location parameter", Ann. Math. Stat. 35, 1964), so that one long pause does not spoil it, and jitter of a fifth
 * stays within a fifth of it. An interval within {@value #TOLERANCE_PERCENT} % of it is regular: with probability 0.9
 * for a beacon with jitter, 0.57 for programs at large, of which some poll (Hu et al., "BAYWATCH: robust beaconing
 * detection", DSN 2016). A regular one adds ln(0.9/0.57) = 0.46 nats, an irregular one takes ln(0.43/0.1) = 1.46, down
 * to 0; by chance one interval in 2 x 10<sup>9</sup> begins a run that comes to one node's bar (Wald's bound: one in
 * 10<sup>9</sup>), so what calls falsely is a timer. Calls left out, an interval of two to four times the typical one,
 * say nothing. While little is known of the host ({@link Baselines}), evidence counts for {@value #IMMATURE_WEIGHT} of
 * what it is: 65 regular intervals in a row are then at one node's bar, 46 when it is known. Less would not do: lamps
 * and meters poll rare places fifty times in a row, more regularly than most beacons. What does so for longer is
 * called. Whether it may is not on the wire: declare it exempt.
 * <p>
 * A place that more than {@value Popularity#RARE_MAX} hosts call is not judged: {@link Popularity} while it is new to
 * them, {@link Callers} for a day or two since. Many hosts that begin to call one place are {@link CallHomeTest}'s.
 * <p>
 * Calls within {@value #BURST_NS} ns are one call. Clocks are set by regular calls and are not judged (NTP, port 123).
 * The opening of a conversation is a call, and so is volume that its initiator sends within a long one; protocols
 * without ports are not judged, since tunnels (ESP, GRE) ask by a timer whether the other end is there.
 */
final class BeaconTest
{
    static final long BURST_NS = 500_000_000L;
    static final long PERIOD_MAX_NS = 7_200_000_000_000L;
    static final long HALF_LIFE_NS = 86_400_000_000_000L;
    static final int TOLERANCE_PERCENT = 20;
    static final int INTERVALS_MIN = 2;
    static final int MEAN_OF = 8;
    static final double REGULAR_BEACON = 0.9;
    static final double REGULAR_BENIGN = 0.57;
    static final double IMMATURE_WEIGHT = 0.7;
    private static final int NTP_PORT = 123;
    private static final int ENTRY_LENGTH = 32;
    private static final int LAST_NS = 0;
    private static final int TYPICAL_NS = 8;
    private static final int INTERVALS = 16;

    private final double regularNats;
    private final double irregularNats;
    private final long burstNs;
    private final long periodMaxNs;
    private final int tolerancePercent;
    private final int intervalsMin;
    private final Evidence evidence;
    private final Popularity popularity;
    private final Callers callers;
    private final Baselines baselines;
    private final double immatureWeight;
    private final double suspicionNats;
    private final Verification verification;
    private final KeyedHash pairHash;
    private final SlotIndex index;
    private final MutableDirectBuffer intervals;
    private final Contact contact = new Contact();

    BeaconTest(final Workshop workshop, final Popularity popularity, final Baselines baselines)
    {
        final DetectorParameters parameters = workshop.parameters();
        final double beacon = parameters.value(DetectorParameter.BEACON_REGULAR);
        final double benign = parameters.value(DetectorParameter.BEACON_REGULAR_BENIGN);
        this.regularNats = StrictMath.log(beacon / benign);
        this.irregularNats = StrictMath.log((1 - benign) / (1 - beacon));
        this.burstNs = parameters.ns(DetectorParameter.BEACON_BURST);
        this.periodMaxNs = parameters.ns(DetectorParameter.BEACON_PERIOD_MAX);
        this.tolerancePercent = parameters.count(DetectorParameter.BEACON_TOLERANCE);
        this.intervalsMin = parameters.count(DetectorParameter.BEACON_INTERVALS_MIN);
        final int slots = 4 * workshop.config().floodsMax();
        this.evidence = new Evidence(
            Scenario.BEACON, workshop.config().floodsMax(), workshop,
            parameters.ns(DetectorParameter.BEACON_HALF_LIFE));
        this.popularity = popularity;
        this.callers = new Callers(workshop, workshop.config().floodsMax(), HALF_LIFE_NS);
        this.baselines = baselines;
        this.suspicionNats = workshop.config().weakNats();
        this.immatureWeight = parameters.value(DetectorParameter.BEACON_IMMATURE);
        this.verification = workshop.verification();
        this.pairHash = workshop.key().derive(16);
        this.index = workshop.index(slots);
        this.intervals = workshop.memory().allocate(slots * ENTRY_LENGTH);
    }

    /** An exchange was completed. */
    void onExchange(final Conversation c)
    {
        if (popularity.isRareOutside(c.responderHigh(), c.responderLow()))
        {
            callers.served(c);
        }
    }

    /** A host called, by an opening or by what it sent in a conversation. */
    void onCall(final Conversation c)
    {
        if (c.responderPort() == NTP_PORT || !popularity.isRareOutside(c.responderHigh(), c.responderLow()) ||
            callers.count(c.responderHigh(), c.responderLow(), c.timeNs()) > Popularity.RARE_MAX)
        {
            return;
        }
        final long hash = pairHash.hash(
            c.initiatorHigh(), c.initiatorLow(), c.responderHigh(), c.responderLow(),
            (long)c.responderPort() << 16 | c.protocol() << 8 | (c.kind() == ConversationKind.VOLUME ? 1 : 0));
        final int slot = index.find(hash);
        if (slot == SlotIndex.NONE)
        {
            begin(index.vacantOrOldest(hash, intervals, ENTRY_LENGTH, LAST_NS), hash, c.timeNs());
            return;
        }
        final int offset = slot * ENTRY_LENGTH;
        final long intervalNs = c.timeNs() - intervals.getLong(offset + LAST_NS);
        if (intervalNs >= periodMaxNs)
        {
            begin(slot, hash, c.timeNs());
        }
        else if (intervalNs >= burstNs)
        {
            intervals.putLong(offset + LAST_NS, c.timeNs());
            judge(offset, hash, intervalNs, c);
        }
    }

    private void begin(final int slot, final long hash, final long nowNs)
    {
        index.take(slot, hash);
        intervals.setMemory(slot * ENTRY_LENGTH, ENTRY_LENGTH, (byte)0);
        intervals.putLong(slot * ENTRY_LENGTH + LAST_NS, nowNs);
    }

    private void judge(final int offset, final long hash, final long intervalNs, final Conversation c)
    {
        final int seen = intervals.getInt(offset + INTERVALS);
        final long typicalNs = seen == 0 ? intervalNs : intervals.getLong(offset + TYPICAL_NS);
        final long deviationNs = intervalNs - typicalNs;
        final int meanOf = Math.max(2, Math.min(seen + 1, MEAN_OF));
        final long stepMaxNs = seen < intervalsMin ? typicalNs / 2 : typicalNs / 10;
        intervals.putLong(
            offset + TYPICAL_NS, typicalNs + Math.max(-stepMaxNs, Math.min(stepMaxNs, deviationNs / meanOf)));
        intervals.putInt(offset + INTERVALS, Math.min(seen + 1, Integer.MAX_VALUE - 1));
        final int usual = baselines.observe(
            c.initiatorHigh(), c.initiatorLow(), Baselines.CALLS, 1, c.timeNs());
        if (seen < intervalsMin)
        {
            return;
        }
        final double weight = baselines.weight(usual, immatureWeight);
        if (Math.abs(deviationNs) * 100 <= typicalNs * tolerancePercent)
        {
            regular(hash, usual, weight * regularNats, c);
        }
        else if (deviationNs < typicalNs || deviationNs > 3 * typicalNs)
        {
            final int slot = evidence.find(hash);
            if (slot != Evidence.NONE)
            {
                evidence.take(slot, Cause.IRREGULAR_INTERVAL, weight * irregularNats, c.timeNs());
            }
        }
    }

    private void regular(final long hash, final int usual, final double nats, final Conversation c)
    {
        if (evidence.spares(c.initiatorHigh(), c.initiatorLow(), c.timeNs()))
        {
            return;
        }
        final int slot = evidence.episode(hash, c.initiatorHigh(), c.initiatorLow(), nats, c.timeNs());
        if (slot != Evidence.NONE)
        {
            contact.set(0, c);
            contact.cause = Cause.REGULAR_INTERVAL;
            evidence.add(slot, contact, nats, verification.of(contact), 1, c.timeNs());
            if (evidence.nats(slot, c.timeNs()) >= suspicionNats)
            {
                baselines.freeze(usual);
            }
            if (evidence.isDue(slot, c.timeNs()))
            {
                evidence.tell(slot, 1, 1, c.timeNs());
            }
        }
    }
}
