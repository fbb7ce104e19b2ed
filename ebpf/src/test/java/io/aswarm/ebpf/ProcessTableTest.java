package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ProcessTableTest
{
    private final ProcessRecord record = new ProcessRecord();
    private ProcessTable table = new ProcessTable(4);

    @Test
    void shouldKnowParentAndProgramOfChild()
    {
        exec(10, 100, 1, 1, "/bin/sh", 77);
        fork(11, 110, 10, 100);
        final long shell = table.idOf(10, 100);
        final long child = table.idOf(11, 110);
        assertEquals(shell, table.parentOf(child));
        assertEquals("/bin/sh", path(child));
        assertEquals(table.executable(shell), table.executable(child));
        exec(11, 110, 10, 100, "/bin/true", 78);
        assertEquals(child, table.idOf(11, 110));
        assertEquals("/bin/true", path(child));
        assertNotEquals(table.executable(shell), table.executable(child));
        assertEquals(1, table.orphans(), "the shell's own parent");
    }

    @Test
    void shouldTellProcessesApartThatHadTheSameNumber()
    {
        fork(10, 100, 1, 1);
        final long first = table.idOf(10, 100);
        exit(10, 100);
        fork(10, 200, 1, 1);
        final long second = table.idOf(10, 200);
        assertTrue(second > first);
        assertFalse(table.isAlive(first));
        assertTrue(table.isAlive(second));
        assertEquals(first, table.idOf(10, 100));
        fork(11, 210, 10, 100);
        assertEquals(first, table.parentOf(table.idOf(11, 210)));
    }

    @Test
    void shouldKnowWhoServesUntilItBecomesAnotherProgram()
    {
        exec(10, 100, 1, 1, "/usr/sbin/httpd", 77);
        assertFalse(table.serves(table.idOf(10, 100)));
        event(ProcessFlyweight.LISTENS, 10, 100, 1, 1);
        exec(10, 100, 1, 1, "/usr/sbin/httpd", 77);
        fork(11, 110, 10, 100);
        assertTrue(table.serves(table.idOf(10, 100)));
        assertTrue(table.serves(table.idOf(11, 110)), "the socket is inherited");
        exec(11, 110, 10, 100, "/bin/sh", 78);
        assertFalse(table.serves(table.idOf(11, 110)));
        assertTrue(table.serves(table.parentOf(table.idOf(11, 110))));
        assertFalse(table.serves(ProcessTable.UNKNOWN));
    }

    @Test
    void shouldKnowWhoServedBeforeTheFirstEvent()
    {
        table.found(running(10, 1, 1_000_000_000, "/usr/sbin/httpd"));
        table.found(running(11, 1, 1_000_000_000, "/bin/sh"));
        assertTrue(table.serves(table.idOf(10, 1_000_000_000)));
        assertFalse(table.serves(table.idOf(11, 1_000_000_000)));
    }

    @Test
    void shouldForgetEndedFirstAndThenOldest()
    {
        for (int i = 1; i <= 4; i++)
        {
            fork(i, i, 0, 0);
        }
        exit(3, 3);
        final long ended = table.idOf(3, 3);
        fork(5, 5, 0, 0);
        assertEquals(ProcessTable.UNKNOWN, table.idOf(3, 3));
        assertEquals(0, table.cgroupId(ended));
        assertEquals(0, table.evictedAlive());
        fork(6, 6, 0, 0);
        assertEquals(1, table.evictedAlive());
        assertEquals(ProcessTable.UNKNOWN, table.idOf(1, 1));
        assertTrue(table.isAlive(table.idOf(2, 2)));
    }

    @Test
    void shouldForgetOutOfMiddleOfThoseWithTheSameNumber()
    {
        fork(9, 1, 0, 0);
        fork(9, 2, 0, 0);
        fork(9, 3, 0, 0);
        exit(9, 2);
        fork(8, 1, 0, 0);
        fork(7, 1, 0, 0);
        assertEquals(ProcessTable.UNKNOWN, table.idOf(9, 2));
        assertTrue(table.isAlive(table.idOf(9, 1)));
        assertTrue(table.isAlive(table.idOf(9, 3)));
    }

    @Test
    void shouldTakeRunningProcessForItselfWhenEventTellsItsStart()
    {
        final RunningProcess parent = running(10, 1, 50_000_000L, "/sbin/daemon");
        final RunningProcess child = running(11, 10, 90_000_000L, "/bin/worker");
        assertTrue(table.found(child));
        assertTrue(table.found(parent));
        assertFalse(table.found(parent));
        table.link(child);
        table.link(parent);
        final long id = table.idOf(11, 90_000_000L + 9_999_999);
        assertEquals("/bin/worker", path(id));
        assertEquals("/sbin/daemon", path(table.parentOf(id)));
        assertEquals(ProcessTable.UNKNOWN, table.idOf(11, 90_000_000L), "its start is known exactly now");
        assertEquals(ProcessTable.UNKNOWN, table.idOf(10, 50_000_000L + 30_000_001), "another one");
    }

    @Test
    void shouldStayWithinItsMaximum()
    {
        table = new ProcessTable(64);
        for (int i = 1; i <= 100_000; i++)
        {
            fork(1 + i % 100, i, 1 + (i - 1) % 100, i - 1);
            assertEquals(table.idOf(1 + (i - 1) % 100, i - 1), table.parentOf(table.idOf(1 + i % 100, i)));
            if (i % 3 == 0)
            {
                exit(1 + i % 100, i);
            }
        }
        assertEquals(ProcessTable.UNKNOWN, table.idOf(1, 100));
        assertThrows(IllegalArgumentException.class, () -> new ProcessTable(0));
        assertThrows(IllegalArgumentException.class, () -> new ProcessTable(1 << 21));
    }

    @Test
    void shouldReadDeviceAsKernelNumbersIt()
    {
        assertEquals(8 << 20 | 1, RunningProcess.kernelDevice(0x801));
        assertEquals(0x103 << 20 | 0x12345, RunningProcess.kernelDevice(0x12300000L | 0x103 << 8 | 0x45));
    }

    @Test
    void shouldNameContainerAndUnit()
    {
        final String id = "0123456789abcdef".repeat(4);
        assertName("/system.slice/docker-" + id + ".scope", id, "docker-" + id + ".scope");
        assertName("/kubepods.slice/kubepods-pod1.slice/cri-containerd-" + id + ".scope", id,
            "cri-containerd-" + id + ".scope");
        assertName("/docker/" + id, id, "");
        assertName("/docker/" + id + "/system.slice/nginx.service", id, "nginx.service");
        assertName("/system.slice/sshd.service", "", "sshd.service");
        assertName("/user.slice/user-1000.slice/user@1000.service/app.slice/x.scope", "", "x.scope");
        assertName("/", "", "");
    }

    private static void assertName(final String path, final String container, final String unit)
    {
        assertEquals(new CgroupName(path, container, unit), CgroupName.of(path));
    }

    private static RunningProcess running(final int id, final int parent, final long startNs, final String path)
    {
        return new RunningProcess(
            id, parent, startNs, 0, 1, 2, id, 4, 5, path.getBytes(StandardCharsets.US_ASCII), path.contains("httpd"));
    }

    private String path(final long id)
    {
        final byte[] bytes = new byte[ProcessFlyweight.FILE_NAME_LENGTH_MAX];
        return new String(bytes, 0, table.path(id, bytes), StandardCharsets.US_ASCII);
    }

    private void fork(final int id, final long startNs, final int parent, final long parentStartNs)
    {
        event(ProcessFlyweight.FORKED, id, startNs, parent, parentStartNs);
    }

    private void exit(final int id, final long startNs)
    {
        event(ProcessFlyweight.EXITED, id, startNs, 0, 0);
    }

    private void exec(
        final int id, final long startNs, final int parent, final long parentStartNs, final String path,
        final long inode)
    {
        table.onProcess(record.executed(id, startNs, parent, parentStartNs, path, inode));
    }

    private void event(
        final int kind, final int id, final long startNs, final int parent, final long parentStartNs)
    {
        table.onProcess(record.event(kind, id, startNs, parent, parentStartNs));
    }
}
