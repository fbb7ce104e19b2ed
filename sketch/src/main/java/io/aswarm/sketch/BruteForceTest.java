package io.aswarm.sketch;

/**
 * Sequential test on short conversations of one source with one service that asks who it is: remote shells, file
 * transfer, remote desktops, mailboxes, the endpoint mapper of remote procedures.
 * <p>
 * <b>Model.</b> Conversations that end within {@value #SHORT_MAX_MS} ms are a Poisson process with rate &lambda;0 =
 * 0.02/s (people, jobs) or &lambda;1 = 0.2/s (guessing). An inter-arrival time t adds ln(&lambda;1/&lambda;0) -
 * (&lambda;1 - &lambda;0) t = 2.30 - 0.18 t nats, never below 0 (Wald, "Sequential analysis", 1947, for the exponential
 * distribution). The first {@value #FREE} of an episode are free: tools open several at once; {@value #FILES_FREE} at
 * file servers, where one look at a folder opens many. The endpoint mapper is asked once before a binding; an exploit
 * that guesses binds anew each time (CVE-2020-1472, 256 tries on average: Tervoort, "Zerologon", Secura 2020).
 * <p>
 * <b>Error.</b> One conversation in 10<sup>9</sup> at most begins a run that comes to one node's bar. <b>Miss.</b>
 * Fourteen attempts at once are at the bar, fifteen a second apart; of guessers with the model's rate who come at
 * random half with the 20th and 98 of a hundred with the 32nd. The others come so slowly at first that their first
 * minute is all free and passes for habit. Below the balance of one in 12.8 s nobody is called.
 * <p>
 * <b>Difference from the paper.</b> Javed and Paxson ("Detecting stealthy, distributed SSH brute-forcing", CCS 2013)
 * find guessers that are weak one by one, by CUSUM on the failed logins of a whole site, known from servers' logs, and
 * look for the participants afterwards. A network shows how long a conversation is, not whether a login failed, and
 * whom to name must be known at once: so a pair is judged.
 * <p>
 * A host that usually has more short conversations at that port, with all servers together ({@link Baselines}), is
 * judged at rates so many times higher: twice what it usually does, as far as that is known, stands for &lambda;0.
 * While anything is held against it, nothing is learned.
 * <p>
 * Services where programs open many short conversations in ordinary life, HTTP and databases among them, are not
 * judged: their guessing cannot be told from use by what the network shows.
 */
final class BruteForceTest
{
    static final int FREE = 5;
    static final int FILES_FREE = 20;
    static final long SHORT_MAX_MS = 30_000L;
    static final double BENIGN_PER_SECOND = 0.02;
    static final double GUESSING_PER_SECOND = 0.2;
    static final long HALF_LIFE_NS = 600_000_000_000L;
    private static final int[] ASKING_PORTS =
        {21, 22, 23, 110, 135, 139, 143, 445, 512, 513, 514, 873, 902, 990, 993, 995, 2222, 3389, 5900, 5901, 5985,
            5986};

    private final double benignPerSecond;
    private final double eventNats;
    private final double driftNatsPerNs;
    private final int free;
    private final int filesFree;
    private final long shortMaxMs;
    private final Evidence evidence;
    private final Baselines baselines;
    private final Verification verification;
    private final KeyedHash pairHash;
    private final Contact contact = new Contact();

    BruteForceTest(final Workshop workshop, final Baselines baselines)
    {
        final DetectorParameters parameters = workshop.parameters();
        final double benign = parameters.value(DetectorParameter.BRUTE_BENIGN);
        final double guessing = parameters.value(DetectorParameter.BRUTE_GUESSING);
        this.benignPerSecond = benign;
        this.baselines = baselines;
        this.eventNats = StrictMath.log(guessing / benign);
        this.driftNatsPerNs = (guessing - benign) / 1e9;
        this.free = parameters.count(DetectorParameter.BRUTE_FREE);
        this.filesFree = parameters.count(DetectorParameter.BRUTE_FILES_FREE);
        this.shortMaxMs = parameters.ns(DetectorParameter.BRUTE_SHORT) / 1_000_000L;
        this.evidence = new Evidence(
            Scenario.BRUTE_FORCE, workshop.config().floodsMax(), workshop,
            parameters.ns(DetectorParameter.BRUTE_HALF_LIFE));
        this.verification = workshop.verification();
        this.pairHash = workshop.key().derive(14);
    }

    /** A conversation that was established is over. */
    void onEnded(final Conversation c)
    {
        if (c.protocol() != ConversationKind.TCP || c.quantity() > shortMaxMs || !isAsking(c.responderPort()) ||
            evidence.spares(c.initiatorHigh(), c.initiatorLow(), c.timeNs()))
        {
            return;
        }
        final long hash = pairHash.hash(
            c.initiatorHigh(), c.initiatorLow(), c.responderHigh(), c.responderLow(), c.responderPort());
        final int slot = evidence.episode(hash, c.initiatorHigh(), c.initiatorLow(), 0.0, c.timeNs());
        if (slot != Evidence.NONE)
        {
            contact.set(0, c);
            contact.cause = Cause.SHORT_CONVERSATION;
            final int usual = baselines.observe(
                c.initiatorHigh(), c.initiatorLow(), Baselines.shortOf(c.responderPort()), 1, c.timeNs());
            final double scale = Baselines.scale(baselines.usualPerSecond(usual), benignPerSecond);
            evidence.add(
                slot, contact, nats(slot, c.responderPort(), scale, c.timeNs()), verification.of(c), 1, c.timeNs());
            if (evidence.nats(slot, c.timeNs()) > 0)
            {
                baselines.freeze(usual);
            }
            if (evidence.isDue(slot, c.timeNs()))
            {
                evidence.tell(slot, 1, 1, c.timeNs());
            }
        }
    }

    private double nats(final int slot, final int port, final double scale, final long nowNs)
    {
        final int allowed = port == 139 || port == 445 ? filesFree : free;
        final double nats = eventNats - scale * driftNatsPerNs * Math.max(0, nowNs - evidence.lastSeenNs(slot));
        return evidence.count(slot) < allowed ? 0.0 : Math.max(-evidence.nats(slot, nowNs), nats);
    }

    private static boolean isAsking(final int port)
    {
        for (final int asking : ASKING_PORTS)
        {
            if (asking == port)
            {
                return true;
            }
        }
        return false;
    }
}
