package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.Test;

import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

class FloodTableTest
{
    private final Map<SketchCounter, AtomicCounter> counters = PolicyHarness.newCounters();
    private final FloodTable table = new FloodTable(
        new UnsafeBuffer(new byte[FloodTable.memoryLength(SlotIndex.WAYS)]),
        new SlotIndex(new UnsafeBuffer(new byte[SlotIndex.memoryLength(SlotIndex.WAYS)]), SlotIndex.WAYS),
        new SketchCounters(counters::get));

    private void fill(final double scoreNats)
    {
        for (int pair = 1; pair <= SlotIndex.WAYS; pair++)
        {
            final int slot = table.claim(pair, 0.0, 0.0, 0);
            table.putNats(slot, FloodTable.SCORE_NATS, scoreNats);
            table.put(slot, FloodTable.LAST_SEEN_NS, 100 - pair);
        }
    }

    @Test
    void shouldEvictTheOneUnseenLongestWhenNoneHasEvidence()
    {
        fill(0.0);
        final int slot = table.claim(99, 0.0, 0.0, 0);
        assertNotEquals(FloodTable.NONE, slot);
        assertEquals(0, table.get(slot, FloodTable.LAST_SEEN_NS), "fields of the evicted pair are cleared");
        assertEquals(FloodTable.NONE, table.find(SlotIndex.WAYS));
        assertNotEquals(FloodTable.NONE, table.find(1));
        assertEquals(1, counters.get(SketchCounter.FLOODS_EVICTED).get());
    }

    @Test
    void shouldRefuseTheNewcomerWhenAllHaveEvidence()
    {
        fill(Double.MIN_VALUE);
        assertEquals(FloodTable.NONE, table.claim(99, 0.0, 0.0, 0));
        assertEquals(1, counters.get(SketchCounter.FLOODS_REFUSED).get());
        assertEquals(0, counters.get(SketchCounter.FLOODS_EVICTED).get());
    }
}
