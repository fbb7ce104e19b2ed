package io.aswarm.quorum;

import io.aswarm.trust.Handshake;
import io.aswarm.trust.HandshakeConfig;
import io.aswarm.trust.HybridSigner;
import io.aswarm.trust.SignedOrder;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
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
    private static final int LENGTH_MAX = 1_500;
    private static final int STRANGER = 666;
    private static final int HANDSHAKES_MAX = 2;

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
        final long datagrams = Long.getLong("aswarm.fuzz.datagrams", 100_000);
        for (long sent = 0; sent < datagrams; sent += BATCH)
        {
            for (int i = 0; i < BATCH; i++)
            {
                links.get(3).receive(changed(corpus), STRANGER);
            }
            for (int i = 0; i < BATCH / 16; i++)
            {
                node.agent.doWork();
            }
            nowNs += 100_000;
        }
        assertEquals(accepted, node.acceptedFrom, "seed=" + seed);
        assertEquals(orders, node.orders, "seed=" + seed);
        assertEquals(List.of(), node.elevations, "seed=" + seed);
        assertEquals(4, node.count(QuorumCounter.MEMBERS_EXPECTED));
        assertTrue(seen(node) - before > datagrams / 2, "they are counted by reason: " + (seen(node) - before));

        // and what is true is still believed
        nowNs += SECOND_NS;
        for (int i = 0; i < 3; i++)
        {
            nodes.get(i).signal(SUBJECT, 5.0, nowNs, nowNs);
        }
        cycles(200);
        assertEquals(1, node.elevations.size(), "seed=" + seed);
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
            .filter((message) -> -1 != message[1] || message[0] < 2 || kinds[message[0]]++ < HANDSHAKES_MAX)
            .forEach(corpus::add);
        assertTrue(corpus.stream().anyMatch((message) -> -1 == message[1] && 1 == message[0]), "sealed");
        assertTrue(corpus.stream().anyMatch((message) -> -1 == message[1] && 1 != message[0]), "handshakes");
        return corpus;
    }

    private byte[] changed(final List<byte[]> corpus)
    {
        final byte[] message = corpus.get(random.nextInt(corpus.size()));
        switch (random.nextInt(8))
        {
            case 0:
                return message;

            case 1:
                return Arrays.copyOf(message, random.nextInt(message.length + 64));

            case 2:
                final byte[] noise = new byte[random.nextInt(LENGTH_MAX)];
                random.nextBytes(noise);
                return noise;

            case 3:
                final byte[] other = corpus.get(random.nextInt(corpus.size()));
                final byte[] joined = message.clone();
                final int from = random.nextInt(Math.min(message.length, other.length));
                System.arraycopy(other, from, joined, from, Math.min(message.length, other.length) - from);
                return joined;

            default:
                final byte[] flipped = message.clone();
                for (int i = random.nextInt(6); i >= 0; i--)
                {
                    flipped[random.nextInt(flipped.length)] ^= (byte)(1 << random.nextInt(8));
                }
                return flipped;
        }
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
