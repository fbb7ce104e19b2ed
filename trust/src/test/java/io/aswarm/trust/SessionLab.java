package io.aswarm.trust;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Nodes of a site on a network of memory: virtual time, and loss, doubling and delay from a seed.
 */
final class SessionLab
{
    static final long MILLISECOND_NS = 1_000_000L;
    static final long START_EPOCH_NS = 1_800_000_000_000_000_000L;
    private static final long TICK_NS = 10 * MILLISECOND_NS;

    /** Randomness of a seed: the same keys each time. For rehearsals only. */
    static final class Seeded extends SecureRandom
    {
        private static final long serialVersionUID = 1L;
        private final Random random;

        Seeded(final long seed)
        {
            random = new Random(seed);
        }

        @Override
        public void nextBytes(final byte[] bytes)
        {
            random.nextBytes(bytes);
        }

        @Override
        public int nextInt()
        {
            return random.nextInt();
        }

        @Override
        public double nextDouble()
        {
            return random.nextDouble();
        }
    }

    private record Flying(long dueNs, long order, int from, byte[] bytes)
    {
    }

    final Roster roster;
    final List<Handshake> nodes = new ArrayList<>();
    /** Everything that was ever sent, for those who replay. */
    final List<byte[]> sent = new ArrayList<>();
    double loss;
    double duplication;
    long delayMaxNs;
    long nowNs = 1_000;
    private final Random random;
    private final long seed;
    private final boolean[] isCut;
    private final PriorityQueue<Flying> flying =
        new PriorityQueue<>(Comparator.comparingLong(Flying::dueNs).thenComparingLong(Flying::order));
    private final List<HybridSigner> signers;
    private long order;
    private long bytesSent;

    SessionLab(final int nodeCount, final long seed)
    {
        this(signers(nodeCount), seed);
    }

    SessionLab(final List<HybridSigner> signers, final long seed)
    {
        this.signers = signers;
        this.seed = seed;
        this.random = new Random(seed);
        this.isCut = new boolean[signers.size() + 1];
        this.roster = roster(signers);
        for (int id = 1; id <= signers.size(); id++)
        {
            nodes.add(start(id, id));
        }
    }

    static List<HybridSigner> signers(final int count)
    {
        final List<HybridSigner> signers = new ArrayList<>();
        for (int id = 1; id <= count; id++)
        {
            signers.add(HybridSigner.of(HybridSignerTest.signer(id).classical()));
        }
        return signers;
    }

    static Roster roster(final List<HybridSigner> signers)
    {
        final List<Roster.Node> members = new ArrayList<>();
        for (int id = 1; id <= signers.size(); id++)
        {
            members.add(new Roster.Node(id, "gateway-" + id, signers.get(id - 1).publicKey()));
        }
        return new Roster("lab", members, List.of());
    }

    Handshake node(final int id)
    {
        return nodes.get(id - 1);
    }

    /** Take a node down and up again, with nothing remembered. */
    void restart(final int id, final long bootEpoch)
    {
        node(id).close();
        nodes.set(id - 1, start(id, bootEpoch));
    }

    void cut(final int id, final boolean cut)
    {
        isCut[id] = cut;
    }

    long nowEpochNs()
    {
        return START_EPOCH_NS + nowNs;
    }

    long bytesSent()
    {
        return bytesSent;
    }

    /** Let so much time pass. */
    void run(final long durationNs)
    {
        final long endNs = nowNs + durationNs;
        while (nowNs - endNs < 0)
        {
            step();
        }
    }

    /** Let time pass until everybody reaches everybody; the time that took. */
    long agree(final long patienceNs)
    {
        final long startNs = nowNs;
        while (!isAgreed())
        {
            if (nowNs - startNs > patienceNs)
            {
                throw new AssertionError("no agreement after " + patienceNs / MILLISECOND_NS + " ms; seed " + seed);
            }
            step();
        }
        return nowNs - startNs;
    }

    boolean isAgreed()
    {
        for (int from = 1; from <= nodes.size(); from++)
        {
            for (int to = 1; to <= nodes.size(); to++)
            {
                if (from != to && (!node(from).session().reaches(to) || !node(from).canHear(to)))
                {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whoever is reached by a datagram opens it, and finds sender and sequence in it. */
    void assertHeard(final int from, final int... receivers)
    {
        final Session session = node(from).session();
        final byte[] message = {1, 2, 3, (byte)from};
        final byte[] datagram = new byte[message.length + session.overhead()];
        assertEquals(datagram.length, session.seal(message, 0, message.length, datagram, 0), "seed " + seed);
        final byte[] opened = new byte[datagram.length];
        for (final int receiver : receivers)
        {
            final Session other = node(receiver).session();
            final int length = other.open(datagram, 0, datagram.length, opened, 0);
            assertEquals(message.length, length, () -> "node " + receiver + " of " + from + ", seed " + seed + ": " +
                (length < 0 ? SessionFault.of(length) : ""));
            assertArrayEquals(message, Arrays.copyOf(opened, length));
            assertEquals(from, other.senderId());
            assertEquals(session.sequence(), other.senderSequence());
        }
    }

    void deliver(final int to, final byte[] bytes, final int origin)
    {
        node(to).onMessage(bytes, 0, bytes.length, origin, nowNs, nowEpochNs());
    }

    private Handshake start(final int id, final long bootEpoch)
    {
        return new Handshake(new HandshakeConfig(roster, id, signers.get(id - 1), bootEpoch)
            .random(new Seeded(seed * 1_000 + id + (bootEpoch << 20))), nowNs);
    }

    private void step()
    {
        nowNs += TICK_NS;
        while (!flying.isEmpty() && flying.peek().dueNs() - nowNs <= 0)
        {
            final Flying next = flying.poll();
            for (int id = 1; id <= nodes.size(); id++)
            {
                if (id != next.from() && !isCut[id] && random.nextDouble() >= loss)
                {
                    deliver(id, next.bytes(), next.from());
                }
            }
        }
        for (int id = 1; id <= nodes.size(); id++)
        {
            final int from = id;
            node(id).onTick((message, offset, length) -> send(from, message, offset, length), nowNs, nowEpochNs());
        }
    }

    private boolean send(final int from, final byte[] message, final int offset, final int length)
    {
        final byte[] bytes = Arrays.copyOfRange(message, offset, offset + length);
        if (length > SessionKeys.MESSAGE_LENGTH_MAX)
        {
            throw new AssertionError("a message of " + length + " bytes");
        }
        sent.add(bytes);
        bytesSent += length;
        final int copies = random.nextDouble() < duplication ? 3 : 1;
        for (int i = 0; i < copies && !isCut[from]; i++)
        {
            flying.add(new Flying(nowNs + (long)(random.nextDouble() * delayMaxNs), order++, from, bytes));
        }
        return true;
    }
}
