package io.aswarm.sketch;

/**
 * Sequential test for movement from host to host inside the site, along services by which hosts are administered.
 * <p>
 * <b>Model.</b> An edge (client, server) that was not seen within memory and succeeds at an administrative port is new.
 * Administrators and schedulers make new edges too, but they fan out from where they are; who moves makes an edge, and
 * then the host that was reached makes the next one.
 * <ul>
 * <li>a new edge by a host that was itself reached by a new edge within {@value #CHAIN_NS} ns: held to be 20 times as
 * likely of movement, ln 20 = 3.0 nats. What is held against a host goes on with the edge to the host that it reached,
 * since edges of one path add up;</li>
 * <li>any other new edge beyond the first {@value #FREE}: ln 2 = 0.7 nats.</li>
 * </ul>
 * A source outside makes plain edges only, and no path begins with it: who comes in by a bastion goes on from there as
 * a matter of course. Who administers 36 hosts at once, or 50 in the course of an hour, from where ever, is called
 * unless declared exempt; who does 32, or 42, is not. What goes on between two hosts only, a remote service or a job
 * that one is made to start, is one edge like any client's with its domain controller.
 * <p>
 * A path of eight edges, or one of three whose hosts reach three more each, is at one node's bar. Evidence is against
 * the host that moves on.
 * <p>
 * <b>Difference from the papers.</b> That paths tell, and not edges, is from Ho et al. ("Hopper: modeling and detecting
 * lateral movement", USENIX Security 2021), who have the credentials of each login and ask where they change on a path;
 * a network shows none, so a path is what follows within an hour. Neil et al. ("Scan statistics for the online
 * detection of locally anomalous subgraphs", Technometrics 55, 2013) hold each path of three edges against what its
 * edges did before; here nothing is kept of an edge but whether it is new, so factors are held, and no error rate
 * follows.
 */
final class LateralTest implements ContactListener
{
    static final int FREE = 3;
    static final long CHAIN_NS = 3_600_000_000_000L;
    static final double CHAINED_FACTOR = 20.0;
    static final double EDGE_FACTOR = 2.0;
    static final long HALF_LIFE_NS = 3_600_000_000_000L;
    private static final int[] ADMINISTRATIVE_PORTS =
        {22, 23, 135, 139, 445, 512, 513, 514, 2222, 2375, 2376, 3389, 5900, 5985, 5986, 6818, 10250};

    private final int free;
    private final double chainedNats;
    private final double edgeNats;
    private final Evidence evidence;
    private final Verification verification;
    private final FanOutSketch servers;
    private final KeyedHash hostHash;
    private final ContactMemory reached;
    private final Site site;

    LateralTest(final Workshop workshop)
    {
        final int slots = workshop.config().floodsMax();
        final DetectorParameters parameters = workshop.parameters();
        this.free = parameters.count(DetectorParameter.LATERAL_FREE);
        this.chainedNats = parameters.logOf(DetectorParameter.LATERAL_CHAINED);
        this.edgeNats = parameters.logOf(DetectorParameter.LATERAL_EDGE);
        this.evidence = new Evidence(
            Scenario.LATERAL, slots, workshop, parameters.ns(DetectorParameter.LATERAL_HALF_LIFE));
        this.verification = workshop.verification();
        this.servers = workshop.fanOut(slots, 19);
        this.hostHash = workshop.key().derive(20);
        this.reached = workshop.contactMemory(
            Math.max(64, 4 * slots), parameters.ns(DetectorParameter.LATERAL_CHAIN));
        this.site = workshop.config().site();
    }

    @Override
    public void onSuccess(final Contact contact, final long nowNs)
    {
        if (contact.isTcp() && isAdministrative(contact.port) &&
            site.contains(contact.destinationHigh, contact.destinationLow) &&
            !evidence.spares(contact.sourceHigh, contact.sourceLow, nowNs))
        {
            onEdge(contact, nowNs);
        }
    }

    private void onEdge(final Contact contact, final long nowNs)
    {
        final long client = hostHash.hash(contact.sourceHigh, contact.sourceLow);
        final long server = hostHash.hash(contact.destinationHigh, contact.destinationLow);
        final boolean isInside = site.contains(contact.sourceHigh, contact.sourceLow);
        final boolean isChained = reached.knows(client);
        final int slot = evidence.episode(
            client, contact.sourceHigh, contact.sourceLow, isChained ? chainedNats : 0.0, nowNs);
        if (slot != Evidence.NONE)
        {
            if (evidence.isNew())
            {
                servers.clear(slot);
            }
            if (servers.add(slot, contact.destinationHigh, contact.destinationLow))
            {
                final double plain = servers.estimate(slot) > free ? edgeNats : 0.0;
                contact.cause = isChained ? Cause.CHAINED_EDGE : Cause.NEW_EDGE;
                evidence.add(
                    slot, contact, isChained ? chainedNats : plain, verification.of(contact), 1, nowNs);
                if (isInside)
                {
                    pass(slot, server, contact, nowNs);
                }
                if (evidence.isDue(slot, nowNs))
                {
                    evidence.tell(slot, servers.estimate(slot), 1, nowNs);
                }
            }
        }
        if (isInside)
        {
            reached.remember(server, nowNs);
        }
    }

    /** What is held against a host is held against the one that it reached too: the path is longer by that edge. */
    private void pass(final int slot, final long server, final Contact contact, final long nowNs)
    {
        final double inherited = evidence.nats(slot, nowNs);
        if (inherited >= edgeNats)
        {
            final int next = evidence.episode(
                server, contact.destinationHigh, contact.destinationLow, inherited, nowNs);
            if (next != Evidence.NONE)
            {
                if (evidence.isNew())
                {
                    servers.clear(next);
                }
                evidence.add(next, contact, Math.max(0.0, inherited - evidence.nats(next, nowNs)), 0, 1, nowNs);
            }
        }
    }

    private static boolean isAdministrative(final int port)
    {
        for (final int administrative : ADMINISTRATIVE_PORTS)
        {
            if (administrative == port)
            {
                return true;
            }
        }
        return false;
    }

    int onTick(final long nowNs)
    {
        return reached.forget(nowNs) ? 1 : 0;
    }
}
