package io.aswarm.trust;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HandshakeTest
{
    private static final long SECOND_NS = 1_000 * SessionLab.MILLISECOND_NS;

    @Test
    void shouldAgreeWhenAllStartAtTheSameTime()
    {
        final SessionLab lab = new SessionLab(4, 1);
        final long tookNs = lab.agree(10 * SECOND_NS);
        assertTrue(tookNs < SECOND_NS, () -> "took " + tookNs / SessionLab.MILLISECOND_NS + " ms");
        lab.assertHeard(1, 2, 3, 4);
        lab.assertHeard(4, 1, 2, 3);
        assertEquals(3, lab.node(1).session().reach());
        assertEquals(3, lab.node(1).count(SessionCounter.AGREED));
        assertEquals(1, lab.node(1).count(SessionCounter.REKEYS));
    }

    @Test
    void shouldAgreeWithIdentitiesOfTwoHalves()
    {
        final SessionLab lab = new SessionLab(List.of(HybridSignerTest.signer(1), HybridSignerTest.signer(2)), 1);
        lab.agree(10 * SECOND_NS);
        lab.assertHeard(1, 2);
        lab.assertHeard(2, 1);
    }

    @Test
    void shouldSayNothingMoreOnceAllIsAgreed()
    {
        final SessionLab lab = new SessionLab(4, 1);
        lab.agree(10 * SECOND_NS);
        lab.run(SECOND_NS);
        final long before = lab.bytesSent();
        lab.run(600 * SECOND_NS);
        assertEquals(before, lab.bytesSent());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldAgreeInSpiteOfLossDuplicationAndReordering(final long seed)
    {
        final SessionLab lab = new SessionLab(3, seed);
        lab.loss = 0.3;
        lab.duplication = 0.3;
        lab.delayMaxNs = 300 * SessionLab.MILLISECOND_NS;
        lab.agree(180 * SECOND_NS);
        for (int id = 1; id <= 3; id++)
        {
            lab.assertHeard(id, 1 + id % 3, 1 + (id + 1) % 3);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldAgreeAgainWhenANodeRestartsAtAnyStep(final long seed)
    {
        final SessionLab lab = new SessionLab(3, seed);
        lab.delayMaxNs = 40 * SessionLab.MILLISECOND_NS;
        lab.run(seed * 30 * SessionLab.MILLISECOND_NS);
        lab.restart(2, 100);
        lab.agree(120 * SECOND_NS);
        lab.assertHeard(2, 1, 3);
        lab.assertHeard(1, 2, 3);
        lab.restart(2, 101);
        lab.restart(3, 101);
        lab.agree(120 * SECOND_NS);
        lab.assertHeard(2, 1, 3);
        lab.assertHeard(3, 1, 2);
    }

    @Test
    void shouldReachTheOthersWhileOneIsAway()
    {
        final SessionLab lab = new SessionLab(3, 1);
        lab.cut(3, true);
        lab.run(5 * SECOND_NS);
        lab.assertHeard(1, 2);
        assertFalse(lab.node(1).session().reaches(3));
        lab.cut(3, false);
        lab.agree(120 * SECOND_NS);
        lab.assertHeard(3, 1, 2);
    }

    @Test
    void shouldRekeyWithoutAGap()
    {
        final SessionLab lab = new SessionLab(3, 1);
        lab.agree(10 * SECOND_NS);
        lab.delayMaxNs = 50 * SessionLab.MILLISECOND_NS;
        lab.loss = 0.1;
        for (int i = 0; i < 7_300; i++)
        {
            lab.run(SECOND_NS / 2);
            lab.assertHeard(1, 2, 3);
            lab.assertHeard(3, 1, 2);
        }
        assertEquals(2, lab.node(1).count(SessionCounter.REKEYS), "after an hour");
        assertTrue(lab.node(1).count(SessionCounter.AGREED) >= 4, "each peer once more");
    }

    @Test
    void shouldOpenAWhileWhatWasSealedBeforeTheRekey()
    {
        final SessionLab lab = new SessionLab(2, 1);
        lab.agree(10 * SECOND_NS);
        final Session sender = lab.node(1).session();
        final byte[] late = new byte[1 + sender.overhead()];
        sender.seal(new byte[1], 0, 1, late, 0);
        lab.run(3_600 * SECOND_NS);
        lab.agree(10 * SECOND_NS);
        lab.run(SECOND_NS);
        lab.assertHeard(1, 2);

        final byte[] opened = new byte[late.length];
        assertEquals(1, lab.node(2).session().open(late, 0, late.length, opened, 0));
        lab.run(PeerKeys.GRACE_NS + SECOND_NS);
        assertEquals(SessionFault.UNKNOWN_KEY.code(), lab.node(2).session().open(late, 0, late.length, opened, 0));
    }

    @Test
    void shouldForgetWhoLeftTheRosterAndRekeyTheRest()
    {
        final SessionLab lab = new SessionLab(3, 1);
        lab.agree(10 * SECOND_NS);
        final List<Roster.Node> rest = new ArrayList<>(lab.roster.nodes());
        rest.remove(2);
        final Roster smaller = new Roster("lab", rest, List.of());
        lab.node(1).onRoster(smaller, lab.nowNs, lab.nowEpochNs());
        lab.node(2).onRoster(smaller, lab.nowNs, lab.nowEpochNs());

        final Session left = lab.node(3).session();
        final byte[] datagram = new byte[1 + left.overhead()];
        left.seal(new byte[1], 0, 1, datagram, 0);
        assertEquals(SessionFault.UNKNOWN_SENDER.code(),
            lab.node(1).session().open(datagram, 0, datagram.length, new byte[datagram.length], 0));
        assertFalse(lab.node(1).session().reaches(3));
        assertFalse(lab.node(1).canHear(3));

        lab.run(5 * SECOND_NS);
        lab.assertHeard(1, 2);
        final Session one = lab.node(1).session();
        final byte[] after = new byte[1 + one.overhead()];
        one.seal(new byte[1], 0, 1, after, 0);
        assertEquals(SessionFault.UNKNOWN_KEY.code(), left.open(after, 0, after.length, new byte[after.length], 0));
    }

    /** What a start of the greatest site with sessions costs on the wire: about 1.5 KB for each peer. */
    @Test
    void shouldAgreeInTheGreatestSite()
    {
        final int nodes = Session.PEERS_MAX + 1;
        final SessionLab lab = new SessionLab(nodes, 1);
        lab.agree(60 * SECOND_NS);
        lab.assertHeard(1, 2, nodes);
        lab.assertHeard(nodes, 1, 2);
        final long bytesPerPeer = lab.bytesSent() / nodes / Session.PEERS_MAX;
        assertTrue(bytesPerPeer < 2_500, () -> bytesPerPeer + " bytes for each peer of each node");
    }

    @Test
    void shouldNotBeginInASiteThatIsTooLarge()
    {
        final List<Roster.Node> nodes = new ArrayList<>();
        for (int id = 1; id <= Session.PEERS_MAX + 2; id++)
        {
            nodes.add(new Roster.Node(id, "n" + id, HybridSignerTest.signer(id).classical().publicKey()));
        }
        final HybridSigner signer = HybridSigner.of(HybridSignerTest.signer(1).classical());
        final Handshake node = new Handshake(
            new HandshakeConfig(new Roster("lab", nodes, List.of()), 1, signer, 1), 0);
        assertEquals(0, node.onTick((message, offset, length) -> true, 1, SessionLab.START_EPOCH_NS));
        assertEquals(Session.NO_PEER, node.session().seal(new byte[1], 0, 1, new byte[100], 0));
        final byte[] datagram = new byte[50];
        SessionFrame.put(datagram, 0, SessionFrame.SEALED, 2);
        assertEquals(SessionFault.UNKNOWN_SENDER.code(), node.session().open(datagram, 0, 50, new byte[50], 0));
    }

    @Test
    void shouldOfferAgainWhatWasRefusedForNow()
    {
        final SessionLab lab = new SessionLab(2, 1);
        final List<byte[]> sent = new ArrayList<>();
        final boolean[] isOpen = {false};
        final SessionKeys.Outlet outlet = (message, offset, length) ->
        {
            if (isOpen[0])
            {
                sent.add(Arrays.copyOfRange(message, offset, offset + length));
            }
            return isOpen[0];
        };
        assertEquals(0, lab.node(1).onTick(outlet, lab.nowNs, lab.nowEpochNs()));
        isOpen[0] = true;
        int total = 0;
        for (int i = 0; i < 10; i++)
        {
            total += lab.node(1).onTick(outlet, lab.nowNs + i, lab.nowEpochNs());
        }
        assertEquals(3, total, "an offer in two parts, and a request");
        assertEquals(total, sent.size());
    }
}
