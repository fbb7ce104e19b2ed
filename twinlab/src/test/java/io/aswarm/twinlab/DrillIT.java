package io.aswarm.twinlab;

import com.fasterxml.jackson.databind.JsonNode;
import io.aswarm.ebpf.KernelSupport;
import io.aswarm.trust.CanonicalJson;
import io.aswarm.trust.DocumentException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The drill as a person starts it: both jars, real nodes, real kernel. What depends on the speed of the machine is
 * measured by the drill and not asserted here.
 */
class DrillIT
{
    private static final long TIMEOUT_S = 240;
    private static final Path LAB_JAR = Path.of("target", "aswarm-lab.jar");

    @TempDir
    private Path directory;

    @BeforeAll
    static void requireKernel()
    {
        KernelSupport.require();
    }

    @Test
    @Timeout(TIMEOUT_S)
    void shouldDetectContainProveAndRevertEveryScenarioAndLeaveNothing()
        throws IOException, InterruptedException, DocumentException
    {
        final JsonNode summary = drill("--scenario", "all", "--family", "6", "--ttl", "1s", "--json");

        assertEquals("linux_kernel_enforced", summary.path("tier").asText());
        assertEquals(9, summary.path("expected").asInt());
        assertEquals(9, summary.path("detected").asInt(), progress());
        assertEquals(9, summary.path("reverted").asInt(), progress());
        assertEquals(0, summary.path("leaked_after_effect").asInt(), progress());
        assertTrue(summary.path("blocked").asInt() > 0, progress());
        assertTrue(summary.path("benign").path("started").asInt() > 100, progress());
        assertEquals(0, summary.path("benign").path("failed").asInt(), progress());
        assertTrue(summary.path("certificates").path("written").asInt() >= 18, progress());
        assertEquals(summary.path("certificates").path("written"), summary.path("certificates").path("verified"));
        assertTrue(summary.path("leftovers").isEmpty(), progress());
    }

    @Test
    void shouldRefuseACaptureThatIsNone() throws IOException, InterruptedException
    {
        final Path file = Files.writeString(directory.resolve("not.pcap"), "this is a text, and no capture of packets");
        final Process process = start(List.of("replay", file.toString()));

        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(2, process.exitValue());
        assertTrue(progress().contains("not a capture"), progress());
        assertEquals(1, progress().lines().count(), progress());
    }

    @Test
    void shouldRefuseMoreCapturesThanASiteHasGateways() throws IOException, InterruptedException
    {
        final Process process = start(List.of("replay", "a", "b", "c", "d", "e"));

        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(2, process.exitValue());
        assertTrue(progress().contains("5 captures; allowed: one to four"), progress());
    }

    private JsonNode drill(final String... arguments) throws IOException, InterruptedException, DocumentException
    {
        final List<String> all = new ArrayList<>(List.of("drill"));
        all.addAll(List.of(arguments));
        final Process process = start(all);
        try
        {
            assertTrue(process.waitFor(TIMEOUT_S - 10, TimeUnit.SECONDS), () -> "still running: " + progress());
            final List<String> lines = Files.readAllLines(directory.resolve("out"));
            assertEquals(1, lines.size(), () -> lines + "\n" + progress());
            return CanonicalJson.parse("summary", lines.get(0));
        }
        finally
        {
            // in an orderly way, so that it cleans up
            process.destroy();
            process.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private Process start(final List<String> arguments) throws IOException
    {
        final List<String> command = new ArrayList<>(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", LAB_JAR.toString()));
        command.addAll(arguments);
        return new ProcessBuilder(command)
            .redirectOutput(directory.resolve("out").toFile())
            .redirectError(directory.resolve("progress").toFile())
            .start();
    }

    private String progress()
    {
        try
        {
            return Files.readString(directory.resolve("progress"));
        }
        catch (final IOException ex)
        {
            return "no progress was written: " + ex.getMessage();
        }
    }
}
