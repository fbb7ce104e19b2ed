package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    @Test
    void shouldClearAllButEpochAndScoresOfASlotThatIsClaimed()
    {
        fill(0.0);
        final int slot = table.claim(99, -1.0, -2.0, 7);
        for (int field = 0; field < FloodTable.BARE_NATS; field += Long.BYTES)
        {
            final boolean isTime = field == FloodTable.EPOCH_NS || field == FloodTable.SCORE_NS ||
                field == FloodTable.REFUSED_NS || field == FloodTable.BARE_NS;
            if (field != FloodTable.SCORE_NATS && field != FloodTable.REFUSED_NATS)
            {
                assertEquals(isTime ? 7 : 0, table.get(slot, field), "field=" + field);
            }
        }
        assertEquals(-1.0, table.nats(slot, FloodTable.SCORE_NATS));
        assertEquals(-2.0, table.nats(slot, FloodTable.REFUSED_NATS));
        assertEquals(-1.0, table.evidenceNats(slot), "bare openings are not followed yet");
    }

    @ParameterizedTest
    @CsvSource({"-3,-2,-1,-1", "-3,4,-1,4", "5,4,-1,5", "5,4,6,6"})
    void shouldTakeTheHighestScoreForTheEvidence(
        final double score, final double refused, final double bare, final double evidence)
    {
        final int slot = table.claim(1, score, refused, 0);
        table.putNats(slot, FloodTable.BARE_NATS, bare);
        assertEquals(evidence, table.evidenceNats(slot));
    }

    private int waiting(final int ripening, final int bareRipening, final int young, final int bareYoung)
    {
        final int slot = table.claim(1, 0.0, 0.0, 1_000);
        table.put(slot, FloodTable.RIPENING, ripening);
        table.putInt(slot, FloodTable.BARE_RIPENING, bareRipening);
        table.put(slot, FloodTable.YOUNG, young);
        table.putInt(slot, FloodTable.BARE_YOUNG, bareYoung);
        return slot;
    }

    private void assertWaiting(
        final int slot, final int ripening, final int bareRipening, final int young, final int bareYoung)
    {
        assertEquals(ripening, table.get(slot, FloodTable.RIPENING));
        assertEquals(bareRipening, table.getInt(slot, FloodTable.BARE_RIPENING));
        assertEquals(young, table.get(slot, FloodTable.YOUNG));
        assertEquals(bareYoung, table.getInt(slot, FloodTable.BARE_YOUNG));
        assertEquals(ripening + young == 0, table.isRipe(slot));
    }

    @ParameterizedTest
    // openings finished: of the older epoch first, those that are not bare before those that are
    @CsvSource({
        "3,4,3,6,2,0", "4,3,3,6,2,0", "7,0,0,6,2,0", "8,0,0,5,2,0", "12,0,0,1,1,0", "13,0,0,0,0,0", "15,0,0,0,0,2"})
    void shouldFinishTheOldestFirst(
        final int openings, final int ripening, final int bareRipening, final int young, final int bareYoung,
        final int notWaiting)
    {
        final int slot = waiting(7, 3, 6, 2);
        assertEquals(notWaiting, table.finish(slot, openings));
        assertWaiting(slot, ripening, bareRipening, young, bareYoung);
    }

    @ParameterizedTest
    @CsvSource({"1,6,2,6,2,0", "3,4,0,6,2,0", "4,4,0,5,1,0", "5,4,0,4,0,0", "9,4,0,4,0,4"})
    void shouldFinishBareOnesOnlyWhereTheyAreKnown(
        final int openings, final int ripening, final int bareRipening, final int young, final int bareYoung,
        final int notWaiting)
    {
        final int slot = waiting(7, 3, 6, 2);
        assertEquals(5, table.bareWaiting(slot));
        assertEquals(notWaiting, table.finishBare(slot, openings));
        assertWaiting(slot, ripening, bareRipening, young, bareYoung);
    }

    @ParameterizedTest
    // elapsed; overdue, of these bare; then those that ripen, of these bare; when the epoch began
    @CsvSource({"100,7,3,6,2,1100", "199,7,3,6,2,1100", "200,13,5,0,0,1200", "950,13,5,0,0,1950"})
    void shouldRipenByTheEpochsThatAreOver(
        final int elapsedNs, final int overdue, final int bareOverdue, final int ripening, final int bareRipening,
        final long epochNs)
    {
        final int slot = waiting(7, 3, 6, 2);
        assertFalse(table.isEpochOver(slot, 100, 1_099));
        assertTrue(table.isEpochOver(slot, 100, 1_100));
        assertEquals(900, table.oldestNs(slot, 100), "the epoch before began a grace earlier");
        assertEquals(bareOverdue, table.bareOverdue(slot, 100, 1_000 + elapsedNs));
        assertEquals(overdue, table.ripen(slot, 100, 1_000 + elapsedNs));
        assertWaiting(slot, ripening, bareRipening, 0, 0);
        assertEquals(epochNs, table.get(slot, FloodTable.EPOCH_NS));
    }

    @ParameterizedTest
    // of so many openings, so many are verified by the link or by an exchange
    @CsvSource({"4,1,2,1", "4,2,1,2", "5,2,3,1", "5,3,2,2", "1,1,1,3", "3,1,1,0"})
    void shouldBeVerifiedByWhatHalfOfTheOpeningsAre(
        final int openings, final int onLink, final int exchanged, final int verified)
    {
        final int slot = table.claim(1, 0.0, 0.0, 0);
        table.begin(slot, 5);
        for (int i = 0; i < openings; i++)
        {
            table.opened(slot, (i < onLink ? Signal.VERIFIED_ON_LINK : 0) |
                (openings - i <= exchanged ? Signal.VERIFIED_EXCHANGE : 0));
        }
        assertEquals(verified, table.verified(slot));
        table.begin(slot, 9);
        assertEquals(9, table.get(slot, FloodTable.FIRST_SEEN_NS));
        assertEquals(0, table.get(slot, FloodTable.OPENED) + table.get(slot, FloodTable.ON_LINK) +
            table.get(slot, FloodTable.EXCHANGED) + table.get(slot, FloodTable.HELD), "a new episode");
    }

    @Test
    void shouldScoreAfterTheTimeSinceItWasScoredLast()
    {
        final Cusum model = new Cusum(2.0, 20.0, 3, 30.0);
        final int slot = table.claim(1, 5.0, 0.0, 0);
        table.score(slot, model, FloodTable.SCORE_NATS, FloodTable.SCORE_NS, 2, 100_000_000L);
        assertEquals(5.0 - 1.8 + 2 * Math.log(10), table.nats(slot, FloodTable.SCORE_NATS), 1e-9);
        table.score(slot, model, FloodTable.SCORE_NATS, FloodTable.SCORE_NS, 0, 200_000_000L);
        assertEquals(5.0 - 3.6 + 2 * Math.log(10), table.nats(slot, FloodTable.SCORE_NATS), 1e-9);
        assertEquals(0.0, table.nats(slot, FloodTable.REFUSED_NATS));
    }
}
