package io.aswarm.ebpf;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import static io.aswarm.ebpf.PacketBuilder.SYN;
import static io.aswarm.ebpf.PacketBuilder.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * As many SYNs as a pair of veth carries from one set of sources, and a slow scan of the flooded host itself from
 * another: every event of the scan arrives, and the account balances whenever it is looked at.
 */
class FloodIT
{
    private static final String FLOODED = "198.18.1.9";
    private static final IpAddress SCANNER = IpAddress.parse("198.19.255.77");
    private static final int FIRST_SOURCE = 0xc612_0100;
    private static final int FIRST_SCANNED_PORT = 10_000;
    private static final int PROBES = 60;
    private static final long RETRY_NS = 50_000L;
    private static final long PROBE_INTERVAL_NS = 25_000_000;
    private static final long FLUSH_NS = 100_000_000;

    private TestRack rack;
    private KernelSensor sensor;

    @BeforeEach
    void open() throws Exception
    {
        rack = new TestRack();
        sensor = rack.gateway.call(() -> KernelSensor.open(rack.config().ringBytes(1 << 22).build()));
    }

    @AfterEach
    void close() throws Exception
    {
        if (sensor != null)
        {
            sensor.close();
        }
        if (rack != null)
        {
            rack.close();
        }
    }

    @ParameterizedTest(name = "{0}: sources={1} ports={2}")
    @CsvSource({
        "one source, 1, 1",
        "few sources of one aim, 16, 1",
        "few sources of any port, 16, 60000",
        "many sources of one aim, 4096, 1",
        "forged sources of one aim, 0, 1"})
    @Timeout(60)
    void shouldDeliverSlowScanWholeWhileFloodRuns(final String name, final int sources, final int ports)
        throws Exception
    {
        final AtomicBoolean running = new AtomicBoolean(true);
        final FutureTask<Long> flood = start(() -> rack.attacker.call(() -> flood(running, sources, ports)));
        final FutureTask<Void> scan = start(() -> rack.attacker.call(() -> scan()));
        final Tally tally = new Tally();
        final long startNs = System.nanoTime();
        while (!scan.isDone())
        {
            sensor.await(1_000_000);
            sensor.poll(tally, Integer.MAX_VALUE);
            assertBalanced();
        }
        final long floodNs = System.nanoTime() - startNs;
        running.set(false);
        scan.get();
        final long sent = flood.get();
        final long flushedNs = System.nanoTime() + FLUSH_NS;
        while (flushedNs - System.nanoTime() > 0)
        {
            sensor.await(1_000_000);
            sensor.poll(tally, Integer.MAX_VALUE);
        }

        final SensorAccount account = sensor.account();
        final String summary = name + ": " + sent * 1_000_000_000L / floodNs + " packets/s, " + account + ", " +
            tally.records + " records, scan " + tally.scanned.cardinality() + " of " + PROBES;
        System.out.println(summary);
        assertEquals(PROBES, tally.scanned.cardinality(), summary);
        assertBalanced();
        assertEquals(List.of(), sensor.helperFailures());
        assertEquals(account.delivered() + account.weighted(), tally.weight, summary);
        assertEquals(0, account.lost(), summary);
        assertTrue(sent > account.delivered() * 2, summary);
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

    private long flood(final AtomicBoolean running, final int sources, final int ports) throws Exception
    {
        final byte[] syn = frame().ip("198.18.1.1", FLOODED).tcp(1, 80, SYN, 1, 0).build();
        try (FloodGenerator generator = new FloodGenerator("eth0", syn, FIRST_SOURCE, sources, ports))
        {
            return generator.run(running);
        }
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
                final byte[] probe = frame().ip("198.19.255.77", FLOODED)
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
        private final BitSet scanned = new BitSet();
        private long records;
        private long weight;

        @Override
        public void onConversation(final ConversationFlyweight c)
        {
            records++;
            weight += c.weight();
            if (c.kind() == ConversationKind.OPENED && c.weight() == 1 && c.initiatorLow() == SCANNER.low())
            {
                scanned.set(c.responderPort() - FIRST_SCANNED_PORT);
            }
        }
    }
}
