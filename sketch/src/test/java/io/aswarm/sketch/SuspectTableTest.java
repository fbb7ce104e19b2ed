package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
            final int slot = table.claim(KeyedHash.second(source), 1_000 + source, source, 1.0, 0);
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
    void shouldEvictOfEqualsTheOneUnseenForLongest()
    {
        for (int source = 0; source < SlotIndex.WAYS; source++)
        {
            final int slot = table.find(KeyedHash.second(source));
            table.evidenceNats(slot, 0.0, 0, 0.0, 0);
            table.seen(slot, source == 5 ? 10 : 20 - source);
        }
        assertNotEquals(SuspectTable.NONE, table.claim(KeyedHash.second(100), 0, 100, 0.0, 30));
        assertEquals(SuspectTable.NONE, table.find(KeyedHash.second(5)));
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

    private int slotOf(final int source)
    {
        return table.find(KeyedHash.second(source));
    }

    @Test
    void shouldKeepThePeakAndNothingElseWhenAnEpisodeBeginsAnew()
    {
        final int slot = slotOf(2);
        table.observe(slot, 0, 9, 80, 1, 0, 0);
        table.signalled(slot, 5.0, Signal.VERIFIED_ON_LINK, 7);
        table.evidenceNats(slot, 2.0, Signal.VERIFIED_ON_LINK, 2.0, 0);
        assertEquals(5.0, table.peakNats(slot));
        table.begin(slot, 100);
        assertEquals(5.0, table.peakNats(slot));
        assertEquals(0.0, table.evidenceNats(slot, 100));
        assertEquals(0.0, table.signalledNats(slot));
        assertEquals(0, table.signalledVerification(slot));
        assertEquals(0, table.count(slot));
        assertEquals(100, table.firstSeenNs(slot));
        assertEquals(100, table.lastSeenNs(slot));
        table.evidenceNats(slot, 1.0, 0, 1.0, 100);
        assertEquals(0, table.verification(slot, 1.0, 100));
    }

    @Test
    void shouldKnowNoPeakOfANewcomer()
    {
        final int slot = slotOf(0);
        assertEquals(3.0, table.peakNats(slot));
        assertEquals(slot, table.claim(KeyedHash.second(100), 0, 100, 3.0, 0));
        assertEquals(0.0, table.peakNats(slot));
    }

    @ParameterizedTest
    @CsvSource({"5,9,80,5,9,80", "5,9,81,5,9,0", "5,8,80,0,0,80", "6,9,80,0,0,80"})
    void shouldNameTheAimWhileAllObservationsAgree(
        final long high, final long low, final int port, final long aimHigh, final long aimLow, final int aimPort)
    {
        final int slot = slotOf(1);
        table.observe(slot, 5, 9, 80, 1, 50, 60);
        table.observe(slot, high, low, port, 1, 40, 70);
        table.observe(slot, 5, 9, 80, 1, 60, 80);
        final Signal signal = new Signal(1.0);
        table.describe(slot, signal, Scenario.SCAN, 4.0);
        assertEquals(1_001, signal.subjectHigh());
        assertEquals(1, signal.subjectLow());
        assertEquals(aimHigh, signal.aimHigh());
        assertEquals(aimPort, signal.aimPort());
        assertEquals(aimLow, signal.aimLow());
        assertEquals(3, signal.count());
        assertEquals(0, signal.firstSeenNs(), "when the episode began, as no opening was before");
        assertEquals(80, signal.lastSeenNs());
    }

    @Test
    void shouldSayThatItBeganWithTheOldestOpening()
    {
        final int slot = slotOf(1);
        table.begin(slot, 100);
        table.observe(slot, 0, 9, 80, 1, 101, 160);
        assertEquals(100, table.firstSeenNs(slot));
        table.observe(slot, 0, 9, 80, 1, 99, 170);
        assertEquals(99, table.firstSeenNs(slot));
    }

    @Test
    void shouldCountNoFurtherThanCanBeTold()
    {
        final int slot = slotOf(1);
        table.observe(slot, 0, 9, 80, Integer.MAX_VALUE, 0, 0);
        table.observe(slot, 0, 9, 80, 2, 0, 0);
        assertEquals(Integer.MAX_VALUE, table.count(slot));
    }

    @ParameterizedTest
    // half of the evidence, or ten nats
    @CsvSource({"8.0,4.0,2", "8.0,3.999,0", "30.0,10.0,2", "30.0,9.999,0"})
    void shouldBeVerifiedByHalfOfTheEvidenceOrByTenNats(
        final double nats, final double verifiedNats, final int verification)
    {
        final int slot = slotOf(0);
        table.begin(slot, 0);
        table.evidenceNats(slot, nats - verifiedNats, 0, nats - verifiedNats, 0);
        table.evidenceNats(slot, nats, Signal.VERIFIED_ON_LINK, verifiedNats, 0);
        assertEquals(verification, table.verification(slot, nats, 0));
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    void shouldLetWhatIsVerifiedDecayAsTheRestDoes(final int proof)
    {
        final int slot = slotOf(0);
        table.begin(slot, 0);
        table.evidenceNats(slot, 8.0, proof, 8.0, HALF_LIFE_NS);
        // 4 are left after a half-life, beside 4.5 that nobody verified
        table.evidenceNats(slot, 8.5, 0, 4.5, 2 * HALF_LIFE_NS);
        assertEquals(0, table.verification(slot, 8.5, 2 * HALF_LIFE_NS));
        assertEquals(proof, table.verification(slot, 8.0, 2 * HALF_LIFE_NS));
        assertEquals(proof, table.verification(slot, 4.0, 3 * HALF_LIFE_NS));
        assertEquals(0, table.verification(slot, 4.1, 3 * HALF_LIFE_NS));
    }

    @Test
    void shouldSayOfEachKindOfProofWhetherItIsEnough()
    {
        final int slot = slotOf(0);
        table.begin(slot, 0);
        table.evidenceNats(slot, 2.0, Signal.VERIFIED_EXCHANGE, 2.0, 0);
        table.evidenceNats(slot, 4.0, Signal.VERIFIED_ON_LINK, 2.0, 0);
        assertEquals(Signal.VERIFIED_EXCHANGE | Signal.VERIFIED_ON_LINK, table.verification(slot, 4.0, 0));
        // taken down to less than was verified, no more than that counts
        table.evidenceNats(slot, 1.0, 0, 0.0, 0);
        table.evidenceNats(slot, 3.0, 0, 2.0, 0);
        assertEquals(0, table.verification(slot, 3.0, 0));
        table.signalled(slot, 3.0, Signal.VERIFIED_EXCHANGE, 5);
        table.signalled(slot, 4.0, Signal.VERIFIED_ON_LINK, 6);
        assertEquals(Signal.VERIFIED_EXCHANGE | Signal.VERIFIED_ON_LINK, table.signalledVerification(slot));
        assertEquals(4.0, table.signalledNats(slot));
        assertEquals(6, table.signalledNs(slot));
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
