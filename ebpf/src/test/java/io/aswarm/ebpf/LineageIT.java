package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Real processes: parents from before the first event, programs under several names, groups and namespaces. */
class LineageIT
{
    private final ProcessTable table = new ProcessTable(8192);
    private long childId;

    @Test
    void shouldKnowChainUpToThisProcessWhichWasThereBefore() throws Exception
    {
        try (KernelFixture kernel = KernelFixture.open(LineageIT::configure);
            CgroupNames cgroups = CgroupNames.open())
        {
            assertTrue(table.takeInRunning(cgroups) > 1);
            final Process shell = new ProcessBuilder("/bin/sh", "-c", "/bin/sleep 0.01; exit 3").start();
            awaitExit(kernel.sensor(), (int)shell.pid());

            assertEquals("/bin/sh", path(childId));
            assertFalse(table.isAlive(childId));
            assertEquals(0, table.userId(childId));
            final long self = ancestor(childId);
            assertTrue(table.isAlive(self));
            assertEquals(ProcessHandle.current().info().command().orElseThrow(), path(self));
            assertEquals(inode("/proc/self/ns/net"), table.networkNamespace(childId));
            assertEquals(inode("/proc/self/ns/net"), table.networkNamespace(self));
            assertEquals(inode("/proc/self/ns/pid"), table.processNamespace(childId));
            assertEquals(table.cgroupId(self), table.cgroupId(childId));
            final CgroupName name = cgroups.nameOf(table.cgroupId(childId));
            assertNotNull(name);
            assertEquals(ownGroup(), name.path());
            assertEquals(table.cgroupId(childId), cgroups.idOf(name.path()));
        }
    }

    @Test
    void shouldKnowSameProgramUnderAnotherNameAndAnotherProgramUnderTheSame() throws Exception
    {
        final Path directory = Files.createTempDirectory("asw-lineage-");
        final Path original = directory.resolve("a");
        final Path linked = directory.resolve("b");
        try (KernelFixture kernel = KernelFixture.open(LineageIT::configure))
        {
            Files.copy(Path.of("/bin/true").toRealPath(), original);
            assertTrue(original.toFile().setExecutable(true));
            Files.createLink(linked, original);
            final long first = run(kernel.sensor(), original);
            assertEquals(first, run(kernel.sensor(), linked));
            assertEquals(linked.toString(), path(childId));
            final Path other = directory.resolve("c");
            Files.copy(original, other);
            Files.delete(original);
            Files.move(other, original);
            assertNotEquals(first, run(kernel.sensor(), original));
        }
        finally
        {
            Files.deleteIfExists(original);
            Files.deleteIfExists(linked);
            Files.delete(directory);
        }
    }

    @Test
    void shouldAgreeWithEventsOnFileOfRunningProcess() throws Exception
    {
        try (KernelFixture kernel = KernelFixture.open(LineageIT::configure);
            CgroupNames cgroups = CgroupNames.open())
        {
            final Process sleeper = new ProcessBuilder("/bin/sleep", "5").start();
            final long executable;
            try
            {
                awaitProgram(kernel.sensor(), (int)sleeper.pid(), "/bin/sleep");
                executable = table.executable(childId);
                final RunningProcess seen = RunningProcess.read(
                    Path.of("/proc", Long.toString(sleeper.pid())), 0, cgroups, new ListeningSockets());
                assertNotNull(seen);
                assertEquals(
                    executable, seen.executableInode() ^ (long)seen.executableDevice() << Integer.SIZE);
            }
            finally
            {
                sleeper.destroyForcibly().waitFor();
            }
            assertNotEquals(0, executable);
        }
    }

    /** As large as a node's: while /proc is read nobody empties the ring, and what the machine starts comes too. */
    private static KernelSensorConfig.Builder configure(final KernelSensorConfig.Builder config)
    {
        return config.processEvents(true).ringBytes(4 << 20);
    }

    private long run(final KernelSensor sensor, final Path program) throws IOException
    {
        awaitExit(sensor, (int)new ProcessBuilder(program.toString()).start().pid());
        return table.executable(childId);
    }

    private void awaitExit(final KernelSensor sensor, final int processId)
    {
        await(sensor, (p) -> p.processId() == processId && p.kind() == ProcessFlyweight.EXITED);
    }

    /**
     * The JVM starts a helper, which becomes the program. {@code start()} returns as soon as the helper's end of a
     * pipe is closed, and the kernel closes it (fs/exec.c, begin_new_exec) before it tells that the program runs.
     */
    private void awaitProgram(final KernelSensor sensor, final int processId, final String program)
    {
        final byte[] name = new byte[ProcessFlyweight.FILE_NAME_LENGTH_MAX];
        await(sensor, (p) -> p.processId() == processId && p.kind() == ProcessFlyweight.EXECUTED &&
            program.equals(new String(name, 0, p.fileName(name), StandardCharsets.UTF_8)));
    }

    private void await(final KernelSensor sensor, final Predicate<ProcessFlyweight> isAwaited)
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        childId = ProcessTable.UNKNOWN;
        while (childId == ProcessTable.UNKNOWN)
        {
            assertTrue(System.nanoTime() - deadlineNs < 0, "not seen");
            sensor.await(TimeUnit.MILLISECONDS.toNanos(50));
            sensor.pollProcesses((p) ->
            {
                table.onProcess(p);
                if (isAwaited.test(p))
                {
                    childId = table.idOf(p.processId(), p.startTimeNs());
                }
            }, 1024);
        }
    }

    /** The JVM starts children by a helper of its own. */
    private long ancestor(final long id)
    {
        final String command = ProcessHandle.current().info().command().orElseThrow();
        long each = table.parentOf(id);
        while (each != ProcessTable.UNKNOWN && !command.equals(path(each)))
        {
            each = table.parentOf(each);
        }
        return each;
    }

    private String path(final long id)
    {
        final byte[] bytes = new byte[ProcessFlyweight.FILE_NAME_LENGTH_MAX];
        return new String(bytes, 0, table.path(id, bytes), StandardCharsets.UTF_8);
    }

    private static int inode(final String link) throws IOException
    {
        return ((Long)Files.getAttribute(Path.of(link), "unix:ino")).intValue();
    }

    private static String ownGroup() throws IOException
    {
        return Files.readAllLines(Path.of("/proc/self/cgroup")).stream().filter((line) -> line.startsWith("0::"))
            .map((line) -> line.substring(3)).findFirst().orElseThrow();
    }
}
