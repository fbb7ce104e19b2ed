package io.aswarm.ebpf;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import static io.aswarm.ebpf.PacketBuilder.SYN;
import static io.aswarm.ebpf.PacketBuilder.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * As many SYNs as a pair of veth carries from one set of sources, and a slow scan of the flooded host itself from
 * another: every event of the scan arrives, and the account of each interface, CPU and kind balances whenever it is
 * looked at. One CPU sends and receives, so the rate is what both leave of it; what it carries with programs that do
 * nothing is told beside it, from the same run. What is asserted does not depend on rates.
 */
class FloodIT
{
    private static final String BARE = "bare";
    private static final String FLOODED = "198.18.1.9";
    private static final List<String> SCANNERS =
        List.of("198.19.255.77", "198.19.255.78", "198.19.255.79", "198.19.255.80");
    private static final int FIRST_SOURCE = 0xc612_0100;
    private static final int FIRST_SCANNED_PORT = 10_000;
    private static final int PROBES = 60;
    private static final long RETRY_NS = 50_000L;
    private static final long PROBE_INTERVAL_NS = 25_000_000;
    private static final long FLUSH_NS = 100_000_000;
    private static final long BARE_MS = 150;

    @RegisterExtension
    private final TestRack rack = new TestRack();
    private int cpu;
    private KernelSensor sensor;

    @BeforeEach
    void open() throws Exception
    {
        rack.gateway.link(BARE, "198.18.2.1/24", "2001:2:0:2::1/64", rack.attacker, "eth1", "198.18.2.9/24",
            "2001:2:0:2::9/64");
        cpu = CpuAffinity.available()[0];
        sensor = rack.gateway.call(() -> KernelSensor.open(rack.config().ringBytes(1 << 22).build()));
    }

    @AfterEach
    void close()
    {
        if (sensor != null)
        {
            sensor.close();
        }
    }

    @ParameterizedTest(name = "{0}: sources={1} ports={2}")
    @CsvSource({
        "one source, 1, 1, 60",
        "few sources of one aim, 16, 1, 60",
        "few sources of any port, 16, 60000, 60",
        // a scanner shares its cells with some of so many with probability (4,096 / 16,384)^2, burst.h: one in four may
        "many sources of one aim, 4096, 1, 45",
        "forged sources of one aim, 0, 1, 60"})
    @Timeout(60)
    void shouldDeliverSlowScansWholeWhileFloodRuns(
        final String name, final int sources, final int ports, final int probesMin)
        throws Exception
    {
        final Flood.Result dropped = bare("drop.bpf.o", "aswarm_bare_drop", sources, ports);
        final Flood.Result passed = bare("ring.bpf.o", "aswarm_bare", sources, ports);
        final Flood flood = Flood.start(
            rack.attacker, cpu, () -> generator("eth0", sources, ports), rack.gateway, "spine");
        final FutureTask<Void> scan = start(() -> rack.attacker.call(() -> scan()));
        final Tally tally = new Tally();
        while (!scan.isDone())
        {
            sensor.await(1_000_000);
            sensor.poll(tally, Integer.MAX_VALUE);
            assertBalanced();
        }
        scan.get();
        final Flood.Result sent = flood.stop();
        final long flushedNs = System.nanoTime() + FLUSH_NS;
        while (flushedNs - System.nanoTime() > 0)
        {
            sensor.await(1_000_000);
            sensor.poll(tally, Integer.MAX_VALUE);
        }

        final SensorAccount account = sensor.account();
        final String summary = String.format(
            "%s: %,.0f packets/s, %,.0f in a second of CPU time (bare XDP_DROP %,.0f, bare XDP_PASS %,.0f); " +
            "%s, %,d records, scan %d of %d", name, sent.packetsPerSecond(), sent.packetsPerCpuSecond(),
            dropped.packetsPerCpuSecond(), passed.packetsPerCpuSecond(), account, tally.records,
            tally.scanned.cardinality(), PROBES);
        System.out.println(summary);
        assertTrue(tally.scanned.cardinality() >= probesMin, summary);
        assertBalanced();
        assertPartsMakeWhole();
        assertEquals(List.of(), sensor.helperFailures());
        assertEquals(account.delivered() + account.weighted(), tally.weight, summary);
        assertEquals(0, account.lost(), summary);
        assertTrue(sent.counts().received() > account.delivered() * 2, summary);
    }

