package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConntrackSensorIT
{
    private static final int FLOWS = 300;

    private final CountersManager manager = new CountersManager(
        new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 16)), new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 14)));
    private final Map<SensorCounter, AtomicCounter> counters = new ConcurrentHashMap<>();
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

    @AfterEach
    void remove() throws Exception
    {
        namespace.close();
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
            flushTable();
            await(sensor, (c) -> c.kind() == ConntrackFlyweight.DESTROY && c.initiatorPort() == port &&
                c.isCounted() && c.packetsOut() >= 3 && c.bytesBack() > 0);
            assertEquals(0, sensor.overruns());
            assertEquals(0, counter(SensorCounter.CONNTRACK_FAULTS).get());
            assertTrue(counter(SensorCounter.CONNTRACK_EVENTS).get() >= 3);
        }
    }

    @Test
    void shouldReadTableAgainWhenKernelDroppedEvents() throws Exception
    {
        try (ConntrackSensor sensor = namespace.call(() -> ConntrackSensor.open(this::counter, 4096));
            DatagramSocket socket = namespace.call(() -> new DatagramSocket(0, InetAddress.getByName("198.18.0.1"))))
        {
            for (int i = 0; i < FLOWS; i++)
            {
                socket.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName("198.18.0.1"), 20_000 + i));
            }

            final Set<Integer> found = new HashSet<>();
            await(sensor, (c) ->
            {
                if (c.protocol() == 17 && c.initiatorPort() == socket.getLocalPort())
                {
                    found.add(c.responderPort());
                }
                return found.size() == FLOWS;
            });
            assertTrue(sensor.overruns() > 0);
            assertEquals(sensor.overruns(), counter(SensorCounter.CONNTRACK_OVERRUNS).get());
            assertTrue(counter(SensorCounter.CONNTRACK_RESYNCS).get() > 0);
        }
    }

    @Test
    void shouldWakeSensorThatWatchesIt() throws Exception
    {
        try (KernelFixture kernel = new KernelFixture();
            ConntrackSensor sensor = namespace.call(() -> ConntrackSensor.open());
            DatagramSocket socket = namespace.call(() -> new DatagramSocket()))
        {
            kernel.sensor.watch(sensor);
            assertEquals(0, kernel.sensor.await(1_000_000));
            socket.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName("198.18.0.1"), 9));
            assertEquals(1, kernel.sensor.await(TimeUnit.SECONDS.toNanos(5)));
            assertTrue(sensor.poll((connection) -> counter(SensorCounter.CONNTRACK_EVENTS), 100) > 0);
            assertEquals(0, kernel.sensor.await(1_000_000));
        }
    }

    private AtomicCounter counter(final SensorCounter which)
    {
        return counters.computeIfAbsent(which, (each) -> manager.newCounter(each.label()));
    }

    private void await(final ConntrackSensor sensor, final Predicate<ConntrackFlyweight> last)
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        final boolean[] done = new boolean[1];
        while (!done[0])
        {
            assertTrue(System.nanoTime() - deadlineNs < 0, "not seen");
            sensor.poll((c) -> done[0] |= last.test(c), 1);
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
