package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aswarm.dataplane.NodeLab.Attempt;
import io.aswarm.ebpf.KernelSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

import static io.aswarm.dataplane.NodeLab.ATTACKER;
import static io.aswarm.dataplane.NodeLab.BLOCKED_TIMEOUT_MS;
import static io.aswarm.dataplane.NodeLab.CLIENT;
import static io.aswarm.dataplane.NodeLab.SERVICE_PORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The appliance as shipped, on the real kernel: a site of one node in front of a server.
 */
class NodeIT
{
    private static final int OPEN_TIMEOUT_MS = 3000;
    private static final int PORTS_MAX = 2000;
    private static final int CLOSED_PORTS = 20_000;

    @TempDir
    private Path directory;

    private NodeLab lab;

    @BeforeAll
    static void requireKernel()
    {
        KernelSupport.require();
    }

    @AfterEach
    void closeLab() throws Exception
    {
        if (null != lab)
        {
            lab.close();
        }
    }

    @Test
    void shouldContainProveCertifyAndRevertThenStopCleanly() throws Exception
    {
        lab = NodeLab.open(directory, "4s", null);
        lab.start();
        assertEquals(Attempt.OPEN, lab.connect(CLIENT, SERVICE_PORT, OPEN_TIMEOUT_MS));

        final int answered = lab.scanUntilSilent(CLOSED_PORTS, PORTS_MAX);
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
        assertTrue(lab.command(ExitCode.OK, "status", "-c", config(), "--json").contains("\"active_acts\":1"));

        final JsonNode reverted = lab.awaitEvent("reverted", 10, (event) -> true);
        assertTrue(reverted.path("packets_dropped").asLong() > 0, reverted.toString());
        assertEquals(Attempt.OPEN, lab.connect(ATTACKER, SERVICE_PORT, OPEN_TIMEOUT_MS));
        lab.awaitEvent("certificate", 5, (event) -> "revert".equals(event.path("kind").asText()));
        final String verified = lab.command(ExitCode.OK, "certs", "verify", "-c", config());
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
        assertFalse(Files.exists(directory.resolve("control.sock")));
        assertTrue(lab.command(ExitCode.OK, "certs", "verify", "-c", config()).contains("0 with faults"));
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
            final String text = lab.command(ExitCode.OK, "explain", "-c", config(), id);
            assertTrue(text.contains("a first contact was refused"), id + ": " + text);
            assertTrue(text.contains(" by " + ATTACKER), id + ": " + text);
        }
        assertTrue(lab.command(ExitCode.OK, "explain", "-c", config(), CLIENT).contains("nothing is held against"));
        assertTrue(lab.command(ExitCode.NEGATIVE, "explain", "-c", config(), "s999999").contains("nothing is known"));
    }

    @Test
    void shouldHoldContainmentUntilTheDeadlineWhenTheNodeIsKilled() throws Exception
    {
        lab = NodeLab.open(directory, "6s", null);
        lab.start();
        lab.scanUntilSilent(CLOSED_PORTS, PORTS_MAX);
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
        lab = NodeLab.open(directory, "15s", null);
        lab.start();
        lab.scanUntilSilent(CLOSED_PORTS, PORTS_MAX);
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
        assertTrue(lab.command(ExitCode.OK, "certs", "verify", "-c", config())
            .contains("3 verified, 3 sound, 0 with faults"));
    }

    @Test
    void shouldForwardEverythingWhenHaltedAndContainAgainWhenResumed() throws Exception
    {
        lab = NodeLab.open(directory, "5m", null);
        lab.start();
        lab.scanUntilSilent(CLOSED_PORTS, PORTS_MAX);
        lab.awaitEvent("effective", 5, (event) -> true);

        // the client's own first use loads classes, which is not the node's time
        ControlClient.ask(directory.resolve("control.sock"), "status");
        final long orderedNs = System.nanoTime();
        ControlClient.ask(directory.resolve("control.sock"), "halt", "by", "test");
        lab.await("forwarding", 5, () -> Attempt.OPEN == lab.connect(ATTACKER, SERVICE_PORT, 20));
        final long forwardedNs = System.nanoTime();
        final JsonNode halted = lab.awaitEvent("halted", 5, (event) -> true);
        System.out.printf("halt: order to proven effect %.2f ms, to the first forwarded connection %.2f ms%n",
            (halted.path("effective_ns").asLong() - orderedNs) / 1e6, (forwardedNs - orderedNs) / 1e6);
        final JsonNode certificate =
            lab.awaitEvent("certificate", 5, (event) -> "halt".equals(event.path("kind").asText()));
        lab.command(ExitCode.OK, "certs", "verify", "-c", config(), certificate.path("certificate_id").asText());

        final String resumed = lab.command(ExitCode.OK, "resume", "-c", config(), "--by", "test", "--json");
        assertTrue(resumed.contains("\"control\":\"enforcing\""), resumed);
        assertEquals(Attempt.SILENT, lab.connect(ATTACKER, SERVICE_PORT, BLOCKED_TIMEOUT_MS));

        final String answer = lab.command(
            ExitCode.OK, "halt", "-c", config(), "--by", "test", "--reason", "drill", "--json");
        assertEquals(Attempt.OPEN, lab.connect(ATTACKER, SERVICE_PORT, OPEN_TIMEOUT_MS));
        final String id = new ObjectMapper().readTree(answer).path("certificate").asText();
        final String shown = lab.command(ExitCode.OK, "certs", "show", "-c", config(), id);
        assertTrue(shown.contains("ordered by test (drill)"), shown);
    }

    @Test
    void shouldSuspendByAnOrderOfTwoOperatorsAlsoOverARestartAndBeUndoneInTheSameWay() throws Exception
    {
        lab = NodeLab.open(directory, "5m", null);
        lab.start();
        lab.scanUntilSilent(CLOSED_PORTS, PORTS_MAX);
        lab.awaitEvent("effective", 5, (event) -> true);

        final String suspend = directory.resolve("suspend.json").toString();
        lab.command(ExitCode.OK, "order", "draft", "suspend", suspend, "--site", "lab", "--reason", "rewiring");
        sign(suspend, "alice", "operator.key");
        assertTrue(lab.command(ExitCode.NEGATIVE, "order", "send", suspend, "-c", config())
            .contains("signed by fewer than two operators"));
        sign(suspend, "bob", "bob.key");
        lab.command(ExitCode.OK, "order", "send", suspend, "-c", config());
        lab.awaitEvent("halted", 5, (event) -> true);
        assertEquals(Attempt.OPEN, lab.connect(ATTACKER, SERVICE_PORT, OPEN_TIMEOUT_MS));
        final String halt = lab.awaitEvent(
            "certificate", 5, (event) -> "halt".equals(event.path("kind").asText())).path("certificate_id").asText();
        assertTrue(lab.command(ExitCode.OK, "certs", "show", "-c", config(), halt)
            .contains("of alice, bob (rewiring)"));
        lab.command(ExitCode.OK, "order", "send", suspend, "-c", config());
        assertTrue(lab.command(ExitCode.NEGATIVE, "resume", "-c", config())
            .contains("the operators have suspended the whole site"));
        assertEquals(Attempt.OPEN, lab.connect(ATTACKER, SERVICE_PORT, OPEN_TIMEOUT_MS));

        lab.kill();
        lab.start();
        lab.await("the order kept", 5, () ->
            lab.command(ExitCode.OK, "status", "-c", config(), "--json").contains("\"suspended\":true"));
        assertEquals(Attempt.OPEN, lab.connect(ATTACKER, SERVICE_PORT, OPEN_TIMEOUT_MS));

        final String resume = directory.resolve("resume.json").toString();
        lab.command(ExitCode.OK, "order", "draft", "resume", resume, "--site", "lab", "--reason", "done");
        sign(resume, "alice", "operator.key");
        sign(resume, "bob", "bob.key");
        lab.command(ExitCode.OK, "order", "send", resume, "-c", config());
        lab.awaitEvent("resumed", 5, (event) -> true);
        assertEquals(Attempt.SILENT, lab.connect(ATTACKER, SERVICE_PORT, BLOCKED_TIMEOUT_MS));
        assertTrue(lab.command(ExitCode.NEGATIVE, "order", "send", suspend, "-c", config())
            .contains("an order issued later was accepted before"), "replayed");
    }

    private void sign(final String order, final String operator, final String key) throws Exception
    {
        lab.command(ExitCode.OK, "order", "sign", order, "--operator", operator, "--key",
            directory.resolve(key).toString());
    }

    @Test
    void shouldHaltWithoutANodeAndCertifyItWhenTheNextOneStarts() throws Exception
    {
        lab = NodeLab.open(directory, "5m", null);
        lab.start();
        lab.scanUntilSilent(CLOSED_PORTS, PORTS_MAX);
        lab.awaitEvent("effective", 5, (event) -> true);
        lab.kill();
        assertEquals(Attempt.SILENT, lab.connect(ATTACKER, SERVICE_PORT, BLOCKED_TIMEOUT_MS));

        final String answer = lab.command(ExitCode.OK, "halt", "-c", config());
        assertTrue(answer.contains("no node answers"), answer);
        assertEquals(Attempt.OPEN, lab.connect(ATTACKER, SERVICE_PORT, OPEN_TIMEOUT_MS));

        lab.start();
        final JsonNode event = lab.awaitEvent("halted", 5, (each) -> true);
        assertTrue(event.path("reason").asText().contains("found set at start"), event.toString());
        lab.awaitEvent("certificate", 5, (each) -> "halt".equals(each.path("kind").asText()));
        assertEquals(Attempt.OPEN, lab.connect(ATTACKER, SERVICE_PORT, OPEN_TIMEOUT_MS));

        lab.command(ExitCode.OK, "resume", "-c", config());
        assertEquals(Attempt.SILENT, lab.connect(ATTACKER, SERVICE_PORT, BLOCKED_TIMEOUT_MS));

        assertTrue(lab.command(ExitCode.ENVIRONMENT, "detach", "-c", config()).contains("the node runs"));
        assertEquals(ExitCode.OK, lab.stop());
        assertEquals(Attempt.SILENT, lab.connect(ATTACKER, SERVICE_PORT, BLOCKED_TIMEOUT_MS));
        assertTrue(lab.command(ExitCode.OK, "detach", "-c", config()).contains("removed"));
        assertEquals(Attempt.OPEN, lab.connect(ATTACKER, SERVICE_PORT, OPEN_TIMEOUT_MS));
    }

    @Test
    void shouldNotMindRandomBytesOnTheMeshPort() throws Exception
    {
        lab = NodeLab.open(directory, "5m", "absent");
        lab.start();
        final long seed = System.nanoTime();
        System.out.println("random bytes: seed " + seed);

        flood(new Random(seed), "239.192.77.1");
        flood(new Random(seed), NodeLab.MESH_GATEWAY);

        assertTrue(lab.isAlive());
        assertTrue(lab.command(ExitCode.OK, "status", "-c", config(), "--json").contains("\"members_heard\":1"));
        assertStatsShow("Invalid packets", 1);
        lab.scanUntilSilent(CLOSED_PORTS, PORTS_MAX);
        assertTrue(lab.awaitEvent("elevation", 5, (event) -> true).path("local").asBoolean());
        assertEquals(ExitCode.OK, lab.stop());
    }

    @Test
    void shouldRefuseToStartBesideANodeThatRuns() throws Exception
    {
        lab = NodeLab.open(directory, "5m", null);
        lab.start();

        final String said = lab.command(ExitCode.ENVIRONMENT, "run", "-c", config());

        assertTrue(said.startsWith("aswarm: ") && said.contains("in use by process"), said);
        assertTrue(lab.command(ExitCode.OK, "status", "-c", config()).contains("gw1"));
    }

    @Test
    void shouldGoByAnotherRosterWithoutARestartAndByNoOlderOneAfterIt() throws Exception
    {
        lab = NodeLab.open(directory, "5m", "absent");
        final Path roster = directory.resolve("roster.yaml");
        final String first = Files.readString(roster).replace("site: lab\n", "site: lab\nversion: 1\n");
        final String second = first.replace("version: 1", "version: 2").replaceAll("  - \\{id: 2.*\n", "");
        publish(roster, first);
        lab.start();
        assertTrue(status().contains("\"members_expected\":2"), status());
        assertTrue(status().contains("\"roster_version\":1"), status());
        assertTrue(status().contains("\"degraded\":true"), "one of two is no majority: " + status());

        Files.writeString(roster, second);
        final String refused = lab.command(ExitCode.NEGATIVE, "roster", "reload", "-c", config());
        assertTrue(refused.contains("signature of \"alice\" does not verify"), refused);
        assertTrue(status().contains("\"roster_version\":1"), status());

        publish(roster, second);
        final JsonNode taken =
            new ObjectMapper().readTree(lab.command(ExitCode.OK, "roster", "reload", "-c", config(), "--json"));
        assertEquals("changed", taken.path("outcome").asText(), taken.toString());
        assertEquals(2, taken.path("version").asInt());
        assertTrue(status().contains("\"roster_hash\":\"" + taken.path("hash").asText()), status());
        assertEquals(taken.path("hash"), lab.awaitEvent(
            "roster", 5, (event) -> "changed".equals(event.path("outcome").asText())).path("hash"));
        lab.await("site of one", 5, () -> 1 == lab.stat("aswarm quorum members expected"));
        lab.scanUntilSilent(CLOSED_PORTS, PORTS_MAX);
        final JsonNode elevation = lab.awaitEvent("elevation", 5, (event) -> true);
        assertFalse(elevation.path("degraded").asBoolean(), elevation.toString());
        assertEquals(ExitCode.OK, lab.stop());

        publish(roster, second.replace("version: 2", "version: 1"));
        final String older = lab.command(ExitCode.USAGE, "run", "-c", config());
        assertTrue(older.contains("version 1 is not after version 2, which is in force"), older);
    }

    /** With the signatures of all operators of the lab. */
    private void publish(final Path roster, final String text) throws IOException
    {
        Files.writeString(roster, text);
        for (final String[] each : new String[][]{{"alice", "operator.key"}, {"bob", "bob.key"}})
        {
            if (text.contains("name: " + each[0] + ","))
            {
                lab.command(ExitCode.OK, "roster", "sign", "--operator", each[0], "--key",
                    directory.resolve(each[1]).toString(), roster.toString());
            }
        }
    }

    private String status()
    {
        return lab.command(ExitCode.OK, "status", "-c", config(), "--json");
    }

    private void flood(final Random random, final String target) throws IOException
    {
        lab.outside().call(() ->
        {
            try (DatagramSocket socket = new MulticastSocket(
                new InetSocketAddress(NodeLab.MESH_STRANGER, 0)))
            {
                ((MulticastSocket)socket).setNetworkInterface(
                    NetworkInterface.getByInetAddress(InetAddress.getByName(NodeLab.MESH_STRANGER)));
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
        assertEquals(ExitCode.ENVIRONMENT, lab.process(Path.of("/dev/full"), "tail", "--once", "-c", config()));
        final String first = lab.command(ExitCode.OK, "tail", "--once", "-c", config());
        assertEquals(2, first.lines().count(), first);
        for (final String line : first.split("\n"))
        {
            assertEquals(7004, new ObjectMapper().readTree(line).path("class_uid").asInt(), line);
        }
        assertEquals("", lab.command(ExitCode.OK, "tail", "--once", "-c", config()));
        assertTrue(lab.command(ExitCode.OK, "tail", "--once", "--format", "cef", "-c", config()).startsWith("CEF:0|"));
    }

    private void assertStatsShow(final String label, final long least) throws IOException
    {
        final long value = lab.stat(label);
        assertTrue(value >= least, label + " is " + value);
    }

    private String config()
    {
        return lab.config().toString();
    }

    private static double millis(final JsonNode event, final String end, final String begin)
    {
        return (event.path(end).asLong() - event.path(begin).asLong()) / 1e6;
    }
}
