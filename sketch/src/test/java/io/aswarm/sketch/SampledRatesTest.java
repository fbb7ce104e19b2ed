package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SampledRatesTest
{
    private static final int SLOTS = 64;
    private static final long HASH = 7;
    private static final double EVENT_NATS = Math.log(10);
    private static final double BOTTOM_NATS = -3 * EVENT_NATS;
    private static final double DRIFT_NATS_PER_SECOND = 18.0;

    private final SketchMemory memory = new SketchMemory();
    private final SampledRates rates = rates(4 * SLOTS);
    private final FloodTable table = rates.table();
    private long nowNs = 5 * SECOND_NS;

    @AfterEach
    void close()
    {
        memory.close();
    }

    private SampledRates rates(final int floodsMax)
    {
        return new SampledRates(
            new Cusum(2.0, 20.0, 3, 30.0),
            new Workshop(
                PolicyHarness.config().floodsMax(floodsMax).build(), memory, new KeyedHash(1, 2), null, null, null,
                new SketchCounters(PolicyHarness.newCounters()::get)));
    }

    @ParameterizedTest
    @CsvSource({"8,64", "256,64", "512,128", "1024,256"})
    void shouldFollowAQuarterOfThePairsOfFloodsAnd64AtLeast(final int floodsMax, final int slots)
    {
        assertEquals(slots, rates(floodsMax).slots());
    }

    private double score(final int slot)
    {
        return table.nats(slot, FloodTable.SCORE_NATS);
    }

    private int seen(final int events)
    {
        final int slot = rates.follow(HASH, nowNs);
        rates.rest(slot, 1.0, nowNs);
        for (int i = 0; i < events; i++)
        {
            assertEquals(EVENT_NATS, rates.seen(slot, 1.0, nowNs), 1e-12);
        }
        return slot;
    }

    @Test
    void shouldBeginAtTheBottomAndKeepTheSlotOfWhatItFollows()
    {
        final int slot = rates.follow(HASH, nowNs);
        assertEquals(BOTTOM_NATS, score(slot), 1e-12);
        assertEquals(BOTTOM_NATS, table.nats(slot, FloodTable.REFUSED_NATS), 1e-12, "no other score is evidence");
        assertEquals(slot, rates.follow(HASH, nowNs));
        assertNotEquals(slot, rates.follow(HASH + 1, nowNs));
    }

    @Test
    void shouldBeginAnEpisodeWhileTheScoreIsAtTheBottomOnly()
    {
        final int slot = rates.follow(HASH, nowNs);
        assertTrue(rates.rest(slot, 1.0, nowNs));
        rates.seen(slot, 1.0, nowNs);
        assertFalse(rates.rest(slot, 1.0, nowNs));
        rates.seen(slot, 2.0, nowNs);
        assertEquals(0.0, score(slot), 1e-12);
        assertEquals(2, table.get(slot, FloodTable.HELD), "records, whatever they count for");
        assertEquals(5 * SECOND_NS, table.get(slot, FloodTable.FIRST_SEEN_NS));

        nowNs += SECOND_NS / 4;
        assertFalse(rates.rest(slot, 1.0, nowNs));
        nowNs += SECOND_NS;
        assertTrue(rates.rest(slot, 1.0, nowNs));
        assertEquals(0, table.get(slot, FloodTable.HELD));
        assertEquals(nowNs, table.get(slot, FloodTable.FIRST_SEEN_NS));
    }

    @ParameterizedTest
    @CsvSource({"1.0", "0.5", "0.058"})
    void shouldLetTimeCountByTheShareThatIsSeenOnce(final double share)
    {
        final int slot = seen(8);
        nowNs += SECOND_NS / 10;
        rates.rest(slot, share, nowNs);
        assertEquals(5 * EVENT_NATS - share * DRIFT_NATS_PER_SECOND / 10, score(slot), 1e-9);
        rates.rest(slot, share, nowNs);
        assertEquals(5 * EVENT_NATS - share * DRIFT_NATS_PER_SECOND / 10, score(slot), 1e-9);
    }

    @Test
    void shouldTakeBackWhatIsExcusedOfWhatItFollows()
    {
        final int slot = seen(5);
        rates.excuse(HASH, 1.5);
        rates.excuse(HASH + 1, 100.0);
        assertEquals(0.5 * EVENT_NATS, score(slot), 1e-12);
        assertEquals(FloodTable.NONE, table.find(HASH + 1), "an excuse is no reason to follow anybody");
    }

    @Test
    void shouldForgetWhatWasNotSeenForTenSecondsToTheNanosecond()
    {
        final int slot = seen(1);
        nowNs += 10 * SECOND_NS - 1;
        for (int tick = 0; tick < SLOTS / 16; tick++)
        {
            assertEquals(0, rates.onTick(nowNs));
        }
        assertTrue(table.isTaken(slot));
        nowNs++;
        int forgotten = 0;
        for (int tick = 0; tick < SLOTS / 16; tick++)
        {
            forgotten += rates.onTick(nowNs);
        }
        assertEquals(1, forgotten);
        assertEquals(FloodTable.NONE, table.find(HASH));
    }

    @Test
    void shouldLookAtEachSlotOnceInARoundAndAtAQuarterInATick()
    {
        int followed = 0;
        for (long hash = 0; hash < SLOTS; hash++)
        {
            final long spread = (hash << 40) + hash + 1;
            followed += table.find(spread) == FloodTable.NONE && rates.follow(spread, 0) != FloodTable.NONE ? 1 : 0;
        }
        assertEquals(SLOTS, followed);
        for (int round = SLOTS / 16; round > 0; round--)
        {
            assertEquals(16, rates.onTick(nowNs + 10 * SECOND_NS));
        }
        assertEquals(0, rates.onTick(nowNs + 10 * SECOND_NS));
    }
}
