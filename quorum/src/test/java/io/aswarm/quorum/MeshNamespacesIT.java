package io.aswarm.quorum;

import io.aswarm.ebpf.KernelSupport;
import io.aswarm.trust.KeyFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Four nodes, each in a process and a network namespace of its own, joined by a bridge in a fifth.
 */
class MeshNamespacesIT
{
    private static final int NODES = 4;
    private static final long SUBJECT = 0x0000_ffff_c612_0001L;

    private final String prefix = "asw-q" + ProcessHandle.current().pid();
    private final List<Node> nodes = new ArrayList<>();
    @TempDir
    private Path directory;

    private static final class Node
    {
        private Process process;
        private Writer in;
        private final BlockingQueue<String> out = new LinkedBlockingQueue<>();
    }

    @BeforeAll
    static void requireKernel()
    {
        KernelSupport.require();
    }

    @BeforeEach
    void makeNamespaces() throws IOException, InterruptedException
    {
        ip("netns add " + prefix + "-br");
        ip("-n " + prefix + "-br link add br0 type bridge");
        ip("-n " + prefix + "-br link set br0 up");
        final StringBuilder roster = new StringBuilder("site: lab\nnodes:\n");
        for (int id = 1; id <= NODES; id++)
        {
            final String space = prefix + "-" + id;
            ip("netns add " + space);
            ip("-n " + prefix + "-br link add port" + id + " type veth peer name mesh0 netns " + space);
            ip("-n " + prefix + "-br link set port" + id + " master br0 up");
            ip("-n " + space + " addr add 198.18.200." + id + "/24 dev mesh0");
            ip("-n " + space + " addr add 2001:2::c8:" + id + "/64 dev mesh0 nodad");
            ip("-n " + space + " link set lo up");
            ip("-n " + space + " link set mesh0 up");
            roster.append("  - {id: ").append(id).append(", name: gateway-").append(id).append(", key: \"")
                .append(KeyFile.generate(directory.resolve("key-" + id)).publicKey()).append("\"}\n");
        }
        Files.writeString(directory.resolve("roster.yaml"), roster);
    }

    @AfterEach
    void removeNamespaces() throws IOException, InterruptedException
    {
        for (final Node node : nodes)
        {
            node.process.destroyForcibly().waitFor();
        }
        for (int id = 1; id <= NODES; id++)
        {
            run(List.of("ip", "netns", "del", prefix + "-" + id));
        }
        run(List.of("ip", "netns", "del", prefix + "-br"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"239.198.18.1", "ff15::c8:1"})
    void shouldReachTheSameElevationInFourNamespaces(final String group) throws IOException, InterruptedException
    {
        startAll(group);
        for (int i = 0; i < 3; i++)
        {
            tell(i, "signal " + SUBJECT + " 5.0");
        }
        for (int i = 0; i < NODES; i++)
        {
            await(i, "elevation " + SUBJECT + " [gateway-1, gateway-2, gateway-3]");
        }
    }

    @Test
    void shouldHearANodeAgainThatWasKilledAndRestarted() throws IOException, InterruptedException
    {
        startAll("239.198.18.1");
        nodes.get(0).process.destroyForcibly().waitFor();
        start(1, "239.198.18.1");
        nodes.set(0, nodes.remove(NODES));
        await(0, "members 4");
        for (int i = 0; i < 3; i++)
        {
            tell(i, "signal " + SUBJECT + " 5.0");
        }
        for (int i = 0; i < NODES; i++)
        {
            await(i, "elevation " + SUBJECT + " [gateway-1, gateway-2, gateway-3]");
        }
    }

    @Test
    void shouldNotElevateInAMinorityOfTwoButOnOwnStrongEvidence() throws IOException, InterruptedException
    {
        startAll("239.198.18.1");
        ip("-n " + prefix + "-br link set port3 down");
        ip("-n " + prefix + "-br link set port4 down");
        await(0, "members 2");
        tell(0, "signal " + SUBJECT + " 15.0");
        tell(1, "signal " + SUBJECT + " 15.0");
        tell(1, "signal " + (SUBJECT + 1) + " 28.0");
        // the lines of one node are in order: nothing was elevated before this
        assertEquals("elevation " + (SUBJECT + 1) + " [gateway-2] local", next(1, "elevation "));
    }

    private void startAll(final String group) throws IOException, InterruptedException
    {
        for (int id = 1; id <= NODES; id++)
        {
            start(id, group);
        }
        for (int i = 0; i < NODES; i++)
        {
            await(i, "members " + NODES);
        }
    }

    private void start(final int id, final String group) throws IOException
    {
        final List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", prefix + "-" + id,
            System.getProperty("java.home") + "/bin/java", "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter((argument) -> argument.startsWith("--")).forEach(command::add);
        command.addAll(List.of(
            "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            MeshNodeMain.class.getName(), directory.resolve("roster.yaml").toString(),
            directory.resolve("key-" + id).toString(), String.valueOf(id), directory.resolve("aeron-" + id).toString(),
            group, "20457", group.indexOf(':') < 0 ? "198.18.200." + id : "2001:2::c8:" + id));

        final Node node = new Node();
        node.process = new ProcessBuilder(command)
            .redirectError(new File(directory.toFile(), "err-" + id)).start();
        node.in = node.process.outputWriter(StandardCharsets.US_ASCII);
        final BufferedReader reader =
            new BufferedReader(new InputStreamReader(node.process.getInputStream(), StandardCharsets.US_ASCII));
        final Thread drain = new Thread(() -> reader.lines().forEach(node.out::add));
        drain.setDaemon(true);
        drain.start();
        nodes.add(node);
    }

    private void tell(final int index, final String command) throws IOException
    {
        nodes.get(index).in.write(command + "\n");
        nodes.get(index).in.flush();
    }

    private void await(final int index, final String expected) throws IOException, InterruptedException
    {
        String line = next(index, "");
        while (!line.equals(expected))
        {
            assertTrue(!line.startsWith("elevation"), "expected \"" + expected + "\" but node said \"" + line + "\"");
            line = next(index, "");
        }
    }

    private String next(final int index, final String beginning) throws IOException, InterruptedException
    {
        String line;
        do
        {
            line = nodes.get(index).out.poll(60, TimeUnit.SECONDS);
            assertNotNull(line, "node " + (index + 1) + " said nothing for a minute; its errors: " +
                Files.readString(directory.resolve("err-" + (index + 1))));
        }
        while (!line.startsWith(beginning));
        return line;
    }

    private static void ip(final String arguments) throws IOException, InterruptedException
    {
        final List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments.split(" ")));
        assertEquals(0, run(command), () -> String.join(" ", command));
    }

    private static int run(final List<String> command) throws IOException, InterruptedException
    {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
