package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ProcessEventsIT
{
    private record Event(
        int kind, int processId, int parentId, long startNs, long parentStartNs, int exitCode, String name, String file)
    {
    }

    @Test
    void shouldTellForkExecAndExitOfOneProcess() throws Exception
    {
        try (KernelFixture kernel = KernelFixture.open((config) -> config.processEvents(true)))
        {
            final long beforeNs = System.nanoTime();
            // The shell forks for the first command and becomes the second; its own exit is the subshell's status.
            final Process shell = new ProcessBuilder("/bin/sh", "-c", "/bin/true; (exit 3)").start();
            assertEquals(3, shell.waitFor());
            final int shellId = (int)shell.pid();

            final List<Event> events = collect(kernel.sensor(),
                (e) -> e.kind == ProcessFlyweight.EXITED && e.processId == shellId);
            final Event shellExec = find(events,
                (e) -> e.kind == ProcessFlyweight.EXECUTED && e.processId == shellId && "/bin/sh".equals(e.file));
            final Event shellExit = find(events,
                (e) -> e.kind == ProcessFlyweight.EXITED && e.processId == shellId);
            final Event trueExec = find(events,
                (e) -> e.kind == ProcessFlyweight.EXECUTED && "/bin/true".equals(e.file) && e.parentId == shellId);
            final Event trueFork = find(events,
                (e) -> e.kind == ProcessFlyweight.FORKED && e.processId == trueExec.processId);
            final Event trueExit = find(events,
                (e) -> e.kind == ProcessFlyweight.EXITED && e.processId == trueExec.processId);

            assertEquals(3 << 8, shellExit.exitCode);
            assertEquals(0, trueExit.exitCode);
            assertEquals("true", trueExec.name);
            assertEquals(shellExec.startNs, trueExec.parentStartNs, "lineage by start time");
            assertEquals(trueFork.startNs, trueExit.startNs);
            assertTrue(shellExec.startNs - beforeNs >= 0);
            assertTrue(trueExec.startNs - shellExec.startNs >= 0);
            assertEquals(shellId, trueFork.parentId);

            final SensorAccount account = kernel.sensor().account();
            assertEquals(
                account.get(SensorCounter.PROCESS_SEEN),
                account.get(SensorCounter.PROCESS_DELIVERED) + account.get(SensorCounter.PROCESS_LOST_RING_FULL));
        }
    }

    @Test
    void shouldCutFileNameThatIsTooLong() throws Exception
    {
        final String path = "/" + "./".repeat(120) + "bin/true";
        try (KernelFixture kernel = KernelFixture.open((config) -> config.processEvents(true)))
        {
            assertEquals(0, new ProcessBuilder(path).start().waitFor());
            final List<String> cut = new ArrayList<>();
            final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (cut.isEmpty())
            {
                assertTrue(System.nanoTime() - deadlineNs < 0, "no cut name");
                kernel.sensor().await(TimeUnit.MILLISECONDS.toNanos(50));
                kernel.sensor().pollProcesses((p) ->
                {
                    if ((p.flags() & ProcessFlyweight.FLAG_FILENAME_CUT) != 0)
                    {
                        cut.add(read(p).file);
                    }
                }, 64);
            }
            assertEquals(path.substring(0, 167), cut.get(0));
        }
    }

    private static List<Event> collect(final KernelSensor sensor, final Predicate<Event> last)
    {
        final List<Event> events = new ArrayList<>();
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (events.stream().noneMatch(last))
        {
            assertTrue(System.nanoTime() - deadlineNs < 0, () -> "not seen; seen were " + events);
            sensor.await(TimeUnit.MILLISECONDS.toNanos(50));
            sensor.pollProcesses((p) -> events.add(read(p)), 64);
        }
        return events;
    }

    private static Event find(final List<Event> events, final Predicate<Event> which)
    {
        return events.stream().filter(which).findFirst()
            .orElseThrow(() -> new AssertionError("not among " + events));
    }

    private static Event read(final ProcessFlyweight p)
    {
        final byte[] name = new byte[16];
        final byte[] file = new byte[168];
        return new Event(
            p.kind(), p.processId(), p.parentProcessId(), p.startTimeNs(), p.parentStartTimeNs(), p.exitCode(),
            new String(name, 0, p.commandName(name), StandardCharsets.US_ASCII),
            new String(file, 0, p.fileName(file), StandardCharsets.US_ASCII));
    }
}
