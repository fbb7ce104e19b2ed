package io.aswarm.dataplane;

import io.aswarm.dataplane.Machine.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MachineTest
{
    @TempDir
    private Path root;

    @ParameterizedTest
    @CsvSource({"5.14.0, FAIL", "5.15.0-91-generic, OK", "6.1.0-13-amd64, OK", "4.19, FAIL", "none, WARN", "7.0, OK"})
    void shouldJudgeTheKernelByItsRelease(final String release, final Level level) throws IOException
    {
        write("proc/sys/kernel/osrelease", release + "\n");

        assertEquals(level, new Machine(root).kernel().level());
    }

    @ParameterizedTest
    @CsvSource({
        "000001ffffffffff, OK, all",
        "0000000000000000, FAIL, 'missing CAP_NET_ADMIN, CAP_BPF, CAP_PERFMON'",
        "000000c000001000, OK, all",
        "0000008000001000, FAIL, missing CAP_PERFMON",
        "0000000000201000, OK, all"})
    void shouldKnowWhichCapabilitiesAreMissing(final String mask, final Level level, final String what)
        throws IOException
    {
        write("proc/self/status", "Name:\tjava\nCapEff:\t" + mask + "\nCapBnd:\tffff\n");

        assertEquals(level, new Machine(root).capabilities().level());
        assertTrue(new Machine(root).capabilities().what().startsWith(what));
    }

    @Test
    void shouldSayWhatToDoAboutEachThingThatIsMissing()
    {
        final List<Machine.Finding> findings = new Machine(root).findings();

        for (final Machine.Finding finding : findings)
        {
            assertTrue(Level.OK == finding.level() || !finding.advice().isEmpty(), finding.toString());
        }
        assertEquals(2, findings.stream().filter((finding) -> Level.FAIL == finding.level()).count());
    }

    @Test
    void shouldReadWhatTheRealMachineSays()
    {
        final Machine machine = new Machine(Path.of("/"));

        assertEquals(Level.OK, machine.kernel().level(), machine.kernel().toString());
        // A value of several digits: a sysctl file gives it whole or not at all.
        assertTrue(machine.socketBuffers().what().matches("up to \\d{5,} bytes"), machine.socketBuffers().what());
    }

    @Test
    void shouldWarnOfPortsThatThePacketProgramCannotSeeWhole() throws IOException
    {
        Files.createDirectories(root.resolve("sys/class/net/mlx0/device/infiniband"));
        write("sys/class/net/mlx0/operstate", "up\n");

        final Machine.Finding finding = new Machine(root).networkInterface("mlx0");
        assertEquals(Level.WARN, finding.level());
        assertTrue(finding.advice().contains("RDMA traffic bypasses"), finding.advice());
        assertEquals(Level.FAIL, new Machine(root).networkInterface("eth9").level());
    }

    private void write(final String path, final String text) throws IOException
    {
        final Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
