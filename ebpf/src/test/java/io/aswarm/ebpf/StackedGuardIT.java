package io.aswarm.ebpf;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Who is bound to the link where a device lies on top of the interface, a VLAN or a bridge: routes and neighbours are
 * those of the device on top, so that is what must be watched. Where the interface below is watched, nobody counts as
 * bound, and a guard limits all alike. A bridge is everywhere; VLAN devices are tried where the kernel has them.
 */
class StackedGuardIT
{
    private static final String SOURCE = "198.18.7.2";
    private static final int PORT = 8080;
    private static final int TIMEOUT_MS = 250;

    @RegisterExtension
    private final TestRack rack = new TestRack();

    @BeforeEach
    void build() throws Exception
    {
        rack.serve(PORT);
    }

    @ParameterizedTest
    @MethodSource("watched")
    void shouldPassNeighbourWhenDeviceOnTopIsWatched(final String type, final AttachMode mode) throws Exception
    {
        stack(type);
        try (KernelSensor sensor = open(mode, "top7"))
        {
            assertTrue(rack.connects(TestRack.SERVER, PORT, TIMEOUT_MS));
            guard(sensor);
            assertTrue(rack.connects(TestRack.SERVER, PORT, TIMEOUT_MS), "the neighbour itself");
            rack.gateway.ip("neighbour", "replace", SOURCE, "lladdr", "02:00:00:00:00:99", "dev", "top7",
                "nud", "permanent");
            assertFalse(rack.connects(TestRack.SERVER, PORT, TIMEOUT_MS), "another MAC");
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void shouldTakeNobodyForNeighbourWhenInterfaceBelowIsWatched(final String type) throws Exception
    {
        stack(type);
        try (KernelSensor sensor = open(AttachMode.TC, "spine"))
        {
            assertTrue(rack.connects(TestRack.SERVER, PORT, TIMEOUT_MS));
            assertTrue(opened(sensor) > 0, "seen all the same");
            guard(sensor);
            assertFalse(rack.connects(TestRack.SERVER, PORT, TIMEOUT_MS), "a neighbour, but of top7");
        }
    }

    private KernelSensor open(final AttachMode mode, final String watched) throws Exception
    {
        return rack.gateway.call(() ->
            KernelSensor.open(rack.config().interfaces(List.of(watched)).attachMode(mode).build()));
    }

    /** The same wire, but the gateway's address on it is that of a device on top. */
    private void stack(final String type) throws IOException
    {
        if ("vlan".equals(type))
        {
            vlan(rack.gateway, "spine", "top7");
            vlan(rack.attacker, "eth0", "top7");
            rack.attacker.ip("address", "add", SOURCE + "/24", "dev", "top7");
        }
        else
        {
            rack.gateway.ip("link", "add", "top7", "type", "bridge");
            rack.gateway.ip("link", "set", "spine", "master", "top7");
            rack.attacker.ip("address", "add", SOURCE + "/24", "dev", "eth0");
        }
        rack.gateway.ip("address", "add", "198.18.7.1/24", "dev", "top7");
        rack.gateway.ip("link", "set", "top7", "up");
        rack.attacker.ip("route", "replace", "default", "via", "198.18.7.1", "src", SOURCE);
    }

    private static void vlan(final TestNamespace namespace, final String below, final String name)
        throws IOException
    {
        namespace.ip("link", "add", "link", below, "name", name, "type", "vlan", "id", "7");
        namespace.ip("link", "set", name, "up");
    }

    /** Devices that may lie on top, as far as this kernel has them. */
    static List<String> types() throws Exception
    {
        KernelSupport.require();
        try (TestNamespace trial = new TestNamespace("trial"))
        {
            vlan(trial, "lo", "top7");
            return List.of("bridge", "vlan");
        }
        catch (final IOException ex)
        {
            assertTrue(ex.getMessage().contains("Unknown device type"), ex.getMessage());
            return List.of("bridge");
        }
    }

    static Stream<Arguments> watched() throws Exception
    {
        return types().stream().flatMap((type) ->
            Stream.of(AttachMode.GENERIC, AttachMode.TC).map((mode) -> Arguments.of(type, mode)));
    }

    private static void guard(final KernelSensor sensor)
    {
        assertEquals(0, sensor.quarantine().contain(
            QuarantineRule.source(IpAddress.parse(SOURCE)), System.nanoTime() + 60_000_000_000L, 1,
            Quarantine.MODE_GUARD, 0, 0));
    }

    private static int opened(final KernelSensor sensor)
    {
        final int[] count = new int[1];
        final IpAddress source = IpAddress.parse(SOURCE);
        sensor.poll((c) ->
        {
            if (c.kind() == ConversationKind.OPENED && c.initiatorLow() == source.low() && c.protocol() == 6)
            {
                count[0]++;
            }
        }, Integer.MAX_VALUE);
        return count[0];
    }
}
