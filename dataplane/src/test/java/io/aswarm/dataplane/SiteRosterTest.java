package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.actuator.Catalog;
import io.aswarm.trust.Authority;
import io.aswarm.trust.CanonicalJson;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.HybridSigner;
import io.aswarm.trust.KeyFile;
import io.aswarm.trust.Roster;
import io.aswarm.trust.RosterSignature;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SiteRosterTest
{
    private static final long NOW_NS = 1_800_000_000_000_000_000L;
    private static final long PATIENCE_S = 30;

    @TempDir
    private Path directory;

    private final TestCounters counters = new TestCounters();
    private final ErrorLog errorLog = new ErrorLog(() -> 0);
    private final List<Roster> offered = new CopyOnWriteArrayList<>();
    private HybridSigner alice;
    private HybridSigner bob;
    private String node1;
    private String node2;
    private String node3;
    private Path file;
    private EventLog eventLog;
    private SiteRoster rosters;

    @BeforeEach
    void writeSite() throws Exception
    {
        file = directory.resolve("roster.yaml");
        alice = KeyFile.generateHybrid(directory.resolve("alice.key"));
        bob = KeyFile.generateHybrid(directory.resolve("bob.key"));
        node1 = node(1);
        node2 = node(2);
        node3 = node(3);
        try (InputStream in = Catalog.class.getResourceAsStream("default-catalog.yaml"))
        {
            Files.write(directory.resolve("catalog.yaml"), in.readAllBytes());
        }
        assertEquals(ExitCode.OK, Main.commandLine().setOut(new PrintWriter(new StringWriter())).execute(
            "catalog", "sign", directory.resolve("catalog.yaml").toString(), "--operator", "alice",
            "--key", directory.resolve("alice.key").toString()));
        Files.createDirectory(directory.resolve("state"));
        Files.writeString(directory.resolve("node.yaml"),
            "node: g1\nroster: roster.yaml\nkey: g1.key\ncatalog: {file: catalog.yaml}\n" +
            "directories: {state: state}\ninterfaces: [{name: asw-none0}]\nmesh: {interface: 198.18.0.1}\n");
        eventLog = new EventLog(
            directory.resolve("events.jsonl"), "g1", 64, (id) -> "", () -> 1, counters.of(), errorLog);
    }

    @AfterEach
    void close()
    {
        if (null != rosters)
        {
            rosters.close();
        }
        eventLog.onClose();
    }

    @Test
    void shouldHandOnWhatTwoOperatorsSignedAndNameIt() throws Exception
    {
        publish(roster(1, node1, node2, node3), alice, bob);
        start();
        assertEquals(1, rosters.inForce().version());

        publish(roster(2, node1, node3) + "revoked: [{key_id: \"" + rosters.inForce().node(2).publicKey().keyId() +
            "\", reason: stolen}]\n", alice, bob);
        final ObjectNode report = reload();

        assertEquals("changed", report.path("outcome").asText(), report.toString());
        assertEquals(2, report.path("version").asInt());
        assertEquals(2, report.path("nodes").asInt());
        assertEquals(CanonicalJson.sha256(Files.readAllBytes(file)), report.path("hash").asText());
        assertFalse(report.has("reason") || report.has("warning"), report.toString());
        assertEquals(1, offered.size());
        assertEquals(List.of(1, 3), offered.get(0).nodes().stream().map(Roster.Node::id).toList());
        assertEquals("unchanged", reload().path("outcome").asText());
        assertEquals(1, offered.size(), "nothing changed, nothing to hand on");
        assertTrue(events().contains("{\"event\":\"roster\",\"node\":\"g1\",\"t_ns\":\"1\",\"outcome\":\"changed\"," +
            "\"version\":2,\"hash\":\"" + report.path("hash").asText() + "\""), events());
    }

    @Test
    void shouldRefuseWithTheReasonAndKeepWhatIsInForce() throws Exception
    {
        publish(roster(2, node1, node2), alice, bob);
        start();
        final String before = hash();

        publish(roster(3, node1, node2, node3), alice);
        assertRefused("signed by 1 operators of the roster in force; required: 2");
        publish(roster(1, node1, node2, node3), alice, bob);
        assertRefused("version 1 is not after version 2");
        Files.writeString(file, roster(3, node1, node2) + "colour: red\n");
        assertRefused("roster.yaml:9: unknown key \"colour\"");
        Files.delete(file);
        assertRefused("no such file");

        assertEquals(before, hash());
        assertEquals(2, rosters.inForce().version());
        assertEquals(0, offered.size());
        assertTrue(events().contains("\"outcome\":\"refused\",\"reason\":\"" + file + ": version 1"), events());
    }

    @Test
    void shouldRefuseWhatDoesNotFitThisNodeBeforeItIsTaken() throws Exception
    {
        publish(roster(1, node1, node2), alice, bob);
        start();

        publish(roster(2, node2, node3), alice, bob);
        assertRefused("does not list this node, \"g1\"");
        publish(roster(2, node1.replace("id: 1", "id: 9"), node2), alice, bob);
        assertRefused("with another id or key than it started with: restart it");
        publish(roster(2, node3.replace("g3", "g1").replace("id: 3", "id: 1"), node2), alice, bob);
        assertRefused("with another id or key than it started with: restart it");

        publish(roster(2, node1, node3), alice, bob);
        assertEquals("changed", reload().path("outcome").asText(), "version 2 was never taken");
    }

    @Test
    void shouldNotGrowAMeshWhereNoneWasOpened() throws Exception
    {
        publish(roster(1, node1), alice, bob);
        start();

        publish(roster(2, node1, node2), alice, bob);
        assertRefused("lists 2 nodes, and this one started alone, without a mesh: restart it");
    }

    @Test
    void shouldRefuseAnOlderOneAfterARestart() throws Exception
    {
        publish(roster(1, node1, node2, node3), alice, bob);
        start();
        publish(roster(2, node1, node2), alice, bob);
        reload();
        rosters.close();

        start();
        assertEquals(2, rosters.inForce().version());
        rosters.close();
        publish(roster(1, node1, node2, node3), alice, bob);
        assertTrue(assertThrows(DocumentException.class, this::start).getMessage().contains(
            "version 1 is not after version 2, which is in force"));
    }

    @Test
    void shouldStartWithADocumentOfBeforeThereWereVersions() throws Exception
    {
        final String plain = roster(1, node1, node2).replace("version: 1\n", "");
        Files.writeString(file, plain);
        start();
        assertEquals(0, rosters.inForce().version());

        Files.writeString(file, plain + "# changed\n");
        assertRefused("a changed roster needs a greater version");
        publish(roster(1, node1, node2, node3), alice, bob);
        assertEquals("changed", reload().path("outcome").asText());
    }

    @Test
    void shouldWarnWhenTheCatalogsSignerLeft() throws Exception
    {
        publish(roster(1, node1, node2), alice, bob);
        start();

        publish(roster(2, node1, node2).replaceAll("  - \\{name: alice.*\n", ""), alice, bob);
        final ObjectNode report = reload();

        assertEquals("changed", report.path("outcome").asText(), report.toString());
        assertTrue(report.path("warning").asText().startsWith("the next start will refuse the catalog: "),
            report.toString());
    }

    @Test
    void shouldFollowAnAuthoritysCertificatesByItself() throws Exception
    {
        final Authority authority = Authority.root("root");
        Files.writeString(directory.resolve("bundle.pem"), authority.pem());
        Files.writeString(file, "site: lab\nsvid: {trust_domain: lab.example, bundle: bundle.pem, certificates: " +
            "svids.pem}\noperators: [{name: alice, key: \"" + alice.publicKey() + "\"}]\n");
        Files.writeString(directory.resolve("node.yaml"),
            Files.readString(directory.resolve("node.yaml")).replace("node: g1", "node: node-1"));
        svids(authority, 1, 2, 3);
        start();
        assertEquals(3, rosters.inForce().nodes().size());

        svids(authority, 1, 3);
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (offered.isEmpty())
        {
            assertTrue(System.nanoTime() - deadlineNs < 0, "nobody looked");
            Thread.onSpinWait();
        }
        assertEquals(List.of(1, 3), offered.get(0).nodes().stream().map(Roster.Node::id).toList());

        svids(Authority.root("root"), 1, 2, 3);
        assertRefused("no authority of the bundle vouches for spiffe://lab.example/aswarm/lab/node/1");
        svids(authority, 2, 3);
        assertRefused("does not list this node, \"node-1\"");
        assertEquals(2, rosters.inForce().nodes().size());
    }

    private void svids(final Authority authority, final int... ids) throws Exception
    {
        final StringBuilder pems = new StringBuilder();
        for (final int id : ids)
        {
            pems.append(authority.svid("spiffe://lab.example/aswarm/lab/node/" + id,
                KeyFile.load(directory.resolve("g" + id + ".key")).publicKey(), new Date(0),
                new Date(3_000_000_000_000L)));
        }
        Files.writeString(directory.resolve("fresh"), pems);
        Files.move(directory.resolve("fresh"), directory.resolve("svids.pem"), StandardCopyOption.REPLACE_EXISTING);
    }

    private void start() throws Exception
    {
        final NodeConfig config = NodeConfig.read(directory.resolve("node.yaml"));
        rosters = SiteRoster.start(config, Site.read(config), eventLog, errorLog, () -> 1, () -> NOW_NS);
        rosters.onChange(offered::add);
    }

    private ObjectNode reload()
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        long id = rosters.reload();
        while (id < 0)
        {
            assertTrue(System.nanoTime() - deadlineNs < 0, "the node's own reload does not end");
            id = rosters.reload();
        }
        while ("pending".equals(rosters.report().path("outcome").asText()))
        {
            assertTrue(System.nanoTime() - deadlineNs < 0, "the reload does not end");
            Thread.onSpinWait();
        }
        assertEquals(id, rosters.report().path("reload_id").asLong());
        return rosters.report();
    }

    private void assertRefused(final String reason)
    {
        final ObjectNode report = reload();
        assertEquals("refused", report.path("outcome").asText(), report.toString());
        assertTrue(report.path("reason").asText().contains(reason), report.toString());
    }

    private String hash()
    {
        return rosters.report().path("hash").asText();
    }

    private String events() throws IOException
    {
        while (eventLog.doWork() > 0)
        {
            Thread.onSpinWait();
        }
        return Files.readString(directory.resolve("events.jsonl"));
    }

    private String node(final int id) throws IOException
    {
        return "  - {id: " + id + ", name: g" + id + ", key: \"" +
            KeyFile.generate(directory.resolve("g" + id + ".key")).publicKey() + "\"}\n";
    }

    private String roster(final int version, final String... nodes)
    {
        return "site: lab\nversion: " + version + "\nnodes:\n" + String.join("", nodes) +
            "operators:\n  - {name: alice, key: \"" + alice.publicKey() + "\"}\n  - {name: bob, key: \"" +
            bob.publicKey() + "\"}\n";
    }

    private void publish(final String text, final HybridSigner... signers) throws IOException, DocumentException
    {
        Files.deleteIfExists(RosterSignature.fileOf(file));
        Files.writeString(file, text);
        for (final HybridSigner signer : signers)
        {
            RosterSignature.sign(file, signer == alice ? "alice" : "bob", signer);
        }
    }
}
