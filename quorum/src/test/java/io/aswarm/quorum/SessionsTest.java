package io.aswarm.quorum;

import io.aswarm.trust.Handshake;
import io.aswarm.trust.HandshakeConfig;
import io.aswarm.trust.HybridSigner;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

import static io.aswarm.quorum.Site.SECOND_NS;
import static io.aswarm.quorum.Site.T0;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Agents that agree on session keys over a mesh in memory: deposits are sealed, decided on, and signed afterwards.
 */
class SessionsTest
{
    private static final long SUBJECT = 0x0000_ffff_c612_0001L;
    private static final int NODES = 4;
    private static final long CYCLE_NS = 5_000_000L;

    private final Site site = new Site(NODES);
    private final MemoryMesh mesh = new MemoryMesh();
    private final List<MemoryMesh.Link> links = new ArrayList<>();
    private final List<TestNode> nodes = new ArrayList<>();
    private final List<SlowSigner> signers = new ArrayList<>();
    private long nowNs = 5_000;

    /** A link that may keep the signed forms of deposits to itself for a while, or for ever. */
    private final class SlowSigner implements MeshLink
    {
        private final MemoryMesh.Link link;
        private boolean isWithholding;
        private final List<byte[]> withheld = new ArrayList<>();

        private SlowSigner(final MemoryMesh.Link link)
        {
            this.link = link;
        }

        @Override
        public int invoke()
        {
            return 0;
        }

        @Override
        public boolean hasPeers()
        {
            return true;
        }

        @Override
        public boolean isConnected()
        {
            return link.isConnected();
        }

        @Override
        public int joins()
        {
            return link.joins();
        }

        @Override
        public boolean offer(final DirectBuffer buffer, final int offset, final int length)
        {
            if (isWithholding && DepositDescriptor.LENGTH == length)
            {
                final byte[] bytes = new byte[length];
                buffer.getBytes(offset, bytes);
                withheld.add(bytes);
                return true;
            }
            return link.offer(buffer, offset, length);
        }

        @Override
        public int poll(final Receiver receiver, final int limit)
        {
            return link.poll(receiver, limit);
        }
    }

    @BeforeEach
    void agree()
    {
        for (int id = 1; id <= NODES; id++)
        {
            start(id, T0 + id);
        }
        cycles(400);
        nodes.forEach((node) -> assertEquals(NODES - 1, reach(node)));
    }

    @Test
    void shouldElevateOnSealedDepositsAndHoldThemSignedAsEvidence()
    {
        weakly(3);
        for (final TestNode node : nodes)
        {
            assertEquals(1, node.elevations.size());
            assertEquals(List.of(1, 2, 3), node.elevations.get(0).witnesses().stream().map(Witness::nodeId).toList());
            assertEquals(0, node.count(QuorumCounter.EVIDENCE_INCOMPLETE));
            assertEquals(0, node.count(QuorumCounter.DUPLICATES), "the signed form is no duplicate");
            assertEquals(1, node.evidence.size());
            assertEquals(node.elevations.get(0).id(), node.evidence.get(0).id());
            authentic(node.evidence.get(0), (witness) -> true);
        }
        assertEquals(1, nodes.get(0).count(QuorumCounter.DEPOSITS_SEALED));
        assertEquals(2, nodes.get(0).count(QuorumCounter.TESTIMONIES));
        assertEquals(3, nodes.get(3).count(QuorumCounter.TESTIMONIES));
    }

    @Test
    void shouldActBeforeAnythingIsSigned()
    {
        signers.forEach((signer) -> signer.isWithholding = true);
        weakly(3);
        final TestNode node = nodes.get(3);
        assertEquals(1, node.elevations.size());
        assertEquals(List.of(), node.evidence);
        final byte[] unsigned = node.elevations.get(0).witnesses().get(0).deposit();
        assertFalse(DepositDescriptor.isSealed(unsigned));

        signers.forEach((signer) -> signer.withheld.forEach((message) -> mesh.inject(message, 77)));
        cycles(10);
        authentic(node.evidence.get(0), (witness) -> true);
        assertFalse(DepositDescriptor.isSealed(unsigned), "what was handed on does not change");
    }

    @Test
    void shouldCertifyWithoutWhoDidNotSignAndBelieveItBySignatureOnly()
    {
        signers.get(1).isWithholding = true;
        weakly(3);
        final TestNode node = nodes.get(3);
        assertEquals(1, node.elevations.size());
        nowNs += Testimonies.PATIENCE_NS;
        cycles(2);
        assertEquals(1, node.count(QuorumCounter.EVIDENCE_INCOMPLETE));
        authentic(node.evidence.get(0), (witness) -> witness.nodeId() != 2);
        assertArrayEquals(new byte[0], node.evidence.get(0).witnesses().get(1).deposit());

        nodes.get(1).signal(SUBJECT + 7, 6.0, nowNs, nowNs);
        cycles(4);
        assertEquals(1, node.count(QuorumCounter.REFUSED_MUST_SIGN));
        signers.get(1).isWithholding = false;
        nodes.get(1).signal(SUBJECT + 8, 6.0, nowNs, nowNs);
        final int accepted = node.acceptedFrom.size();
        cycles(4);
        assertEquals(2, node.count(QuorumCounter.REFUSED_MUST_SIGN));
        assertEquals(accepted + 1, node.acceptedFrom.size(), "signed, it is believed");

        nowNs += Testimonies.DISTRUST_NS;
        cycles(4);
        nodes.get(1).signal(SUBJECT + 9, 6.0, nowNs, nowNs);
        cycles(4);
        assertEquals(2, node.count(QuorumCounter.REFUSED_MUST_SIGN), "forgiven");
    }

