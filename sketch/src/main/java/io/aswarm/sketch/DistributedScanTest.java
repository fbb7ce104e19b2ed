package io.aswarm.sketch;

/**
 * Many weak sources, one aim: failed first contacts at one host, each counted once for each port whoever tried it, from
 * at least {@value #SOURCES_MIN} sources of which none may bring more than {@value #SHARE_MAX}. Each of the sources may
 * stay below what {@link SequentialScanTest} needs.
 * <p>
 * <b>Model.</b> As there, a Bernoulli trial for each port of the host, seen from the host: under "benign" a first
 * contact to a port that was not asked lately succeeds with probability &theta;0 = 0.9, under "scanned" with
 * &theta;1 = 0.2. A port that fails adds ln 8 = 2.08 nats, one that serves takes 1.50. A service that is down fails for
 * all its clients at one port, and counts once.
 * <p>
 * <b>Error.</b> A benign first contact at the floor begins an episode that comes to one node's bar with probability 3.7
 * x 10<sup>-10</sup> (Wald's bound: 10<sup>-9</sup>). <b>Miss.</b> Scanners with the model's rates are called with the
 * 16th port on average and the 28th in 99 of a hundred cases; where no port serves, with the tenth.
 * <p>
 * <b>Difference from the papers.</b> Gates ("Coordinated scan detection", NDSS 2009) finds, among sources that are
 * known for scanners already, the few that together cover a target with little overlap; here the coverage is counted
 * first, and whoever has a share in it counts. That a walk needs no more than failures less successes, in bounded
 * memory, is from Weaver, Staniford and Paxson ("Very fast containment of scanning worms", USENIX Security 2004), who
 * keep it of each address that asks.
 * <p>
 * Forged sources at one port count once, since it is one port. Silence counts where something answers.
 * <p>
 * Contacts in the name of a host that did not send them ({@link Verification#isForged}) may be anybody's: neither bound
 * holds for them, and the aim is told instead of the host. Nor do they for what several sources open bare in the same
 * instant ({@link Decoys}): only one of them need be there. Such an opening counts as a failure of its port at once,
 * whatever comes of it, for no clients meet like that.
 */
final class DistributedScanTest implements ContactListener
{
    static final int SOURCES_MIN = 3;
    static final int SHARE_MAX = 4;
    static final double BENIGN_SUCCESS = 0.9;
    static final double SCANNER_SUCCESS = 0.2;

    private final double failureNats;
    private final double successNats;
    private final int sourcesMin;
    private final int shareMax;
    private final Evidence evidence;
    private final SourceShares shares;
    private final FanOutSketch ports;
    private final KeyedHash aimHash;
    private final Verification verification;

    DistributedScanTest(final Workshop workshop)
    {
        final DetectorParameters parameters = workshop.parameters();
        final double benign = parameters.value(DetectorParameter.DISTRIBUTED_BENIGN);
        final double scanner = parameters.value(DetectorParameter.DISTRIBUTED_SCANNER);
        this.failureNats = StrictMath.log((1 - scanner) / (1 - benign));
        this.successNats = StrictMath.log(benign / scanner);
        this.sourcesMin = parameters.count(DetectorParameter.DISTRIBUTED_SOURCES);
        this.shareMax = parameters.count(DetectorParameter.DISTRIBUTED_SHARE);
        final int slots = workshop.config().floodsMax();
        this.evidence = new Evidence(Scenario.DISTRIBUTED_SCAN, slots, workshop);
        this.shares = new SourceShares(workshop.memory().allocate(SourceShares.memoryLength(slots)));
        this.ports = workshop.fanOut(slots, 12);
        this.aimHash = workshop.key().derive(13);
        this.verification = workshop.verification();
    }

    @Override
    public void onOpened(final Contact contact, final int weight)
    {
        if (contact.isAccompanied &&
            !evidence.spares(contact.sourceHigh, contact.sourceLow, contact.openedNs))
        {
            contact.cause = Cause.ACCOMPANIED;
            hold(contact, true, weight, contact.openedNs);
        }
    }

    @Override
    public void onFailure(final Contact contact, final int weight, final long nowNs)
    {
        if (contact.cause != Cause.UNANSWERED && contact.cause != Cause.UNREACHED &&
            contact.protocol != Conversation.NEIGHBOUR_DISCOVERY && !contact.is(PendingContacts.AGAIN))
        {
            hold(contact, verification.isForged(contact), weight, nowNs);
        }
    }

    private void hold(final Contact contact, final boolean isAnybodys, final int weight, final long nowNs)
    {
        final int slot = evidence.episode(
            aimHash.hash(contact.destinationHigh, contact.destinationLow), contact.destinationHigh,
            contact.destinationLow, failureNats, nowNs);
        if (slot == Evidence.NONE)
        {
            return;
        }
        if (evidence.isNew())
        {
            shares.clear(slot);
            ports.clear(slot);
        }
        if ((shares.admit(slot, contact.sourceHigh, contact.sourceLow, shareMax) || isAnybodys) &&
            ports.add(slot, contact.protocol, contact.port))
        {
            evidence.add(slot, contact, failureNats, 0, weight, nowNs);
            final int sources = shares.count(slot);
            if ((sources >= sourcesMin || isAnybodys) && evidence.isDue(slot, nowNs))
            {
                evidence.tell(slot, sources, ports.estimate(slot), nowNs);
            }
        }
    }

    @Override
    public void onSuccess(final Contact contact, final long nowNs)
    {
        final int slot = evidence.find(aimHash.hash(contact.destinationHigh, contact.destinationLow));
        if (slot != Evidence.NONE && ports.add(slot, contact.protocol, contact.port))
        {
            evidence.take(slot, Cause.SUCCEEDED, successNats, nowNs);
        }
    }
}
