package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ProcessSlotsTest
{
    private static final long TICKS_NS = 30_000_000;

    private final ProcessSlots slots = new ProcessSlots(3);

    @Test
    void shouldGiveEachProcessAnIdThatGrowsThoughSlotsReturn()
    {
        long last = ProcessTable.UNKNOWN;
        for (int i = 1; i <= 10; i++)
        {
            final int slot = take(i, i);
            assertTrue(slots.id(slot) > last, "process " + i);
            last = slots.id(slot);
            assertEquals(slot, slots.of(last));
        }
        assertEquals(ProcessSlots.NONE, slots.of(ProcessTable.UNKNOWN));
        assertEquals(7, slots.evictedAlive());
    }

    @Test
    void shouldFindByNumberAndStartAndTellTheLatest()
    {
        final int first = take(10, 100);
        final int second = take(10, 200);
        assertEquals(first, slots.find(10, 100));
        assertEquals(second, slots.find(10, 200));
        assertEquals(second, slots.latest(10));
        assertEquals(ProcessSlots.NONE, slots.find(10, 150));
        assertEquals(ProcessSlots.NONE, slots.latest(11));
    }

    @Test
    void shouldTakeARoughStartForTheExactOneWithinTicksAndOnlyOnce()
    {
        final int slot = slots.take(10, 0, true, ProcessSlots.NONE);
        assertEquals(ProcessSlots.NONE, slots.find(10, TICKS_NS + 1));
        assertEquals(slot, slots.find(10, TICKS_NS));
        assertEquals(ProcessSlots.NONE, slots.find(10, TICKS_NS - 1), "it is exact now");
        assertEquals(slot, slots.find(10, TICKS_NS));
    }

    @Test
    void shouldLetTheFirstThatEndedMakeRoomButNotWhoIsKept()
    {
        final int one = take(1, 1);
        final int two = take(2, 2);
        final int three = take(3, 3);
        slots.end(two);
        slots.end(one);
        slots.end(two);
        assertTrue(slots.isEnded(two));
        assertEquals(one, slots.take(4, 4, false, two), "two ended first, but is kept");
        assertFalse(slots.isEnded(one));
        assertEquals(two, take(5, 5));
        assertEquals(0, slots.evictedAlive());
        assertNotEquals(three, slots.take(6, 6, false, three), "all live: in turn, but not who is kept");
        assertEquals(1, slots.evictedAlive());
    }

    @Test
    void shouldForgetOutOfTheMiddleOfThoseWithTheSameNumber()
    {
        final int one = take(10, 1);
        final int two = take(10, 2);
        final int three = take(10, 3);
        final long forgotten = slots.id(two);
        slots.end(two);
        final int four = take(11, 4);
        assertEquals(two, four);
        assertEquals(ProcessSlots.NONE, slots.of(forgotten));
        assertEquals(ProcessSlots.NONE, slots.find(10, 2));
        assertEquals(one, slots.find(10, 1));
        assertEquals(three, slots.latest(10));
    }

    private int take(final int processId, final long startTimeNs)
    {
        return slots.take(processId, startTimeNs, false, ProcessSlots.NONE);
    }
}
