package io.aswarm.dataplane;

import io.aswarm.ebpf.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SystemdUnitTest
{
    private static final Path DIRECTORY = Path.of("..", "systemd");

    @TempDir
    private Path temporary;

    @Test
    void shouldPassSystemdAnalyzeVerify() throws IOException, InterruptedException
    {
        Requirement.tool("systemd-analyze", "systemd");
        final Path unit = Files.copy(DIRECTORY.resolve("aswarm.service"), temporary.resolve("aswarm.service"));

        final Process process = new ProcessBuilder(
            "systemd-analyze", "verify", "--man=no", unit.toString()).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        // Other units of this machine are not ours to judge.
        final List<String> ours = output.lines().filter((line) -> line.contains("aswarm")).toList();
        assertEquals(List.of(), ours);
        assertEquals(0, process.exitValue(), output);
    }

    @Test
    void shouldAskForNoMoreThanTheNodeNeeds() throws IOException
    {
        final List<String> lines = Files.readAllLines(DIRECTORY.resolve("aswarm.service"));

        assertEquals(
            Set.of("CAP_BPF", "CAP_NET_ADMIN", "CAP_PERFMON", "CAP_SYS_RESOURCE"),
            words(lines, "CapabilityBoundingSet"));
        assertEquals(words(lines, "CapabilityBoundingSet"), words(lines, "AmbientCapabilities"));
        assertEquals(Set.of("yes"), words(lines, "NoNewPrivileges"));
        assertEquals(Set.of(String.valueOf(ThreadPlan.PRIORITY_MAX)), words(lines, "LimitRTPRIO"));
        assertEquals(Set.of(), words(lines, "RestrictRealtime"), "would forbid what LimitRTPRIO allows");
        assertEquals(Set.of("strict"), words(lines, "ProtectSystem"));
        assertTrue(words(lines, "SystemCallFilter").contains("bpf"), "the programs could not be loaded");
        assertEquals(Set.of("/sys/fs/bpf/aswarm"), words(lines, "ReadWritePaths"));
        assertEquals(1, words(lines, "MemoryMax").size());
    }

    private static Set<String> words(final List<String> lines, final String key)
    {
        final Set<String> words = new TreeSet<>();
        lines.stream().filter((line) -> line.startsWith(key + "=")).forEach(
            (line) -> words.addAll(Arrays.asList(line.substring(key.length() + 1).split(" "))));
        return words;
    }
}
