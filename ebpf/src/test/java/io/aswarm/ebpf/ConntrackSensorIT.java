package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConntrackSensorIT
{
    private static final int FLOWS = 300;
    private static final int UDP = 17;
    private static final long NEVER_NS = 3_600_000_000_000L;

    private final CountersManager manager = new CountersManager(
        new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 16)), new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 14)));
    private final Map<SensorCounter, AtomicCounter> counters = new ConcurrentHashMap<>();
    @AutoClose
    private TestNamespace namespace;

    @BeforeAll
    static void requireKernel()
    {
        KernelSupport.require();
    }

    @BeforeEach
    void build() throws Exception
    {
        namespace = new TestNamespace("conntrack");
        namespace.ip("address", "add", "198.18.0.1/32", "dev", "lo");
        // No events before a rule asks for the state of connections.
        namespace.nft("add table inet asw; add chain inet asw in { type filter hook input priority 0; };" +
            "add rule inet asw in ct state new accept");
        namespace.sysctl("net.netfilter.nf_conntrack_acct=1");
    }

    @Test
    void shouldTellLifeOfConnection() throws Exception
    {
        try (ConntrackSensor sensor = namespace.call(() -> ConntrackSensor.open(this::counter));
            ServerSocket listener = namespace.call(
                () -> new ServerSocket(8080, 1, InetAddress.getByName("198.18.0.1"))))
        {
            final int port = namespace.call(() ->
            {
                try (Socket socket = new Socket("198.18.0.1", listener.getLocalPort()))
                {
                    return socket.getLocalPort();
                }
            });
            await(sensor, (c) -> c.kind() == ConntrackFlyweight.NEW && c.initiatorPort() == port &&
                c.responderPort() == 8080 && c.protocol() == 6 && !c.isCounted() &&
                "198.18.0.1".equals(IpAddress.format(c.responderHigh(), c.responderLow())));
            await(sensor, (c) -> c.kind() == ConntrackFlyweight.UPDATE && c.initiatorPort() == port &&
                (c.status() & ConntrackFlyweight.STATUS_SEEN_REPLY) != 0);
            await(sensor, (c) -> c.initiatorPort() == port && c.isEnd() && c.durationMs() < 10_000 &&
                c.kind() == ConntrackFlyweight.UPDATE);
            flushTable();
            await(sensor, (c) -> c.kind() == ConntrackFlyweight.DESTROY && c.initiatorPort() == port && !c.isEnd() &&
                c.isCounted() && c.packetsOut() >= 3 && c.bytesBack() > 0);
            assertEquals(0, sensor.overruns());
            assertEquals(0, counter(SensorCounter.CONNTRACK_FAULTS).get());
            assertTrue(counter(SensorCounter.CONNTRACK_EVENTS).get() >= 3);
        }
    }

    @Test
    void shouldReadTableAgainWhenKernelDroppedEvents() throws Exception
    {
        try (ConntrackSensor sensor = namespace.call(() -> ConntrackSensor.open(this::counter, 4096, NEVER_NS));
            DatagramSocket socket = namespace.call(() -> new DatagramSocket(0, InetAddress.getByName("198.18.0.1"))))
        {
            for (int i = 0; i < FLOWS; i++)
            {
                socket.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName("198.18.0.1"), 20_000 + i));
            }

            final List<Integer> told = new ArrayList<>();
            final int[] missed = new int[1];
            await(sensor, (c) ->
            {
                if (c.protocol() == UDP && c.initiatorPort() == socket.getLocalPort() &&
                    (c.kind() == ConntrackFlyweight.NEW || c.kind() == ConntrackFlyweight.FOUND))
                {
                    missed[0] += c.kind() == ConntrackFlyweight.FOUND ? 1 : 0;
                    told.add(c.responderPort());
                }
                return told.size() >= FLOWS;
            });
            resync(sensor);
            assertEquals(FLOWS, told.size());
            assertEquals(FLOWS, new HashSet<>(told).size(), "told twice");
            assertTrue(sensor.overruns() > 0);
            assertEquals(sensor.overruns(), counter(SensorCounter.CONNTRACK_OVERRUNS).get());
            assertTrue(counter(SensorCounter.CONNTRACK_RESYNCS).get() > 1);
            assertTrue(missed[0] > 0);
            assertEquals(missed[0], counter(SensorCounter.CONNTRACK_OPENINGS_MISSED).get());
        }
    }

    @Test
    void shouldCountEndsThatKernelDropped() throws Exception
    {
        try (ConntrackSensor sensor = namespace.call(() -> ConntrackSensor.open(this::counter, 4096, NEVER_NS));
            DatagramSocket socket = namespace.call(() -> new DatagramSocket(0, InetAddress.getByName("198.18.0.1"))))
        {
            for (int i = 0; i < FLOWS; i++)
            {
                socket.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName("198.18.0.1"), 20_000 + i));
                sensor.poll((c) -> {}, 1);
            }
            resync(sensor);
            flushTable();
            final int[] ended = new int[1];
            await(sensor, (c) ->
            {
                ended[0] += c.kind() == ConntrackFlyweight.DESTROY && c.protocol() == UDP &&
                    c.responderPort() >= 20_000 ? 1 : 0;
                return counter(SensorCounter.CONNTRACK_ENDS_MISSED).get() > 0;
            }, () -> counter(SensorCounter.CONNTRACK_ENDS_MISSED).get() > 0);
            assertTrue(sensor.overruns() > 0);
            assertEquals(FLOWS, ended[0] + counter(SensorCounter.CONNTRACK_ENDS_MISSED).get());
        }
    }

    @Test
    void shouldDateBytesOfConnectionThatGoesOn() throws Exception
    {
        try (ConntrackSensor sensor = namespace.call(() -> ConntrackSensor.open(this::counter, 1 << 20, 1));
            DatagramSocket socket = namespace.call(() -> new DatagramSocket(0, InetAddress.getByName("198.18.0.1"))))
        {
            final DatagramPacket packet = new DatagramPacket(
                new byte[972], 972, InetAddress.getByName("198.18.0.1"), 20_000);
            socket.send(packet);
            await(sensor, (c) -> c.kind() == ConntrackFlyweight.COUNTED && c.responderPort() == 20_000 &&
                c.newBytesOut() == 1000 && c.newBytesBack() == 0);
            socket.send(packet);
            socket.send(packet);
            final long[] sum = new long[1];
            await(sensor, (c) ->
            {
                sum[0] += c.responderPort() == 20_000 ? c.newBytesOut() : 0;
                return sum[0] >= 2000;
            });
            assertEquals(2000, sum[0]);
            flushTable();
            await(sensor, (c) -> c.kind() == ConntrackFlyweight.DESTROY && c.responderPort() == 20_000 &&
                c.bytesOut() == 3000 && c.newBytesOut() == 0);
        }
    }

    @Test
    void shouldWakeSensorThatWatchesIt() throws Exception
    {
        try (KernelFixture kernel = KernelFixture.open();
            ConntrackSensor sensor = namespace.call(() -> ConntrackSensor.open());
            DatagramSocket socket = namespace.call(() -> new DatagramSocket()))
        {
            assertTrue(sensor.poll((connection) -> {}, 100) >= 0, "the first dump");
            kernel.sensor().watch(sensor);
            assertEquals(0, kernel.sensor().await(1_000_000));
            socket.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName("198.18.0.1"), 9));
            assertEquals(1, kernel.sensor().await(TimeUnit.SECONDS.toNanos(5)));
            assertTrue(sensor.poll((connection) -> counter(SensorCounter.CONNTRACK_EVENTS), 100) > 0);
            assertEquals(0, kernel.sensor().await(1_000_000));
        }
    }

    private AtomicCounter counter(final SensorCounter which)
    {
        return counters.computeIfAbsent(which, (each) -> manager.newCounter(each.label()));
    }

    private void await(final ConntrackSensor sensor, final Predicate<ConntrackFlyweight> last)
    {
        await(sensor, last, () -> false);
    }

    private void await(
        final ConntrackSensor sensor, final Predicate<ConntrackFlyweight> last, final BooleanSupplier otherwise)
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        final boolean[] done = new boolean[1];
        while (!done[0] && !otherwise.getAsBoolean())
        {
            assertTrue(System.nanoTime() - deadlineNs < 0, "not seen");
            sensor.poll((c) -> done[0] |= last.test(c), 1);
        }
    }

    /** Read until nothing waits, dumps after overruns included. */
    private static void resync(final ConntrackSensor sensor)
    {
        long quietSinceNs = System.nanoTime();
        while (System.nanoTime() - quietSinceNs < TimeUnit.MILLISECONDS.toNanos(100))
        {
            if (sensor.poll((c) -> {}, 100) > 0)
            {
                quietSinceNs = System.nanoTime();
            }
        }
    }

    /** IPCTNL_MSG_CT_DELETE without a tuple. */
    private void flushTable() throws Exception
    {
        namespace.call(() ->
        {
            try (Netlink netlink = new Netlink(Netlink.NETFILTER, 0, 65536))
            {
                final UnsafeBuffer buffer = netlink.buffer();
                final int length = Netlink.HEADER_LENGTH + Netlink.NETFILTER_HEADER_LENGTH;
                buffer.setMemory(0, length, (byte)0);
                buffer.putInt(Netlink.LENGTH_OFFSET, length);
                buffer.putShort(Netlink.TYPE_OFFSET, (short)(1 << 8 | 2));
                buffer.putShort(Netlink.FLAGS_OFFSET, (short)Netlink.NLM_F_REQUEST);
                assertEquals(0, netlink.send(length));
            }
            return null;
        });
    }
}
