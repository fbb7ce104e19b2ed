package io.aswarm.ebpf;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Scans by nmap(1) that leave no ordinary transport header, between namespaces. */
class FragmentedScanIT
{
    private static final int PORTS = 30;
    private static final int OPEN_PORT = 22;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    /** Of each kind, the ports (or, where there are none, protocols) told of; and of openings the quantities. */
    private record Told(Map<String, TreeSet<Integer>> asked, TreeSet<Long> headerBytes)
    {
        private TreeSet<Integer> of(final String kind)
        {
            return asked.computeIfAbsent(kind, (any) -> new TreeSet<>());
        }
    }

    @ParameterizedTest
    @CsvSource({"-f,8", "--mtu=8,8", "--mtu=16,16", "--mtu=24,24"})
    void shouldTellOfEachPortWhenHeadersAreCut(final String option, final long headerBytes) throws Exception
    {
        final Told told = new Told(new TreeMap<>(), new TreeSet<>());
        try (TestRack rack = TestRack.open(); KernelSensor sensor = rack.openSensor();
            ServerSocket service = rack.server.call(
                () -> new ServerSocket(OPEN_PORT, 50, InetAddress.getByName(TestRack.SERVER))))
        {
            scan(rack, TestRack.SERVER, "-sS", option, "-p1-" + PORTS);
            poll(sensor, told, PORTS - 1, "REFUSED");
            assertTrue(told.of("ACCEPTED").contains(service.getLocalPort()), told::toString);
        }
        assertEquals(PORTS, told.of("OPENED").size(), told::toString);
        assertEquals(PORTS - 1, told.of("REFUSED").size(), told::toString);
        assertTrue(told.headerBytes.contains(headerBytes), told::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {TestRack.SERVER, TestRack.SERVER_V6})
    void shouldTellOfEachProtocolWhenTheyAreAsked(final String target) throws Exception
    {
        final Told told = new Told(new TreeMap<>(), new TreeSet<>());
        try (TestRack rack = TestRack.open(); KernelSensor sensor = rack.openSensor())
        {
            scan(rack, target, "-sO", "-p143-172");
            poll(sensor, told, 1, "UNREACHABLE");
        }
        assertEquals(30, told.of("OPENED").size(), told::toString);
    }

    private static void scan(final TestRack rack, final String target, final String... options) throws Exception
    {
        Requirement.tool("nmap", "nmap");
        final List<String> command = new ArrayList<>(List.of("nmap", "-n", "-Pn", "--max-retries=1"));
        command.addAll(List.of(options));
        command.addAll(target.indexOf(':') < 0 ? List.of(target) : List.of("-6", target));
        rack.attacker.output(command.toArray(new String[0]));
    }

    private static void poll(final KernelSensor sensor, final Told told, final int expected, final String kind)
        throws Exception
    {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (told.of(kind).size() < expected && System.nanoTime() - deadlineNs < 0)
        {
            sensor.await(TimeUnit.MILLISECONDS.toNanos(50));
            sensor.poll((c) -> take(c, told), Integer.MAX_VALUE);
        }
    }

    private static void take(final ConversationFlyweight c, final Told told)
    {
        if (c.protocol() == ConversationFlyweight.NEIGHBOUR_DISCOVERY || c.protocol() == PacketBuilder.ICMPV6 ||
            c.kind() == ConversationKind.VOLUME)
        {
            return;
        }
        told.of(ConversationKind.name(c.kind())).add(
            c.protocol() == PacketBuilder.TCP ? c.responderPort() : c.protocol());
        if (c.kind() == ConversationKind.OPENED)
        {
            told.headerBytes.add(c.quantity());
        }
    }
}
