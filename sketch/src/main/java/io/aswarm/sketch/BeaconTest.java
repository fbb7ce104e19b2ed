package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;

/**
 * Sequential test for calls at regular intervals, from a host of the site to a rare destination outside.
 * <p>
 * <b>Model.</b> Each interval between two calls is held against the typical one of the pair, a running mean of up to
 * {@value #MEAN_OF} intervals that moves by no more than a tenth for each, whatever its size (Huber, "Robust estimation
 * of a location parameter", Ann. Math. Stat. 35, 1964), so that one long pause does not spoil it, and jitter of a fifth
 * stays within a fifth of it. An interval within {@value #TOLERANCE_PERCENT} % of it is regular: with probability 0.9
 * for a beacon with jitter, 0.57 for programs at large, of which some poll. A regular one adds ln(0.9/0.57) = 0.46
 * nats, an irregular one takes ln(0.43/0.1) = 1.46, down to 0. Calls left out, an interval of two to four times the
 * typical one, say nothing. While little is known of the host ({@link Baselines}), evidence counts for {@value
 * #IMMATURE_WEIGHT} of what it is: 65 regular intervals in a row are then at one node's bar, 46 when it is known. Less
 * would not do: lamps and meters poll rare places fifty times in a row, more regularly than most beacons. What does so
 * for longer is called. Whether it may is not on the wire: declare it exempt.
 * <p>
 * <b>Error.</b> By chance one interval in 2 x 10<sup>9</sup> begins a run that comes to one node's bar (Wald's bound:
 * one in 10<sup>9</sup>), so what calls falsely is a timer. <b>Miss.</b> A beacon with the model's rates is called for
 * certain if it goes on: of a host that is known after 77 intervals on average and 133 in 99 of a hundred cases, of one
 * that is not after 110 and 174.
 * <p>
 * <b>Difference from the paper.</b> Hu et al. ("BAYWATCH: robust beaconing detection to identify infected hosts in
 * large-scale enterprise networks", DSN 2016) look for a period in the spectrum of a day's calls and confirm it by
 * autocorrelation, and then leave out popular places and known names. Rare places are asked for here too; but each
 * interval counts as it comes, so that nothing is kept of a pair but its typical one, and an error rate can be stated.
 * <p>
 * Openings are held against a second hypothesis too, more jitter than that: {@link JitterModel}. Its evidence is kept
 * apart, and told where it is more. Volume is not: samples of any steady stream come at intervals with a bound.
 * <p>
 * A place that more than {@value Popularity#RARE_MAX} hosts call is not judged: {@link Popularity} while it is new to
 * them, {@link Callers} for a day or two since. Many hosts that begin to call one place are {@link CallHomeTest}'s.
 * <p>
 * A call lasts while no pause of {@value #BURST_NS} ns is in it, and an interval is from beginning to beginning: who is
 * busy with a place makes one long call, not one each half second. Clocks are set by regular calls and are not judged
 * (NTP, port 123). The opening of a conversation is a call, and so is volume that its initiator sends within a long
 * one; protocols without ports are not judged, since tunnels (ESP, GRE) ask by a timer whether the other end is there.
 */
final class BeaconTest
{
    static final long BURST_NS = 500_000_000L;
    static final long PERIOD_MAX_NS = 7_200_000_000_000L;
    static final long HALF_LIFE_NS = 86_400_000_000_000L;
    static final int TOLERANCE_PERCENT = 20;
    static final int INTERVALS_MIN = 2;
    static final int MEAN_OF = 16;
    static final double REGULAR_BEACON = 0.9;
    static final double REGULAR_BENIGN = 0.57;
    static final double IMMATURE_WEIGHT = 0.7;
    private static final int NTP_PORT = 123;
    private static final int ENTRY_LENGTH = 32;
    private static final int LAST_NS = 0;
    private static final int STARTED_NS = 8;
    private static final int TYPICAL_NS = 16;
    private static final int INTERVALS = 24;
    /** Chance alone makes a little of jitter again and again: it is told from so many times the weak evidence on. */
    private static final double JITTERED_TOLD = 2.0;
    /** Makes of a pair's episode of regular calls that of its jittered ones. */
    private static final long JITTERED = 0x9e3779b97f4a7c15L;

