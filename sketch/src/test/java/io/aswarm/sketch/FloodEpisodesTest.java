package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Where an episode of {@link FloodTest} begins and ends, for each of its processes, and what is told of it. */
class FloodEpisodesTest
{
    private static final int SOURCE = 7;
    private static final int VICTIM = 20;
    private static final int STACK_BYTES = 40;
    private static final int BARE_BYTES = 24;
    private static final long GRACE_NS = 5 * MILLISECOND_NS;
    private static final double REFUSED_NATS = Math.log(20);
    private static final double OVERDUE_NATS = Math.log(10);
    private static final double BARE_NATS = Math.log(1_000);

    private final PolicyHarness net = new PolicyHarness();

    @AfterEach
    void close()
    {
        net.close();
    }

    private void open(final int openings, final int headerBytes)
    {
        net.event.headerBytes = headerBytes;
        for (int i = 0; i < openings; i++)
        {
            net.open(SOURCE, VICTIM, 443);
        }
    }

    private void refuse(final int openings, final int headerBytes)
    {
        for (int i = 0; i < openings; i++)
        {
            open(1, headerBytes);
            net.send(ConversationKind.REFUSED, SOURCE, VICTIM, 443);
        }
    }

    /** A tick sweeps a part of the table; this many see all of it. Returns how much was done. */
    private int sweep()
    {
        int done = 0;
        for (int i = 0; i < 16; i++)
        {
            done += net.policy.onTick(net.nowNs);
        }
        return done;
    }

    @ParameterizedTest
    // 14 refused, three over the lump: 9 nats, and the bottom 33 below 0 is reached 2.3 ms later; of bare ones 1,000
    // a second take 6.9 nats, so that the 21 above 0 and the 55 below it take 77 ms
    @CsvSource({"17,40,3", "13,24,80"})
    void shouldBeginAnewWhenWhatWasRefusedHasDrained(final int openings, final int headerBytes, final int drainMs)
    {
        refuse(openings, headerBytes);
        assertEquals(5 * SECOND_NS, net.last().firstSeenNs());
        net.leap(drainMs * MILLISECOND_NS);
        sweep();
        net.leap(GRACE_NS);
        sweep();
        final int told = net.signals.size();
        final long secondNs = net.nowNs;
        refuse(openings, headerBytes);
        assertTrue(net.signals.size() > told);
        assertEquals(secondNs, net.last().firstSeenNs());
        assertEquals(secondNs, net.last().lastSeenNs());
        assertEquals(openings, net.last().count());
    }

    @Test
    void shouldBeginAnewAtOnceWhenBareOnesWereOnlyCompletedLate()
    {
        open(1 + 10, BARE_BYTES);
        net.leap(2 * GRACE_NS);
        sweep();
        assertEquals(2 * BARE_NATS, net.last().nats(), 1e-9);
        for (int i = 0; i < 10; i++)
        {
            net.send(ConversationKind.ESTABLISHED, SOURCE, VICTIM, 443);
        }
        final long secondNs = net.nowNs;
        open(20, STACK_BYTES);
        net.leap(2 * GRACE_NS);
        sweep();
        assertEquals(secondNs, net.last().firstSeenNs());
        assertEquals(20, net.last().count());
        assertEquals(8 * OVERDUE_NATS, net.last().nats(), 1e-9);
    }

    @Test
    void shouldSayWhatEachProcessAddedInThisEpisodeOnly()
    {
        refuse(3 + 15, STACK_BYTES);
        net.leap(SECOND_NS);
        sweep();
        refuse(10, BARE_BYTES);
        assertEquals(2 * BARE_NATS, net.last().nats(), 1e-9);
        final String why = net.last().why();
        assertTrue(why.contains(String.format("%+.2f nats, 10 times: %s",
            10 * BARE_NATS, Cause.BARE_OPENING.sentence())), why);
        assertEquals(2, why.lines().count(), why);

        refuse(3, STACK_BYTES);
        open(2, BARE_BYTES);
        open(3, STACK_BYTES);
        net.leap(2 * GRACE_NS);
        sweep();
        final String later = net.last().why();
        assertTrue(later.contains(String.format("%+.2f nats, 3 times: %s",
            3 * REFUSED_NATS, Cause.REFUSED_OPENING.sentence())), later);
        assertTrue(later.contains(String.format("%+.2f nats, 11 times: %s",
            12 * BARE_NATS, Cause.BARE_OPENING.sentence())), later);
        assertTrue(later.contains(String.format("%+.2f nats, 1 times: %s",
            3 * OVERDUE_NATS, Cause.OVERDUE_OPENING.sentence())), later);
    }

