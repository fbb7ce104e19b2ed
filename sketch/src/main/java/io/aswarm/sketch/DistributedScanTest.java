package io.aswarm.sketch;

/**
 * Many weak sources, one aim: failed first contacts at one host, each counted once for each port whoever tried it, from
 * at least {@value #SOURCES_MIN} sources of which none may bring more than {@value #SHARE_MAX}. Each of the sources may
 * stay below what {@link SequentialScanTest} needs.
 * <p>
 * <b>Model.</b> As there, a Bernoulli trial for each port of the host, seen from the host: under "benign" a first
 * contact to a port that was not asked lately succeeds with probability &theta;0 = 0.9, under "scanned" with
 * &theta;1 = 0.2. A port that fails adds ln 8 = 2.08 nats, one that serves takes 1.50. A service that is down fails for
 * all its clients at one port, and counts once (Gates, "Coordinated scan detection", NDSS 2009, argues from the same
 * coverage of targets; Weaver, Staniford and Paxson, "Very fast containment of scanning worms", USENIX Security 2004,
 * from the failures at the destination).
 * <p>
 * Eight sources with a probe each three seconds are called with the tenth new port at the host. Forged sources at one
 * port count once, since it is one port. Silence counts where something answers.
 */
final class DistributedScanTest implements ContactListener
{
    static final int SOURCES_MIN = 3;
    static final int SHARE_MAX = 4;
    private static final double FAILURE_NATS = StrictMath.log(0.8 / 0.1);
    private static final double SUCCESS_NATS = StrictMath.log(0.9 / 0.2);

    private final Evidence evidence;
    private final SourceShares shares;
    private final FanOutSketch ports;
    private final KeyedHash aimHash;

    DistributedScanTest(final Workshop workshop)
    {
        final int slots = workshop.config().floodsMax();
        this.evidence = new Evidence(Scenario.DISTRIBUTED_SCAN, slots, workshop);
        this.shares = new SourceShares(workshop.memory().allocate(SourceShares.memoryLength(slots)));
        this.ports = workshop.fanOut(slots, 12);
        this.aimHash = workshop.key().derive(13);
    }

    @Override
    public void onFailure(final Contact contact, final int weight, final long nowNs)
    {
        if (contact.cause == Cause.UNANSWERED || contact.cause == Cause.UNREACHED ||
            contact.protocol == Conversation.NEIGHBOUR_DISCOVERY || contact.is(PendingContacts.AGAIN))
        {
            return;
        }
        final int slot = evidence.episode(
            aimHash.hash(contact.destinationHigh, contact.destinationLow), contact.destinationHigh,
            contact.destinationLow, FAILURE_NATS, nowNs);
        if (slot == Evidence.NONE)
        {
            return;
        }
        if (evidence.isNew())
        {
            shares.clear(slot);
            ports.clear(slot);
        }
        if (shares.admit(slot, contact.sourceHigh, contact.sourceLow, SHARE_MAX) &&
            ports.add(slot, contact.protocol, contact.port))
        {
            evidence.add(slot, contact, FAILURE_NATS, 0, weight, nowNs);
            final int sources = shares.count(slot);
            if (sources >= SOURCES_MIN && evidence.isDue(slot, nowNs))
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
            evidence.take(slot, Cause.SUCCEEDED, SUCCESS_NATS, nowNs);
        }
    }
}
