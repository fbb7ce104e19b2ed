package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Where an episode of {@link SpreadFloodTest} begins and ends, and what is told of it. */
class SpreadFloodEpisodesTest
{
    private static final int VICTIM = 20;
    private static final int STACK_BYTES = 40;
    private static final int BARE_BYTES = 24;
    private static final double BARE_NATS = Math.log(200);
    private static final long IDLE_NS = 10 * SECOND_NS;
    private static final long GRACE_NS = SpreadFloodTest.GRACE_MIN_NS;

    private final PolicyHarness net = new PolicyHarness(PolicyHarness.shipped().build());
    private int stranger = 1_000;

    @AfterEach
    void close()
    {
        net.close();
    }

    private void open(final int strangers, final int headerBytes)
    {
        net.event.headerBytes = headerBytes;
        for (int i = 0; i < strangers; i++)
        {
            net.open(stranger++, VICTIM, 443);
        }
    }

    private void refuse(final int strangers, final int headerBytes)
    {
        net.event.headerBytes = headerBytes;
        for (int i = 0; i < strangers; i++)
        {
            net.refused(stranger++, VICTIM, 443);
        }
    }

    /** A tick sweeps a part of the table; this many see all of it. Returns how much was done. */
    private int sweep(final PolicyHarness at)
    {
        int done = 0;
        for (int i = 0; i < 32; i++)
        {
            done += at.policy.onTick(at.nowNs);
        }
        return done;
    }

    private PolicyHarness.Seen told()
    {
        return net.of(Scenario.SPREAD_FLOOD).get(net.of(Scenario.SPREAD_FLOOD).size() - 1);
    }

    @ParameterizedTest
    // strangers that do not complete, what one more than are allowed at once adds, and by what cause
    @CsvSource({"70,40,64,40,STRANGER", "36,24,32,200,BARE_OPENING"})
    void shouldBeginAnewAtOnceWhenStrangersOnlyCompletedLate(
        final int strangers, final int headerBytes, final int allowed, final double factor, final Cause cause)
    {
        open(strangers, headerBytes);
        final int first = stranger - strangers;
        net.leap(2 * GRACE_NS);
        sweep(net);
        assertEquals((strangers - allowed) * Math.log(factor), told().nats(), 1e-9);
        assertTrue(told().why().contains(String.format("%+.2f nats, 1 times: %s",
            strangers * Math.log(factor), cause.sentence())), told().why());
        net.leap(GRACE_NS);
        sweep(net);
        for (int i = 0; i < strangers; i++)
        {
            net.send(ConversationKind.ESTABLISHED, first + i, VICTIM, 443);
        }
        final long secondNs = net.nowNs;
        refuse(allowed + 1, headerBytes);
        assertEquals(Math.log(factor), told().nats(), 1e-9);
        assertEquals(secondNs, told().firstSeenNs());
        assertEquals(secondNs, told().lastSeenNs());
        assertEquals(allowed + 1, told().count());
        assertEquals(1, told().why().lines().filter((line) -> line.contains("times")).count(), told().why());
    }

    @Test
    void shouldWaitForASlowVictimsClientsForASecondAtMost()
    {
        for (int client = 1; client <= 3; client++)
        {
            net.open(client, VICTIM, 443);
            net.leap(900 * MILLISECOND_NS);
            net.send(ConversationKind.ACCEPTED, client, VICTIM, 443);
            net.send(ConversationKind.ESTABLISHED, client, VICTIM, 443);
        }
        // a timeout of 17/8 of 900 ms is learned of that; openings are overdue after two graces
        net.leap(20 * SECOND_NS);
        sweep(net);
        open(70, STACK_BYTES);
        net.leap(SECOND_NS);
        sweep(net);
        net.leap(SECOND_NS - 1);
        sweep(net);
        assertEquals(0, net.of(Scenario.SPREAD_FLOOD).size());
        net.leap(1);
        sweep(net);
        assertEquals(1, net.of(Scenario.SPREAD_FLOOD).size());
    }