    @Test
    void shouldCountTheWeightOfRefusalsOnceSingleOnesAreEvidence()
    {
        net.event.weight = 1_000;
        open(1, STACK_BYTES);
        net.send(ConversationKind.REFUSED, SOURCE, VICTIM, 443);
        net.event.weight = 1;
        refuse(3 + 10, STACK_BYTES);
        assertEquals(0, net.of(Scenario.FLOOD).size(), "as one, of what is not followed yet");
        refuse(1, STACK_BYTES);
        assertEquals(REFUSED_NATS, net.last().nats(), 1e-9);
        net.event.weight = 3;
        open(1, STACK_BYTES);
        net.send(ConversationKind.REFUSED, SOURCE, VICTIM, 443);
        assertEquals(4 * REFUSED_NATS, net.last().nats(), 1e-9);
    }

    @ParameterizedTest
    // from so many openings of a window on a pair is followed, bare ones for two
    @CsvSource({"40,6,6", "24,6,3", "40,7,7", "24,7,4"})
    void shouldFollowAPairFromSoManyOpeningsOn(final int headerBytes, final int trackMin, final int first)
    {
        try (PolicyHarness late = new PolicyHarness(PolicyHarness.config().floodTrackMin(trackMin).build()))
        {
            late.event.headerBytes = headerBytes;
            int refused = 0;
            while (late.of(Scenario.FLOOD).isEmpty() && refused < 100)
            {
                late.refused(SOURCE, VICTIM, 443);
                refused++;
            }
            assertEquals(first - 1 + (headerBytes == BARE_BYTES ? 9 : 12), refused);
            assertEquals(refused - first + 1, late.last().count());
        }
    }

    @ParameterizedTest
    // who is idle for a window is forgotten; of four openings two are left then, so it is followed from the second on
    @CsvSource({"-1,12", "0,13"})
    void shouldForgetAnIdlePairAfterAWindowToTheNanosecond(final long beyondNs, final int needed)
    {
        net.leap(1);
        refuse(4, STACK_BYTES);
        net.leap(SECOND_NS + beyondNs);
        sweep();
        int refused = 0;
        while (net.of(Scenario.FLOOD).isEmpty() && refused < 100)
        {
            refuse(1, STACK_BYTES);
            refused++;
        }
        assertEquals(needed, refused);
    }

    @ParameterizedTest
    // of 64 counters in a row more than nine tenths taken, as 148 pairs take them, or four fifths, as 103 do
    @CsvSource({"103,0", "200,1"})
    void shouldSaySaturatedWhenNineTenthsOfTheSketchAreTaken(final int pairs, final int saturated)
    {
        try (PolicyHarness small = new PolicyHarness(PolicyHarness.config().openingsWidth(64).build()))
        {
            small.policy.onTick(small.nowNs);
            for (int source = 0; source < pairs; source++)
            {
                small.open(source, VICTIM, 80);
            }
            small.leap(SECOND_NS);
            assertEquals(saturated, small.count(SketchCounter.OPENINGS_SATURATED));
        }
    }

    @ParameterizedTest
    // twelve overdue leave the score at 0; a thirteenth's 2.30 nats are 0.05 after another grace of 2.25
    @CsvSource({"12,0,1", "13,5,500"})
    void shouldCountWholeRecordsWhileThereIsAnyEvidence(final int overdue, final int laterMs, final int counted)
    {
        open(3 + overdue, STACK_BYTES);
        net.leap(2 * GRACE_NS);
        sweep();
        net.leap(laterMs * MILLISECOND_NS);
        sweep();
        net.event.weight = 500;
        open(1, STACK_BYTES);
        net.event.weight = 1;
        net.leap(2 * GRACE_NS);
        sweep();
        if (counted == 1)
        {
            open(20, STACK_BYTES);
            net.leap(2 * GRACE_NS);
            sweep();
        }
        assertEquals(overdue + counted + (counted == 1 ? 20 : 0), net.last().count());
    }

