package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Random;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EchoFloodTestTest
{
    private static final int SOURCE = 7;
    private static final int VICTIM = 20;
    private static final int QUANTUM = 1_024;
    private static final int FRAME = 98;
    private static final int FULL_FRAME = 1_514;
    private static final int IDENTIFIER = 700;
    private static final double EVENT_NATS = Math.log(20);
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);

    private final PolicyHarness net = new PolicyHarness();

    @AfterEach
    void close()
    {
        net.close();
    }

    /** An echo is sampled. */
    private void echo(final PolicyHarness at, final int source, final int length, final int quantum, final int flags)
    {
        at.event.protocol = at.high() == 0 ? PolicyHarness.ICMP : ConversationKind.ICMPV6;
        at.event.flags = flags;
        at.event.quantity = quantum;
        at.event.lengthBytes = length;
        at.send(ConversationKind.VOLUME, source, VICTIM, 0);
    }

    private void echo(final int source)
    {
        echo(net, source, FRAME, QUANTUM, 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTellTheSourceAtTheFifteenthSampleOfAFlood(final boolean isIpv6)
    {
        if (isIpv6)
        {
            net.useIpv6();
        }
        int records = 0;
        while (net.nats(Scenario.FLOOD) < NODE_BAR_NATS && records < 100)
        {
            echo(SOURCE);
            net.nowNs += QUANTUM * SECOND_NS / FRAME / 75_000;
            records++;
        }
        assertEquals(15, records, 1);
        final PolicyHarness.Seen told = net.of(Scenario.FLOOD).get(net.of(Scenario.FLOOD).size() - 1);
        assertEquals(net.high(), told.subjectHigh());
        assertEquals(net.low(SOURCE), told.subjectLow());
        assertEquals(net.high(), told.aimHigh());
        assertEquals(net.low(VICTIM), told.aimLow());
        assertEquals(0, told.verification(), "an address alone is no proof");
        assertTrue(told.why().contains(Cause.ECHO.sentence()), told.why());
    }

    @ParameterizedTest
    @CsvSource({"8, 0", "9, 2.9957", "10, 5.9915"})
    void shouldAllowALumpOfEight(final int records, final double nats)
    {
        for (int i = 0; i < records; i++)
        {
            echo(SOURCE);
        }
        assertEquals(nats, net.nats(Scenario.FLOOD), 1e-4);
    }

    /** Balance is where time takes what records add: 1,268 requests a second, whatever share of them is seen. */
    @ParameterizedTest
    @CsvSource({
        "1024, 1255, false", "1024, 1285, true", "65536, 1255, false", "65536, 1285, true", "1024, 500, false"})
    void shouldBalanceAtTheSameRateWhenTheQuantumIsAnother(
        final int quantum, final int perSecond, final boolean isTold)
    {
        for (int i = 0; i < 1_200; i++)
        {
            echo(net, SOURCE, FRAME, quantum, 0);
            net.nowNs += (long)((double)quantum / FRAME * SECOND_NS / perSecond);
        }
        assertEquals(isTold, net.nats(Scenario.FLOOD) > 0);
    }

    /** Of 65,535 bytes each: 43 full frames and a short one, and between them what others send. */
    @ParameterizedTest
    @CsvSource({"1024, 100, false", "65536, 100, false", "1024, 2000, true"})
    void shouldCountFragmentsAsTheShareOfALargeRequestThatTheyMayBe(
        final int quantum, final int perSecond, final boolean isTold)
    {
        final Random random = new Random(17);
        long carried = 0;
        for (int request = 0; request < 2_000; request++)
        {
            for (int fragment = 0; fragment <= 43; fragment++)
            {
                final int length = fragment < 43 ? FULL_FRAME : 470;
                final long before = carried / quantum;
                carried += length;
                if (carried / quantum > before)
                {
                    echo(net, SOURCE, length, (int)(carried / quantum - before) * quantum, 0);
                }
            }
            carried += random.nextInt(65_536);
            net.nowNs += SECOND_NS / perSecond;
        }
        assertEquals(isTold, net.nats(Scenario.FLOOD) > 0);
    }

    @Test
    void shouldCountAFrameThatMayBeAPartByTheLargestPacket()
    {
        for (int i = 0; i < 18; i++)
        {
            echo(net, SOURCE, FULL_FRAME, 32_768, 0);
        }
        assertEquals((18 * 32_768.0 / 65_535 - 8) * EVENT_NATS, net.nats(Scenario.FLOOD), 1e-9);
    }

    @ParameterizedTest
    @CsvSource({"1279, true", "1280, false"})
    void shouldTakeAFrameForAPartFromTheNarrowestPathOn(final int length, final boolean isTold)
    {
        for (int i = 0; i < 12; i++)
        {
            echo(net, SOURCE, length, QUANTUM, 0);
        }
        assertEquals(isTold, net.nats(Scenario.FLOOD) > 0);
    }

    @Test
    void shouldSayNothingOfRepliesOfWhatNobodyAskedAndOfOtherProtocols()
    {
        for (int i = 0; i < 100; i++)
        {
            echo(net, SOURCE, FRAME, QUANTUM, Conversation.FLAG_FROM_RESPONDER);
            echo(net, SOURCE, FRAME, QUANTUM, Conversation.FLAG_UNORIENTED);
            echo(net, SOURCE, 0, QUANTUM, 0);
            net.event.lengthBytes = FRAME;
            net.event.protocol = PolicyHarness.UDP;
            net.event.flags = Conversation.FLAG_ON_LINK;
            net.send(ConversationKind.VOLUME, SOURCE, VICTIM, 514);
            net.event.flags = 0;
        }
        assertEquals(List.of(), net.of(Scenario.FLOOD));
    }

    @Test
    void shouldNotAddUpWhatManyAskOfOneHost()
    {
        for (int i = 0; i < 200; i++)
        {
            echo(1_000 + i % 25);
        }
        assertEquals(List.of(), net.of(Scenario.FLOOD));
    }

    @Test
    void shouldSpareADeclaredMonitor()
    {
        try (PolicyHarness exempting = new PolicyHarness(PolicyHarness.config().exemptions(List.of(
            new Exemption(0, net.low(SOURCE), 128))).build()))
        {
            for (int i = 0; i < 100; i++)
            {
                echo(exempting, SOURCE, FRAME, QUANTUM, 0);
            }
            assertEquals(List.of(), exempting.signals);
            for (int i = 0; i < 100; i++)
            {
                echo(exempting, SOURCE + 1, FRAME, QUANTUM, 0);
            }
            assertEquals(net.low(SOURCE + 1), exempting.of(Scenario.FLOOD).get(0).subjectLow());
        }
    }

    @Test
    void shouldVerifyASourceWhenHalfOfItsRequestsAreVerifiedByTheLink()
    {
        for (int i = 0; i < 12; i++)
        {
            echo(net, SOURCE, FRAME, QUANTUM, i % 2 == 0 ? Conversation.FLAG_ON_LINK : 0);
        }
        assertEquals(Signal.VERIFIED_ON_LINK, net.of(Scenario.FLOOD).get(3).verification());
        for (int i = 0; i < 12; i++)
        {
            echo(net, SOURCE + 1, FRAME, QUANTUM, i % 3 == 0 ? Conversation.FLAG_ON_LINK : 0);
        }
        assertEquals(0, net.of(Scenario.FLOOD).get(7).verification());
    }

    @Test
    void shouldBeginAnewWhenTheSourceRested()
    {
        for (int i = 0; i < 12; i++)
        {
            echo(SOURCE);
        }
        assertEquals(4 * EVENT_NATS, net.nats(Scenario.FLOOD), 1e-9);
        net.nowNs += 9 * SECOND_NS;
        for (int i = 0; i < 9; i++)
        {
            echo(SOURCE);
        }
        assertTrue(net.last().why().contains(String.format("%+.2f nats, 9 times", 9 * EVENT_NATS)));
        assertEquals(EVENT_NATS, net.nats(Scenario.FLOOD), 1e-9);
        assertEquals(9, net.of(Scenario.FLOOD).get(net.of(Scenario.FLOOD).size() - 1).count());
    }

    @ParameterizedTest
    // eight records are the lump that either allows: what is a flood's is not held to be carried out as well
    @CsvSource({"0, false", "16, true"})
    void shouldNotHoldAFloodToBeCarriedOut(final int flags, final boolean isCarried)
    {
        net.event.initiatorPort = IDENTIFIER;
        for (int i = 0; i < 100; i++)
        {
            echo(net, SOURCE, FRAME, QUANTUM, flags);
        }
        assertEquals(isCarried, net.nats(Scenario.EXFILTRATION) > 0);
        assertEquals(!isCarried, net.nats(Scenario.FLOOD) > 0);
    }
}
