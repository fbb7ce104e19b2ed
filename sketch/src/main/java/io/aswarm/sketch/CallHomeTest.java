package io.aswarm.sketch;

/**
 * Many hosts of the site that begin to call one destination outside, which none called lately, within one window, and
 * neither say nor fetch much there. The subject is the destination.
 * <p>
 * <b>Model.</b> A call is a conversation that ends within {@value #SHORT_MAX_MS} ms. A destination becomes known with
 * the first one, and is forgotten when nobody called it for an hour; hosts that first call it within {@value
 * #WINDOW_NS} ns after it became known are new callers. Of a new service that a site comes to use the callers fetch
 * something; of a place that gives orders they do not. So they count only while what the destination sent is below
 * {@value #BYTES_PER_HOST_MAX} bytes for each. Beyond the first {@value #FREE} each adds ln 3 = 1.1 nats, held to be
 * three times as likely of a call home. 22 hosts at once are at one node's bar, 23 within two minutes; over many racks
 * few of each are enough, since their evidence meets at the destination.
 * <p>
 * <b>Difference from the paper.</b> Gu, Zhang and Lee ("BotSniffer: detecting botnet command and control channels in
 * network traffic", NDSS 2008) let groups of clients be judged by what they do at the same time, too: by a walk over
 * rounds in which a crowd of them answers alike. That needs what they say, and several rounds; the first meeting of so
 * many is judged here, once, so a factor is held and no error rate follows.
 * <p>
 * The price: a destination that one host went on calling before the others came is known, and left to
 * {@link BeaconTest}; and in its first minutes a sensor knows no destination, so that a fleet's own service outside,
 * called shortly by 22 hosts or more, is one that they begin to call.
 */
final class CallHomeTest
{
    static final long WINDOW_NS = 600_000_000_000L;
    static final long SHORT_MAX_MS = 10_000L;
    static final int BYTES_PER_HOST_MAX = 32_768;
    static final int FREE = 3;
    static final double CALLER_FACTOR = 3.0;
    static final long HALF_LIFE_NS = 3_600_000_000_000L;
    private static final int DEPTH = 2;
    private static final int WIDTH = 4_096;

    private final long windowNs;
    private final Beat window;
    private final long shortMaxMs;
    private final long bytesPerHostMax;
    private final int free;
    private final double callerNats;
    private final Evidence evidence;
    private final FanOutSketch callers;
    private final CountMinSketch kibibytesFrom;
    private final KeyedHash destinationHash;
    private final Site site;
    private final Contact contact = new Contact();

    CallHomeTest(final Workshop workshop)
    {
        final int slots = 2 * workshop.config().floodsMax();
        final DetectorParameters parameters = workshop.parameters();
        this.windowNs = parameters.ns(DetectorParameter.CALL_HOME_WINDOW);
        this.window = new Beat(windowNs);
        this.shortMaxMs = parameters.ns(DetectorParameter.CALL_HOME_SHORT) / 1_000_000L;
        this.bytesPerHostMax = parameters.count(DetectorParameter.CALL_HOME_BYTES);
        this.free = parameters.count(DetectorParameter.CALL_HOME_FREE);
        this.callerNats = parameters.logOf(DetectorParameter.CALL_HOME_CALLER);
        this.evidence = new Evidence(
            Scenario.CALL_HOME, slots, workshop, parameters.ns(DetectorParameter.CALL_HOME_HALF_LIFE));
        this.callers = workshop.fanOut(slots, 21);
        this.kibibytesFrom = new CountMinSketch(
            workshop.memory().allocate(CountMinSketch.memoryLength(DEPTH, WIDTH)), DEPTH, WIDTH, 0, 0);
        this.destinationHash = workshop.key().derive(22);
        this.site = workshop.config().site();
    }

    /** A destination sent volume to a host of the site. */
    void onVolume(final Conversation c)
    {
        if ((c.flags() & Conversation.FLAG_FROM_RESPONDER) != 0 && !site.contains(c.responderHigh(), c.responderLow()))
        {
            kibibytesFrom.add(
                destinationHash.hash(c.responderHigh(), c.responderLow()),
                (int)Math.min(Integer.MAX_VALUE / 2, (c.quantity() + 1_023) >> 10));
        }
    }

    /** A conversation that was established is over. */
    void onEnded(final Conversation c)
    {
        if (c.quantity() > shortMaxMs || site.contains(c.responderHigh(), c.responderLow()) ||
            !site.contains(c.initiatorHigh(), c.initiatorLow()) ||
            evidence.spares(c.initiatorHigh(), c.initiatorLow(), c.timeNs()))
        {
            return;
        }
        final long hash = destinationHash.hash(c.responderHigh(), c.responderLow());
        final int slot = evidence.episode(hash, c.responderHigh(), c.responderLow(), 0.0, c.timeNs());
        if (slot == Evidence.NONE)
        {
            return;
        }
        if (evidence.isNew())
        {
            callers.clear(slot);
        }
        evidence.seen(slot, c.timeNs());
        if (callers.add(slot, c.initiatorHigh(), c.initiatorLow()))
        {
            final int hosts = callers.estimate(slot);
            final boolean isCall = hosts > free && c.timeNs() - evidence.firstSeenNs(slot) <= windowNs &&
                1_024L * kibibytesFrom.estimate(hash) <= bytesPerHostMax * hosts;
            contact.set(0, c);
            contact.cause = Cause.CALLED;
            evidence.add(slot, contact, isCall ? callerNats : 0.0, 0, 1, c.timeNs());
            if (isCall && evidence.isDue(slot, c.timeNs()))
            {
                evidence.tell(slot, hosts, 1, c.timeNs());
            }
        }
    }

    void onTick(final long nowNs)
    {
        if (window.isDue(nowNs))
        {
            kibibytesFrom.halve();
        }
    }
}
