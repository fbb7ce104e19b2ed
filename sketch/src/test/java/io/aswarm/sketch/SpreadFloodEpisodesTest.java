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
}
