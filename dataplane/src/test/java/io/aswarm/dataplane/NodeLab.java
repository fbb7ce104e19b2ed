package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aswarm.actuator.Catalog;
import io.aswarm.dataplane.GatewayNetwork.Attempt;
import io.aswarm.ebpf.KernelException;
import io.aswarm.ebpf.KernelSupport;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.KeyFile;
import io.aswarm.trust.PublicKey;
import org.agrona.IoUtil;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The node as shipped (the fat jar, in a process of its own) on the gateway of a {@link GatewayNetwork}; to be
 * registered with {@code @RegisterExtension}. Nothing is there before {@link #open(String)}; after each test node,
 * network, pins and files are gone, whatever happened.
 */
final class NodeLab implements BeforeEachCallback, AfterEachCallback
{
    static final int OPEN_TIMEOUT_MS = 3000;
    static final int BLOCKED_TIMEOUT_MS = 400;
    /** The first of those that the server and the gateway refuse. */
    static final int CLOSED_PORTS = 20_000;
    /** No scan goes on for as long. */
    static final int PORTS_MAX = 2000;

    static final String SENSORS = "sensors: {conntrack: true, processes: true}";

    /** Of the node; another one than the build's with -Daswarm.node.java.home=DIR. */
    private static final String JAVA_HOME =
        System.getProperty("aswarm.node.java.home", System.getProperty("java.home"));
    private static final String DROP_TTL = "ttl: [30s, 2m, 10m]\n    ttl_decay: 10m";
    private static final long READY_TIMEOUT_S = 60;
    private static final long POLL_MS = 5;

    private final GatewayNetwork network = new GatewayNetwork();
    private Path directory;
    private Path jar;
    private Path bpf;
    private Process node;
    private Path log;
    private int starts;

    @Override
    public void beforeEach(final ExtensionContext context) throws IOException
    {
        KernelSupport.require();
        jar = Path.of("target", "aswarm.jar").toAbsolutePath();
        assertTrue(Files.exists(jar), jar + " is made by the package phase: run mvn verify");
        directory = Files.createTempDirectory("asw-node-");
    }

    /** A site of this node alone. */
    void open(final String ttl) throws IOException, KernelException, DocumentException
    {
        open(ttl, null);
    }

    /** A site of this node and of one that is never started. */
    void open(final String ttl, final String peerName) throws IOException, KernelException, DocumentException
    {
        bpf = KernelSupport.mountBpfFs();
        network.make();
        writeSite(ttl, peerName);
    }

    @Override
    public void afterEach(final ExtensionContext context) throws IOException
    {
        if (null != node && node.isAlive())
        {
            kill();
        }
        try
        {
            network.close();
        }
        finally
        {
            if (null != bpf)
            {
                KernelSupport.unmount(bpf);
            }
            if (null != directory)
            {
                IoUtil.delete(directory.toFile(), false);
            }
        }
    }

    /** The node's configuration. */
    String config()
    {
        return file("node.yaml").toString();
    }

    /** In the lab's directory. */
    Path file(final String name)
    {
        return directory.resolve(name);
    }

    GatewayNetwork network()
    {
        return network;
    }

    /** Before the start: another line of the configuration. */
    void configure(final String line, final String with) throws IOException
    {
        final String before = Files.readString(file("node.yaml"));
        assertTrue(before.contains(line), before);
        Files.writeString(file("node.yaml"), before.replace(line, with));
    }

    /** The value of a counter, by the beginning of its label. */
    long stat(final String label) throws IOException
    {
        final JsonNode stats = new ObjectMapper().readTree(
            command(ExitCode.OK, "stats", "--once", "--json", "-c", config()));
        for (final JsonNode counter : stats.path("counters"))
        {
            if (counter.path("label").asText().startsWith(label))
            {
                return counter.path("value").asLong();
            }
        }
        throw new AssertionError("no counter " + label + " in " + stats);
    }

    /** Start the node and wait until it says that it is ready. */
    void start() throws Exception
    {
        starts++;
        log = file("node-" + starts + ".log");
        final ProcessBuilder builder = new ProcessBuilder(
            Path.of(JAVA_HOME, "bin", "java").toString(), "-XX:+UseSerialGC", "-Xms64m",
            "-Xmx192m", "-jar", jar.toString(), "run", "--config", config())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
        node = network.gateway().call(builder::start);
        final int readyBefore = starts - 1;
        await("ready", READY_TIMEOUT_S, () -> events("ready").size() > readyBefore);
    }

    /** SIGTERM, and the exit status. */
    int stop() throws InterruptedException
    {
        node.destroy();
        assertTrue(node.waitFor(20, TimeUnit.SECONDS), "the node does not end");
        return node.exitValue();
    }

    /** SIGKILL. */
    void kill()
    {
        // join() and not waitFor(): it does not end with an interrupt while the process lives on
        node.destroyForcibly().onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }

    boolean isAlive()
    {
        return node.isAlive();
    }

    /** To the server. */
    Attempt connect(final String source, final int port, final int timeoutMs) throws IOException
    {
        return network.connect(source, GatewayNetwork.SERVER, port, timeoutMs);
    }

    /** Touch closed ports until nothing answers any more; how many answered. */
    int scanUntilSilent() throws IOException
    {
        for (int i = 0; i < PORTS_MAX; i++)
        {
            if (Attempt.SILENT == connect(GatewayNetwork.ATTACKER, CLOSED_PORTS + i, BLOCKED_TIMEOUT_MS))
            {
                return i;
            }
        }
        throw new AssertionError("nothing was contained within " + PORTS_MAX + " ports" + tail());
    }

    List<JsonNode> events(final String name) throws IOException
    {
        final Path file = file("events.jsonl");
        final List<JsonNode> events = new ArrayList<>();
        if (Files.exists(file))
        {
            final String text = Files.readString(file);
            // the last line may be only half written
            for (final String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n"))
            {
                if (line.contains("\"event\":\"" + name + "\""))
                {
                    events.add(new ObjectMapper().readTree(line));
                }
            }
        }
        return events;
    }

    JsonNode awaitEvent(final String name, final long timeoutS, final Predicate<JsonNode> which) throws Exception
    {
        await(name, timeoutS, () -> events(name).stream().anyMatch(which));
        return events(name).stream().filter(which).findFirst().orElseThrow();
    }

    /** Run the command in this process, as an operator would beside the node. */
    String command(final int expectedExitCode, final String... args)
    {
        final StringWriter out = new StringWriter();
        final PrintWriter writer = new PrintWriter(out, true);
        final int exitCode = Main.commandLine().setOut(writer).setErr(writer).execute(args);
        assertEquals(expectedExitCode, exitCode, String.join(" ", args) + ": " + out);
        return out.toString();
    }

    /** Run the command as shipped, in a process of its own, with its standard output to a file; the exit status. */
    int process(final Path output, final String... args) throws IOException, InterruptedException
    {
        final List<String> line = new ArrayList<>(List.of(
            Path.of(JAVA_HOME, "bin", "java").toString(), "-XX:+UseSerialGC", "-jar", jar.toString()));
        line.addAll(List.of(args));
        final Process process = new ProcessBuilder(line)
            .redirectError(file("command.log").toFile())
            .redirectOutput(output.toFile())
            .start();
        assertTrue(process.waitFor(READY_TIMEOUT_S, TimeUnit.SECONDS), String.join(" ", args) + " does not end");
        return process.exitValue();
    }

    void await(final String what, final long timeoutS, final Condition condition) throws Exception
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutS);
        while (!condition.holds())
        {
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new AssertionError("no " + what + " within " + timeoutS + " s" + tail());
            }
            if (null != node && !node.isAlive() && "ready".equals(what))
            {
                throw new AssertionError("the node ended with " + node.exitValue() + tail());
            }
            Thread.sleep(POLL_MS);
        }
    }

    /** Something that becomes true. */
    interface Condition
    {
        boolean holds() throws Exception;
    }

    /** As shipped. */
    static String defaultCatalog() throws IOException
    {
        try (InputStream in = Catalog.class.getResourceAsStream("default-catalog.yaml"))
        {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void writeSite(final String ttl, final String peerName) throws IOException, DocumentException
    {
        final PublicKey nodeKey = KeyFile.generate(file("node.key")).publicKey();
        final PublicKey operatorKey = KeyFile.generate(file("operator.key")).publicKey();
        final String peer = null == peerName ? "" : "  - {id: 2, name: " + peerName + ", key: \"" +
            KeyFile.generate(file("peer.key")).publicKey() + "\"}\n";
        Files.writeString(file("roster.yaml"),
            "site: lab\nnodes:\n  - {id: 1, name: gw1, key: \"" + nodeKey + "\"}\n" + peer +
            "operators:\n  - {name: alice, key: \"" + operatorKey + "\"}\n" +
            "  - {name: bob, key: \"" + KeyFile.generate(file("bob.key")).publicKey() + "\"}\n");
        final String catalog = defaultCatalog();
        assertTrue(catalog.contains(DROP_TTL), "the shipped catalog changed: adapt this lab");
        Files.writeString(file("catalog.yaml"), catalog.replace(DROP_TTL, "ttl: " + ttl));
        command(ExitCode.OK, "catalog", "sign", file("catalog.yaml").toString(), "--operator", "alice",
            "--key", file("operator.key").toString());
        Files.writeString(file("node.yaml"),
            "node: gw1\nroster: roster.yaml\nkey: node.key\ncatalog: {file: catalog.yaml}\n" +
            "directories: {state: state, aeron: aeron, pins: " + bpf.resolve("gw1") + "}\n" +
            "interfaces: [{name: spine0}, {name: port1}]\n" +
            "mesh: {interface: " + (null == peerName ? "none" : GatewayNetwork.MESH_GATEWAY) + "}\n" +
            SENSORS + "\nevent_log: events.jsonl\ncontrol_socket: control.sock\n");
    }

    private String tail() throws IOException
    {
        return null == log || !Files.exists(log) ? "" : "; it said:\n" + Files.readString(log);
    }
}
