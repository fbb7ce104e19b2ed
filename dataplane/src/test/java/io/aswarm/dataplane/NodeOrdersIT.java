package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aswarm.dataplane.GatewayNetwork.Attempt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static io.aswarm.dataplane.GatewayNetwork.ATTACKER;
import static io.aswarm.dataplane.GatewayNetwork.SERVICE_PORT;
import static io.aswarm.dataplane.NodeLab.BLOCKED_TIMEOUT_MS;
import static io.aswarm.dataplane.NodeLab.OPEN_TIMEOUT_MS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What operators order of a node on the real kernel: halt and resume, a suspension of the site, another roster.
 */
class NodeOrdersIT
{
    @RegisterExtension
    private final NodeLab lab = new NodeLab();

    @Test
    void shouldForwardEverythingWhenHaltedAndContainAgainWhenResumed() throws Exception
    {
        lab.open("5m");
        lab.start();
        lab.scanUntilSilent();
        lab.awaitEvent("effective", 5, (event) -> true);

        // the client's own first use loads classes, which is not the node's time
        ControlClient.ask(lab.file("control.sock"), "status");
        final long orderedNs = System.nanoTime();
        ControlClient.ask(lab.file("control.sock"), "halt", "by", "test");
        lab.await("forwarding", 5, () -> Attempt.OPEN == lab.connect(ATTACKER, SERVICE_PORT, 20));
        final long forwardedNs = System.nanoTime();
        final JsonNode halted = lab.awaitEvent("halted", 5, (event) -> true);
        System.out.printf("halt: order to proven effect %.2f ms, to the first forwarded connection %.2f ms%n",
            (halted.path("effective_ns").asLong() - orderedNs) / 1e6, (forwardedNs - orderedNs) / 1e6);
        final JsonNode certificate =
            lab.awaitEvent("certificate", 5, (event) -> "halt".equals(event.path("kind").asText()));
        lab.command(ExitCode.OK, "certs", "verify", "-c", lab.config(), certificate.path("certificate_id").asText());

        final String resumed = lab.command(ExitCode.OK, "resume", "-c", lab.config(), "--by", "test", "--json");
        assertTrue(resumed.contains("\"control\":\"enforcing\""), resumed);
        assertEquals(Attempt.SILENT, lab.connect(ATTACKER, SERVICE_PORT, BLOCKED_TIMEOUT_MS));

        final String answer = lab.command(
            ExitCode.OK, "halt", "-c", lab.config(), "--by", "test", "--reason", "drill", "--json");
        assertEquals(Attempt.OPEN, lab.connect(ATTACKER, SERVICE_PORT, OPEN_TIMEOUT_MS));
        final String id = new ObjectMapper().readTree(answer).path("certificate").asText();
        final String shown = lab.command(ExitCode.OK, "certs", "show", "-c", lab.config(), id);
        assertTrue(shown.contains("ordered by test (drill)"), shown);
    }

    @Test
    void shouldHaltWithoutANodeAndCertifyItWhenTheNextOneStarts() throws Exception
    {
        lab.open("5m");
        lab.start();
        lab.scanUntilSilent();
        lab.awaitEvent("effective", 5, (event) -> true);
        lab.kill();
        assertEquals(Attempt.SILENT, lab.connect(ATTACKER, SERVICE_PORT, BLOCKED_TIMEOUT_MS));

        final String answer = lab.command(ExitCode.OK, "halt", "-c", lab.config());
        assertTrue(answer.contains("no node answers"), answer);
        assertEquals(Attempt.OPEN, lab.connect(ATTACKER, SERVICE_PORT, OPEN_TIMEOUT_MS));

        lab.start();
        final JsonNode event = lab.awaitEvent("halted", 5, (each) -> true);
        assertTrue(event.path("reason").asText().contains("found set at start"), event.toString());
        lab.awaitEvent("certificate", 5, (each) -> "halt".equals(each.path("kind").asText()));
        assertEquals(Attempt.OPEN, lab.connect(ATTACKER, SERVICE_PORT, OPEN_TIMEOUT_MS));

        lab.command(ExitCode.OK, "resume", "-c", lab.config());
        assertEquals(Attempt.SILENT, lab.connect(ATTACKER, SERVICE_PORT, BLOCKED_TIMEOUT_MS));

        assertTrue(lab.command(ExitCode.ENVIRONMENT, "detach", "-c", lab.config()).contains("the node runs"));
        assertEquals(ExitCode.OK, lab.stop());
        assertEquals(Attempt.SILENT, lab.connect(ATTACKER, SERVICE_PORT, BLOCKED_TIMEOUT_MS));
        assertTrue(lab.command(ExitCode.OK, "detach", "-c", lab.config()).contains("removed"));
        assertEquals(Attempt.OPEN, lab.connect(ATTACKER, SERVICE_PORT, OPEN_TIMEOUT_MS));
    }

