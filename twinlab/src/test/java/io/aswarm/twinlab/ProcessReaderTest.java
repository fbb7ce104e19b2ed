package io.aswarm.twinlab;

import io.aswarm.sketch.ProcessEvent;
import io.aswarm.trust.DocumentException;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ProcessReaderTest
{
    private static final String OID = "{\"type\":\"record\",\"name\":\"OID\",\"namespace\":\"t\",\"fields\":[" +
        "{\"name\":\"createTS\",\"type\":\"long\"},{\"name\":\"hpid\",\"type\":\"long\"}]}";
    private static final String SCHEMA = "{\"type\":\"record\",\"name\":\"SysFlow\",\"fields\":[{\"name\":\"rec\"," +
        "\"type\":[" +
        "{\"type\":\"record\",\"name\":\"Process\",\"fields\":[{\"name\":\"oid\",\"type\":" + OID + "}," +
        "{\"name\":\"poid\",\"type\":[\"null\",\"t.OID\"]},{\"name\":\"exe\",\"type\":\"string\"}]}," +
        "{\"type\":\"record\",\"name\":\"ProcessEvent\",\"fields\":[{\"name\":\"procOID\",\"type\":\"t.OID\"}," +
        "{\"name\":\"ts\",\"type\":\"long\"},{\"name\":\"opFlags\",\"type\":\"int\"}," +
        "{\"name\":\"args\",\"type\":{\"type\":\"array\",\"items\":\"string\"}}]}," +
        "{\"type\":\"record\",\"name\":\"NetworkFlow\",\"fields\":[{\"name\":\"procOID\",\"type\":\"t.OID\"}," +
        "{\"name\":\"opFlags\",\"type\":\"int\"}]}]}]}";
    private static final byte[] SYNC = new byte[16];

    @Test
    void shouldReadWhatBeganUnderAServingProcessWhenTheTraceIsSysFlow() throws DocumentException
    {
        for (final boolean isDeflated : new boolean[]{false, true})
        {
            final List<ProcessRecord> records =
                ProcessReader.sysflow(AvroFile.read("test", sysflow(isDeflated)));

            assertEquals(1, records.size());
            assertEquals(new ProcessRecord(77, "/bin/sh", "/usr/sbin/httpd", true), records.get(0));
        }
    }

    @Test
    void shouldNeverFailOtherwiseWhenBytesAreDamaged()
    {
        final Random random = new Random(5);
        int faults = 0;
        for (int i = 0; i < 20_000; i++)
        {
            final byte[] damaged = sysflow(0 == i % 2);
            damaged[random.nextInt(damaged.length)] = (byte)random.nextInt();
            try
            {
                assertTrue(AvroFile.read("test", damaged).size() < 1_000);
            }
            catch (final DocumentException ex)
            {
                faults++;
            }
        }
        assertTrue(faults > 1_000, "faults " + faults);
    }

    @Test
    void shouldReadTetragonsExport() throws DocumentException
    {
        final String event = "{\"process_exec\":{\"process\":{\"binary\":\"/usr/bin/nc\"," +
            "\"start_time\":\"1970-01-01T00:00:02.000000005Z\"},\"parent\":{\"binary\":\"/usr/bin/bash\"}}}\n";

        assertEquals(
            List.of(new ProcessRecord(2_000_000_005L, "/usr/bin/nc", "/usr/bin/bash", false)),
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
            new ProcessRecord(1_500_000_000L, "/bin/bash", "", false),
            new ProcessRecord(3_500_000_000L, "/usr/sbin/arp", "/bin/bash", false)), ProcessReader.audit(log));
    }

    @Test
    void shouldGiveTheEndOfAPathThatIsTooLong()
    {
        final byte[] path = new byte[ProcessEvent.PATH_MAX];
        final ProcessRecord record = new ProcessRecord(1, "/" + "a".repeat(300) + "/tool", "", false);

        assertEquals(ProcessEvent.PATH_MAX, record.path(path));
        assertTrue(new String(path, StandardCharsets.UTF_8).endsWith("aaa/tool"));
        assertEquals(0, record.parentPath(path));
        assertFalse(record.parentServes());
    }

    private static byte[] sysflow(final boolean isDeflated)
    {
        final ByteArrayOutputStream block = new ByteArrayOutputStream();
        // the server, without a parent
        number(block, 0, 1, 10, 0);
        text(block, "/usr/sbin/httpd");
        // its child
        number(block, 0, 2, 11, 1, 1, 10);
        text(block, "/bin/sh");
        // the child's execution, with one argument in a block that says its length, and a clone that does not count
        number(block, 1, 2, 11, 77, 2, -1, 3);
        text(block, "-c");
        number(block, 0);
        number(block, 1, 2, 11, 78, 1, 0);
        // the server accepts
        number(block, 2, 1, 10, 1 << 5);

        final ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(new byte[]{'O', 'b', 'j', 1});
        number(file, 2);
        text(file, "avro.schema");
        text(file, SCHEMA);
        text(file, "avro.codec");
        text(file, isDeflated ? "deflate" : "null");
        number(file, 0);
        file.writeBytes(SYNC);
        final byte[] packed = isDeflated ? deflated(block.toByteArray()) : block.toByteArray();
        number(file, 5, packed.length);
        file.writeBytes(packed);
        file.writeBytes(SYNC);
        return file.toByteArray();
    }

    private static byte[] deflated(final byte[] plain)
    {
        final Deflater deflater = new Deflater(9, true);
        deflater.setInput(plain);
        deflater.finish();
        final byte[] out = new byte[plain.length + 64];
        final int length = deflater.deflate(out);
        deflater.end();
        return Arrays.copyOf(out, length);
    }

    private static void text(final ByteArrayOutputStream out, final String text)
    {
        number(out, text.length());
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void number(final ByteArrayOutputStream out, final long... values)
    {
        for (final long value : values)
        {
            long zigzag = (value << 1) ^ (value >> 63);
            while (0 != (zigzag & ~0x7FL))
            {
                out.write((int)((zigzag & 0x7F) | 0x80));
                zigzag >>>= 7;
            }
            out.write((int)zigzag);
        }
    }
}
