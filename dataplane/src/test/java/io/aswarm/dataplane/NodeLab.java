package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aswarm.actuator.Catalog;
import io.aswarm.ebpf.KernelException;
import io.aswarm.ebpf.KernelSupport;
import io.aswarm.ebpf.NetworkNamespace;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.KeyFile;
import io.aswarm.trust.PublicKey;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
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
 * A gateway with the node as shipped (the fat jar, in a process of its own), a server behind it, and outside it an
 * attacker and a client on one wire: three network namespaces, all removed on close.
 * <pre>
 *   attacker .66, client .67 ── spine0 [gateway] port1 ── 198.18.78.10 server, one service on 8080
 *          198.18.77.0/24                198.18.78.0/24
 * </pre>
 */
final class NodeLab implements AutoCloseable
{
    static final String ATTACKER = "198.18.77.66";
    static final String CLIENT = "198.18.77.67";
    static final String GATEWAY = "198.18.77.1";
    static final String SERVER = "198.18.78.10";
    static final String MESH_GATEWAY = "198.18.79.1";
    static final String MESH_STRANGER = "198.18.79.66";
    static final int SERVICE_PORT = 8080;
    static final int BLOCKED_TIMEOUT_MS = 400;

    static final String SENSORS = "sensors: {conntrack: true, processes: true}";

    /** What became of one attempt to connect. */
    enum Attempt
    {
        OPEN,
        REFUSED,
        SILENT
    }

    /** Of the node; another one than the build's with -Daswarm.node.java.home=DIR. */
    private static final String JAVA_HOME =
        System.getProperty("aswarm.node.java.home", System.getProperty("java.home"));
    private static final String DROP_TTL = "ttl: [30s, 2m, 10m]\n    ttl_decay: 10m";
    private static final long READY_TIMEOUT_S = 60;
    private static final long POLL_MS = 5;

    private final String prefix = "asw-dp" + ProcessHandle.current().pid() + "-";
    private final Path directory;
    private final Path jar;
    private final Path bpf;
    private final List<Closeable> opened = new ArrayList<>();
    private final List<String> namespaces = new ArrayList<>();
    private NetworkNamespace gateway;
    private NetworkNamespace outside;
    private Process node;
    private Path log;
    private int starts;

    private NodeLab(final Path directory) throws IOException, KernelException
    {
        this.directory = directory;
        this.jar = Path.of("target", "aswarm.jar").toAbsolutePath();
        assertTrue(Files.exists(jar), jar + " is made by the package phase: run mvn verify");
        this.bpf = KernelSupport.mountBpfFs();
    }

    static NodeLab open(final Path directory, final String ttl, final String peerName) throws Exception
    {
        final NodeLab lab = new NodeLab(directory);
        boolean isOpen = false;
        try
        {
            lab.makeNamespaces();
            lab.writeSite(ttl, peerName);
            lab.serve();
            isOpen = true;
            return lab;
        }
        finally
        {
            if (!isOpen)
            {
                lab.close();
            }
        }
    }

    Path config()
    {
        return directory.resolve("node.yaml");
    }

    Path directory()
    {
        return directory;
    }

    NetworkNamespace gateway()
    {
        return gateway;
    }

    NetworkNamespace outside()
    {
        return outside;
    }

    /** Before the start: the gateway tracks connections and counts their bytes. */
    void trackInGateway() throws IOException
    {
        final String gw = prefix + "gw";
        run("ip", "netns", "exec", gw, "nft",
            "add table inet asw; add chain inet asw pre { type filter hook prerouting priority 0; };" +
            "add rule inet asw pre ct state new accept");
        run("ip", "netns", "exec", gw, "sysctl", "-q", "-w", "net.netfilter.nf_conntrack_acct=1");
    }

    /** Before the start: another line of the configuration. */
    void configure(final String line, final String with) throws IOException
    {
        final String before = Files.readString(config());
        assertTrue(before.contains(line), before);
        Files.writeString(config(), before.replace(line, with));
    }

