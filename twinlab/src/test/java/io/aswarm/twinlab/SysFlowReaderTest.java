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
import static org.junit.jupiter.api.Assertions.assertTrue;

class SysFlowReaderTest
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
        "{\"name\":\"opFlags\",\"type\":\"int\"},{\"name\":\"proto\",\"type\":\"int\"}," +
        "{\"name\":\"fd\",\"type\":\"int\"}]}]}]}";
    private static final ProcessRecord.Ancestor SERVER = new ProcessRecord.Ancestor("/usr/sbin/httpd", true);
    private static final byte[] SYNC = new byte[16];

    @Test
    void shouldReadWhatBeganUnderAServingProcessWhenTheTraceIsSysFlow() throws DocumentException
    {
        for (final boolean isDeflated : new boolean[]{false, true})
        {
            final List<ProcessRecord> records =
                SysFlowReader.read(AvroFile.read("test", sysflow(isDeflated)));

            assertEquals(List.of(
                new ProcessRecord(77, "/bin/sh", "/usr/sbin/httpd", List.of(SERVER), 0),
                new ProcessRecord(79, "/bin/cat", "/bin/sh", List.of(SERVER), 0),
                new ProcessRecord(
                    80, "/bin/bash", "/bin/cat", List.of(new ProcessRecord.Ancestor("/bin/cat", false), SERVER),
                    ProcessEvent.FLAG_INPUT_CONNECTED)), records);
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

    private static byte[] sysflow(final boolean isDeflated)
    {
        final ByteArrayOutputStream block = new ByteArrayOutputStream();
        // the server, without a parent
        number(block, 0, 1, 10, 0);
        text(block, "/usr/sbin/httpd");
        // its child, which still runs the server's program
        number(block, 0, 2, 11, 1, 1, 10);
        text(block, "/usr/sbin/httpd");
        // becomes a shell, with one argument in a block that says its length; and a clone that does not count
        number(block, 0, 2, 11, 1, 1, 10);
        text(block, "/bin/sh");
        number(block, 1, 2, 11, 77, 2, -1, 3);
        text(block, "-c");
        number(block, 0);
        number(block, 1, 2, 11, 78, 1, 0);
        // becomes another program
        number(block, 0, 2, 11, 1, 1, 10);
        text(block, "/bin/cat");
        number(block, 1, 2, 11, 79, 2, 0);
        // whose child is a shell
        number(block, 0, 3, 12, 1, 2, 11);
        text(block, "/bin/cat");
        number(block, 0, 3, 12, 1, 2, 11);
        text(block, "/bin/bash");
        number(block, 1, 3, 12, 80, 2, 0);
        // with TCP as its input, and no server; the server accepts with the fourth descriptor
        number(block, 2, 3, 12, 1 << 6, 6, 0);
        number(block, 2, 1, 10, 1 << 5, 6, 3);

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
        number(file, 12, packed.length);
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