    @Test
    void shouldSuspendByAnOrderOfTwoOperatorsAlsoOverARestartAndBeUndoneInTheSameWay() throws Exception
    {
        lab.open("5m");
        lab.start();
        lab.scanUntilSilent();
        lab.awaitEvent("effective", 5, (event) -> true);

        final String suspend = lab.file("suspend.json").toString();
        lab.command(ExitCode.OK, "order", "draft", "suspend", suspend, "--site", "lab", "--reason", "rewiring");
        sign(suspend, "alice", "operator.key");
        assertTrue(lab.command(ExitCode.NEGATIVE, "order", "send", suspend, "-c", lab.config())
            .contains("signed by fewer than two operators"));
        sign(suspend, "bob", "bob.key");
        lab.command(ExitCode.OK, "order", "send", suspend, "-c", lab.config());
        lab.awaitEvent("halted", 5, (event) -> true);
        assertEquals(Attempt.OPEN, lab.connect(ATTACKER, SERVICE_PORT, OPEN_TIMEOUT_MS));
        final String halt = lab.awaitEvent(
            "certificate", 5, (event) -> "halt".equals(event.path("kind").asText())).path("certificate_id").asText();
        assertTrue(lab.command(ExitCode.OK, "certs", "show", "-c", lab.config(), halt)
            .contains("of alice, bob (rewiring)"));
        lab.command(ExitCode.OK, "order", "send", suspend, "-c", lab.config());
        assertTrue(lab.command(ExitCode.NEGATIVE, "resume", "-c", lab.config())
            .contains("the operators have suspended the whole site"));
        assertEquals(Attempt.OPEN, lab.connect(ATTACKER, SERVICE_PORT, OPEN_TIMEOUT_MS));

        lab.kill();
        lab.start();
        lab.await("the order kept", 5, () ->
            lab.command(ExitCode.OK, "status", "-c", lab.config(), "--json").contains("\"suspended\":true"));
        assertEquals(Attempt.OPEN, lab.connect(ATTACKER, SERVICE_PORT, OPEN_TIMEOUT_MS));

        final String resume = lab.file("resume.json").toString();
        lab.command(ExitCode.OK, "order", "draft", "resume", resume, "--site", "lab", "--reason", "done");
        sign(resume, "alice", "operator.key");
        sign(resume, "bob", "bob.key");
        lab.command(ExitCode.OK, "order", "send", resume, "-c", lab.config());
        lab.awaitEvent("resumed", 5, (event) -> true);
        assertEquals(Attempt.SILENT, lab.connect(ATTACKER, SERVICE_PORT, BLOCKED_TIMEOUT_MS));
        assertTrue(lab.command(ExitCode.NEGATIVE, "order", "send", suspend, "-c", lab.config())
            .contains("an order issued later was accepted before"), "replayed");
    }

    @Test
    void shouldGoByAnotherRosterWithoutARestartAndByNoOlderOneAfterIt() throws Exception
    {
        lab.open("5m", "absent");
        final Path roster = lab.file("roster.yaml");
        final String first = Files.readString(roster).replace("site: lab\n", "site: lab\nversion: 1\n");
        final String second = first.replace("version: 1", "version: 2").replaceAll("  - \\{id: 2.*\n", "");
        publish(roster, first);
        lab.start();
        assertTrue(status().contains("\"members_expected\":2"), status());
        assertTrue(status().contains("\"roster_version\":1"), status());
        assertTrue(status().contains("\"degraded\":true"), "one of two is no majority: " + status());

        Files.writeString(roster, second);
        final String refused = lab.command(ExitCode.NEGATIVE, "roster", "reload", "-c", lab.config());
        assertTrue(refused.contains("signature of \"alice\" does not verify"), refused);
        assertTrue(status().contains("\"roster_version\":1"), status());

        publish(roster, second);
        final JsonNode taken =
            new ObjectMapper().readTree(lab.command(ExitCode.OK, "roster", "reload", "-c", lab.config(), "--json"));
        assertEquals("changed", taken.path("outcome").asText(), taken.toString());
        assertEquals(2, taken.path("version").asInt());
        assertTrue(status().contains("\"roster_hash\":\"" + taken.path("hash").asText()), status());
        assertEquals(taken.path("hash"), lab.awaitEvent(
            "roster", 5, (event) -> "changed".equals(event.path("outcome").asText())).path("hash"));
        lab.await("site of one", 5, () -> 1 == lab.stat("aswarm quorum members expected"));
        lab.scanUntilSilent();
        final JsonNode elevation = lab.awaitEvent("elevation", 5, (event) -> true);
        assertFalse(elevation.path("degraded").asBoolean(), elevation.toString());
        assertEquals(ExitCode.OK, lab.stop());

        publish(roster, second.replace("version: 2", "version: 1"));
        final String older = lab.command(ExitCode.USAGE, "run", "-c", lab.config());
        assertTrue(older.contains("version 1 is not after version 2, which is in force"), older);
    }

    private void sign(final String order, final String operator, final String key) throws Exception
    {
        lab.command(ExitCode.OK, "order", "sign", order, "--operator", operator, "--key",
            lab.file(key).toString());
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
                    lab.file(each[1]).toString(), roster.toString());
            }
        }
    }

    private String status()
    {
        return lab.command(ExitCode.OK, "status", "-c", lab.config(), "--json");
    }
}
