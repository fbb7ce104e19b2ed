package io.aswarm.dataplane;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LineBatchTest
{
    private final LineBatch batch = new LineBatch(16);

    /** Takes some bytes at a time, until it is full. */
    private static final class Disk implements WritableByteChannel
    {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private final int atATime;
        private int room;

        private Disk(final int atATime, final int room)
        {
            this.atATime = atATime;
            this.room = room;
        }

        @Override
        public int write(final ByteBuffer source) throws IOException
        {
            if (0 == room)
            {
                throw new IOException("No space left on device");
            }
            final byte[] some = new byte[Math.min(source.remaining(), Math.min(atATime, room))];
            source.get(some);
            taken.writeBytes(some);
            room -= some.length;
            return some.length;
        }

        @Override
        public boolean isOpen()
        {
            return true;
        }

        @Override
        public void close()
        {
            room = 0;
        }

        private String text()
        {
            return taken.toString(StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "5", "16"})
    void shouldWriteAllLinesInTheirOrder(final int atATime) throws IOException
    {
        final Disk disk = new Disk(atATime, 100);
        assertTrue(batch.add(line("one")));
        assertTrue(batch.add(line("two")));
        assertEquals(2, batch.lines());
        batch.writeTo(disk);
        assertEquals(0, batch.lines());
        assertTrue(batch.add(line("three")));
        batch.writeTo(disk);
        assertEquals("one\ntwo\nthree\n", disk.text());
    }

    @Test
    void shouldRefuseALineWithoutRoomForItsEnd() throws IOException
    {
        final Disk disk = new Disk(16, 100);
        assertFalse(batch.add(line("0123456789abcdef")));
        assertTrue(batch.add(line("0123456789abcde")));
        assertFalse(batch.add(line("")));
        batch.writeTo(disk);
        assertEquals("0123456789abcde\n", disk.text());
    }

    @ParameterizedTest
    @CsvSource({"0,3,0", "3,3,3", "4,2,0", "6,2,2", "8,1,0", "11,1,3"})
    void shouldSayWhatDidNotBecomeWholeWhenTheDiskIsFull(final int room, final int lost, final int cutBytes)
        throws IOException
    {
        final Disk disk = new Disk(3, room);
        batch.add(line("one"));
        batch.add(line("two"));
        batch.add(line("six"));
        assertThrows(IOException.class, () -> batch.writeTo(disk));
        assertEquals(lost, batch.lost());
        assertEquals(cutBytes, batch.cutBytes());

        batch.add(line("ten"));
        final Disk next = new Disk(16, 100);
        batch.writeTo(next);
        assertEquals("ten\n", next.text());
        assertEquals(0, batch.lost());
        assertEquals(0, batch.cutBytes());
    }

    private static ByteArrayOutputStream line(final String text)
    {
        final ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return line;
    }
}
