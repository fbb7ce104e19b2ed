package io.aswarm.trust;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PeerKeysTest
{
    private final SessionLab.Seeded random = new SessionLab.Seeded(1);
    private final PeerKeys keys = new PeerKeys();
    private final Pairing first = pairing(1);

    @Test
    void shouldDropTheOlderAWhileAfterTheNewerIsUsed()
    {
        assertTrue(keys.isEmpty());
        keys.add(key(1, first));
        final PeerKey newer = key(2, first);
        keys.add(newer);
        keys.onTick(0);
        keys.onOpened(newer);
        keys.onTick(100);
        keys.onTick(99 + PeerKeys.GRACE_NS);
        assertNotNull(keys.find(1));
        keys.onTick(100 + PeerKeys.GRACE_NS);
        assertNull(keys.find(1));
        assertSame(newer, keys.find(2));
        keys.onTick(Long.MAX_VALUE / 2);
        assertFalse(keys.isEmpty(), "the newest stays");
    }

    @Test
    void shouldDropTheOlderLaterWhereTheNewerIsNotUsed()
    {
        keys.add(key(1, first));
        keys.add(key(2, first));
        keys.onTick(0);
        keys.onOpened(keys.find(1));
        keys.onTick(PeerKeys.UNUSED_GRACE_NS - 1);
        assertNotNull(keys.find(1));
        keys.onTick(PeerKeys.UNUSED_GRACE_NS);
        assertNull(keys.find(1));
    }

    @Test
    void shouldNotTakeBackWhatItDropped()
    {
        for (int id = 1; id <= 4; id++)
        {
            assertTrue(keys.add(key(id, first)));
        }
        assertNull(keys.find(1));
        assertFalse(keys.add(key(1, first)));
        assertFalse(keys.add(key(0, first)));
        assertTrue(keys.add(key(3, first)), "the same again");
        assertNotNull(keys.find(2));
    }

    @Test
    void shouldPutAnOlderKeyBehindANewerThatCameFirst()
    {
        final PeerKey newer = key(Integer.MIN_VALUE, first);
        assertTrue(keys.add(newer));
        assertTrue(keys.add(key(Integer.MAX_VALUE, first)), "one before, as numbers go round");
        keys.onTick(0);
        keys.onOpened(newer);
        keys.onTick(0);
        keys.onTick(PeerKeys.GRACE_NS);
        assertNull(keys.find(Integer.MAX_VALUE));
        assertSame(newer, keys.find(Integer.MIN_VALUE));
    }

    @Test
    void shouldForgetAnEarlierStartAtOnce()
    {
        keys.add(key(100, first));
        keys.add(key(101, first));
        final PeerKey restarted = key(5, pairing(2));
        assertTrue(keys.add(restarted));
        assertNull(keys.find(100));
        assertNull(keys.find(101));
        assertEquals(2, restarted.bootEpoch());
        keys.clear();
        assertTrue(keys.isEmpty());
        assertTrue(keys.add(key(5, first)), "nothing is remembered");
    }

    private PeerKey key(final int id, final Pairing pairing)
    {
        return new PeerKey(id, 0, new byte[32], pairing);
    }

    private Pairing pairing(final long bootEpochOfPeer)
    {
        final HybridKeyPair ownKeys = new HybridKeyPair(random);
        final HybridKeyPair peerKeys = new HybridKeyPair(random);
        final HybridSigner signer = HybridSigner.of(HybridSignerTest.signer(1).classical());
        final Pairing pairing = new Pairing("lab", Offer.sign("lab", 1, 1, 1, 1, 2, ownKeys, signer), ownKeys,
            Offer.sign("lab", 2, bootEpochOfPeer, 1, 1, 2, peerKeys, signer), ownKeys.agree(peerKeys.x25519()),
            HybridKeyPair.encapsulate(peerKeys.encapsulationKey(), random));
        pairing.complete(HybridKeyPair.encapsulate(ownKeys.encapsulationKey(), random).bytes());
        return pairing;
    }
}
