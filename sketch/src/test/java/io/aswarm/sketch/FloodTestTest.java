package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FloodTestTest
{
    private static final int ATTACKER = 7;
    private static final int VICTIM = 20;
    private static final long GRACE_NS = 5 * MILLISECOND_NS;
    private static final double OVERDUE_NATS = Math.log(10);
    private static final int TRACK_MIN = 4;
    private static final int BURST = 12;

    private final PolicyHarness net = new PolicyHarness();

    @AfterEach
    void close()
    {
        net.close();
    }

    private void openings(final int count, final long spacingNs)
    {
        for (int i = 0; i < count; i++)
        {
            net.open(ATTACKER, VICTIM, 443);
            net.leap(spacingNs);
        }
    }

    private void completions(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            net.send(ConversationKind.ESTABLISHED, ATTACKER, VICTIM, 443);
        }
    }

    /** Openings that are not counted because the pair is not followed yet. */
    private void bringIntoView()
    {
        openings(TRACK_MIN - 1, 0);
    }

    @ParameterizedTest
    @CsvSource({"1000,24,24", "5000,54,11", "20000,205,11", "100000,1005,11"})
    void shouldCallAFloodWithinTensOfOpeningsOrMilliseconds(
        final int perSecond, final int openingsMax, final int millisecondsMax)
    {
        final long firstNs = net.nowNs;
        int sent = 0;
        while (net.signals.isEmpty() && sent < 5_000)
        {
            openings(1, SECOND_NS / perSecond);
            sent++;
        }
        final PolicyHarness.Seen first = net.signals.get(0);
        assertTrue(sent <= openingsMax, "sent=" + sent);
        assertTrue(first.lastSeenNs() - firstNs <= millisecondsMax * MILLISECOND_NS, "sent=" + sent);
        assertEquals(Scenario.FLOOD.code(), first.scenario());
        assertEquals(net.low(ATTACKER), first.subjectLow());
        assertEquals(net.low(VICTIM), first.aimLow());
        assertEquals(443, first.aimPort());
        assertEquals(1, first.hosts());
        assertEquals(1, first.ports());
        assertEquals(firstNs + (TRACK_MIN - 1) * SECOND_NS / perSecond, first.firstSeenNs());

        while (net.last().nats() < 14 && sent < 5_000)
        {
            openings(1, SECOND_NS / perSecond);
            sent++;
        }
        assertTrue(sent <= openingsMax + 11, "14 nats after " + sent);
    }

    @Test
    void shouldCallAFloodWhenItWasOneLumpAndThenSilence()
    {
        openings(40, 10_000);
        assertEquals(List.of(), net.signals);
        net.pass(2 * GRACE_NS + 20 * MILLISECOND_NS);
        assertEquals(1, net.signals.size());
        assertEquals(37, net.last().count());
    }

    @ParameterizedTest
    @CsvSource({"12,0", "13,1"})
    void shouldAllowABurstOfTwelveWhenOpeningsAreOverdueInOneLump(final int overdue, final int signals)
    {
        bringIntoView();
        openings(overdue, 0);
        net.leap(2 * GRACE_NS);
        net.policy.onTick(net.nowNs);
        sweep();
        assertEquals(signals, net.signals.size());
        if (signals == 1)
        {
            assertEquals(OVERDUE_NATS, net.last().nats(), 1e-9);
            assertEquals(13, net.last().count());
        }
    }

    /** A tick sweeps a part of the table; this many see all of it. */
    private void sweep()
    {
        for (int i = 0; i < 16; i++)
        {
            net.policy.onTick(net.nowNs);
        }
    }

    @Test
    void shouldNotHoldOpeningsOverdueWhenTheGraceHasANanosecondLeft()
    {
        bringIntoView();
        net.open(ATTACKER, VICTIM, 443);
        net.nowNs += GRACE_NS - 1;
        openings(30, 0);
        net.nowNs += 1;
        sweep();
        // The first epoch is over, but its openings may be as young as a nanosecond.
        net.nowNs += GRACE_NS - 1;
        sweep();
        assertEquals(List.of(), net.signals);
        net.nowNs += 1;
        sweep();
        assertEquals(1, net.signals.size());
        assertEquals(31, net.last().count());
        assertEquals(Math.min(32.0, (31 - BURST) * OVERDUE_NATS), net.last().nats(), 1e-9);
    }

    @Test
    void shouldStayQuietWhenOpeningsAreCompletedBeforeTheyAreOverdue()
    {
        bringIntoView();
        openings(5_000, 0);
        net.nowNs += GRACE_NS;
        sweep();
        completions(5_000);
        net.nowNs += GRACE_NS;
        sweep();
        assertEquals(List.of(), net.signals);
    }

    @Test
    void shouldHoldTheRestOverdueWhenOnlySomeWereCompleted()
    {
        bringIntoView();
        openings(BURST + 5, 0);
        completions(3);
        net.leap(2 * GRACE_NS);
        sweep();
        assertEquals(2 * OVERDUE_NATS, net.last().nats(), 1e-9);
        assertEquals(BURST + 2, net.last().count());
    }

    @Test
    void shouldTakeEvidenceBackWhenCompletionsComeLate()
    {
        bringIntoView();
        openings(BURST + 3, 0);
        net.leap(2 * GRACE_NS);
        sweep();
        assertEquals(3 * OVERDUE_NATS, net.last().nats(), 1e-9);
        completions(3);
        openings(8, 0);
        net.leap(2 * GRACE_NS);
        sweep();
        // The model takes (500 - 50) / 1000 nats with each of the ten milliseconds.
        assertEquals(8 * OVERDUE_NATS - 4.5, net.last().nats(), 1e-9);
    }

    @Test
    void shouldHoldOpeningsOverdueWhenTheInitiatorResetsThem()
    {
        for (int i = 0; i < 60; i++)
        {
            net.open(ATTACKER, VICTIM, 443);
            net.send(ConversationKind.ACCEPTED, ATTACKER, VICTIM, 443);
            net.send(ConversationKind.ABORTED, ATTACKER, VICTIM, 443);
            net.leap(MILLISECOND_NS);
        }
        assertEquals(Scenario.FLOOD.code(), net.signals.get(0).scenario());
    }

    @ParameterizedTest
    @CsvSource({"150,false", "190,false", "220,true", "1000,true"})
    void shouldCallWhenTheLastingRateIsAboveTheModelsBalance(final int perSecond, final boolean called)
    {
        // Balance: (500 - 50) / ln(500 / 50) = 195.4 openings a second.
        for (int i = 0; i < perSecond * 20; i++)
        {
            net.nowNs += SECOND_NS / perSecond;
            net.open(ATTACKER, VICTIM, 443);
        }
        assertEquals(called, !net.signals.isEmpty());
    }

    @Test
    void shouldCountWeightsWhenSingleRecordsGaveEvidence()
    {
        bringIntoView();
        openings(BURST + 5, 0);
        net.leap(2 * GRACE_NS);
        sweep();
        assertEquals(BURST + 5, net.last().count());
        assertEquals(5 * OVERDUE_NATS, net.last().nats(), 1e-9);
        net.event.weight = 500;
        openings(1, 0);
        net.event.weight = 1;
        net.leap(2 * GRACE_NS);
        sweep();
        assertEquals(BURST + 505, net.last().count());
        assertEquals(32.0, net.last().nats(), 1e-9);
    }

    @Test
    void shouldCountACollapsedRecordOnceWhenThereIsNoEvidenceYet()
    {
        bringIntoView();
        net.event.weight = 5_000;
        openings(BURST, 0);
        net.event.weight = 1;
        net.leap(2 * GRACE_NS);
        sweep();
        assertEquals(List.of(), net.signals);
    }

    @ParameterizedTest
    @CsvSource({"2,0", "1,1"})
    void shouldForgiveOverdueOpeningsWhenAnswersWereCollapsedMeanwhile(final int weight, final int signals)
    {
        bringIntoView();
        openings(2 * BURST, 0);
        net.leap(MILLISECOND_NS);
        // One answer, from another service, that stands for others too.
        net.event.weight = weight;
        net.send(ConversationKind.ESTABLISHED, ATTACKER, VICTIM + 1, 443);
        net.event.weight = 1;
        net.leap(2 * GRACE_NS);
        sweep();
        assertEquals(signals, net.signals.size());
        assertEquals(1 - signals, net.count(SketchCounter.OVERDUE_FORGIVEN));
        assertEquals(weight - 1, net.count(SketchCounter.ANSWERS_COLLAPSED));

        net.pass(200 * MILLISECOND_NS);
        openings(2 * BURST, 0);
        net.leap(2 * GRACE_NS);
        sweep();
        assertEquals(signals + 1, net.signals.size(), "what was collapsed before the openings excuses nothing");
    }

    @Test
    void shouldNotCountRetransmissions()
    {
        net.event.flags = Conversation.FLAG_REPEAT;
        openings(1_000, MILLISECOND_NS);
        assertEquals(List.of(), net.signals);
    }

    @Test
    void shouldHoldNothingAgainstASourceWhenItIsExempt()
    {
        try (PolicyHarness spared = new PolicyHarness(
            PolicyHarness.config().exemptions(List.of(new Exemption(0, 0x0000_ffff_c612_0000L, 112))).build()))
        {
            for (int i = 0; i < 100; i++)
            {
                spared.open(ATTACKER, VICTIM, 443);
                spared.leap(MILLISECOND_NS);
            }
            assertEquals(List.of(), spared.signals);
            assertEquals(97, spared.count(SketchCounter.EXEMPTED));
        }
    }

    @Test
    void shouldNotSaveUpCompletionsWhenTheyComeWithoutOpenings()
    {
        bringIntoView();
        openings(1, 0);
        completions(1_000);
        openings(BURST + 1, 0);
        net.leap(2 * GRACE_NS);
        sweep();
        assertEquals(OVERDUE_NATS, net.last().nats(), 1e-9);
    }

    @Test
    void shouldBoundItsSignalsWhenAFloodLasts()
    {
        openings(20_000, 100_000);
        for (final PolicyHarness.Seen signal : net.signals)
        {
            assertTrue(signal.nats() <= 32.0);
        }
        // At most 13 steps to the ceiling, and nothing told decays by a nat in two seconds.
        assertTrue(net.signals.size() <= 13, "signals=" + net.signals.size());
        final int before = net.signals.size();
        openings(30_000, 100_000);
        assertEquals(before + 1, net.signals.size(), "told again when it decayed by a nat");
    }

    @Test
    void shouldBeginANewEpisodeWhenTheFirstHasDrained()
    {
        openings(60, MILLISECOND_NS);
        final int before = net.signals.size();
        assertFalse(net.signals.isEmpty());
        net.pass(10 * SECOND_NS);
        final long secondNs = net.nowNs;
        openings(60, MILLISECOND_NS);
        assertTrue(net.signals.size() > before);
        assertEquals(secondNs + (TRACK_MIN - 1) * MILLISECOND_NS, net.last().firstSeenNs());
        assertTrue(net.last().count() < 60, "counts of the first episode are gone");
    }

    @Test
    void shouldFollowTheFloodWhenThousandsOfPairsAreBusy()
    {
        try (PolicyHarness small = new PolicyHarness(PolicyHarness.config().floodsMax(64).build()))
        {
            for (int i = 0; i < 60; i++)
            {
                small.open(ATTACKER, VICTIM, 443);
                for (int other = 0; other < 300; other++)
                {
                    small.established(100 + other, VICTIM, 443);
                }
                small.policy.onTick(small.nowNs);
            }
            assertTrue(small.count(SketchCounter.FLOODS_EVICTED) > 0, "the table was too small");
            assertEquals(List.of(), small.signals, "fewer than 195 openings a second");
            for (int i = 0; i < 60; i++)
            {
                small.open(ATTACKER, VICTIM, 443);
                small.leap(MILLISECOND_NS);
            }
            assertTrue(small.signals.stream().allMatch((s) -> s.subjectLow() == small.low(ATTACKER)));
            assertFalse(small.signals.isEmpty());
        }
    }

    @Test
    void shouldSaySaturatedWhenTheSketchOfOpeningsIsTooSmall()
    {
        try (PolicyHarness small = new PolicyHarness(PolicyHarness.config().openingsWidth(64).build()))
        {
            small.policy.onTick(small.nowNs);
            for (int i = 0; i < 1_000; i++)
            {
                small.open(i, VICTIM, 80);
            }
            small.leap(SECOND_NS - 1);
            assertEquals(0, small.count(SketchCounter.OPENINGS_SATURATED));
            small.leap(1);
            assertEquals(1, small.count(SketchCounter.OPENINGS_SATURATED));
        }
    }
}
