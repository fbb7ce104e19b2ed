package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aswarm.dataplane.GatewayNetwork.Attempt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import static io.aswarm.dataplane.GatewayNetwork.ATTACKER;
import static io.aswarm.dataplane.GatewayNetwork.CLIENT;
import static io.aswarm.dataplane.GatewayNetwork.SERVICE_PORT;
import static io.aswarm.dataplane.NodeLab.BLOCKED_TIMEOUT_MS;
import static io.aswarm.dataplane.NodeLab.OPEN_TIMEOUT_MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The appliance as shipped, on the real kernel: a site of one node in front of a server.
 */
class NodeIT
{
    @RegisterExtension
    private final NodeLab lab = new NodeLab();

    @Test
    void shouldContainProveCertifyAndRevertThenStopCleanly() throws Exception
    {
        lab.open("4s");
        lab.start();
        assertEquals(Attempt.OPEN, lab.connect(CLIENT, SERVICE_PORT, OPEN_TIMEOUT_MS));

        final int answered = lab.scanUntilSilent();
        final JsonNode elevation = lab.awaitEvent("elevation", 5, (event) -> true);
        final JsonNode effective = lab.awaitEvent("effective", 5, (event) -> true);
        assertEquals("port-scan", elevation.path("scenario").asText());
        assertEquals(ATTACKER, elevation.path("subject").asText());
        assertEquals("gw1", elevation.path("witnesses").path(0).asText());
        assertEquals(ATTACKER, effective.path("subject").asText());
        System.out.printf("line: %d ports answered, first contact to elevation %.2f ms, elevation to effect %.2f ms%n",
            answered, millis(elevation, "elevated_ns", "first_seen_ns"),
            (effective.path("effective_ns").asLong() - elevation.path("elevated_ns").asLong()) / 1e6);

        assertEquals(Attempt.SILENT, lab.connect(ATTACKER, SERVICE_PORT, BLOCKED_TIMEOUT_MS));
        assertEquals(Attempt.OPEN, lab.connect(CLIENT, SERVICE_PORT, OPEN_TIMEOUT_MS));
        assertTrue(lab.command(ExitCode.OK, "status", "-c", lab.config(), "--json").contains("\"active_acts\":1"));

        final JsonNode reverted = lab.awaitEvent("reverted", 10, (event) -> true);
        assertTrue(reverted.path("packets_dropped").asLong() > 0, reverted.toString());
        assertEquals(Attempt.OPEN, lab.connect(ATTACKER, SERVICE_PORT, OPEN_TIMEOUT_MS));
        lab.awaitEvent("certificate", 5, (event) -> "revert".equals(event.path("kind").asText()));
        final String verified = lab.command(ExitCode.OK, "certs", "verify", "-c", lab.config());
        assertTrue(verified.contains("2 verified, 2 sound, 0 with faults"), verified);
        assertStatsShow("aswarm journal certificates", 2);
        assertStatsShow("aswarm actuator reverted", 1);
        assertStatsShow("aswarm ebpf seen", 2);
        assertEquals(0, new ProcessBuilder("true").start().waitFor());
        lab.await("process events", 5, () -> lab.stat("aswarm ebpf process delivered") > 0);
        assertTailDeliversOnce();
        assertExplained(elevation);

        assertEquals(ExitCode.OK, lab.stop());
        assertEquals(1, lab.events("stopped").size());
        assertFalse(Files.exists(lab.file("control.sock")));
        assertTrue(lab.command(ExitCode.OK, "certs", "verify", "-c", lab.config()).contains("0 with faults"));
    }

    /** By signal, elevation, address and certificate: the refused contacts and what they added. */
    private void assertExplained(final JsonNode elevation) throws Exception
    {
        final JsonNode certificate =
            lab.awaitEvent("certificate", 5, (event) -> "containment".equals(event.path("kind").asText()));
        final String signalId = lab.events("signal").get(0).path("signal_id").asText();
        for (final String id : List.of(
            signalId, elevation.path("elevation_id").asText(), ATTACKER, certificate.path("certificate_id").asText()))
        {
            final String text = lab.command(ExitCode.OK, "explain", "-c", lab.config(), id);
            assertTrue(text.contains("a first contact was refused"), id + ": " + text);
            assertTrue(text.contains(" by " + ATTACKER), id + ": " + text);
        }
        assertTrue(lab.command(ExitCode.OK, "explain", "-c", lab.config(), CLIENT).contains("nothing is held against"));
        assertTrue(
            lab.command(ExitCode.NEGATIVE, "explain", "-c", lab.config(), "s999999").contains("nothing is known"));
    }

    @Test
    void shouldHoldContainmentUntilTheDeadlineWhenTheNodeIsKilled() throws Exception
    {
        lab.open("6s");
        lab.start();
        lab.scanUntilSilent();
        final long deadlineNs = lab.awaitEvent("effective", 5, (event) -> true).path("deadline_ns").asLong();

        lab.kill();
        while (System.nanoTime() + 2L * BLOCKED_TIMEOUT_MS * 1_000_000 - deadlineNs < 0)
        {
            assertEquals(Attempt.SILENT, lab.connect(ATTACKER, SERVICE_PORT, BLOCKED_TIMEOUT_MS));
        }
        lab.await("end of containment", 10,
            () -> Attempt.OPEN == lab.connect(ATTACKER, SERVICE_PORT, BLOCKED_TIMEOUT_MS));
        final long openNs = System.nanoTime();

        assertTrue(openNs - deadlineNs > 0, "flowed " + (deadlineNs - openNs) / 1_000_000 + " ms before the deadline");
        System.out.printf("killed: traffic flowed again %.0f ms after the deadline%n", (openNs - deadlineNs) / 1e6);
    }

