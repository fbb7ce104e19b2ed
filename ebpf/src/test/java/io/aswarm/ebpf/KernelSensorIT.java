package io.aswarm.ebpf;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Real packets through a gateway between two namespaces. */
class KernelSensorIT
{
    private static final IpAddress ATTACKER = IpAddress.parse(TestRack.ATTACKER);
    private static final int OPEN_PORT = 8080;
    private static final int CLOSED_PORT = 8081;
    private static final int TIMEOUT_MS = 250;

    @AutoClose
    private static TestRack rack;

    @BeforeAll
    static void build() throws Exception
    {
        rack = TestRack.open();
        rack.serve(OPEN_PORT);
    }

    @Test
    void shouldOrientConversationsToInitiatorWhicheverWayPacketsWent() throws Exception
    {
        try (KernelSensor sensor = rack.openSensor())
        {
            final int spine = rack.gateway.call(() -> LibC.API.if_nametoindex("spine"));
            final int server = rack.gateway.call(() -> LibC.API.if_nametoindex("rack.7"));
            assertFalse(rack.connects(TestRack.SERVER, CLOSED_PORT, TIMEOUT_MS));
            assertTrue(rack.connects(TestRack.SERVER_V6, OPEN_PORT, TIMEOUT_MS));

            final List<String> events = new ArrayList<>();
            await(sensor, (c) ->
            {
                if (c.protocol() == PacketBuilder.TCP)
                {
                    assertTrue(c.initiatorPort() > 1023);
                    events.add(ConversationKind.name(c.kind()) + " " +
                        IpAddress.format(c.initiatorHigh(), c.initiatorLow()) + " > " +
                        IpAddress.format(c.responderHigh(), c.responderLow()) + " " + c.responderPort() +
                        (c.interfaceIndex() == spine ? " spine" : c.interfaceIndex() == server ? " rack" : " ?"));
                }
                return events.size() == 6;
            });
            assertEquals(
                List.of(
                    "OPENED 198.18.0.2 > 198.18.1.2 8081 spine",
                    "REFUSED 198.18.0.2 > 198.18.1.2 8081 rack",
                    "OPENED 2001:2::2 > 2001:2:0:1::2 8080 spine",
                    "ACCEPTED 2001:2::2 > 2001:2:0:1::2 8080 rack",
                    "ESTABLISHED 2001:2::2 > 2001:2:0:1::2 8080 spine",
                    "ENDED 2001:2::2 > 2001:2:0:1::2 8080 spine"),
                events);
            assertTrue(sensor.account().isBalanced());
        }
    }

    @Test
    void shouldTellUnreachableWhenServerHasNoSuchPort() throws Exception
    {
        try (KernelSensor sensor = rack.openSensor();
            DatagramSocket socket = rack.attacker.call(() -> new DatagramSocket(0)))
        {
            socket.send(new DatagramPacket(new byte[8], 8, InetAddress.getByName(TestRack.SERVER), CLOSED_PORT));
            await(sensor, (c) -> c.kind() == ConversationKind.UNREACHABLE &&
                c.initiatorPort() == socket.getLocalPort() && c.responderPort() == CLOSED_PORT &&
                c.initiatorLow() == ATTACKER.low());
        }
    }

