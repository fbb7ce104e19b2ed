package io.aswarm.trust;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OfferGateTest
{
    private static final long NOW_NS = 5_000_000_000L;
    private static final long EPOCH_NS = SessionLab.START_EPOCH_NS;
    private static final long HOUR_NS = 3_600_000_000_000L;
    private static final int ORIGIN = 7;

    private final SessionLab.Seeded random = new SessionLab.Seeded(1);
    private final HybridSigner signer = HybridSignerTest.signer(2);
    private final Cookies cookies = new Cookies(random);
    private final OfferGate gate = new OfferGate(cookies, NOW_NS);
    private final Peer peer = peer(Validity.ALWAYS);

    @Test
    void shouldAdmitAnOfferInItsTime()
    {
        assertAdmitted(true, peer, EPOCH_NS, EPOCH_NS + HOUR_NS);
        assertAdmitted(true, peer, EPOCH_NS + OfferGate.CLOCK_ERROR_NS, EPOCH_NS + HOUR_NS);
        assertAdmitted(false, peer, EPOCH_NS + OfferGate.CLOCK_ERROR_NS + 1, EPOCH_NS + HOUR_NS);
        assertAdmitted(true, peer, EPOCH_NS - HOUR_NS, EPOCH_NS + 1);
        assertAdmitted(false, peer, EPOCH_NS - HOUR_NS, EPOCH_NS);
        assertAdmitted(true, peer, EPOCH_NS, EPOCH_NS + HandshakeConfig.OFFER_LIFE_MAX_NS);
        assertAdmitted(false, peer, EPOCH_NS, EPOCH_NS + HandshakeConfig.OFFER_LIFE_MAX_NS + 1);
    }

    @Test
    void shouldAdmitAnIdentityInItsTime()
    {
        assertAdmitted(true, peer(new Validity(EPOCH_NS, EPOCH_NS + 1)), EPOCH_NS, EPOCH_NS + HOUR_NS);
        assertAdmitted(false, peer(new Validity(EPOCH_NS + 1, EPOCH_NS + 2)), EPOCH_NS, EPOCH_NS + HOUR_NS);
        assertAdmitted(false, peer(new Validity(0, EPOCH_NS)), EPOCH_NS, EPOCH_NS + HOUR_NS);
    }

    @Test
    void shouldTellWhyItRefuses()
    {
        final Offer genuine = offer(2, 1, 1, signer, EPOCH_NS, EPOCH_NS + HOUR_NS);
        peer.onOffer(admit(genuine, peer, ORIGIN), ORIGIN, NOW_NS, EPOCH_NS);
        assertNull(admit(genuine, peer, ORIGIN));
        assertNull(gate.refused(), "known already");
        assertNull(admit(offer(2, 0, 9, signer, EPOCH_NS, EPOCH_NS + HOUR_NS), peer, ORIGIN));
        assertEquals(SessionCounter.REFUSED_OLD, gate.refused(), "an earlier start");
        assertNull(admit(offer(2, 1, 0, signer, EPOCH_NS, EPOCH_NS + HOUR_NS), peer, ORIGIN));
        assertEquals(SessionCounter.REFUSED_OLD, gate.refused(), "an earlier generation");
        assertNull(admit(offer(2, 2, 1, HybridSignerTest.signer(3), EPOCH_NS, EPOCH_NS + HOUR_NS), peer, ORIGIN));
        assertEquals(SessionCounter.REFUSED_FORGED, gate.refused());
        assertNull(admit(offer(2, 2, 1, HybridSigner.of(signer.classical()), EPOCH_NS, EPOCH_NS + HOUR_NS), peer,
            ORIGIN));
        assertEquals(SessionCounter.REFUSED_FORGED, gate.refused(), "one half is not enough");
        assertNull(admit(offer(3, 2, 1, signer, EPOCH_NS, EPOCH_NS + HOUR_NS), peer, ORIGIN));
        assertEquals(SessionCounter.REFUSED_MALFORMED, gate.refused(), "of another node");
        assertNotNull(admit(offer(2, 1, 2, signer, EPOCH_NS, EPOCH_NS + HOUR_NS), peer, ORIGIN));
    }

    @Test
    void shouldNotAdmitAnOfferOfAnotherSite()
    {
        final Offer foreign = Offer.sign("lab2", 2, 1, 1, EPOCH_NS, EPOCH_NS + HOUR_NS, new HybridKeyPair(random),
            signer);
        assertNull(admit(foreign, peer, ORIGIN));
        assertEquals(SessionCounter.REFUSED_FORGED, gate.refused());
    }

    @Test
    void shouldKeepABudgetForWhoShowsACookieOrIsProven()
    {
        final HybridSigner stranger = HybridSigner.of(HybridSignerTest.signer(9).classical());
        int checked = 0;
        long epoch = 10;
        do
        {
            admit(offer(2, epoch++, 1, stranger, EPOCH_NS, EPOCH_NS + HOUR_NS), peer, 99);
            checked++;
        }
        while (SessionCounter.REFUSED_FORGED == gate.refused());
        assertEquals(SessionCounter.REFUSED_BUDGET, gate.refused());
        assertEquals(2 * Session.PEERS_MAX + 1, checked);

        final Offer genuine = offer(2, epoch, 1, signer, EPOCH_NS, EPOCH_NS + HOUR_NS);
        assertNull(admit(genuine, peer, ORIGIN));
        final byte[][] parts = OfferFragment.split(genuine);
        Offer admitted = null;
        for (final byte[] part : parts)
        {
            OfferFragment.address(part, 1, cookies.of(2, ORIGIN, NOW_NS));
            admitted = gate.admit(OfferFragment.wrap(part, 0, part.length), peer, "lab", ORIGIN, NOW_NS, EPOCH_NS);
        }
        assertNotNull(admitted);
        peer.onOffer(admitted, ORIGIN, NOW_NS, EPOCH_NS);
        assertNotNull(admit(offer(2, epoch, 2, signer, EPOCH_NS, EPOCH_NS + HOUR_NS), peer, ORIGIN), "proven");
        assertNull(admit(offer(2, epoch, 3, signer, EPOCH_NS, EPOCH_NS + HOUR_NS), peer, 99), "not from there");
    }

    @Test
    void shouldAcceptACookieInItsMinuteAndTheNext()
    {
        final byte[] cookie = cookies.of(2, ORIGIN, 60_000_000_000L);
        assertTrue(cookies.isValid(cookie, 2, ORIGIN, 60_000_000_000L));
        assertTrue(cookies.isValid(cookie, 2, ORIGIN, 179_999_999_999L));
        assertFalse(cookies.isValid(cookie, 2, ORIGIN, 180_000_000_000L));
        assertFalse(cookies.isValid(cookie, 2, ORIGIN, 59_999_999_999L));
        assertFalse(cookies.isValid(cookie, 3, ORIGIN, 60_000_000_000L));
        assertFalse(cookies.isValid(cookie, 2, ORIGIN + 1, 60_000_000_000L));
        assertFalse(cookies.isValid(new byte[16], 2, ORIGIN, 60_000_000_000L));
        assertFalse(new Cookies(random).isValid(cookie, 2, ORIGIN, 60_000_000_000L));
    }

    @Test
    void shouldEarnChecksBackWithTime()
    {
        final CheckBudget budget = new CheckBudget(10, 2, 0);
        assertTrue(budget.tryTake(0));
        assertTrue(budget.tryTake(0));
        assertFalse(budget.tryTake(99_999_999L));
        assertTrue(budget.tryTake(100_000_000L));
        assertFalse(budget.tryTake(199_999_999L));
        assertTrue(budget.tryTake(Long.MAX_VALUE / 2));
        assertTrue(budget.tryTake(Long.MAX_VALUE / 2));
        assertFalse(budget.tryTake(Long.MAX_VALUE / 2), "no more than the burst");
        assertFalse(budget.tryTake(0), "a clock that went back earns nothing");
    }

    /** RFC 7748 section 6.1: a signed offer with a point of low order is the fault of its signer; there is no pair. */
    @Test
    void shouldHaveNoPairWithAPointOfLowOrder()
    {
        final SessionLab lab = new SessionLab(2, 1);
        lab.run(SessionLab.MILLISECOND_NS);
        final byte[] genuine = offer(2, 100, 1, lab(2), lab.nowEpochNs(), lab.nowEpochNs() + HOUR_NS).bytes();
        Arrays.fill(genuine, 40, 72, (byte)0);
        final byte[] body = Arrays.copyOf(genuine, Offer.BODY_LENGTH);
        final byte[] signature = lab(2).sign("aswarm/session-offer/v1 " +
            CanonicalJson.sha256("lab".getBytes(StandardCharsets.UTF_8)), body);
        System.arraycopy(signature, 0, genuine, Offer.BODY_LENGTH, signature.length);
        for (final byte[] part : OfferFragment.split(Offer.parse(genuine)))
        {
            lab.deliver(1, part, ORIGIN);
        }
        lab.cut(2, true);
        lab.run(60 * 1_000 * SessionLab.MILLISECOND_NS);
        assertEquals(0, lab.node(1).session().reach());
        assertEquals(0, lab.node(1).count(SessionCounter.AGREED));
        assertEquals(0, lab.node(1).count(SessionCounter.REFUSED_FORGED), "it was signed");
    }

    private static HybridSigner lab(final int id)
    {
        return SessionLab.signers(id).get(id - 1);
    }

    private void assertAdmitted(
        final boolean expected, final Peer from, final long issuedEpochNs, final long expiresEpochNs)
    {
        final OfferGate fresh = new OfferGate(cookies, NOW_NS);
        Offer admitted = null;
        for (final byte[] part : OfferFragment.split(offer(2, 1, 1, signer, issuedEpochNs, expiresEpochNs)))
        {
            admitted = fresh.admit(OfferFragment.wrap(part, 0, part.length), from, "lab", ORIGIN, NOW_NS, EPOCH_NS);
        }
        assertEquals(expected, null != admitted);
        assertEquals(expected ? null : SessionCounter.REFUSED_OLD, fresh.refused());
    }

    private Offer admit(final Offer offer, final Peer from, final int origin)
    {
        Offer admitted = null;
        for (final byte[] part : OfferFragment.split(offer))
        {
            // the sender's number stands in the frame, for which the door has found the peer
            admitted = gate.admit(OfferFragment.wrap(part, 0, part.length), from, "lab", origin, NOW_NS, EPOCH_NS);
        }
        return admitted;
    }

    private Offer offer(
        final int nodeId,
        final long bootEpoch,
        final int generation,
        final HybridSigner by,
        final long issuedEpochNs,
        final long expiresEpochNs)
    {
        return Offer.sign("lab", nodeId, bootEpoch, generation, issuedEpochNs, expiresEpochNs,
            new HybridKeyPair(random), by);
    }

    private Peer peer(final Validity validity)
    {
        final Roster.Node own = new Roster.Node(1, "g1", HybridSignerTest.signer(1).publicKey());
        final Roster.Node other = new Roster.Node(2, "g2", signer.publicKey(), null, validity);
        final HandshakeConfig config = new HandshakeConfig(
            new Roster("lab", List.of(own, other), List.of()), 1, HybridSignerTest.signer(1), 1).random(random);
        return new Peer(other, config, new OwnKeys(config), NOW_NS);
    }
}
