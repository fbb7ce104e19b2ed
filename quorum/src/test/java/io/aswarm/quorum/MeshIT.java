package io.aswarm.quorum;

import org.agrona.concurrent.SystemEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Real Aeron over multicast on the loopback interface, all nodes driven by this one thread.
 */
class MeshIT
{
    private static final String GROUP = "239.198.18.1";
    private static final int STREAM = 4117;
    private static final int TYPE_ID_BASE = 5_000;
    private static final long SUBJECT = 0x0000_ffff_c612_0001L;

    @TempDir
    private Path directory;
    private final List<Mesh> meshes = new ArrayList<>();
    private final List<TestNode> nodes = new ArrayList<>();
    private final int port = 20_000 + (int)(ProcessHandle.current().pid() % 20_000);

    @AfterEach
    void close()
    {
        meshes.forEach(Mesh::close);
    }

    @Test
    void shouldReachTheSameElevationOnTwoNodesAndLeaveNothingBehind() throws MeshException
    {
        start(new Site(2));
        awaitMembers(2);
        signal(0, 8.0);
        signal(1, 8.0);
        await(() -> nodes.stream().allMatch((node) -> 1 == node.elevations.size()));
        assertEquals(
            nodes.get(0).elevations.get(0).witnesses().stream().map(Witness::nodeId).toList(),
            nodes.get(1).elevations.get(0).witnesses().stream().map(Witness::nodeId).toList());
        assertFalse(nodes.get(0).elevations.get(0).local());

        meshes.forEach(Mesh::close);
        meshes.clear();
        assertFalse(Files.exists(directory.resolve("node-1")));
    }

    @Test
    void shouldReachTheSameElevationOnFourNodesThroughRandomBytesAtThePort() throws MeshException, IOException
    {
        final Site site = new Site(4);
        start(site);
        awaitMembers(4);
        throwRubbish(3_000);
        chatterOfAStranger();
        for (int i = 0; i < 3; i++)
        {
            signal(i, 5.0);
        }
        await(() -> nodes.stream().allMatch((node) -> 1 == node.elevations.size()));
        for (final TestNode node : nodes)
        {
            final Elevation elevation = node.elevations.get(0);
            assertEquals(List.of(1, 2, 3), elevation.witnesses().stream().map(Witness::nodeId).toList());
            for (final Witness witness : elevation.witnesses())
            {
                assertTrue(DepositVerifier.verify(witness.deposit(), site.roster).isAuthentic());
            }
            assertTrue(node.count(QuorumCounter.REFUSED_MALFORMED) > 0, "the stranger was heard");
            assertEquals(4, node.count(QuorumCounter.MEMBERS_HEARD));
        }
    }

    @Test
    void shouldShowItsCountersToWhoeverReadsTheCncFile() throws MeshException
    {
        start(new Site(2));
        awaitMembers(2);
        try (CncReader reader = CncReader.open(directory.resolve("node-1")))
        {
            final Map<String, Long> values = new HashMap<>();
            final Map<String, Integer> types = new HashMap<>();
            reader.forEach((id, typeId, label, value) ->
            {
                values.put(label, value);
                types.put(label, typeId);
            });
            for (final QuorumCounter counter : QuorumCounter.values())
            {
                assertEquals(TYPE_ID_BASE + counter.ordinal(), types.get(counter.label()));
            }
            assertEquals(2, values.get(QuorumCounter.MEMBERS_EXPECTED.label()));
            assertTrue(values.get(QuorumCounter.PRESENCES_SENT.label()) > 0);
            assertTrue(values.keySet().stream().anyMatch((label) -> label.startsWith("Bytes sent")), "Aeron's own");
            assertEquals(ProcessHandle.current().pid(), reader.pid());
            assertTrue(reader.isAlive(System.currentTimeMillis()));
            assertFalse(reader.isAlive(System.currentTimeMillis() + 2 * CncReader.HEARTBEAT_TIMEOUT_MS));
        }
        assertEquals(0, nodes.get(0).count(QuorumCounter.ERRORS));
    }

    @Test
    void shouldServeASiteOfOneWithoutASocket() throws MeshException
    {
        final Site site = new Site(1);
        final Mesh mesh = Mesh.open(MeshConfig.alone(directory.resolve("node-1")));
        meshes.add(mesh);
        final TestNode node = node(site, 1, mesh);
        nodes.add(node);
        cycle();
        node.signal(SUBJECT, 20.0, System.nanoTime(), System.nanoTime());
        cycle();
        assertEquals(List.of(), node.elevations);
        node.signal(SUBJECT, 21.0, System.nanoTime(), System.nanoTime());
        cycle();
        assertTrue(node.elevations.get(0).local());
        await(() -> !node.evidence.isEmpty());
        assertTrue(DepositVerifier.verify(
            node.evidence.get(0).witnesses().get(0).deposit(), site.roster).isAuthentic());
    }

    @Test
    void shouldSayWhatIsWrongWhenItCannotOpen() throws IOException
    {
        final MeshConfig wrongInterface = new MeshConfig(
            directory.resolve("a"), GROUP, port, "198.18.255.254", 1, STREAM, 8);
        final MeshException noInterface = assertThrows(MeshException.class, () -> Mesh.open(wrongInterface));
        assertTrue(noInterface.getMessage().contains("198.18.255.254"), noInterface.getMessage());
        assertFalse(noInterface.getMessage().contains("Exception"), noInterface.getMessage());
        assertFalse(Files.exists(directory.resolve("a")), "nothing is left behind");

        final Path precious = Files.createDirectory(directory.resolve("precious"));
        Files.writeString(precious.resolve("file"), "keep");
        assertThrows(MeshException.class, () -> Mesh.open(MeshConfig.alone(precious)));
        assertEquals("keep", Files.readString(precious.resolve("file")));
    }