    /** The value of a counter, by the beginning of its label. */
    long stat(final String label) throws IOException
    {
        final JsonNode stats = new ObjectMapper().readTree(
            command(ExitCode.OK, "stats", "--once", "--json", "-c", config().toString()));
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
        log = directory.resolve("node-" + starts + ".log");
        final ProcessBuilder builder = new ProcessBuilder(
            Path.of(JAVA_HOME, "bin", "java").toString(), "-XX:+UseSerialGC", "-Xms64m",
            "-Xmx192m", "-jar", jar.toString(), "run", "--config", config().toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
        node = gateway.call(builder::start);
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

    Attempt connect(final String source, final int port, final int timeoutMs) throws IOException
    {
        return connect(source, SERVER, port, timeoutMs);
    }

    Attempt connect(final String source, final String target, final int port, final int timeoutMs)
        throws IOException
    {
        return outside.call(() ->
        {
            try (Socket socket = new Socket())
            {
                socket.bind(new InetSocketAddress(source, 0));
                socket.connect(new InetSocketAddress(target, port), timeoutMs);
                return Attempt.OPEN;
            }
            catch (final SocketTimeoutException ex)
            {
                return Attempt.SILENT;
            }
            catch (final ConnectException ex)
            {
                return Attempt.REFUSED;
            }
        });
    }

    /** Touch closed ports until nothing answers any more; how many answered. */
    int scanUntilSilent(final int portFrom, final int portsMax) throws IOException
    {
        for (int i = 0; i < portsMax; i++)
        {
            if (Attempt.SILENT == connect(ATTACKER, portFrom + i, BLOCKED_TIMEOUT_MS))
            {
                return i;
            }
        }
        throw new AssertionError("nothing was contained within " + portsMax + " ports" + tail());
    }

    List<JsonNode> events(final String name) throws IOException
    {
        final Path file = directory.resolve("events.jsonl");
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
            .redirectError(directory.resolve("command.log").toFile())
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

    @Override
    public void close() throws IOException
    {
        if (null != node && node.isAlive())
        {
            kill();
        }
        for (final Closeable each : opened)
        {
            each.close();
        }
        for (final String name : namespaces)
        {
            run("ip", "netns", "delete", name);
        }
        KernelSupport.unmount(bpf);
    }

    /** Something that becomes true. */
    interface Condition
    {
        boolean holds() throws Exception;
    }

    private void makeNamespaces() throws IOException
    {
        final String gw = namespace("gw");
        final String out = namespace("out");
        final String srv = namespace("srv");
        wire(gw, "spine0", "198.18.77.1/24", out, "eth0", ATTACKER + "/24");
        ip(out, "addr", "add", CLIENT + "/24", "dev", "eth0");
        wire(gw, "port1", "198.18.78.1/24", srv, "eth0", SERVER + "/24");
        wire(gw, "mesh0", MESH_GATEWAY + "/24", out, "mesh0", MESH_STRANGER + "/24");
        ip(out, "route", "add", "198.18.78.0/24", "via", "198.18.77.1");
        ip(srv, "route", "add", "default", "via", "198.18.78.1");
        run("ip", "netns", "exec", gw, "sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
        gateway = NetworkNamespace.open(gw);
        opened.add(gateway::close);
        outside = NetworkNamespace.open(out);
        opened.add(outside::close);
    }

    private String namespace(final String role) throws IOException
    {
        final String name = prefix + role;
        run("ip", "netns", "add", name);
        namespaces.add(name);
        ip(name, "link", "set", "lo", "up");
        return name;
    }

    private void wire(
        final String left, final String leftName, final String leftAddress,
        final String right, final String rightName, final String rightAddress) throws IOException
    {
        run("ip", "link", "add", leftName, "netns", left, "type", "veth", "peer", "name", rightName, "netns", right);
        ip(left, "addr", "add", leftAddress, "dev", leftName);
        ip(right, "addr", "add", rightAddress, "dev", rightName);
        ip(left, "link", "set", leftName, "up");
        ip(right, "link", "set", rightName, "up");
    }

    private void writeSite(final String ttl, final String peerName) throws IOException, DocumentException
    {
        final PublicKey nodeKey = KeyFile.generate(directory.resolve("node.key")).publicKey();
        final PublicKey operatorKey = KeyFile.generate(directory.resolve("operator.key")).publicKey();
        final String peer = null == peerName ? "" : "  - {id: 2, name: " + peerName + ", key: \"" +
            KeyFile.generate(directory.resolve("peer.key")).publicKey() + "\"}\n";
        Files.writeString(directory.resolve("roster.yaml"),
            "site: lab\nnodes:\n  - {id: 1, name: gw1, key: \"" + nodeKey + "\"}\n" + peer +
            "operators:\n  - {name: alice, key: \"" + operatorKey + "\"}\n" +
            "  - {name: bob, key: \"" + KeyFile.generate(directory.resolve("bob.key")).publicKey() + "\"}\n");
        try (InputStream in = Catalog.class.getResourceAsStream("default-catalog.yaml"))
        {
            final String catalog = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(catalog.contains(DROP_TTL), "the shipped catalog changed: adapt this lab");
            Files.writeString(directory.resolve("catalog.yaml"), catalog.replace(DROP_TTL, "ttl: " + ttl));
        }
        command(ExitCode.OK, "catalog", "sign", directory.resolve("catalog.yaml").toString(), "--operator", "alice",
            "--key", directory.resolve("operator.key").toString());
        Files.writeString(config(),
            "node: gw1\nroster: roster.yaml\nkey: node.key\ncatalog: {file: catalog.yaml}\n" +
            "directories: {state: state, aeron: aeron, pins: " + bpf.resolve("gw1") + "}\n" +
            "interfaces: [{name: spine0}, {name: port1}]\n" +
            "mesh: {interface: " + (null == peerName ? "none" : MESH_GATEWAY) + "}\n" +
            SENSORS + "\nevent_log: events.jsonl\ncontrol_socket: control.sock\n");
    }

    private void serve() throws IOException
    {
        final NetworkNamespace server = NetworkNamespace.open(prefix + "srv");
        final ServerSocket socket = server.call(
            () -> new ServerSocket(SERVICE_PORT, 64, InetAddress.getByName(SERVER)));
        opened.add(socket);
        opened.add(server::close);
        final Thread thread = new Thread(() -> accept(socket), "lab-service");
        thread.setDaemon(true);
        thread.start();
    }

    private static void accept(final ServerSocket socket)
    {
        while (!socket.isClosed())
        {
            try (Socket accepted = socket.accept())
            {
                accepted.setSoLinger(false, 0);
            }
            catch (final IOException ignore)
            {
                // closed with the lab, or the client went away
            }
        }
    }

    private String tail() throws IOException
    {
        return null == log || !Files.exists(log) ? "" : "; it said:\n" + Files.readString(log);
    }

    private static void ip(final String namespace, final String... args) throws IOException
    {
        final List<String> command = new ArrayList<>(List.of("ip", "-n", namespace));
        command.addAll(List.of(args));
        run(command.toArray(new String[0]));
    }

    private static void run(final String... command) throws IOException
    {
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try
        {
            assertEquals(0, process.waitFor(), String.join(" ", command) + ": " + output);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IOException(ex);
        }
    }
}
