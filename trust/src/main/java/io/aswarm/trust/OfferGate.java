package io.aswarm.trust;

/**
 * Where offers come in: anybody can send them, and verifying one costs some 200 microseconds. Form, sender and age are
 * looked at first. What is left is verified within budgets: a peer at the origin where it last proved itself has one of
 * its own, and so has one that shows this node's cookie; all others share one. When that is used up, cookies are asked
 * for, so that whoever floods without hearing us cannot shut out a peer that starts.
 */
final class OfferGate
{
    /** Clock error between two nodes that is put up with. */
    static final long CLOCK_ERROR_NS = 600_000_000_000L;
    /** Checks a second for all that is unproven. */
    static final int UNPROVEN_PER_SECOND = 10;
    private static final int UNPROVEN_BURST = 2 * Session.PEERS_MAX;

    private final Reassembly reassembly = new Reassembly();
    private final CheckBudget unproven;
    private final Cookies cookies;
    private SessionCounter refused;

    OfferGate(final Cookies cookies, final long nowNs)
    {
        this.cookies = cookies;
        this.unproven = new CheckBudget(UNPROVEN_PER_SECOND, UNPROVEN_BURST, nowNs);
    }

    /**
     * Take in a part of an offer which a peer may have sent.
     *
     * @return the peer's new offer, verified; null if there is none (yet), for the reason {@link #refused()}.
     */
    Offer admit(
        final OfferFragment fragment,
        final Peer peer,
        final String site,
        final int origin,
        final long nowNs,
        final long nowEpochNs)
    {
        refused = null;
        final Offer known = peer.offer();
        if (null != known && !Offer.isAfter(fragment.bootEpoch(), fragment.generation(), known))
        {
            final boolean isSame =
                fragment.bootEpoch() == known.bootEpoch() && fragment.generation() == known.generation();
            return refuse(isSame ? null : SessionCounter.REFUSED_OLD);
        }
        if (!fragment.isIntact())
        {
            return refuse(SessionCounter.REFUSED_FORGED);
        }
        final byte[] bytes = reassembly.add(fragment, peer.node().id(), origin, nowNs);
        return null == bytes ? null : verify(bytes, fragment, peer, site, origin, nowNs, nowEpochNs);
    }

    /** Why the last part gave no offer; null if nothing is wrong with it. */
    SessionCounter refused()
    {
        return refused;
    }

    /** Offers given up before they were whole. */
    long abandoned()
    {
        return reassembly.abandoned();
    }


    private Offer verify(
        final byte[] bytes,
        final OfferFragment fragment,
        final Peer peer,
        final String site,
        final int origin,
        final long nowNs,
        final long nowEpochNs)
    {
        final Offer offer = Offer.parse(bytes);
        if (null == offer || offer.nodeId() != peer.node().id() ||
            offer.bootEpoch() != fragment.bootEpoch() || offer.generation() != fragment.generation())
        {
            return refuse(SessionCounter.REFUSED_MALFORMED);
        }
        if (!peer.node().validity().includes(nowEpochNs) ||
            offer.issuedEpochNs() > nowEpochNs + CLOCK_ERROR_NS || offer.expiresEpochNs() <= nowEpochNs ||
            offer.expiresEpochNs() - offer.issuedEpochNs() > HandshakeConfig.OFFER_LIFE_MAX_NS)
        {
            return refuse(SessionCounter.REFUSED_OLD);
        }
        final boolean hasCookie = cookies.isValid(fragment.cookie(), peer.node().id(), origin, nowNs);
        final CheckBudget budget = hasCookie || peer.isProvenAt(origin) ? peer.checks() : unproven;
        if (!budget.tryTake(nowNs))
        {
            peer.demandCookie(cookies.of(peer.node().id(), origin, nowNs));
            return refuse(SessionCounter.REFUSED_BUDGET);
        }
        return offer.isSignedBy(peer.node().identity(), site) ? offer : refuse(SessionCounter.REFUSED_FORGED);
    }

    private Offer refuse(final SessionCounter reason)
    {
        refused = reason;
        return null;
    }
}