    /** One completion says more of the victim's clients than none does, and never makes a flood wait longer. */
    @ParameterizedTest
    @CsvSource({"0,20", "1,20", "10,30"})
    void shouldKnowTheGraceOfAVictimFromItsFirstClient(final long completedMs, final long graceMs)
    {
        if (completedMs > 0)
        {
            net.open(1, VICTIM, 443);
            net.leap(completedMs * MILLISECOND_NS);
            net.send(ConversationKind.ACCEPTED, 1, VICTIM, 443);
            net.send(ConversationKind.ESTABLISHED, 1, VICTIM, 443);
        }
        net.leap(20 * SECOND_NS);
        sweep(net);
        open(70, STACK_BYTES);
        net.leap(graceMs * MILLISECOND_NS);
        sweep(net);
        net.leap(graceMs * MILLISECOND_NS - 1);
        sweep(net);
        assertEquals(0, net.of(Scenario.SPREAD_FLOOD).size());
        net.leap(1);
        sweep(net);
        assertEquals(1, net.of(Scenario.SPREAD_FLOOD).size());
    }

    @Test
    void shouldNameTheVictimOverIpv6()
    {
        net.useIpv6();
        refuse(70, STACK_BYTES);
        assertEquals(net.high(), told().subjectHigh());
        assertEquals(net.low(VICTIM), told().subjectLow());
        assertEquals(70, told().hosts(), 7);
        assertEquals(1, told().ports());
    }

    @Test
    void shouldSayWhenTheLastStrangerAsked()
    {
        open(100, STACK_BYTES);
        net.nowNs += MILLISECOND_NS;
        final long lastNs = net.nowNs;
        open(1, STACK_BYTES);
        net.leap(2 * GRACE_NS);
        sweep(net);
        assertEquals(lastNs, told().lastSeenNs());
        assertEquals(lastNs - MILLISECOND_NS, told().firstSeenNs());
    }

    @ParameterizedTest
    // a victim left in peace for ten seconds holds no place
    @CsvSource({"-1,1", "0,0"})
    void shouldForgetAVictimThatIsLeftInPeaceToTheNanosecond(final long beyondNs, final int evicted)
    {
        try (PolicyHarness small = new PolicyHarness(PolicyHarness.shipped().floodsMax(8).build()))
        {
            final long firstNs = small.nowNs;
            for (int victim = 0; victim < 8; victim++)
            {
                small.open(stranger++, VICTIM + victim, 80);
            }
            for (int i = 0; i < 40; i++)
            {
                small.leap(SECOND_NS / 5);
                sweep(small);
            }
            small.nowNs = firstNs + IDLE_NS + beyondNs;
            sweep(small);
            small.open(stranger++, VICTIM + 8, 80);
            assertEquals(evicted, small.count(SketchCounter.FLOODS_EVICTED));
        }
    }

    @Test
    void shouldSayWhetherTimeDidAnything()
    {
        open(1, STACK_BYTES);
        net.nowNs += GRACE_NS - 1;
        assertEquals(0, sweep(net));
        net.nowNs++;
        assertEquals(1, sweep(net), "the opening ripens");
        assertEquals(0, sweep(net));
    }

    private int toldOf()
    {
        return net.of(Scenario.SPREAD_FLOOD).size();
    }

    @Test
    void shouldTellASecondEpisodeFromItsOwnFirstEvidenceOn()
    {
        try (PolicyHarness coarse = new PolicyHarness(PolicyHarness.shipped().stepNats(4.0).build()))
        {
            for (int episode = 0; episode < 2; episode++)
            {
                for (int i = 0; i < 65; i++)
                {
                    coarse.refused(stranger++, VICTIM, 443);
                }
                assertEquals(episode + 1, coarse.of(Scenario.SPREAD_FLOOD).size());
                coarse.pass(SECOND_NS);
            }
        }
    }

    @Test
    void shouldHoldARefusalThatComesLateOnce()
    {
        open(70, STACK_BYTES);
        final int first = stranger - 70;
        net.leap(2 * GRACE_NS);
        sweep(net);
        for (int i = 0; i < 70; i++)
        {
            net.send(ConversationKind.REFUSED, first + i, VICTIM, 443);
        }
        refuse(71, STACK_BYTES);
        assertEquals(70 + 71, told().count());
        assertEquals((71 - 64) * Math.log(40), told().nats(), 1e-9);
        assertTrue(told().why().contains(Cause.REFUSED.sentence()), told().why());
    }