    @Test
    void shouldCountARefusedRecordWholeWhileThereIsAnyEvidence()
    {
        net.nowNs += GRACE_NS - 120_000;
        final long endNs = net.nowNs + GRACE_NS;
        open(4, STACK_BYTES);
        net.nowNs = endNs - 120_000;
        refuse(12, STACK_BYTES);
        net.nowNs = endNs;
        sweep();
        // 19,000 nats a second took 2.28 of the one beyond the lump
        net.event.weight = 3;
        open(1, STACK_BYTES);
        net.send(ConversationKind.REFUSED, SOURCE, VICTIM, 443);
        assertEquals(4 * REFUSED_NATS - 2.28, net.last().nats(), 1e-9);
    }

    @Test
    void shouldCountWhatIsOverdueOneByOne()
    {
        open(3, STACK_BYTES);
        for (final int openings : new int[]{13, 1, 5, 0})
        {
            open(openings, STACK_BYTES);
            net.leap(GRACE_NS);
            sweep();
        }
        assertEquals(13 + 1 + 5, net.last().count());
    }

    @Test
    void shouldForgiveOnlyWhatWaitedWhenAnswersWereCollapsed()
    {
        open(3, STACK_BYTES);
        open(24, STACK_BYTES);
        net.event.weight = 2;
        net.send(ConversationKind.ESTABLISHED, SOURCE, VICTIM + 1, 443);
        net.event.weight = 1;
        net.leap(GRACE_NS);
        sweep();
        open(13, STACK_BYTES);
        net.leap(GRACE_NS);
        sweep();
        net.leap(GRACE_NS);
        sweep();
        assertEquals(1, net.count(SketchCounter.OVERDUE_FORGIVEN));
        assertEquals(13, net.last().count());
        assertEquals(OVERDUE_NATS, net.last().nats(), 1e-9);
    }

    @ParameterizedTest
    @CsvSource({"2,0", "3,1"})
    void shouldSayThatItForgaveWhereAnythingWasOverdue(final int openings, final int forgiven)
    {
        open(3, STACK_BYTES);
        open(openings, STACK_BYTES);
        net.event.weight = 2;
        net.send(ConversationKind.ESTABLISHED, SOURCE, VICTIM, 443);
        net.event.weight = 1;
        net.leap(2 * GRACE_NS);
        sweep();
        assertEquals(forgiven, net.count(SketchCounter.OVERDUE_FORGIVEN));
    }

    @ParameterizedTest
    @CsvSource({"-1,1", "0,0"})
    void shouldLeaveAnIdlePairItsPlaceForAWindow(final long beyondNs, final int evicted)
    {
        try (PolicyHarness small = new PolicyHarness(PolicyHarness.config().floodsMax(8).floodTrackMin(1).build()))
        {
            for (int source = 0; source < 8; source++)
            {
                small.refused(100 + source, VICTIM, 443);
            }
            small.leap(SECOND_NS / 2);
            small.leap(SECOND_NS / 2 + beyondNs);
            small.refused(200, VICTIM, 443);
            assertEquals(evicted, small.count(SketchCounter.FLOODS_EVICTED));
        }
    }

    @Test
    void shouldKeepThoseThatFloodWhenTheTableIsFullOfThem()
    {
        try (PolicyHarness small = new PolicyHarness(PolicyHarness.config().floodsMax(8).build()))
        {
            for (int source = 0; source < 9; source++)
            {
                for (int i = 0; i < 60; i++)
                {
                    small.refused(100 + source, VICTIM, 443);
                }
                assertEquals(source < 8, small.of(Scenario.FLOOD).stream().anyMatch(
                    (s) -> s.subjectLow() == small.event.initiatorLow), "source " + source);
            }
            assertEquals(57, small.count(SketchCounter.FLOODS_REFUSED));
        }
    }

    @Test
    void shouldSayWhetherTimeDidAnything()
    {
        net.leap(1);
        open(4, STACK_BYTES);
        net.nowNs += GRACE_NS - 1;
        assertEquals(0, sweep());
        net.nowNs++;
        assertEquals(1, sweep(), "the pair's openings ripen");
    }
}