    @Test
    void shouldReachWhoHasNoKeysYetByTheSignedForm()
    {
        final TestNode late = new TestNode(
            new QuorumConfig(site.roster, 4, site.signers.get(3), T0 + 99), mesh.join(), () -> nowNs, () -> T0 + nowNs,
            TestNode.counters());
        nodes.set(3, late);
        cycles(4);
        weakly(3);
        assertEquals(1, late.elevations.size());
        authentic(late.evidence.get(0), (witness) -> true);
        assertEquals(1, nodes.get(0).elevations.size());
    }

    @Test
    void shouldAgreeAgainWithANodeThatRestarted()
    {
        signers.get(0).link.isConnected = false;
        nodes.set(0, null);
        start(1, T0 + SECOND_NS);
        nodes.set(0, nodes.remove(NODES));
        cycles(2_000);
        nodes.forEach((node) -> assertEquals(NODES - 1, reach(node)));
        weakly(3);
        nodes.forEach((node) -> assertEquals(1, node.elevations.size()));
        nodes.forEach((node) -> authentic(node.evidence.get(0), (witness) -> true));
    }

    @Test
    void shouldChangeNothingButCountersOnReplayedForgedAndCutDatagrams()
    {
        nodes.get(0).signal(SUBJECT, 5.0, nowNs, nowNs);
        cycles(4);
        final byte[] sealed = links.get(0).sent.stream()
            .filter((message) -> -1 == message[1] && 1 == message[0]).findFirst().orElseThrow();
        final TestNode node = nodes.get(3);
        final int accepted = node.acceptedFrom.size();

        mesh.inject(sealed, 666);
        cycles(1);
        assertEquals(1, node.count(QuorumCounter.DUPLICATES));
        for (int bit = 0; bit < sealed.length * 8; bit++)
        {
            final byte[] changed = sealed.clone();
            changed[bit >> 3] ^= (byte)(1 << (bit & 7));
            mesh.inject(changed, 666);
        }
        for (int length = 0; length < sealed.length; length++)
        {
            mesh.inject(Arrays.copyOf(sealed, length), 666);
        }
        cycles(2 + sealed.length * 9 / 16);
        assertEquals(accepted, node.acceptedFrom.size());
        assertEquals(List.of(), node.elevations);
        assertTrue(node.count(QuorumCounter.REFUSED_FORGED) > sealed.length * 6L, "most bits are protected");
        assertTrue(node.count(QuorumCounter.REFUSED_UNKNOWN_KEY) > 0);
        weakly(3);
        assertEquals(1, node.elevations.size(), "and nobody is mute for it");
    }

    private void weakly(final int witnesses)
    {
        for (int i = 0; i < witnesses; i++)
        {
            nodes.get(i).signal(SUBJECT, 5.0, nowNs, nowNs);
        }
        cycles(4);
    }

    private void authentic(final Elevation elevation, final Predicate<Witness> who)
    {
        assertTrue(elevation.witnesses().stream().filter(who).count() > 0);
        assertTrue(elevation.witnesses().stream().filter(who)
            .allMatch((witness) -> DepositVerifier.verify(witness.deposit(), site.roster).isAuthentic()));
    }

    private static long reach(final TestNode node)
    {
        return node.count(QuorumCounter.SESSION_REACH);
    }

    private void start(final int id, final long bootEpoch)
    {
        final MemoryMesh.Link link = mesh.join();
        final SlowSigner slow = new SlowSigner(link);
        if (signers.size() < NODES)
        {
            links.add(link);
            signers.add(slow);
        }
        else
        {
            signers.set(id - 1, slow);
        }
        final QuorumConfig config = new QuorumConfig(site.roster, id, site.signers.get(id - 1), bootEpoch)
            .sessions(new Handshake(new HandshakeConfig(
            site.roster, id, HybridSigner.of(site.signers.get(id - 1)), bootEpoch), nowNs));
        nodes.add(new TestNode(config, slow, () -> nowNs, () -> T0 + nowNs, TestNode.counters()));
    }

    private void cycles(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            nodes.stream().filter((node) -> null != node).forEach((node) -> node.agent.doWork());
            nowNs += CYCLE_NS;
        }
    }
}