    @Test
    void shouldHoldTheRestOverdueWhenOnlySomeStrangersComplete()
    {
        open(130, STACK_BYTES);
        for (int i = 0; i < 65; i++)
        {
            net.send(ConversationKind.ESTABLISHED, stranger - 1 - i, VICTIM, 443);
        }
        net.leap(2 * GRACE_NS);
        sweep(net);
        assertEquals(65, told().count());
        assertEquals(Math.log(40), told().nats(), 1e-9);
    }

    @Test
    void shouldTakeBackOfBareOnesWhatBareOnesCompleteOnly()
    {
        open(33, BARE_BYTES);
        open(10, STACK_BYTES);
        net.leap(2 * GRACE_NS);
        sweep(net);
        assertEquals(BARE_NATS, told().nats(), 1e-9);
        for (int i = 0; i < 10; i++)
        {
            net.send(ConversationKind.ESTABLISHED, stranger - 1 - i, VICTIM, 443);
        }
        refuse(1, BARE_BYTES);
        assertEquals(2 * BARE_NATS, told().nats(), 1e-9);
    }

    @Test
    void shouldLetBareOnesBeCompletedAsWhatTheyAre()
    {
        open(40, BARE_BYTES);
        open(40, STACK_BYTES);
        for (int i = 0; i < 40; i++)
        {
            net.event.headerBytes = BARE_BYTES;
            net.send(ConversationKind.ESTABLISHED, stranger - 80 + i, VICTIM, 443);
        }
        net.leap(2 * GRACE_NS);
        sweep(net);
        assertEquals(0, toldOf(), "forty of a stack are fewer than sixty-four");
    }

    @Test
    void shouldSayWhatARefusedRecordOfManyAdded()
    {
        refuse(66, STACK_BYTES);
        net.event.weight = 3;
        refuse(1, STACK_BYTES);
        assertEquals(69, told().count());
        assertTrue(told().why().contains(String.format("%+.2f nats, 67 times: %s",
            69 * Math.log(40), Cause.REFUSED.sentence())), told().why());
        net.event.weight = 1;
        net.pass(2 * SECOND_NS);
        refuse(34, BARE_BYTES);
        assertTrue(told().why().contains(String.format("%+.2f nats, 34 times: %s",
            34 * BARE_NATS, Cause.BARE_OPENING.sentence())), told().why());
    }

    @ParameterizedTest
    @CsvSource({"7,false", "8,true"})
    void shouldAskForEightSources(final int sources, final boolean isTold)
    {
        for (int i = 0; i < 120; i++)
        {
            net.refused(stranger + i % sources, VICTIM, 1 + i);
        }
        assertEquals(isTold, toldOf() > 0);
    }

    @Test
    void shouldNotTakeRefusalsOfWhomItKnowsForThoseOfStrangersWhoWait()
    {
        for (int client = 0; client < 100; client++)
        {
            net.established(client, VICTIM + 1, 80);
        }
        open(66, STACK_BYTES);
        for (int client = 0; client < 100; client++)
        {
            net.refused(client, VICTIM, 443);
        }
        assertEquals(0, toldOf());
    }

    @Test
    void shouldCountWhatIsOverdueOneByOne()
    {
        for (final int openings : new int[]{66, 1, 8, 0})
        {
            open(openings, STACK_BYTES);
            net.leap(GRACE_NS / 2);
            sweep(net);
            net.leap(GRACE_NS / 2);
            sweep(net);
        }
        final int before = toldOf();
        refuse(70, STACK_BYTES);
        assertTrue(toldOf() > before);
        assertEquals(66 + 1 + 8 + 70, told().count());
    }

    @Test
    void shouldKeepVictimsThatAreFloodedWhenTheTableIsFullOfThem()
    {
        try (PolicyHarness small = new PolicyHarness(PolicyHarness.shipped().floodsMax(8).build()))
        {
            for (int victim = 0; victim < 9; victim++)
            {
                for (int i = 0; i < 70; i++)
                {
                    small.refused(stranger++, VICTIM + victim, 443);
                }
                final long low = small.low(VICTIM + victim);
                assertEquals(victim < 8, small.of(Scenario.SPREAD_FLOOD).stream().anyMatch(
                    (s) -> s.subjectLow() == low), "victim " + victim);
            }
        }
    }
}
