package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BareOpeningsTest
{
    private static final double EVENT_NATS = Math.log(10);

    private final FloodTable table = new FloodTable(
        new UnsafeBuffer(new byte[FloodTable.memoryLength(SlotIndex.WAYS)]),
        new SlotIndex(new UnsafeBuffer(new byte[SlotIndex.memoryLength(SlotIndex.WAYS)]), SlotIndex.WAYS),
        new SketchCounters(PolicyHarness.newCounters()::get));
    private final BareOpenings bare = new BareOpenings(new Cusum(2.0, 20.0, 3, 30.0), table);
    private final int slot = table.claim(1, -40.0, -40.0, 0);

    private double nats()
    {
        return table.nats(slot, FloodTable.BARE_NATS);
    }

    @Test
    void shouldFollowFromTheBottomOn()
    {
        bare.follow(slot);
        assertEquals(-3 * EVENT_NATS, nats(), 1e-12);
        assertEquals(EVENT_NATS, bare.eventNats(), 1e-12);
    }

    @Test
    void shouldBeIdleAtTheBottomOnly()
    {
        bare.follow(slot);
        assertTrue(bare.isIdle(slot));
        bare.failed(slot, 5, 0);
        assertEquals(2 * EVENT_NATS, nats(), 1e-12);
        assertFalse(bare.isIdle(slot));
        bare.failed(slot, 0, 100_000_000L);
        assertEquals(2 * EVENT_NATS - 1.8, nats(), 1e-9);
        bare.failed(slot, 1, 100_000_000L);
        assertEquals(3 * EVENT_NATS - 1.8, nats(), 1e-9, "time is taken once");
        bare.withdraw(slot, 4);
        assertEquals(-EVENT_NATS - 1.8, nats(), 1e-9);
        assertFalse(bare.isIdle(slot));
        bare.withdraw(slot, 2);
        assertTrue(bare.isIdle(slot));
    }

    @Test
    void shouldCountThoseThatWait()
    {
        bare.opened(slot, 2);
        bare.opened(slot, 0);
        bare.opened(slot, 3);
        assertEquals(5, table.bareWaiting(slot));
    }
}
