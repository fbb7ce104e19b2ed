package io.aswarm.quorum;

import io.aswarm.ebpf.KernelSupport;
import io.aswarm.ebpf.NamespaceLab;
import io.aswarm.trust.KeyFile;
import org.agrona.IoUtil;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Nodes for tests, each in a process and a network namespace of its own, joined by a bridge in a further one; to be
 * registered with {@code @RegisterExtension}. Before each test the namespaces are made, where the kernel lets us; after
 * it namespaces, processes and files are gone, whatever happened.
 */
final class MeshLab implements BeforeEachCallback, AfterEachCallback
{
    static final int PORT = 20_457;
    static final String MULTICAST = "239.198.18.1";
    static final String MULTICAST_V6 = "ff15::c8:1";
    static final String UNICAST = "unicast";
    static final String UNICAST_V6 = "unicast6";
    /** By way of {@link MeshStrangers#startRelay}. */
    static final String RELAYED = "unicast-relayed";

    static final List<String> OPERATORS = List.of("alice", "bob");

    /** Added to a node's number, the relay's address for it. */
    static final int RELAY = 100;

    private static final String BRIDGE = "br";

    private final NamespaceLab lab = new NamespaceLab("q");
    private final int size;
    private final List<String> options;
    private final Map<Integer, List<String>> optionsById = new HashMap<>();
    private final Map<Integer, NodeProcess> nodes = new HashMap<>();
    private final List<Process> others = new ArrayList<>();
    private Path directory;

    /** So many nodes, all with these options of the JVM. */
    MeshLab(final int size, final String... options)
    {
        this.size = size;
        this.options = List.of(options);
    }

    @Override
    public void beforeEach(final ExtensionContext context) throws IOException, InterruptedException
    {
        KernelSupport.require();
        directory = Files.createTempDirectory("asw-mesh-");
        make();
    }

    @Override
    public void afterEach(final ExtensionContext context) throws IOException, InterruptedException
    {
        nodes.values().forEach(NodeProcess::kill);
        others.forEach((other) -> other.destroyForcibly().onExit().join());
        lab.close();
        if (null != directory)
        {
            IoUtil.delete(directory.toFile(), false);
        }
    }

    private void make() throws IOException, InterruptedException
    {
        lab.add(BRIDGE);
        ip("-n " + bridge() + " link add br0 type bridge mcast_snooping 0");
        ip("-n " + bridge() + " link set br0 up");
        final StringBuilder roster = new StringBuilder("site: lab\nnodes:\n");
        for (int id = 1; id <= size; id++)
        {
            final String space = space(id);
            lab.add(Integer.toString(id));
            ip("-n " + bridge() + " link add port" + id + " type veth peer name mesh0 netns " + space);
            ip("-n " + bridge() + " link set port" + id + " master br0 up");
            ip("-n " + space + " addr add " + address(id, false) + "/24 dev mesh0");
            ip("-n " + space + " addr add " + address(id, true) + "/64 dev mesh0 nodad");
            ip("-n " + space + " link set mesh0 up");
            roster.append("  - {id: ").append(id).append(", name: gateway-").append(id).append(", key: \"")
                .append(KeyFile.generate(directory.resolve("key-" + id)).publicKey()).append("\"}\n");
        }
        roster.append("operators:\n");
        for (final String operator : OPERATORS)
        {
            roster.append("  - {name: ").append(operator).append(", key: \"")
                .append(KeyFile.generateHybrid(directory.resolve(operator)).publicKey()).append("\"}\n");
        }
        Files.writeString(directory.resolve("roster.yaml"), roster);
    }

    /** The roster of the site without all but these nodes, in a file. */
    Path rosterOf(final Integer... ids) throws IOException
    {
        final List<Integer> remain = List.of(ids);
        final List<String> lines = Files.readAllLines(directory.resolve("roster.yaml")).stream()
            .filter((line) -> !line.startsWith("  - {id: ") ||
            remain.contains(Integer.valueOf(line.substring("  - {id: ".length(), line.indexOf(','))))).toList();
        return Files.write(directory.resolve("roster-" + remain.size() + ".yaml"), lines);
    }

    /** Start all nodes and wait until each hears all. */
    void startAll(final String transport) throws IOException, InterruptedException
    {
        for (int id = 1; id <= size; id++)
        {
            start(id, transport);
        }
        for (int id = 1; id <= size; id++)
        {
            node(id).awaitAll("members " + size, "reach " + (size - 1));
        }
    }

    /** From its next start on. */
    void options(final int id, final String... its)
    {
        optionsById.put(id, List.of(its));
    }

    void start(final int id, final String transport) throws IOException
    {
        start(id, id, space(id), address(id, transport.indexOf(':') >= 0 || UNICAST_V6.equals(transport)), transport);
    }

