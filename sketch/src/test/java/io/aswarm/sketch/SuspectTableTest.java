package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class SuspectTableTest
{
    private static final long HALF_LIFE_NS = 1_000;
    private final Map<SketchCounter, AtomicCounter> counters = PolicyHarness.newCounters();
    /** One bucket, so that every source competes with every other one. */
    private final SuspectTable table = new SuspectTable(
        new UnsafeBuffer(new byte[SuspectTable.memoryLength(SlotIndex.WAYS)]),
        new SlotIndex(new UnsafeBuffer(new byte[SlotIndex.memoryLength(SlotIndex.WAYS)]), SlotIndex.WAYS),
        new Decay(HALF_LIFE_NS), new SketchCounters(counters::get));

    @BeforeEach
    void shouldFill()
    {
        for (int source = 0; source < SlotIndex.WAYS; source++)
        {
            final int slot = table.claim(KeyedHash.second(source), 0, source, 1.0, 0);
            table.begin(slot, 0);
            table.evidenceNats(slot, 3.0 + source, 0, 0.0, 0);
        }
        assertEquals(0, counters.get(SketchCounter.SUSPECTS_EVICTED).get());
    }

    @Test
    void shouldEvictTheWeakestWhenTheNewcomerIsAsStrong()
    {
        assertNotEquals(SuspectTable.NONE, table.claim(KeyedHash.second(100), 0, 100, 3.0, 0));
        assertEquals(1, counters.get(SketchCounter.SUSPECTS_EVICTED).get());
        assertEquals(SuspectTable.NONE, table.find(KeyedHash.second(0)));
        assertNotEquals(SuspectTable.NONE, table.find(KeyedHash.second(100)));
        assertNotEquals(SuspectTable.NONE, table.find(KeyedHash.second(1)));
    }

    @Test
    void shouldRefuseTheNewcomerWhenAllAreStronger()
    {
        assertEquals(SuspectTable.NONE, table.claim(KeyedHash.second(100), 0, 100, 2.999, 0));
        assertEquals(1, counters.get(SketchCounter.SUSPECTS_REFUSED).get());
        assertEquals(0, counters.get(SketchCounter.SUSPECTS_EVICTED).get());
        assertNotEquals(SuspectTable.NONE, table.find(KeyedHash.second(0)));
    }

    @Test
    void shouldCompareDecayedEvidenceWhenTimeHasPassed()
    {
        // After a half-life the weakest has 1.5; the strongest of old is renewed and stays.
        table.evidenceNats(table.find(KeyedHash.second(0)), 3.0, 0, 0.0, HALF_LIFE_NS);
        assertNotEquals(SuspectTable.NONE, table.claim(KeyedHash.second(100), 0, 100, 2.0, HALF_LIFE_NS));
        assertNotEquals(SuspectTable.NONE, table.find(KeyedHash.second(0)));
        assertEquals(SuspectTable.NONE, table.find(KeyedHash.second(1)), "4 nats a half-life ago are 2 now");
    }

    @Test
    void shouldFindRoomWhenASlotWasReleased()
    {
        table.release(table.find(KeyedHash.second(5)));
        assertNotEquals(SuspectTable.NONE, table.claim(KeyedHash.second(100), 0, 100, 0.1, 0));
        assertEquals(0, counters.get(SketchCounter.SUSPECTS_EVICTED).get());
    }

    @Test
    void shouldRefuseWhenSizeIsNotAllowed()
    {
        assertEquals(64, SlotIndex.memoryLength(8));
        assertThrows(IllegalArgumentException.class, () -> SlotIndex.memoryLength(4));
        assertThrows(IllegalArgumentException.class, () -> SlotIndex.memoryLength(12));
        assertThrows(IllegalArgumentException.class, () -> SlotIndex.memoryLength(1 << 25));
    }
}