    @ParameterizedTest
    @EnumSource(AttachMode.class)
    void shouldBlockContainedSourceUntilDeadlineOnly(final AttachMode mode) throws Exception
    {
        try (KernelSensor sensor = rack.gateway.call(
            () -> KernelSensor.open(rack.config().attachMode(mode).build())))
        {
            assertTrue(rack.gateway.call(() -> sensor.verdictProbe().attached()));
            assertTrue(rack.connects(TestRack.SERVER, OPEN_PORT, TIMEOUT_MS));

            final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1500);
            assertEquals(0, sensor.quarantine().contain(
                QuarantineRule.source(ATTACKER), deadlineNs, 7, Quarantine.MODE_DROP, 0, 0));
            assertFalse(rack.connects(TestRack.SERVER, OPEN_PORT, TIMEOUT_MS));
            assertTrue(rack.connects(TestRack.SERVER_V6, OPEN_PORT, TIMEOUT_MS), "the other family is another address");
            assertTrue(sensor.quarantine().drops(QuarantineRule.source(ATTACKER), 7) > 0);

            while (!rack.connects(TestRack.SERVER, OPEN_PORT, TIMEOUT_MS))
            {
                assertTrue(System.nanoTime() - deadlineNs < TimeUnit.SECONDS.toNanos(5), "never flowed again");
            }
            assertTrue(System.nanoTime() - deadlineNs >= 0, "flowed before the deadline");
        }
        finally
        {
            KernelSensor.detach(rack.pinDirectory());
        }
    }

    @Test
    void shouldSayThatItIsNotAttachedWhenAnotherTookItsPlace() throws Exception
    {
        final Path otherPins = Files.createDirectory(rack.pinDirectory().resolveSibling("other"));
        try (KernelSensor first = rack.openSensor())
        {
            for (final String pin : rack.pinDirectory().toFile().list())
            {
                Files.move(rack.pinDirectory().resolve(pin), otherPins.resolve(pin));
            }
            try (KernelSensor second = rack.gateway.call(() -> KernelSensor.open(rack.config(otherPins).build())))
            {
                assertFalse(rack.gateway.call(() -> first.verdictProbe().attached()));
                assertTrue(rack.gateway.call(() -> second.verdictProbe().attached()));
                KernelSensor.detach(otherPins);
                assertFalse(Files.exists(otherPins));
            }
        }
        KernelSensor.detach(rack.pinDirectory());
        assertTrue(rack.connects(TestRack.SERVER, OPEN_PORT, TIMEOUT_MS));
    }

    @Test
    void shouldNotPushAsideAnotherProcessThatUsesThePins() throws Exception
    {
        try (KernelSensor first = rack.openSensor())
        {
            final KernelException ex = assertThrows(KernelException.class, rack::openSensor);
            assertTrue(ex.getMessage().contains(rack.pinDirectory() + ": another process uses these pins"),
                ex.getMessage());
            assertTrue(rack.gateway.call(() -> first.verdictProbe().attached()));
        }
        rack.openSensor().close();
        KernelSensor.detach(rack.pinDirectory());
    }

    @Test
    void shouldNameWhatIsWrongWhenInterfaceIsMissing() throws Exception
    {
        final Path pins = rack.pinDirectory().resolveSibling("wrong");
        final KernelException ex = assertThrows(KernelException.class, () -> rack.gateway.call(() ->
            KernelSensor.open(KernelSensorConfig.builder("x", pins).interfaces(List.of("spine", "nothere")).build())));
        assertTrue(ex.getMessage().contains("nothere"), ex.getMessage());
        assertEquals(Errno.ENODEV.number(), ex.errno());
        assertFalse(Files.exists(pins.resolve("link_spine")), "the first interface was left with the program");
        KernelSensor.detach(pins);
    }

    @Test
    void shouldRefusePinDirectoryThatIsNotOnBpffs()
    {
        final KernelException ex = assertThrows(KernelException.class, () ->
            KernelSensor.open(KernelSensorConfig.builder("x", Path.of("/tmp/asw-not-a-bpffs")).build()));
        assertTrue(ex.getMessage().contains("not on a bpffs"), ex.getMessage());
        assertFalse(Files.exists(Path.of("/tmp/asw-not-a-bpffs")));
    }

    private static void await(final KernelSensor sensor, final Predicate<ConversationFlyweight> last)
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        final List<String> seen = new ArrayList<>();
        final boolean[] done = new boolean[1];
        while (!done[0])
        {
            assertTrue(System.nanoTime() - deadlineNs < 0, () -> "not seen; seen were " + seen);
            sensor.await(TimeUnit.MILLISECONDS.toNanos(50));
            sensor.poll((c) ->
            {
                seen.add(KernelFixture.describe(c));
                done[0] |= last.test(c);
            }, 64);
        }
    }
}
