package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SlotIndexTest
{
    private static final int SLOTS = 32;
    private static final int ENTRY_LENGTH = 24;
    private static final int STAMP = 16;
    /** Of the third bucket; the bucket is in the hash from bit 40 on. */
    private static final long THIRD = 2L << 40;

    private final UnsafeBuffer stamps = new UnsafeBuffer(new byte[SLOTS * ENTRY_LENGTH]);
    private final SlotIndex index = empty();

    /** In memory that something else was in. */
    private static SlotIndex empty()
    {
        final UnsafeBuffer used = new UnsafeBuffer(new byte[SlotIndex.memoryLength(SLOTS)]);
        used.setMemory(0, used.capacity(), (byte)7);
        return new SlotIndex(used, SLOTS);
    }

    private int take(final long hash, final long stampNs)
    {
        final int slot = index.vacantOrOldest(hash, stamps, ENTRY_LENGTH, STAMP);
        index.take(slot, hash);
        stamps.putLong(slot * ENTRY_LENGTH + STAMP, stampNs);
        return slot;
    }

    private void fillThird(final long... stampsNs)
    {
        for (int key = 0; key < SlotIndex.WAYS; key++)
        {
            assertEquals(16 + key, take(THIRD | key, stampsNs[key]));
        }
    }

    @Test
    void shouldBeginWithNothing()
    {
        for (int slot = 0; slot < SLOTS; slot++)
        {
            assertFalse(index.isTaken(slot));
        }
        assertEquals(SlotIndex.NONE, index.find(0));
        assertEquals(SlotIndex.NONE, index.find(THIRD));
    }

    @Test
    void shouldFindAKeyInEachOfItsBucketsSlots()
    {
        fillThird(1, 2, 3, 4, 5, 6, 7, 8);
        for (int slot = 0; slot < SLOTS; slot++)
        {
            final boolean isThird = slot >= 16 && slot < 24;
            assertEquals(isThird, index.isTaken(slot), "slot=" + slot);
            assertEquals(isThird ? slot : SlotIndex.NONE, index.find(THIRD | (slot - 16)));
        }
        assertEquals(SlotIndex.NONE, index.vacant(THIRD | 99));
        assertEquals(8, index.vacant(1L << 40), "the second bucket is free");
    }

    @Test
    void shouldHoldTheKeyThatLooksLikeAnEmptySlot()
    {
        final int slot = index.vacant(0);
        index.take(slot, 0);
        assertTrue(index.isTaken(slot));
        assertEquals(slot, index.find(0));
    }

    @Test
    void shouldFreeTheSlotThatIsReleasedOnly()
    {
        fillThird(1, 2, 3, 4, 5, 6, 7, 8);
        index.release(19);
        assertEquals(19, index.vacant(THIRD | 99));
        assertEquals(SlotIndex.NONE, index.find(THIRD | 3));
        assertEquals(20, index.find(THIRD | 4));
        assertEquals(19, take(THIRD | 99, 9), "before any that is taken, however old");
    }

    @ParameterizedTest
    // by the difference of the stamps: a clock may begin anywhere; of equal ones the first
    @CsvSource({"10,0", "9223372036854775800,0", "-10,0", "10,3", "9223372036854775800,7", "-4,7"})
    void shouldGiveUpTheOldestOfAFullBucket(final long firstNs, final int oldest)
    {
        final long[] stampsNs = new long[SlotIndex.WAYS];
        for (int key = 0; key < SlotIndex.WAYS; key++)
        {
            stampsNs[key] = firstNs + (key < oldest ? 5 + key : key - oldest);
        }
        stampsNs[1] = oldest == 0 ? stampsNs[0] : stampsNs[1];
        fillThird(stampsNs);
        assertEquals(16 + oldest, take(THIRD | 99, firstNs + 100));
        assertEquals(SlotIndex.NONE, index.find(THIRD | oldest));
        assertEquals(16 + oldest, index.find(THIRD | 99));
    }

    @Test
    void shouldAllowItsMostSlots()
    {
        assertEquals(8 << 24, SlotIndex.memoryLength(1 << 24));
    }
}
