package io.aswarm.twinlab;

import io.aswarm.dataplane.ExitCode;
import io.aswarm.ebpf.NetworkNamespace;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One node: the appliance as shipped, in a virtual machine of its own, in its gateway's namespace, with a
 * configuration file. What it says is known only from its event log, as anybody could.
 */
final class GatewayNode implements AutoCloseable
{
    private static final int LOG_LINES_SHOWN = 12;
    private static final long STOP_TIMEOUT_S = 10;

    private final int rack;
    private final Path log;
    private final Process process;
    private final EventLogReader events;

    private GatewayNode(final int rack, final Path log, final Process process, final EventLogReader events)
    {
        this.rack = rack;
        this.log = log;
        this.process = process;
        this.events = events;
    }

    /**
     * Start a node.
     *
     * @param rack      of its gateway.
     * @param namespace of its gateway.
     * @param jar       of the appliance.
     * @param files     of the site.
     * @param manifest  that gets its process.
     * @return the node, started but not yet ready.
     * @throws IOException when it cannot be started.
     */
    static GatewayNode start(
        final int rack,
        final NetworkNamespace namespace,
        final Path jar,
        final SiteFiles files,
        final RunManifest manifest)
        throws IOException
    {
        final Path log = files.node(rack).resolve("node.log");
        // what the node unpacks goes with the drill's directory, also when the node is killed
        final Path temporary = Files.createDirectories(files.node(rack).resolve("tmp"));
        final List<String> command = new ArrayList<>(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC", "-Xms64m", "-Xmx192m", "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData",
            "-Djava.io.tmpdir=" + temporary,
            "-jar", jar.toString(), "run", "--config", files.config(rack).toString()));
        final ProcessBuilder builder = new ProcessBuilder(command)
            .directory(files.node(rack).toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .redirectOutput(log.toFile());
        // a child lives in the namespace of the thread that starts it
        final Process process = namespace.call(builder::start);
        manifest.process(process.pid());
        return new GatewayNode(rack, log, process, new EventLogReader(files.eventLog(rack)));
    }

    int rack()
    {
        return rack;
    }

    String name()
    {
        return RackPlan.gatewayName(rack);
    }

    /** Events since the last call. */
    List<NodeEvent> poll() throws IOException
    {
        return events.poll();
    }

    List<String> faults()
    {
        return events.faults();
    }

    boolean isAlive()
    {
        return process.isAlive();
    }

    /** Whether it ended because the machine refuses, by its exit status. */
    boolean isRefused()
    {
        return !process.isAlive() && ExitCode.ENVIRONMENT == process.exitValue();
    }

    /** Fails, with the last line that the node said, when it no longer runs. */
    void check() throws IOException
    {
        if (!process.isAlive())
        {
            final List<String> said = lastWords();
            throw new IOException("node " + name() + " ended with status " + process.exitValue() + ": " +
                (said.isEmpty() ? "it said nothing" : said.get(said.size() - 1)));
        }
    }

    /** The end of the node's own log. */
    List<String> lastWords()
    {
        try
        {
            final List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
            return lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size());
        }
        catch (final IOException ex)
        {
            return List.of("its log cannot be read: " + ex.getMessage());
        }
    }

    /** SIGTERM; {@link #close()} waits for it. */
    void terminate()
    {
        process.destroy();
    }

    /** Stop the node and wait; one that does not stop is killed. */
    @Override
    public void close() throws IOException
    {
        process.destroy();
        try
        {
            if (!process.waitFor(STOP_TIMEOUT_S, TimeUnit.SECONDS))
            {
                process.destroyForcibly();
            }
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        events.close();
    }
}
