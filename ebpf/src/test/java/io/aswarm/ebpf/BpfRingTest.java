package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** The consumer against pages laid out as the kernel lays them out, in memory that this test writes. */
class BpfRingTest
{
    private static final int RING_BYTES = 4096;
    private static final int BUSY = 1 << 31;
    private static final int DISCARD = 1 << 30;
    private static final int DATA_OFFSET = 2 * MemoryMap.PAGE_BYTES;

    private final List<String> records = new ArrayList<>();
    private int fd;
    private MemoryMap pages;
    private UnsafeBuffer kernel;
    private BpfRing ring;
    private long produced;

    @BeforeEach
    void open() throws KernelException
    {
        final int length = DATA_OFFSET + 2 * RING_BYTES;
        fd = LibC.API.memfd_create("asw-ring", 0);
        assertEquals(0, TestLibC.API.ftruncate(fd, length));
        pages = new MemoryMap(fd, 0, length, true);
        kernel = pages.buffer();
        ring = new BpfRing(fd, RING_BYTES);
    }

    @AfterEach
    void close()
    {
        ring.close();
        pages.close();
        LibC.API.close(fd);
    }

    @Test
    void shouldHandOnRecordsInOrderAndGiveSpaceBack()
    {
        produce(16, 1, 0);
        produce(13, 2, 0);
        assertEquals(2, ring.poll(this::onRecord, 10));
        assertEquals(List.of("1/16", "2/13"), records);
        assertEquals(24 + 24, kernel.getLong(0));
        assertEquals(0, ring.poll(this::onRecord, 10));
    }

    @Test
    void shouldStopAtLimitAndGoOnFromThere()
    {
        produce(8, 1, 0);
        produce(8, 2, 0);
        produce(8, 3, 0);
        assertEquals(2, ring.poll(this::onRecord, 2));
        assertEquals(32, kernel.getLong(0));
        assertEquals(1, ring.poll(this::onRecord, 2));
        assertEquals(List.of("1/8", "2/8", "3/8"), records);
    }

    @Test
    void shouldWaitForRecordThatIsStillWritten()
    {
        produce(8, 1, 0);
        final int header = produce(8, 2, BUSY);
        produce(8, 3, 0);
        assertEquals(1, ring.poll(this::onRecord, 10));
        assertEquals(16, kernel.getLong(0));
        assertEquals(0, ring.poll(this::onRecord, 10));
        kernel.putInt(header, 8);
        assertEquals(2, ring.poll(this::onRecord, 10));
    }

    @Test
    void shouldSkipDiscardedRecordWithoutCountingIt()
    {
        produce(8, 1, DISCARD);
        produce(8, 2, 0);
        assertEquals(1, ring.poll(this::onRecord, 1));
        assertEquals(List.of("2/8"), records);
        assertEquals(32, kernel.getLong(0));
    }

    @Test
    void shouldGoOnPastEndOfRing()
    {
        for (int i = 0; i < 1000; i++)
        {
            produce(100, i, 0);
            assertEquals(1, ring.poll(this::onRecord, 10));
            assertEquals(i + "/100", records.get(i));
        }
        assertEquals(1000 * 112, kernel.getLong(0));
    }

    @Test
    void shouldNotHandOnAgainWhenHandlerThrew()
    {
        produce(8, 1, 0);
        produce(8, 2, 0);
        assertThrows(IllegalStateException.class, () -> ring.poll((buffer, offset, length) ->
        {
            throw new IllegalStateException();
        }, 10));
        assertEquals(1, ring.poll(this::onRecord, 10));
        assertEquals(List.of("2/8"), records);
    }

    @Test
    void shouldGoOnWhereLastConsumerStopped() throws KernelException
    {
        produce(8, 1, 0);
        produce(8, 2, 0);
        assertEquals(1, ring.poll(this::onRecord, 1));
        try (BpfRing next = new BpfRing(fd, RING_BYTES))
        {
            assertEquals(1, next.poll(this::onRecord, 10));
        }
        assertEquals(List.of("1/8", "2/8"), records);
    }

    private void onRecord(final UnsafeBuffer buffer, final int offset, final int length)
    {
        records.add(buffer.getInt(offset) + "/" + length);
    }

    /** The data pages are not mapped twice here, so that a record past the end is written in the second half. */
    private int produce(final int length, final int value, final int flags)
    {
        final int header = DATA_OFFSET + (int)(produced % RING_BYTES);
        kernel.putInt(header, length | flags);
        kernel.putInt(header + 8, value);
        produced += (length + 8 + 7) / 8 * 8;
        kernel.putLongRelease(MemoryMap.PAGE_BYTES, produced);
        return header;
    }
}