    @Test
    void shouldAdoptWithTheRemainingTimeWhenTheNodeStartsAgain() throws Exception
    {
        lab.open("15s");
        lab.start();
        lab.scanUntilSilent();
        final JsonNode effective = lab.awaitEvent("effective", 5, (event) -> true);
        lab.awaitEvent("certificate", 5, (event) -> true);

        lab.kill();
        assertEquals(Attempt.SILENT, lab.connect(ATTACKER, SERVICE_PORT, BLOCKED_TIMEOUT_MS));
        lab.start();

        lab.awaitEvent("recalled", 5, (event) -> event.path("deposits").asInt() > 0);
        final JsonNode adopted = lab.awaitEvent("adopted", 5, (event) -> true);
        assertEquals(effective.path("deadline_ns").asText(), adopted.path("deadline_ns").asText());
        assertEquals(effective.path("act_id").asText(), adopted.path("act_id").asText());
        assertEquals(Attempt.SILENT, lab.connect(ATTACKER, SERVICE_PORT, BLOCKED_TIMEOUT_MS));
        lab.awaitEvent("reverted", 20, (event) -> true);
        assertTrue(System.nanoTime() - effective.path("deadline_ns").asLong() > 0);
        assertEquals(Attempt.OPEN, lab.connect(ATTACKER, SERVICE_PORT, OPEN_TIMEOUT_MS));

        lab.awaitEvent("certificate", 5, (event) -> "revert".equals(event.path("kind").asText()));
        assertTrue(lab.command(ExitCode.OK, "certs", "verify", "-c", lab.config())
            .contains("3 verified, 3 sound, 0 with faults"));
    }

    @Test
    void shouldNotMindRandomBytesOnTheMeshPort() throws Exception
    {
        lab.open("5m", "absent");
        lab.start();
        final long seed = System.nanoTime();
        System.out.println("random bytes: seed " + seed);

        flood(new Random(seed), "239.192.77.1");
        flood(new Random(seed), GatewayNetwork.MESH_GATEWAY);

        assertTrue(lab.isAlive());
        assertTrue(lab.command(ExitCode.OK, "status", "-c", lab.config(), "--json").contains("\"members_heard\":1"));
        assertStatsShow("Invalid packets", 1);
        lab.scanUntilSilent();
        assertTrue(lab.awaitEvent("elevation", 5, (event) -> true).path("local").asBoolean());
        assertEquals(ExitCode.OK, lab.stop());
    }

    @Test
    void shouldRefuseToStartBesideANodeThatRuns() throws Exception
    {
        lab.open("5m");
        lab.start();

        final String said = lab.command(ExitCode.ENVIRONMENT, "run", "-c", lab.config());

        assertTrue(said.startsWith("aswarm: ") && said.contains("in use by process"), said);
        assertTrue(lab.command(ExitCode.OK, "status", "-c", lab.config()).contains("gw1"));
    }

    private void flood(final Random random, final String target) throws IOException
    {
        lab.network().outside().call(() ->
        {
            try (DatagramSocket socket = new MulticastSocket(
                new InetSocketAddress(GatewayNetwork.MESH_STRANGER, 0)))
            {
                ((MulticastSocket)socket).setNetworkInterface(
                    NetworkInterface.getByInetAddress(InetAddress.getByName(GatewayNetwork.MESH_STRANGER)));
                for (int i = 0; i < 5000; i++)
                {
                    final byte[] bytes = new byte[1 + random.nextInt(1400)];
                    random.nextBytes(bytes);
                    // every other one gets past the first look: version 0 and a known type of frame
                    if (0 == i % 2 && bytes.length > 8)
                    {
                        bytes[4] = 0;
                        bytes[6] = (byte)random.nextInt(8);
                        bytes[7] = 0;
                    }
                    socket.send(new DatagramPacket(
                        bytes, bytes.length, new InetSocketAddress(InetAddress.getByName(target), 40_177)));
                }
                return null;
            }
        });
    }

    private void assertTailDeliversOnce() throws Exception
    {
        // a disk that is full takes nothing: all is still to be delivered afterwards
        assertEquals(ExitCode.ENVIRONMENT, lab.process(Path.of("/dev/full"), "tail", "--once", "-c", lab.config()));
        final String first = lab.command(ExitCode.OK, "tail", "--once", "-c", lab.config());
        assertEquals(2, first.lines().count(), first);
        for (final String line : first.split("\n"))
        {
            assertEquals(7004, new ObjectMapper().readTree(line).path("class_uid").asInt(), line);
        }
        assertEquals("", lab.command(ExitCode.OK, "tail", "--once", "-c", lab.config()));
        assertTrue(
            lab.command(ExitCode.OK, "tail", "--once", "--format", "cef", "-c", lab.config()).startsWith("CEF:0|"));
    }

    private void assertStatsShow(final String label, final long least) throws IOException
    {
        final long value = lab.stat(label);
        assertTrue(value >= least, label + " is " + value);
    }

    private static double millis(final JsonNode event, final String end, final String begin)
    {
        return (event.path(end).asLong() - event.path(begin).asLong()) / 1e6;
    }
}
