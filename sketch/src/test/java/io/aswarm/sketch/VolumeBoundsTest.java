package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What volume is worth, on each side of every bound of {@link ExfiltrationTest} and {@link NameTunnelTest}. */
class VolumeBoundsTest
{
    private static final int HOST = 7;
    private static final int PLACE = 9;
    private static final double UNIT_NATS = Math.log(10);
    private static final double IMMATURE = ExfiltrationTest.IMMATURE_WEIGHT;

    private final PolicyHarness net = new PolicyHarness(PolicyHarness.shipped().build());
    private int sourcePort = 1_024;

    @AfterEach
    void close()
    {
        net.close();
    }

    private void send(final int protocol, final int port, final long bytes)
    {
        net.event.protocol = protocol;
        net.event.initiatorPort = ++sourcePort;
        net.sendOutside(ConversationKind.VOLUME, HOST, PLACE, port, bytes);
    }

    private double nats()
    {
        return net.nats(Scenario.EXFILTRATION);
    }

    @ParameterizedTest
    // lumps that are no evidence, in KiB, and one unit more
    @CsvSource({"17,53,16,1", "6,53,16,1", "1,0,8,1", "58,0,8,1", "6,443,32768,64", "17,443,32768,64"})
    void shouldAllowALumpOfEachWayAndHoldTheNextUnit(
        final int protocol, final int port, final int lumpKib, final int unitKib)
    {
        send(protocol, port, (long)lumpKib << 10);
        assertEquals(0.0, nats());
        send(protocol, port, (long)unitKib << 10);
        assertEquals(IMMATURE * UNIT_NATS, nats(), 1e-9);
        assertEquals(2, net.last().count());
        assertEquals(1, net.last().hosts());
        assertEquals(1, net.last().ports());
        assertEquals(port, net.last().aimPort());
        assertTrue(net.last().why().contains(
            String.format("%+.2f nats, 1 times: %s", UNIT_NATS, Cause.VOLUME.sentence())), net.last().why());
    }