    @Test
    void shouldRefuseToReadWhatIsNoCncFile() throws IOException
    {
        assertThrows(MeshException.class, () -> CncReader.open(directory.resolve("none")));
        final Path file = Files.createDirectory(directory.resolve("x")).resolve("cnc.dat");
        final Random random = new Random(5);
        for (final int length : new int[] {0, 1, 127, 128, 4096, 100_000})
        {
            final byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            Files.write(file, bytes);
            final MeshException wrong = assertThrows(MeshException.class, () -> CncReader.open(file.getParent()));
            assertTrue(wrong.getMessage().startsWith(file.toString()), wrong.getMessage());
            Files.write(file, new byte[length]);
            assertThrows(MeshException.class, () -> CncReader.open(file.getParent()));
        }
        meshes.add(assertDoesNotThrow(
            () -> Mesh.open(MeshConfig.alone(file.getParent())), "rubbish in its place is no other node"));
    }

    private void start(final Site site) throws MeshException
    {
        for (int id = 1; id <= site.roster.nodes().size(); id++)
        {
            final Mesh mesh = Mesh.open(new MeshConfig(
                directory.resolve("node-" + id), GROUP, port, "127.0.0.1", 1, STREAM, 16));
            meshes.add(mesh);
            nodes.add(node(site, id, mesh));
        }
    }

    private static TestNode node(final Site site, final int id, final Mesh mesh)
    {
        final Map<QuorumCounter, AtomicCounter> counters = new EnumMap<>(QuorumCounter.class);
        for (final QuorumCounter counter : QuorumCounter.values())
        {
            counters.put(counter, mesh.newCounter(TYPE_ID_BASE + counter.ordinal(), counter.label()));
        }
        mesh.errorCounter(counters.get(QuorumCounter.ERRORS));
        final SystemEpochNanoClock epochClock = new SystemEpochNanoClock();
        final QuorumConfig config = new QuorumConfig(
            site.roster, id, site.signers.get(id - 1), epochClock.nanoTime()).presenceIntervalNs(200_000_000L);
        return new TestNode(config, mesh, SystemNanoClock.INSTANCE, epochClock, counters);
    }

    private void signal(final int index, final double nats)
    {
        assertTrue(nodes.get(index).signal(SUBJECT, nats, System.nanoTime() - 1_000, System.nanoTime()));
    }

    /** Random bytes, and frames that begin like Aeron's. */
    private void throwRubbish(final int datagrams) throws IOException
    {
        final Random random = new Random(20261122);
        try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET))
        {
            channel.setOption(StandardSocketOptions.IP_MULTICAST_IF,
                NetworkInterface.getByInetAddress(InetAddress.getByName("127.0.0.1")));
            for (int i = 0; i < datagrams; i++)
            {
                final byte[] bytes = new byte[random.nextInt(1_400)];
                random.nextBytes(bytes);
                if (bytes.length >= 32 && 0 != i % 3)
                {
                    final UnsafeBuffer frame = new UnsafeBuffer(bytes);
                    frame.putInt(0, bytes.length & ~31);
                    frame.putByte(4, (byte)0);
                    frame.putByte(5, (byte)0xC0);
                    frame.putShort(6, (short)(random.nextInt(14)));
                    frame.putInt(16, STREAM);
                }
                channel.send(ByteBuffer.wrap(bytes), new InetSocketAddress(GROUP, port + (i & 1)));
                cycle();
            }
        }
    }

    /** One who speaks Aeron but is not of the site. */
    private void chatterOfAStranger() throws MeshException
    {
        final Mesh stranger = Mesh.open(new MeshConfig(
            directory.resolve("stranger"), GROUP, port, "127.0.0.1", 1, STREAM, 16));
        meshes.add(stranger);
        final Site impostors = new Site(4);
        final Random random = new Random(7);
        await(() ->
        {
            stranger.invoke();
            return stranger.isConnected() && nodes.stream().allMatch((node) ->
            {
                final byte[] bytes = new byte[random.nextInt(400) + 1];
                random.nextBytes(bytes);
                stranger.offer(new UnsafeBuffer(bytes), 0, bytes.length);
                final long now = System.currentTimeMillis() * 1_000_000L;
                stranger.offer(impostors.deposit(1 + random.nextInt(4), random.nextLong()).boot(now).seen(now, now)
                    .subject(SUBJECT).milliNats(50_000).signed(), 0, DepositDescriptor.LENGTH);
                return node.count(QuorumCounter.REFUSED_MALFORMED) > 10 &&
                    node.count(QuorumCounter.REFUSED_BAD_SIGNATURE) > 10;
            });
        });
    }

    private void awaitMembers(final int members)
    {
        await(() -> nodes.stream().allMatch((node) -> members == node.agent.membersHeard()));
    }

    private void await(final BooleanSupplier isDone)
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!isDone.getAsBoolean())
        {
            assertTrue(System.nanoTime() - deadlineNs < 0, "not within 30 s");
            cycle();
        }
    }

    private void cycle()
    {
        nodes.forEach((node) -> node.agent.doWork());
    }
}
