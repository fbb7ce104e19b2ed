package io.aswarm.twinlab;

import io.aswarm.trust.DocumentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CaptureReaderTest
{
    private static final long TIME_NS = 1_790_000_000_123_456_789L;

    @TempDir
    private Path directory;

    @Test
    void shouldReadWhatTheWriterWrote() throws IOException, DocumentException
    {
        final Path file = directory.resolve("a.pcap.gz");
        try (CaptureWriter writer = new CaptureWriter(file))
        {
            writer.write(TIME_NS, new byte[]{1, 2, 3}, 60);
            writer.write(TIME_NS + 1, new byte[0], 14);
        }

        final CaptureReader reader = CaptureReader.open(file);
        assertTrue(reader.next());
        assertEquals(TIME_NS, reader.timeNs());
        assertEquals(3, reader.frame().limit());
        assertEquals(2, reader.frame().get(1));
        assertEquals(60, reader.wireLength());
        assertTrue(reader.next());
        assertEquals(TIME_NS + 1, reader.timeNs());
        assertFalse(reader.next());
    }

    @Test
    void shouldReadMicrosecondsOfTheOtherByteOrder() throws DocumentException
    {
        final ByteBuffer capture = ByteBuffer.allocate(24 + 16 + 2).order(ByteOrder.LITTLE_ENDIAN);
        capture.putInt(0xA1B2C3D4).putShort((short)2).putShort((short)4).putLong(0).putInt(65_535).putInt(1);
        capture.putInt(5).putInt(7).putInt(2).putInt(2).putShort((short)0x0201);

        final CaptureReader reader = read(capture.array());
        assertTrue(reader.next());
        assertEquals(5_000_007_000L, reader.timeNs());
        assertEquals(1, reader.frame().get(0));
        assertFalse(reader.next());
    }

    @Test
    void shouldReadPcapngAndPassOverBlocksItDoesNotKnow() throws DocumentException
    {
        final CaptureReader reader = read(pcapng());

        assertTrue(reader.next());
        assertEquals(TIME_NS, reader.timeNs());
        assertEquals(3, reader.frame().limit());
        assertEquals(9, reader.frame().get(2));
        assertEquals(99, reader.wireLength());
        assertFalse(reader.next());
    }

    @Test
    void shouldSayWhatIsWrongWhenItIsNoCapture()
    {
        assertFault("too short for a capture", new byte[3]);
        assertFault("not a capture: it begins with 0x7f454c46", ByteBuffer.allocate(64).putInt(0x7F454C46).array());

        final ByteBuffer wireless = ByteBuffer.allocate(24);
        wireless.putInt(0xA1B2C3D4).putInt(20, 105);
        assertFault("link type 105; allowed: 0, 1, 12,", wireless.array());
    }

    @Test
    void shouldSayWhereItBreaksOff()
    {
        final ByteBuffer capture = ByteBuffer.allocate(24 + 16 + 10);
        capture.putInt(0xA1B23C4D).putInt(20, 1).putInt(24 + 8, 11).putInt(24 + 12, 11);
        assertFault("breaks off at byte 50 within a frame", capture.array());

        capture.putInt(24 + 8, -1);
        assertFault("a frame at byte 40 of 4294967295 bytes", capture.array());

        capture.putInt(24 + 8, 9).putInt(24 + 12, 8);
        assertFault("of 9 bytes, 8 on the wire", capture.array());
    }

    @Test
    void shouldNeverFailOtherwiseWhenBytesAreDamaged()
    {
        final Random random = new Random(3);
        final byte[] whole = pcapng();
        int faults = 0;
        for (int i = 0; i < 50_000; i++)
        {
            final byte[] damaged = whole.clone();
            for (int k = 0; k < 3; k++)
            {
                damaged[random.nextInt(damaged.length)] = (byte)random.nextInt();
            }
            try
            {
                final CaptureReader reader = read(damaged);
                int frames = 0;
                while (frames < 100 && reader.next())
                {
                    frames++;
                }
                assertTrue(frames < 100);
            }
            catch (final DocumentException ex)
            {
                faults++;
            }
        }
        assertTrue(faults > 1_000, "faults " + faults);
    }

    private static byte[] pcapng()
    {
        final ByteBuffer capture = ByteBuffer.allocate(28 + 32 + 16 + 36).order(ByteOrder.LITTLE_ENDIAN);
        capture.putInt(0x0A0D0D0A).putInt(28).putInt(0x1A2B3C4D).putInt(1).putLong(-1).putInt(28);
        capture.putInt(1).putInt(32).putInt(1).putInt(0).putShort((short)9).putShort((short)1).putInt(9)
            .putInt(0).putInt(32);
        capture.putInt(0x0BAD).putInt(16).putInt(0).putInt(16);
        capture.putInt(6).putInt(36).putInt(0).putInt((int)(TIME_NS >>> 32)).putInt((int)TIME_NS).putInt(3).putInt(99)
            .putInt(0x090807).putInt(36);
        return capture.array();
    }

    private static CaptureReader read(final byte[] bytes) throws DocumentException
    {
        return CaptureReader.read("test", new ByteArrayInputStream(bytes));
    }

    private static void assertFault(final String expected, final byte[] bytes)
    {
        final DocumentException fault = assertThrows(
            DocumentException.class,
            () ->
            {
                final CaptureReader reader = read(bytes);
                while (reader.next())
                {
                    assertTrue(reader.frame().limit() >= 0);
                }
            });
        assertTrue(fault.getMessage().contains(expected), fault.getMessage());
    }
}