    @ParameterizedTest
    // of what is ten times the benign volume, two seconds take nine times that
    @CsvSource({"17,53,16,1024,60", "1,0,8,1024,500", "6,443,32768,65536,65536"})
    void shouldTakeForEachSecondWhatTheModelOfTheWaySays(
        final int protocol, final int port, final int lumpKib, final int unitBytes, final int benignPerSecond)
    {
        send(protocol, port, (long)lumpKib << 10);
        net.nowNs += 2 * SECOND_NS;
        send(protocol, port, 11L * unitBytes);
        assertEquals(IMMATURE * (11 * UNIT_NATS - 2.0 * 9 * benignPerSecond / unitBytes), nats(), 1e-9);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "4,2"})
    void shouldSayWhetherTheLinkSaysWhoSent(final int flags, final int verification)
    {
        send(6, 443, 32L << 20);
        net.event.flags = flags;
        send(6, 443, 64L << 10);
        assertEquals(verification, net.last().verification());
    }

    @Test
    void shouldTellAgainByTheStepAndSayWhenItBeganAndWhenItWasSeen()
    {
        final long firstNs = net.nowNs;
        send(6, 443, 32L << 20);
        net.nowNs += SECOND_NS;
        send(6, 443, 11L << 16);
        send(6, 443, 1);
        assertEquals(1, net.of(Scenario.EXFILTRATION).size(), "less than a step more");
        send(6, 443, 64L << 10);
        assertEquals(2, net.of(Scenario.EXFILTRATION).size());
        assertEquals(firstNs, net.last().firstSeenNs());
        assertEquals(firstNs + SECOND_NS, net.last().lastSeenNs());
        // a second takes (10 - 1) of a unit
        assertEquals(IMMATURE * ((12 + 1.0 / 65_536) * UNIT_NATS - 9), nats(), 1e-9);
    }

    @Test
    void shouldTellOfAPartOfAUnit()
    {
        send(6, 443, 32L << 20);
        send(6, 443, 16L << 10);
        assertEquals(IMMATURE * UNIT_NATS / 4, nats(), 1e-9);
    }

    @Test
    void shouldTellAgainWhatLastsWhenWhatWasToldHasDecayedByAStep()
    {
        // at the most that there can be, 22.4 nats; a tenth of a nat of it decays in 3.87 seconds
        send(6, 443, 64L << 20);
        for (int second = 1; second <= 4; second++)
        {
            assertEquals(1, net.of(Scenario.EXFILTRATION).size());
            net.nowNs += SECOND_NS;
            send(6, 443, 1L << 20);
        }
        assertEquals(2, net.of(Scenario.EXFILTRATION).size());
    }

    @Test
    void shouldBeginAnewWhenItHasDrained()
    {
        send(6, 443, 34L << 20);
        assertTrue(nats() > 0.0);
        net.nowNs += 600 * SECOND_NS;
        final long secondNs = net.nowNs;
        send(6, 443, 32L << 20);
        send(6, 443, 64L << 10);
        assertEquals(2, net.of(Scenario.EXFILTRATION).size());
        assertEquals(secondNs, net.last().firstSeenNs());
        assertEquals(2, net.last().count());
        assertTrue(net.last().why().startsWith(String.format("%.2f", nats())), net.last().why());
        assertTrue(net.last().why().contains(String.format("%+.2f nats, 1 times", UNIT_NATS)), net.last().why());
    }

    @Test
    void shouldHoldNoPlaceForWhatHasDrained()
    {
        try (PolicyHarness small = new PolicyHarness(PolicyHarness.shipped().floodsMax(8).build()))
        {
            for (int place = 0; place < 8; place++)
            {
                small.sendOutside(ConversationKind.VOLUME, HOST, place, 443, 34L << 20);
            }
            assertEquals(8, small.of(Scenario.EXFILTRATION).size());
            small.leap(SECOND_NS);
            small.sendOutside(ConversationKind.VOLUME, HOST, PLACE, 443, 34L << 20);
            assertEquals(8, small.of(Scenario.EXFILTRATION).size(), "evidence is not given up for a newcomer");
            small.leap(600 * SECOND_NS);
            small.sendOutside(ConversationKind.VOLUME, HOST, PLACE, 443, 34L << 20);
            assertEquals(9, small.of(Scenario.EXFILTRATION).size());
        }
    }

    @ParameterizedTest
    // a frame that may be a part counts as its share of the largest packet, which is the lump allowed
    @CsvSource({"1279,8192,1024", "1280,65535,8192", "1514,65535,8192"})
    void shouldCountALargeEchoAsAShareOfTheLargestPacket(
        final int frameBytes, final int lumpBytes, final int unitBytes)
    {
        net.event.lengthBytes = frameBytes;
        send(1, 0, lumpBytes);
        assertEquals(0.0, nats());
        send(1, 0, unitBytes);
        assertEquals(IMMATURE * UNIT_NATS, nats(), 1e-4);
    }

    @Test
    void shouldJudgeAHostAtTwiceWhatItUsuallySends()
    {
        for (int minute = 0; minute < 201; minute++)
        {
            send(6, 443, 10L << 20);
            net.leap(60 * SECOND_NS);
        }
        assertEquals(0.0, nats());
        // 10 MiB a minute are 8/3 of the benign rate: all but known, a unit counts for a little more than 3/16
        final double maturity = 201.0 / 211;
        send(6, 443, 2_610L << 16);
        assertEquals(
            (IMMATURE + (1 - IMMATURE) * maturity) * UNIT_NATS * (2_610 / (maturity * 16 / 3) - 512), nats(), 1e-6);
    }

    @Test
    void shouldForgetInFourTicksAllThatHasDrained()
    {
        try (PolicyHarness small = new PolicyHarness(PolicyHarness.shipped().floodsMax(64).build()))
        {
            small.policy.onTick(small.nowNs);
            for (int place = 0; place < 8; place++)
            {
                small.sendOutside(ConversationKind.VOLUME, HOST, place, 443, 1L << 16);
            }
            small.nowNs += SECOND_NS;
            int forgotten = 0;
            for (int tick = 0; tick < 4; tick++)
            {
                forgotten += small.policy.onTick(small.nowNs);
            }
            assertEquals(8, forgotten);
            assertEquals(0, small.policy.onTick(small.nowNs));
        }
    }

    @Test
    void shouldNotLearnAWindowInWhichItHoldsSomething()
    {
        // told from the first unit on; windows of a minute with evidence are frozen, so nothing is ever known
        for (int minute = 0; minute < 30; minute++)
        {
            send(6, 443, 64L << 20);
            net.leap(60 * SECOND_NS);
        }
        assertEquals(IMMATURE * 32.0, nats(), 1e-9);
    }

    @Test
    void shouldTakeHabitAsFarAsItIsKnown()
    {
        // a minute of 30 MiB, elsewhere, is all that is known: it and twice its deviation, believed by an eleventh
        net.sendOutside(ConversationKind.VOLUME, HOST, PLACE + 1, 443, 30L << 20);
        net.leap(60 * SECOND_NS);
        final double scale = 2.0 / 11 * (90 << 20) / 60 / 65_536;
        send(6, 443, 2_248L << 16);
        assertEquals((IMMATURE + 0.3 / 11) * UNIT_NATS * (2_248 / scale - 512), nats(), 1e-6);
    }

    @Test
    void shouldJudgePopularPlacesNot()
    {
        for (int caller = 0; caller <= Popularity.RARE_MAX; caller++)
        {
            net.sendOutside(ConversationKind.ESTABLISHED, 100 + caller, PLACE, 443, 0);
        }
        send(6, 443, 1L << 30);
        assertEquals(0.0, nats());
    }

    /** A question of a conversation that keeps its port. */
    private void ask(final int lengthBytes)
    {
        net.event.protocol = PolicyHarness.UDP;
        net.event.initiatorPort = 40_000;
        net.event.quantity = 10;
        net.event.lengthBytes = lengthBytes;
        net.send(ConversationKind.VOLUME, HOST, 2, 53);
        net.event.quantity = 0;
    }

    @ParameterizedTest
    // ln(0.15 / 0.099), ln(0.18 / 0.0205), ln(0.12 / 0.0005); the shares of bytes in the Javadoc's table
    @CsvSource({"102,0.4155", "117,0.4155", "118,2.1725", "213,2.1725", "214,5.4806", "1400,5.4806"})
    void shouldHoldAQuestionByItsLength(final int lengthBytes, final double nats)
    {
        ask(0);
        for (int kept = 1; kept <= 3; kept++)
        {
            ask(0);
            assertEquals(kept * Math.log(8), nats(), 1e-9);
        }
        ask(0);
        assertEquals(3 * Math.log(8), nats(), 1e-9, "three for a port that is kept and no more");
        ask(lengthBytes);
        assertEquals(3 * Math.log(8) + nats, nats(), 1e-4);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "4,2"})
    void shouldSayWhetherTheLinkSaysWhoKeepsItsPort(final int flags, final int verification)
    {
        net.event.flags = flags;
        for (int i = 0; i < 4; i++)
        {
            ask(0);
        }
        assertEquals(3, net.of(Scenario.EXFILTRATION).size());
        assertEquals(verification, net.last().verification());
    }

    @Test
    void shouldTakeForShortQuestionsWhatTheTableStatesAndLeaveAHundredth()
    {
        for (int i = 0; i < 4; i++)
        {
            ask(0);
        }
        for (int i = 0; i < 10; i++)
        {
            ask(101);
        }
        final double taken = 10 * Math.log(0.88 / 0.55);
        for (int i = 0; i < 3; i++)
        {
            ask(118);
        }
        assertEquals(3 * Math.log(8) - taken + 3 * Math.log(0.18 / 0.0205), nats(), 1e-9);
        for (int i = 0; i < 100; i++)
        {
            ask(101);
        }
        for (int i = 0; i < 5; i++)
        {
            ask(118);
        }
        assertEquals(0.01 + 5 * Math.log(0.18 / 0.0205), nats(), 1e-9, "the port it keeps is not held again");
    }

    @ParameterizedTest
    // remembered for a minute at least, in two generations for two at most
    @CsvSource({"119,true", "121,false"})
    void shouldForgetAConversationThatKeepsItsPort(final int seconds, final boolean isHeld)
    {
        net.policy.onTick(net.nowNs);
        ask(250);
        for (int second = 0; second < seconds; second++)
        {
            net.leap(SECOND_NS);
        }
        ask(250);
        assertEquals(isHeld, nats() > 0.0);
    }

    @Test
    void shouldLetEvidenceOfAKeptPortHalveInHalfAnHour()
    {
        ask(0);
        ask(0);
        assertEquals(Math.log(8), nats(), 1e-9);
        net.nowNs += 900 * SECOND_NS;
        ask(0);
        assertEquals((1 + Math.sqrt(0.5)) * Math.log(8), nats(), 1e-3);
    }
}
