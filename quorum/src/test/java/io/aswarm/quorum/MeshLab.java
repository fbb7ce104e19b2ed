package io.aswarm.quorum;

import io.aswarm.trust.KeyFile;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Nodes for tests, each in a process and a network namespace of its own, joined by a bridge in a further one.
 * Namespaces and processes are gone after {@link #close()}, whatever happened.
 */
final class MeshLab implements AutoCloseable
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
    private static final long SAY_SECONDS_MAX = 60;
    private static final long POLL_MS = 50;

    private final String prefix = "asw-q" + ProcessHandle.current().pid();
    private final Path directory;
    final int size;
    private final List<String> options = new ArrayList<>();
    private final Map<Integer, List<String>> optionsById = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Process> others = new ArrayList<>();

    private static final class Node
    {
        private Process process;
        private Writer in;
        private final BlockingQueue<String> out = new LinkedBlockingQueue<>();
        private final List<String> said = new ArrayList<>();
    }

    MeshLab(final Path directory, final int size, final String... options) throws IOException, InterruptedException
    {
        this.directory = directory;
        this.size = size;
        this.options.addAll(List.of(options));
        boolean isMade = false;
        try
        {
            make();
            isMade = true;
        }
        finally
        {
            if (!isMade)
            {
                close();
            }
        }
    }

    private void make() throws IOException, InterruptedException
    {
        ip("netns add " + bridge());
        ip("-n " + bridge() + " link add br0 type bridge mcast_snooping 0");
        ip("-n " + bridge() + " link set br0 up");
        final StringBuilder roster = new StringBuilder("site: lab\nnodes:\n");
        for (int id = 1; id <= size; id++)
        {
            final String space = space(id);
            ip("netns add " + space);
            ip("-n " + bridge() + " link add port" + id + " type veth peer name mesh0 netns " + space);
            ip("-n " + bridge() + " link set port" + id + " master br0 up");
            ip("-n " + space + " addr add " + address(id, false) + "/24 dev mesh0");
            ip("-n " + space + " addr add " + address(id, true) + "/64 dev mesh0 nodad");
            ip("-n " + space + " link set lo up");
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

    /** Stop the nodes and remove the namespaces. */
    @Override
    public void close() throws IOException
    {
        try
        {
            clear();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted: namespaces " + prefix + "-* may be left", ex);
        }
    }

    private void clear() throws IOException, InterruptedException
    {
        for (final Node node : nodes)
        {
            if (null != node)
            {
                node.process.destroyForcibly().waitFor();
            }
        }
        for (final Process other : others)
        {
            other.destroyForcibly().waitFor();
        }
        for (int id = 1; id <= size; id++)
        {
            run(List.of("ip", "netns", "del", space(id)));
        }
        run(List.of("ip", "netns", "del", bridge()));
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
            awaitBoth(id, "members " + size, options.contains("-Dunsealed=true") ? null : "reach " + (size - 1));
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

        final Node node = new Node();
        node.process = new ProcessBuilder(command)
            .redirectError(new File(directory.toFile(), "err-" + place)).start();
        node.in = node.process.outputWriter(StandardCharsets.US_ASCII);
        final BufferedReader reader =
            new BufferedReader(new InputStreamReader(node.process.getInputStream(), StandardCharsets.US_ASCII));
        final Thread drain = new Thread(() -> reader.lines().forEach(node.out::add));
        drain.setDaemon(true);
        drain.start();
        while (nodes.size() < place)
        {
            nodes.add(null);
        }
        nodes.set(place - 1, node);
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

    /** As by kill -9. */
    void kill(final int id) throws InterruptedException
    {
        nodes.get(id - 1).process.destroyForcibly().waitFor();
    }

    void tell(final int id, final String command) throws IOException
    {
        nodes.get(id - 1).in.write(command + "\n");
        nodes.get(id - 1).in.flush();
    }

    /** Exactly so much, in the end. */
    void awaitCount(final int id, final QuorumCounter counter, final long value)
        throws IOException, InterruptedException
    {
        awaitAnswer(id, "count " + counter.name(), value);
    }

    void awaitAnswer(final int id, final String question, final long value) throws IOException, InterruptedException
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(SAY_SECONDS_MAX);
        long answer = ask(id, question);
        while (answer != value && System.nanoTime() - deadlineNs < 0)
        {
            Thread.sleep(POLL_MS);
            answer = ask(id, question);
        }
        assertEquals(value, answer, "node " + id + ": " + question);
    }

    /** Read on until the node says this; an elevation on the way is one too many. */
    void await(final int id, final String expected) throws IOException, InterruptedException
    {
        String line = next(id, "");
        while (!line.equals(expected))
        {
            assertTrue(!line.startsWith("elevation"), "expected \"" + expected + "\" but node said \"" + line + "\"");
            line = next(id, "");
        }
    }

    private void awaitBoth(final int id, final String one, final String other) throws IOException, InterruptedException
    {
        boolean isOneMissing = true;
        boolean isOtherMissing = null != other;
        while (isOneMissing || isOtherMissing)
        {
            final String line = next(id, "");
            isOneMissing &= !line.equals(one);
            isOtherMissing &= !line.equals(other);
        }
    }

    /** The next line that begins so. */
    String next(final int id, final String beginning) throws IOException, InterruptedException
    {
        String line;
        do
        {
            line = nodes.get(id - 1).out.poll(SAY_SECONDS_MAX, TimeUnit.SECONDS);
            assertNotNull(line, "node " + id + " said nothing for a minute, before: " + nodes.get(id - 1).said +
                "; its errors: " + Files.readString(directory.resolve("err-" + id)));
            nodes.get(id - 1).said.add(line);
        }
        while (!line.startsWith(beginning));
        return line;
    }

    /** A count of a node, or how many deposits it heard of another. */
    long ask(final int id, final String question) throws IOException, InterruptedException
    {
        tell(id, question);
        return Long.parseLong(next(id, question + " ").substring(question.length() + 1));
    }

    long count(final int id, final QuorumCounter counter) throws IOException, InterruptedException
    {
        return ask(id, "count " + counter.name());
    }

    /** Bytes that the node put on its wire so far, as the bridge's port received them: Ethernet header, no checksum. */
    long egressBytes(final int id) throws IOException, InterruptedException
    {
        return Long.parseLong(output(List.of(
            "ip", "netns", "exec", bridge(), "cat", "/sys/class/net/port" + id + "/statistics/rx_bytes")).strip());
    }

    Path aeron(final int id)
    {
        return directory.resolve("aeron-" + id);
    }

    String bridge()
    {
        return prefix + "-br";
    }

    String space(final int id)
    {
        return prefix + "-" + id;
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
