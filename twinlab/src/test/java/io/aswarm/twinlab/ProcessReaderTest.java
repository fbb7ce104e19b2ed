package io.aswarm.twinlab;

import io.aswarm.sketch.ProcessEvent;
import io.aswarm.trust.DocumentException;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ProcessReaderTest
{
    @Test
    void shouldReadTetragonsExport() throws DocumentException
    {
        final String event = "{\"process_exec\":{\"process\":{\"binary\":\"/usr/bin/nc\"," +
            "\"start_time\":\"1970-01-01T00:00:02.000000005Z\"},\"parent\":{\"binary\":\"/usr/bin/bash\"}}}\n";

        assertEquals(
            List.of(ProcessRecord.of(2_000_000_005L, "/usr/bin/nc", "/usr/bin/bash")),
            ProcessReader.tetragon("test", event + "{\"process_exit\":{}}\n"));
        assertThrows(DocumentException.class, () -> ProcessReader.tetragon("test", event + "no json\n"));
    }

    @Test
    void shouldFindTheParentInTheSameLogWhenItIsAuditds()
    {
        final String execve = "type=SYSCALL msg=audit(%s:1): arch=c000003e syscall=59 success=%s exit=0 ppid=%d " +
            "pid=%d uid=0 comm=\"x\" exe=\"%s\" key=(null)\n";
        final String log = String.format(execve, "1.5", "yes", 1, 2, "/bin/bash") +
            String.format(execve, "2.5", "no", 2, 3, "/bin/false") +
            String.format(execve, "3.5", "yes", 2, 4, "/usr/sbin/arp");

        assertEquals(List.of(
            ProcessRecord.of(1_500_000_000L, "/bin/bash", ""),
            ProcessRecord.of(3_500_000_000L, "/usr/sbin/arp", "/bin/bash")), ProcessReader.audit(log));
    }

    @Test
    void shouldGiveTheEndOfAPathThatIsTooLong()
    {
        final byte[] path = new byte[ProcessEvent.PATH_MAX];
        final ProcessRecord record = ProcessRecord.of(1, "/" + "a".repeat(300) + "/tool", "");

        assertEquals(ProcessEvent.PATH_MAX, record.path(path));
        assertTrue(new String(path, StandardCharsets.UTF_8).endsWith("aaa/tool"));
        assertEquals(0, record.parentPath(path));
        assertFalse(record.ancestorServes(1));
    }
}
