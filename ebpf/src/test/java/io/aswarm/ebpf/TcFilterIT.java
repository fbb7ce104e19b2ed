package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The way of kernels whose tc knows no links, taken on one that does. */
class TcFilterIT
{
    private static final String GATEWAY = "198.18.0.1";
    private static final int CLOSED_PORT = 8081;
    private static final int TIMEOUT_MS = 250;
    private static final List<String> REFUSAL = List.of(
        "OPENED 198.18.0.2 > 198.18.0.1 8081", "REFUSED 198.18.0.2 > 198.18.0.1 8081");

    @RegisterExtension
    private final TestRack rack = new TestRack();

    @Test
    void shouldSenseBothWaysAndContainWithoutProcess() throws Exception
    {
        try (ServerSocket listener = rack.server.call(() -> new ServerSocket(0)))
        {
            final int port = listener.getLocalPort();
            try (KernelSensor sensor = open(false))
            {
                rack.connects(GATEWAY, CLOSED_PORT, TIMEOUT_MS);
                assertEquals(REFUSAL, TestRack.tcpEvents(sensor, 2));
                assertEquals(2, filters("spine"));
                assertTrue(sensor.attachments().stream().allMatch((each) -> each.mode() == AttachMode.TC));
                assertTrue(rack.gateway.call(sensor.verdictProbe()::attached));
                assertTrue(rack.connects(TestRack.SERVER, port, TIMEOUT_MS));
                contain(sensor);
                assertFalse(rack.connects(TestRack.SERVER, port, TIMEOUT_MS));
            }
            assertFalse(rack.connects(TestRack.SERVER, port, TIMEOUT_MS), "ended with the process");

            try (KernelSensor sensor = open(false))
            {
                assertEquals(2, filters("spine"), "taken over, not added");
                assertTrue(rack.gateway.call(sensor.verdictProbe()::attached));
                assertFalse(rack.connects(TestRack.SERVER, port, TIMEOUT_MS), "not adopted");
            }
            rack.gateway.call(() ->
            {
                KernelSensor.detach(rack.pinDirectory());
                return null;
            });
            assertEquals(0, filters("spine"));
            assertFalse(Files.exists(rack.pinDirectory()));
            assertTrue(rack.connects(TestRack.SERVER, port, TIMEOUT_MS));
        }
    }

    @Test
    void shouldLeaveOneProgramWhenLinksTakeTheirPlaceAndBack() throws Exception
    {
        open(false).close();
        try (KernelSensor sensor = open(true))
        {
            assertEquals(0, filters("spine"));
            assertTrue(Files.exists(rack.pinDirectory().resolve("ingress_spine")));
            assertTrue(Files.exists(rack.pinDirectory().resolve("egress_spine")));
            assertTrue(rack.gateway.call(sensor.verdictProbe()::attached));
            rack.connects(GATEWAY, CLOSED_PORT, TIMEOUT_MS);
            assertEquals(REFUSAL, TestRack.tcpEvents(sensor, 2));
            assertEquals(1, openings(sensor), "met two programs");
        }
        try (KernelSensor sensor = open(false))
        {
            assertEquals(2, filters("spine"));
            assertFalse(Files.exists(rack.pinDirectory().resolve("ingress_spine")));
            assertFalse(Files.exists(rack.pinDirectory().resolve("egress_spine")));
            rack.connects(GATEWAY, CLOSED_PORT, TIMEOUT_MS);
            assertEquals(REFUSAL, TestRack.tcpEvents(sensor, 2));
            assertEquals(1, openings(sensor), "met two programs");
        }
    }

    @Test
    void shouldGoWhenXdpTakesOverAndWhenEgressIsNotWanted() throws Exception
    {
        open(false).close();
        try (KernelSensor sensor = rack.gateway.call(
            () -> KernelSensor.open(rack.config().attachMode(AttachMode.NATIVE).withoutTcLinks().build())))
        {
            assertTrue(rack.gateway.call(sensor.verdictProbe()::attached));
            assertEquals(0, filters("spine"));
            assertEquals(0, filters("rack.7"));
        }
    }

    @Test
    void shouldLeaveFiltersOfOthersAndNoticeThatItsOwnWereTakenOff() throws Exception
    {
        try (KernelSensor other = rack.gateway.call(() -> KernelSensor.open(rack.config(
            rack.pinDirectory().resolveSibling("other")).attachMode(AttachMode.TC).withoutTcLinks().build())))
        {
            try (KernelSensor sensor = open(false))
            {
                assertEquals(3, filters("spine"));
                rack.connects(GATEWAY, CLOSED_PORT, TIMEOUT_MS);
                assertEquals(REFUSAL, TestRack.tcpEvents(sensor, 2), "beside the filter of somebody else");
            }
            open(true).close();
            assertEquals(1, filters("spine"));
            assertTrue(rack.gateway.call(other.verdictProbe()::attached));
            rack.gateway.output("tc", "filter", "delete", "dev", "spine", "ingress");
            assertFalse(rack.gateway.call(other.verdictProbe()::attached), "taken off, and nobody noticed");
        }
    }

    @Test
    void shouldAttachAgainWhenInterfaceWasMadeAnew() throws Exception
    {
        try (KernelSensor sensor = rack.gateway.call(() -> KernelSensor.open(rack.config()
            .attachMode(AttachMode.TC).withoutTcLinks().awaitInterfaces(true).build())))
        {
            rack.gateway.ip("link", "delete", "spine");
            assertEquals(1, rack.gateway.call(sensor::pollInterfaces));
            rack.gateway.ip("link", "add", "spine", "type", "bridge");
            assertEquals(1, rack.gateway.call(sensor::pollInterfaces));
            assertEquals(1, filters("spine"));
            assertTrue(rack.gateway.call(sensor.verdictProbe()::attached));
        }
    }

    private KernelSensor open(final boolean withLinks) throws Exception
    {
        return rack.gateway.call(() ->
        {
            final KernelSensorConfig.Builder config = rack.config().attachMode(AttachMode.TC).egress(true);
            return KernelSensor.open((withLinks ? config : config.withoutTcLinks()).build());
        });
    }

    private long filters(final String device) throws IOException
    {
        return List.of("ingress", "egress").stream().mapToLong((direction) ->
        {
            try
            {
                return rack.gateway.output("tc", "filter", "show", "dev", device, direction).lines()
                    .filter((line) -> line.contains("aswarm_")).count();
            }
            catch (final IOException ex)
            {
                return -1;
            }
        }).sum();
    }

    /** Of TCP, by packets and not by records. */
    private static long openings(final KernelSensor sensor) throws KernelException
    {
        return sensor.eventAccounts().stream().filter((each) -> each.kind() == ConversationKind.REFUSED)
            .mapToLong(EventAccount::seen).sum();
    }

    private static void contain(final KernelSensor sensor)
    {
        final IpAddress attacker = IpAddress.parse(TestRack.ATTACKER);
        assertEquals(0, sensor.quarantine().contain(
            QuarantineRule.source(attacker), System.nanoTime() + 60_000_000_000L, 1, Quarantine.MODE_DROP, 0, 0));
    }
}
