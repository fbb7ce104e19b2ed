package io.aswarm.trust;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Somebody on the network who hears everything and sends anything.
 */
class HandshakeAttackTest
{
    private static final long SECOND_NS = 1_000 * SessionLab.MILLISECOND_NS;
    private static final int STRANGER = 99;
    /** More by {@code -Daswarm.fuzz.rounds=10000000}. */
    private static final int ROUNDS = Integer.getInteger("aswarm.fuzz.rounds", 20_000);

    @Test
    void shouldStandWhenEverythingIsReplayed()
    {
        final SessionLab lab = new SessionLab(3, 1);
        lab.agree(10 * SECOND_NS);
        lab.restart(3, 50);
        lab.agree(60 * SECOND_NS);
        final List<byte[]> heard = new ArrayList<>(lab.sent);
        final long agreed = lab.node(1).count(SessionCounter.AGREED);
        for (int round = 0; round < 3; round++)
        {
            for (final byte[] message : heard)
            {
                for (int id = 1; id <= 3; id++)
                {
                    lab.deliver(id, message, STRANGER);
                }
            }
            assertTrue(lab.isAgreed(), "nobody lost anything");
            lab.assertHeard(1, 2, 3);
            lab.assertHeard(3, 1, 2);
            lab.run(5 * SECOND_NS);
        }
        assertEquals(agreed, lab.node(1).count(SessionCounter.AGREED));
        assertTrue(lab.node(1).count(SessionCounter.REFUSED_OLD) > 0, "offers of the start before are told");
    }

