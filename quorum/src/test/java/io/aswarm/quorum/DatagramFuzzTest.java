package io.aswarm.quorum;

import io.aswarm.trust.Handshake;
import io.aswarm.trust.HandshakeConfig;
import io.aswarm.trust.HybridSigner;
import io.aswarm.trust.SignedOrder;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static io.aswarm.quorum.Site.SECOND_NS;
import static io.aswarm.quorum.Site.T0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Whatever arrives: messages of a working site, all kinds of them, changed, cut, joined and made up, at a node that
 * works. {@code -Daswarm.fuzz.datagrams=10000000} for long, {@code -Daswarm.fuzz.seed} for a run seen before.
 */
class DatagramFuzzTest
{
    private static final long SUBJECT = 0x0000_ffff_c612_0001L;
    private static final int BATCH = 64;
    private static final int STRANGER = 666;
    private static final int HANDSHAKES_MAX = 12;
    /** One in so many comes by the stream of a member, whose number somebody guessed. */
    private static final int GUESSED = 4;

    private final Site site = new Site(4);
    private final MemoryMesh mesh = new MemoryMesh();
    private final List<MemoryMesh.Link> links = new ArrayList<>();
    private final List<TestNode> nodes = new ArrayList<>();
    private final long seed = Long.getLong("aswarm.fuzz.seed", 20_261_122L);
    private final Random random = new Random(seed);
    private long nowNs = 5_000;

    @Test
    void shouldChangeNothingButCountersWhateverTheDatagrams()
    {
        final List<byte[]> corpus = corpus();
        final TestNode node = nodes.get(3);
        final List<Integer> accepted = List.copyOf(node.acceptedFrom);
        final List<String> orders = List.copyOf(node.orders);
        final long before = seen(node);
        final long reach = node.count(QuorumCounter.SESSION_REACH);
        final long agreed = node.count(QuorumCounter.SESSION_AGREED);
        final DatagramMutator mutator = new DatagramMutator(corpus, nodes.size(), random);
        final long datagrams = Long.getLong("aswarm.fuzz.datagrams", 100_000);
        for (long sent = 0; sent < datagrams; sent += BATCH)
        {
            for (int i = 0; i < BATCH; i++)
            {
                links.get(3).receive(mutator.next(), 0 == random.nextInt(GUESSED) ? 1 + random.nextInt(3) : STRANGER);
            }
            // and what it says itself comes back to it
            for (int i = 0; i <= BATCH / 16; i++)
            {
                node.agent.doWork();
            }
            nowNs += 100_000;
        }
        assertEquals(accepted, node.acceptedFrom, "seed=" + seed);
        assertEquals(orders, node.orders, "seed=" + seed);
        assertEquals(List.of(), node.elevations, "seed=" + seed);
        assertEquals(4, node.count(QuorumCounter.MEMBERS_EXPECTED));
        assertEquals(reach, node.count(QuorumCounter.SESSION_REACH), "seed=" + seed);
        assertEquals(agreed, node.count(QuorumCounter.SESSION_AGREED), "seed=" + seed);
        assertTrue(seen(node) - before > datagrams / 4, "they are counted by reason: " + (seen(node) - before));

        // and what is true is still believed
        nowNs += SECOND_NS;
        cycles(200);
        final long sealedBefore = nodes.get(0).count(QuorumCounter.DEPOSITS_SEALED);
        for (int i = 0; i < 3; i++)
        {
            nodes.get(i).signal(SUBJECT, 5.0, nowNs, nowNs);
        }
        cycles(200);
        assertEquals(1, node.elevations.size(), "seed=" + seed);
        assertEquals(sealedBefore + 1, nodes.get(0).count(QuorumCounter.DEPOSITS_SEALED), "sessions stand as before");
        System.out.println(datagrams + " datagrams, seed " + seed + ": " + reasons(node));
    }

    /** Deposits sealed and signed, presences, handshakes and an order, as they were on the wire. */
    private List<byte[]> corpus()
    {
        for (int id = 1; id <= 4; id++)
        {
            final MemoryMesh.Link link = mesh.join();
            links.add(link);
            final HybridSigner signer = HybridSigner.of(site.signers.get(id - 1));
            nodes.add(new TestNode(
                new QuorumConfig(site.roster, id, signer.classical(), T0 + id).sessions(
                new Handshake(new HandshakeConfig(site.roster, id, signer, T0 + id), nowNs)), link,
                () -> nowNs, () -> T0 + nowNs, TestNode.counters()));
        }
        cycles(400);
        for (int i = 0; i < 3; i++)
        {
            nodes.get(i).signal(SUBJECT + 10 + i, 5.0, nowNs, nowNs);
        }
        nodes.get(0).agent.offerOrder(site.order(SignedOrder.Action.RESUME, T0, SECOND_NS), (verdict) ->
            assertEquals("ACCEPTED", verdict.name()));
        cycles(1_200);
        final List<byte[]> corpus = new ArrayList<>();
        final int[] kinds = new int[8];
        links.subList(0, 3).stream().flatMap((link) -> link.sent.stream())
            // handshakes are many and mostly for others, who ignore them without a word
            .filter((message) -> -1 != message[1] || message[0] < 2 ||
                ((0 == message[4] || 4 == message[4]) && kinds[message[0]]++ < HANDSHAKES_MAX))
            .forEach(corpus::add);
        assertTrue(corpus.stream().anyMatch((message) -> -1 == message[1] && 1 == message[0]), "sealed");
        for (final int kind : new int[] {2, 4, 5, 6})
        {
            assertTrue(kinds[kind] > 0, "handshakes of kind " + kind);
        }
        return corpus;
    }

    private static String reasons(final TestNode node)
    {
        final StringBuilder reasons = new StringBuilder();
        for (final QuorumCounter counter : QuorumCounter.values())
        {
            if (counter.name().contains("REFUSED") || QuorumCounter.DUPLICATES == counter)
            {
                reasons.append(counter.label()).append(' ').append(node.count(counter)).append(", ");
            }
        }
        return reasons.toString();
    }

    private static long seen(final TestNode node)
    {
        long seen = 0;
        for (final QuorumCounter counter : QuorumCounter.values())
        {
            final boolean isReason = counter.name().startsWith("REFUSED_") || counter.name().startsWith("ORDERS_R");
            seen += isReason || QuorumCounter.DUPLICATES == counter || QuorumCounter.TESTIMONIES == counter ||
                QuorumCounter.ACCEPTED == counter || QuorumCounter.SESSION_REFUSED == counter ? node.count(counter) : 0;
        }
        return seen;
    }

    private void cycles(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            nodes.forEach((node) -> node.agent.doWork());
            nowNs += 5_000_000L;
        }
    }
}