    private void assertBalanced() throws KernelException
    {
        final SensorAccount account = sensor.account();
        assertTrue(account.isBalanced(), account::toString);
        for (final EventAccount each : sensor.eventAccounts())
        {
            assertTrue(each.isBalanced(), each::toString);
        }
    }

    /** Once nothing moves any more, the parts are the whole. */
    private void assertPartsMakeWhole() throws KernelException
    {
        final SensorAccount account = sensor.account();
        final List<EventAccount> parts = sensor.eventAccounts();
        assertEquals(account.seen(), parts.stream().mapToLong(EventAccount::seen).sum());
        assertEquals(account.delivered(), parts.stream().mapToLong(EventAccount::delivered).sum());
        assertEquals(account.weighted(), parts.stream().mapToLong(EventAccount::weighted).sum());
    }

    /** What a pair of veth carries with a program that does nothing. */
    private Flood.Result bare(final String objectName, final String program, final int sources, final int ports)
        throws Exception
    {
        try (BpfObject object = BpfObject.open(objectName).load(program))
        {
            final int link = rack.gateway.call(() -> InterfaceLink.link(LibBpf.api(), Door.XDP,
                LibC.API.if_nametoindex(BARE), InterfaceLink.IN_DRIVER, object.programFd(program)));
            try
            {
                return Flood.run(
                    rack.attacker, cpu, () -> generator("eth1", sources, ports), rack.gateway, BARE, BARE_MS);
            }
            finally
            {
                LibC.API.close(link);
            }
        }
    }

    private static FloodGenerator generator(final String device, final int sources, final int ports)
        throws KernelException
    {
        final byte[] syn = frame().ip("198.18.1.1", FLOODED).tcp(1, 80, SYN, 1, 0).build();
        return new FloodGenerator(device, syn, FIRST_SOURCE, sources, ports);
    }

    private Void scan() throws Exception
    {
        try (PacketSocket socket = PacketSocket.sender("eth0"))
        {
            long nextNs = System.nanoTime();
            for (int i = 0; i < PROBES; i++)
            {
                nextNs += PROBE_INTERVAL_NS;
                while (nextNs - System.nanoTime() > 0)
                {
                    LockSupport.parkNanos(nextNs - System.nanoTime());
                }
                final byte[] probe = frame().ip(SCANNERS.get(i % SCANNERS.size()), FLOODED)
                    .tcp(40_000, FIRST_SCANNED_PORT + i, SYN, i, 0).build();
                final ByteBuffer bytes = ByteBuffer.allocateDirect(probe.length).put(0, probe);
                // The flood may leave no room in the queue: what was not taken was not sent.
                while (!socket.send(bytes, probe.length))
                {
                    LockSupport.parkNanos(RETRY_NS);
                }
            }
        }
        return null;
    }

    private static <T> FutureTask<T> start(final Callable<T> work)
    {
        final FutureTask<T> task = new FutureTask<>(work);
        final Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static final class Tally implements ConversationHandler
    {
        private final Set<Long> scanners = SCANNERS.stream()
            .map((scanner) -> IpAddress.parse(scanner).low()).collect(Collectors.toSet());
        private final BitSet scanned = new BitSet();
        private long records;
        private long weight;

        @Override
        public void onConversation(final ConversationFlyweight c)
        {
            records++;
            weight += c.weight();
            if (c.kind() == ConversationKind.OPENED && c.weight() == 1 && scanners.contains(c.initiatorLow()))
            {
                scanned.set(c.responderPort() - FIRST_SCANNED_PORT);
            }
        }
    }
}