    @Test
    void shouldSendNoMoreThanWasSentToIt()
    {
        final SessionLab lab = new SessionLab(2, 1);
        lab.agree(10 * SECOND_NS);
        lab.run(SECOND_NS);
        final List<byte[]> heard = new ArrayList<>(lab.sent);
        final long before = lab.bytesSent();
        long received = 0;
        for (int round = 0; round < 200; round++)
        {
            for (final byte[] message : heard)
            {
                lab.deliver(1, message, STRANGER);
                received += message.length;
            }
            lab.run(10 * SessionLab.MILLISECOND_NS);
        }
        final long answered = lab.bytesSent() - before;
        final long bytes = received;
        assertTrue(answered < received / 10, () -> answered + " bytes for " + bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {SessionFrame.OFFER, SessionFrame.ENCAPSULATION, SessionFrame.SENDER_KEY, SessionFrame.RECEIPT})
    void shouldNotBeMovedByAChangedMessageOfAnyKind(final int kind)
    {
        final Random random = new Random(kind);
        for (int round = 0; round < 40; round++)
        {
            final SessionLab lab = new SessionLab(2, round);
            final int seed = round;
            // node 1 hears of node 2 only what the attacker changed
            lab.cut(1, true);
            lab.run(50 * SessionLab.MILLISECOND_NS);
            final List<byte[]> heard = new ArrayList<>(lab.sent);
            for (final byte[] message : heard)
            {
                final byte[] changed = message.clone();
                if (kind == message[0])
                {
                    changed[4 + random.nextInt(message.length - 4)] ^= (byte)(1 << random.nextInt(8));
                }
                if (2 == SessionFrame.nodeId(changed, 0))
                {
                    lab.deliver(1, changed, STRANGER);
                }
            }
            lab.cut(1, false);
            lab.agree(60 * SECOND_NS);
            lab.assertHeard(1, 2);
            lab.assertHeard(2, 1);
            assertEquals(2, lab.nodes.size(), "seed " + seed);
        }
    }

    @Test
    void shouldLetAStartingPeerInDuringAFloodOfForgedOffers()
    {
        final SessionLab lab = new SessionLab(3, 1);
        lab.agree(10 * SECOND_NS);
        final byte[][] forged = forgedOffer(3, 1_000);
        lab.restart(3, 50);
        int seconds = 0;
        while (!lab.isAgreed())
        {
            assertTrue(seconds++ < 60, "the peer that started is shut out");
            for (int i = 0; i < 100; i++)
            {
                for (final byte[] fragment : forged)
                {
                    OfferFragment.address(fragment, 0, null);
                    lab.deliver(1, fragment, STRANGER);
                    lab.deliver(2, fragment, STRANGER);
                }
                lab.run(10 * SessionLab.MILLISECOND_NS);
            }
        }
        lab.assertHeard(3, 1, 2);
        assertTrue(lab.node(1).count(SessionCounter.REFUSED_BUDGET) > 0, "the flood was beyond the budget");
        final long verified = lab.node(1).count(SessionCounter.REFUSED_FORGED);
        final long atMost = 2 * Session.PEERS_MAX + OfferGate.UNPROVEN_PER_SECOND * (seconds + 2L);
        assertTrue(verified <= atMost, () -> verified + " verified, " + atMost + " allowed");
    }

    /** Parts of a genuine offer cannot be spoiled by somebody who is faster with a part of the same number. */
    @Test
    void shouldPutAnOfferTogetherAmongForeignParts()
    {
        final Reassembly reassembly = new Reassembly();
        final byte[][] genuine = offer(2, 5);
        final byte[][] other = offer(2, 6);
        byte[] whole = null;
        for (int i = 0; i < genuine.length; i++)
        {
            final byte[] spoilt = genuine[i].clone();
            spoilt[spoilt.length - 1] ^= 1;
            assertFalse(wrap(spoilt).isIntact(), "a part that is not what its digest says");
            for (int k = 0; k < other.length - 1; k++)
            {
                assertEquals(null, reassembly.add(wrap(other[k]), 2, STRANGER, 0));
            }
            whole = reassembly.add(wrap(genuine[i]), 2, 1, 0);
            assertEquals(i < genuine.length - 1, null == whole);
        }
        assertEquals(5, Offer.parse(whole).bootEpoch());
        assertEquals(0, reassembly.abandoned());
    }

    @Test
    void shouldHoldABoundedNumberOfUnfinishedOffers()
    {
        final Reassembly reassembly = new Reassembly();
        for (int i = 0; i < 10; i++)
        {
            reassembly.add(wrap(offer(2, 100 + i)[0]), 2, STRANGER, i);
        }
        assertEquals(10 - Reassembly.SLOTS_PER_NODE, reassembly.abandoned());

        final byte[][] genuine = offer(2, 5);
        reassembly.add(wrap(genuine[0]), 2, 1, 20);
        for (int i = 0; i < 10; i++)
        {
            reassembly.add(wrap(offer(2, 200 + i)[0]), 2, STRANGER, 30 + i);
        }
        byte[] whole = null;
        for (int i = 1; i < genuine.length; i++)
        {
            whole = reassembly.add(wrap(genuine[i]), 2, 1, 50);
        }
        assertEquals(5, Offer.parse(whole).bootEpoch(), "a stranger drives out its own first");

        final long before = reassembly.abandoned();
        reassembly.add(wrap(offer(2, 7)[0]), 2, 1, Reassembly.TIMEOUT_NS + 100);
        assertEquals(before + Reassembly.SLOTS_PER_NODE - 1, reassembly.abandoned(), "given up after a while");
    }

    @Test
    void shouldSurviveAnyBytes()
    {
        final SessionLab lab = new SessionLab(3, 4);
        final Random random = new Random(4);
        lab.run(2 * SECOND_NS);
        lab.assertHeard(1, 2, 3);
        final List<byte[]> heard = new ArrayList<>(lab.sent);
        final Session session = lab.node(2).session();
        final byte[] datagram = new byte[20 + session.overhead()];
        final byte[] opened = new byte[2_000];
        for (int round = 0; round < ROUNDS; round++)
        {
            final byte[] message = mutate(heard.get(random.nextInt(heard.size())), random);
            lab.deliver(1, message, random.nextInt(5));
            lab.node(1).session().open(message, 0, message.length, opened, 0);
            final byte[] secret = Arrays.copyOf(message, 20);
            session.seal(secret, 0, secret.length, datagram, 0);
            final byte[] sealed = mutate(datagram, random);
            final int length = lab.node(1).session().open(sealed, 0, sealed.length, opened, 0);
            // what was changed may be the authenticator of somebody else
            assertTrue(length < 0 || Arrays.equals(secret, Arrays.copyOf(opened, length)), "round " + round);
            if (0 == round % 100)
            {
                lab.run(10 * SessionLab.MILLISECOND_NS);
            }
        }
        assertTrue(lab.isAgreed());
        lab.assertHeard(1, 2, 3);
        lab.assertHeard(2, 1, 3);
        assertEquals(1, lab.node(1).count(SessionCounter.REKEYS));
    }

    private static byte[] mutate(final byte[] message, final Random random)
    {
        byte[] changed = message.clone();
        switch (random.nextInt(5))
        {
            case 0:
                changed = Arrays.copyOf(changed, random.nextInt(changed.length + 1));
                break;
            case 1:
                changed = Arrays.copyOf(changed, changed.length + 1 + random.nextInt(300));
                break;
            case 2:
                final int at = random.nextInt(changed.length);
                final byte[] noise = new byte[Math.min(16, changed.length - at)];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, changed, at, noise.length);
                break;
            case 3:
                changed[random.nextInt(Math.min(48, changed.length))] = (byte)random.nextInt();
                break;
            default:
                changed[random.nextInt(changed.length)] ^= (byte)(1 << random.nextInt(8));
                break;
        }
        return changed;
    }

    private static byte[][] offer(final int nodeId, final long bootEpoch)
    {
        final HybridKeyPair keys = new HybridKeyPair(new SessionLab.Seeded(bootEpoch));
        return OfferFragment.split(
            Offer.sign("lab", nodeId, bootEpoch, 1, 1, 2, keys, HybridSignerTest.signer(nodeId)));
    }

    private static byte[][] forgedOffer(final int nodeId, final long bootEpoch)
    {
        return OfferFragment.split(Offer.sign("lab", nodeId, bootEpoch, 1, SessionLab.START_EPOCH_NS,
            SessionLab.START_EPOCH_NS + 3_600 * SECOND_NS, new HybridKeyPair(new SessionLab.Seeded(1)),
            HybridSigner.of(HybridSignerTest.signer(77).classical())));
    }

    private static OfferFragment wrap(final byte[] message)
    {
        return OfferFragment.wrap(message, 0, message.length);
    }
}
