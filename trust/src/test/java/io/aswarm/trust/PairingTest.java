package io.aswarm.trust;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PairingTest
{
    private final SessionLab.Seeded random = new SessionLab.Seeded(7);

    /** A node that made an offer. */
    private final class Maker
    {
        private final HybridKeyPair keys = new HybridKeyPair(random);
        private final Offer offer;

        private Maker(final int nodeId, final long bootEpoch)
        {
            offer = Offer.sign("lab", nodeId, bootEpoch, 1, 1, 2, keys, HybridSignerTest.signer(nodeId));
        }

        private Pairing with(final String site, final Maker other)
        {
            return new Pairing(site, offer, keys, other.offer, keys.agree(other.offer.x25519()),
                HybridKeyPair.encapsulate(other.offer.encapsulationKey(), random));
        }
    }

    private final Maker one = new Maker(1, 10);
    private final Maker two = new Maker(2, 20);

    @Test
    void shouldGiveBothTheSameKeysAndEachDirectionItsOwn()
    {
        final Pairing low = one.with("lab", two);
        final Pairing high = two.with("lab", one);
        complete(low, high);
        assertArrayEquals(low.wrapKey(true), high.wrapKey(false));
        assertArrayEquals(low.wrapKey(false), high.wrapKey(true));
        assertFalse(Arrays.equals(low.wrapKey(true), low.wrapKey(false)));
        assertArrayEquals(low.authenticatorKey(1, 5), high.authenticatorKey(1, 5));
        assertFalse(Arrays.equals(low.authenticatorKey(1, 5), low.authenticatorKey(2, 5)), "another sender");
        assertFalse(Arrays.equals(low.authenticatorKey(1, 5), low.authenticatorKey(1, 6)), "another key");
        final byte[] bytes = new byte[9];
        assertArrayEquals(low.gateMac(true, bytes, 0, 9), high.gateMac(false, bytes, 0, 9));
        assertFalse(Arrays.equals(low.gateMac(true, bytes, 0, 9), low.gateMac(false, bytes, 0, 9)));
        assertArrayEquals(low.receiptMac(true, bytes, 0, 9), high.receiptMac(false, bytes, 0, 9));
        assertFalse(Arrays.equals(low.receiptMac(true, bytes, 0, 9), low.receiptMac(false, bytes, 0, 9)));
    }

    @Test
    void shouldGiveOtherKeysInAnotherSite()
    {
        final Pairing low = one.with("lab", two);
        final Pairing high = two.with("lab2", one);
        complete(low, high);
        assertFalse(Arrays.equals(low.wrapKey(true), high.wrapKey(false)));
    }

    /** X25519 alone is not enough: who knows its secret, but cannot open an encapsulation, has other keys. */
    @Test
    void shouldGiveOtherKeysWhenAnEncapsulationWasChanged()
    {
        final Pairing low = one.with("lab", two);
        final Pairing high = two.with("lab", one);
        low.complete(high.encapsulation());
        final byte[] changed = low.encapsulation().clone();
        changed[500] ^= 1;
        high.complete(changed);
        assertFalse(Arrays.equals(low.wrapKey(true), high.wrapKey(false)));
        assertFalse(Arrays.equals(low.wrapKey(false), high.wrapKey(true)));
        assertNull(PairMessage.of(PairMessage.senderKey(low, new SenderKey(3, random), 0), 0,
            PairMessage.SENDER_KEY_LENGTH).unwrap(high));
    }

    @Test
    void shouldCarryASenderKeyToItsPeerOnly()
    {
        final Pairing low = one.with("lab", two);
        final Pairing high = two.with("lab", one);
        complete(low, high);
        final SenderKey key = new SenderKey(0x80000001, random);
        final byte[] message = PairMessage.senderKey(low, key, 3);
        final PairMessage read = PairMessage.of(message, 0, message.length);
        assertEquals(0x80000001, read.number());
        assertEquals(3, read.slot());
        assertEquals(2, read.to());
        assertTrue(read.isFrom(one.offer));
        assertTrue(read.isFor(two.offer));
        assertArrayEquals(key.key(), read.unwrap(high));
        assertNull(read.unwrap(low), "not to be reflected");
        for (int bit = 0; bit < message.length * 8; bit++)
        {
            final byte[] changed = message.clone();
            changed[bit >> 3] ^= (byte)(1 << (bit & 7));
            final PairMessage forged = PairMessage.of(changed, 0, changed.length);
            assertTrue(null == forged || null == forged.unwrap(high), "bit " + bit);
        }
    }

    /** Every member of the group has the group key; none of them can use it in the name of another. */
    @Test
    void shouldNotLetAMemberSpeakInTheNameOfAnother()
    {
        final Pairing low = one.with("lab", two);
        final Pairing high = two.with("lab", one);
        complete(low, high);
        final SenderKey key = new SenderKey(9, random);
        key.assign(2, low.authenticatorKey(1, 9));
        key.activate(2);
        final Roster roster = SessionLab.roster(SessionLab.signers(3));
        final GroupSession sender = new GroupSession(1);
        sender.senderKey(key);
        final PeerKeys held = new PeerKeys();
        assertTrue(held.add(new PeerKey(9, 0, key.key(), high)));
        final GroupSession receiver = new GroupSession(2);
        receiver.peers(roster, new PeerKeys[]{held, null, new PeerKeys()});

        final byte[] message = {1, 2, 3};
        final byte[] datagram = new byte[message.length + sender.overhead()];
        final byte[] opened = new byte[datagram.length];
        assertEquals(datagram.length, sender.seal(message, 0, 3, datagram, 0));
        assertEquals(3, receiver.open(datagram, 0, datagram.length, opened, 0));
        assertEquals(10, receiver.senderBootEpoch());

        // node 3 has the group key too, so it makes a datagram whose tag is right
        final byte[] forged = datagram.clone();
        final int sealedLength = datagram.length - SealedDescriptor.AUTHENTICATOR_LENGTH;
        Aead.sealing(key.key())
            .begin(Arrays.copyOfRange(forged, 4, 16), forged, 0, SealedDescriptor.HEADER_LENGTH)
            .finish(new byte[]{9, 9, 9}, 0, 3, forged, SealedDescriptor.HEADER_LENGTH);
        assertNotNull(Aead.opening(key.key()));
        final byte[] check = new byte[forged.length];
        assertEquals(3, Aead.opening(key.key())
            .begin(Arrays.copyOfRange(forged, 4, 16), forged, 0, SealedDescriptor.HEADER_LENGTH)
            .finish(forged, SealedDescriptor.HEADER_LENGTH, sealedLength - SealedDescriptor.HEADER_LENGTH, check, 0));
        assertEquals(SessionFault.FORGED.code(), receiver.open(forged, 0, forged.length, opened, 0));

        for (int bit = 0; bit < datagram.length * 8; bit++)
        {
            final byte[] changed = datagram.clone();
            changed[bit >> 3] ^= (byte)(1 << (bit & 7));
            assertTrue(receiver.open(changed, 0, changed.length, opened, 0) < 0, "bit " + bit);
        }
        for (int length = 0; length < datagram.length; length++)
        {
            assertTrue(receiver.open(datagram, 0, length, opened, 0) < 0, "cut to " + length);
        }
        assertEquals(3, receiver.open(datagram, 0, datagram.length, opened, 0), "replays are the caller's");
    }

    @Test
    void shouldOverwriteItsSecrets()
    {
        final Pairing low = one.with("lab", two);
        complete(low, two.with("lab", one));
        low.destroy();
        assertArrayEquals(new byte[32], low.wrapKey(true));
        assertArrayEquals(new byte[32], low.wrapKey(false));
        final SenderKey key = new SenderKey(1, random);
        key.destroy();
        assertArrayEquals(new byte[32], key.key());
        for (final Object secretive : new Object[]{low, key, one.keys, HybridSignerTest.signer(1)})
        {
            assertFalse(secretive.toString().contains("["), secretive.toString());
        }
    }

    private static void complete(final Pairing low, final Pairing high)
    {
        assertFalse(low.isComplete());
        low.complete(high.encapsulation());
        high.complete(low.encapsulation());
        assertTrue(low.isComplete());
    }
}