    /** Somebody with the key of a node, elsewhere, who is told things under the number after the last. */
    int startThief(final int victim) throws IOException, InterruptedException
    {
        stand();
        start(size + 1, victim, bridge(), address(RELAY, false), MULTICAST);
        return size + 1;
    }

    private void start(
        final int place, final int id, final String namespace, final String address, final String transport)
        throws IOException
    {
        final boolean isV6 = transport.indexOf(':') >= 0 || UNICAST_V6.equals(transport);
        final String members = RELAYED.equals(transport) ? relays() :
            transport.startsWith(UNICAST) ? members(isV6) : "";
        final List<String> command = java(namespace, MeshNodeMain.class, optionsById.getOrDefault(place, List.of()));
        command.addAll(List.of(
            directory.resolve("roster.yaml").toString(),
            directory.resolve("key-" + id).toString(), String.valueOf(id), aeron(place).toString(),
            transport.startsWith(UNICAST) ? "none" : transport, String.valueOf(PORT), address, members));

        nodes.put(place, new NodeProcess("node " + place, command, directory.resolve("err-" + place)));
    }

    /** Make the bridge a machine of its own, beside the nodes. */
    void stand() throws IOException, InterruptedException
    {
        ip("-n " + bridge() + " addr replace " + address(RELAY, false) + "/24 dev br0");
        ip("-n " + bridge() + " route replace 224.0.0.0/4 dev br0");
    }

    /** Kill this too when the lab closes. */
    Process own(final Process other)
    {
        others.add(other);
        return other;
    }

    NodeProcess node(final int id)
    {
        return nodes.get(id);
    }

    /** As by kill -9. */
    void kill(final int id)
    {
        node(id).kill();
    }

    void tell(final int id, final String command) throws IOException
    {
        node(id).tell(command);
    }

    void await(final int id, final String expected) throws IOException, InterruptedException
    {
        node(id).await(expected);
    }

    String next(final int id, final String beginning) throws IOException, InterruptedException
    {
        return node(id).next(beginning);
    }

    /** Exactly so much, in the end. */
    void awaitCount(final int id, final QuorumCounter counter, final long value)
        throws IOException, InterruptedException
    {
        awaitAnswer(id, "count " + counter.name(), value);
    }

    /** What is counted without being told of: whoever has told of something else may be quicker. */
    void awaitCountAbove(final int id, final QuorumCounter counter, final long value)
        throws IOException, InterruptedException
    {
        node(id).awaitAnswerAbove("count " + counter.name(), value);
    }

    void awaitAnswer(final int id, final String question, final long value) throws IOException, InterruptedException
    {
        node(id).awaitAnswer(question, value);
    }

    long count(final int id, final QuorumCounter counter) throws IOException, InterruptedException
    {
        return node(id).ask("count " + counter.name());
    }

    /** Bytes that the node put on its wire so far, as the bridge's port received them: Ethernet header, no checksum. */
    long egressBytes(final int id) throws IOException, InterruptedException
    {
        return Long.parseLong(output(List.of(
            "ip", "netns", "exec", bridge(), "cat", "/sys/class/net/port" + id + "/statistics/rx_bytes")).strip());
    }

    int size()
    {
        return size;
    }

    /** Of keys, the roster and what else a test puts there. */
    Path directory()
    {
        return directory;
    }

    Path aeron(final int id)
    {
        return directory.resolve("aeron-" + id);
    }

    String bridge()
    {
        return lab.name(BRIDGE);
    }

    String space(final int id)
    {
        return lab.name(Integer.toString(id));
    }

    List<String> inNamespace(final int id)
    {
        return new ArrayList<>(List.of("ip", "netns", "exec", space(id)));
    }

    List<String> java(final String namespace, final Class<?> main, final List<String> more)
    {
        final List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        command.addAll(List.of(
            System.getProperty("java.home") + "/bin/java", "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter((argument) -> argument.startsWith("--")).forEach(command::add);
        command.addAll(options);
        command.addAll(more);
        command.addAll(List.of(
            "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            main.getName()));
        return command;
    }

    private String relays()
    {
        final List<String> relays = new ArrayList<>();
        for (int id = 1; id <= size; id++)
        {
            relays.add(address(RELAY + id, false));
        }
        return String.join(",", relays);
    }

    static String address(final int id, final boolean isV6)
    {
        return isV6 ? "2001:2::c8:" + Integer.toHexString(id) : "198.18.200." + id;
    }

    private String members(final boolean isV6)
    {
        final List<String> members = new ArrayList<>();
        for (int id = 1; id <= size; id++)
        {
            members.add(address(id, isV6));
        }
        return String.join(",", members);
    }

    static void ip(final String arguments) throws IOException, InterruptedException
    {
        final List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments.split(" ")));
        assertEquals(0, run(command), () -> String.join(" ", command));
    }

    static int run(final List<String> command) throws IOException, InterruptedException
    {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    static String output(final List<String> command) throws IOException, InterruptedException
    {
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