    private final double regularNats;
    private final double irregularNats;
    private final long burstNs;
    private final long periodMaxNs;
    private final int tolerancePercent;
    private final int intervalsMin;
    private final JitterModel jitterModel;
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
        this.jitterModel = new JitterModel(parameters);
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
        final long pauseNs = c.timeNs() - intervals.getLong(offset + LAST_NS);
        if (pauseNs >= periodMaxNs)
        {
            begin(slot, hash, c.timeNs());
            return;
        }
        intervals.putLong(offset + LAST_NS, c.timeNs());
        if (pauseNs >= burstNs)
        {
            final long intervalNs = c.timeNs() - intervals.getLong(offset + STARTED_NS);
            intervals.putLong(offset + STARTED_NS, c.timeNs());
            judge(offset, hash, intervalNs, c);
        }
    }

    private void begin(final int slot, final long hash, final long nowNs)
    {
        index.take(slot, hash);
        intervals.setMemory(slot * ENTRY_LENGTH, ENTRY_LENGTH, (byte)0);
        intervals.putLong(slot * ENTRY_LENGTH + LAST_NS, nowNs);
        intervals.putLong(slot * ENTRY_LENGTH + STARTED_NS, nowNs);
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
        if (seen < intervalsMin || evidence.spares(c.initiatorHigh(), c.initiatorLow(), c.timeNs()))
        {
            return;
        }
        final double weight = baselines.weight(usual, immatureWeight);
        final double regular = hold(
            hash, Cause.REGULAR_INTERVAL, weight * nats(intervalNs, typicalNs), usual, 0.0, c);
        if (c.kind() == ConversationKind.OPENED)
        {
            hold(
                hash ^ JITTERED, Cause.JITTERED_INTERVAL, weight * jitterModel.nats(intervalNs, typicalNs), usual,
                Math.max(regular, JITTERED_TOLD * suspicionNats), c);
        }
    }

    /** What an interval says of regular calls. */
    private double nats(final long intervalNs, final long typicalNs)
    {
        if (Math.abs(intervalNs - typicalNs) * 100 <= typicalNs * tolerancePercent)
        {
            return regularNats;
        }
        return intervalNs < 2 * typicalNs || intervalNs > 4 * typicalNs ? -irregularNats : 0.0;
    }

    /** Let an episode grow or shrink; tell it if it has more than is told already. Returns what it has. */
    private double hold(
        final long hash, final Cause cause, final double nats, final int usual, final double told,
        final Conversation c)
    {
        if (nats <= 0.0)
        {
            final int slot = evidence.find(hash);
            if (slot != Evidence.NONE && nats < 0.0)
            {
                evidence.take(slot, Cause.IRREGULAR_INTERVAL, -nats, c.timeNs());
            }
            return slot == Evidence.NONE ? 0.0 : evidence.nats(slot, c.timeNs());
        }
        final int slot = evidence.episode(hash, c.initiatorHigh(), c.initiatorLow(), nats, c.timeNs());
        if (slot == Evidence.NONE)
        {
            return 0.0;
        }
        contact.set(0, c);
        contact.cause = cause;
        evidence.add(slot, contact, nats, verification.of(contact), 1, c.timeNs());
        final double held = evidence.nats(slot, c.timeNs());
        if (held >= suspicionNats)
        {
            baselines.freeze(usual);
        }
        if (held > told && evidence.isDue(slot, c.timeNs()))
        {
            evidence.tell(slot, 1, 1, c.timeNs());
        }
        return held;
    }
}
