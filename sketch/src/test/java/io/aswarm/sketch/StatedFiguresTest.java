package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The figures that the detectors' Javadoc states, as the models that are shipped give them. */
class StatedFiguresTest
{
    /** One node's bar: ln((1 - beta) / alpha) with alpha 1e-9 and beta 0.01, by Wald's bound. */
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);
    private static final int SOURCE = 7;
    private static final int HOST = 20;
    private static final int PLACE = 9;

    private final PolicyHarness net = new PolicyHarness(PolicyHarness.shipped().build());

    @AfterEach
    void close()
    {
        net.close();
    }

    /** How often something must be done until one node's bar is reached. */
    private int untilCalled(final Scenario scenario, final IntConsumer once)
    {
        int times = 0;
        while (net.nats(scenario) < NODE_BAR_NATS && times < 1_000)
        {
            once.accept(++times);
        }
        return times;
    }

    @Test
    void shouldGiveTheWalkWhatItsTableStatesOfTcp()
    {
        net.refused(SOURCE, HOST, 1);
        assertEquals(2.303, net.nats(Scenario.SCAN), 5e-4);
        net.refused(SOURCE, HOST, 2);
        net.send(ConversationKind.ESTABLISHED, SOURCE, HOST, 80);
        net.refused(SOURCE, HOST, 3);
        net.refused(SOURCE, HOST, 4);
        assertEquals(4 * 2.3026 - 1.526, net.nats(Scenario.SCAN), 5e-4);
    }

    @ParameterizedTest
    // TCP, UDP, ICMP, a search for a neighbour
    @CsvSource({"6,2.101", "17,0.784", "1,0.784", "255,1.055"})
    void shouldGiveSilenceWhatTheTableStates(final int protocol, final double nats)
    {
        net.event.protocol = protocol;
        net.established(1, 250, 80);
        net.open(SOURCE, HOST, 2_000);
        net.leap(2 * SECOND_NS);
        assertEquals(nats, net.nats(Scenario.SCAN), 5e-4);
    }

    @Test
    void shouldGiveTheWalkWhatItsTableStatesOfDatagrams()
    {
        net.event.protocol = PolicyHarness.UDP;
        net.refused(SOURCE, HOST, 2_001);
        assertEquals(1.386, net.nats(Scenario.SCAN), 5e-4);
        net.refused(SOURCE, HOST, 2_002);
        net.open(SOURCE, HOST, 2_003);
        net.send(ConversationKind.ACCEPTED, SOURCE, HOST, 2_003);
        for (int port = 2_004; port <= 2_005; port++)
        {
            net.refused(SOURCE, HOST, port);
        }
        assertEquals(3 * 1.3863, net.nats(Scenario.SCAN), 5e-4);
    }

    @Test
    void shouldCallAScanWithTheNinthFailureInARow()
    {
        assertEquals(9, untilCalled(Scenario.SCAN, (port) -> net.refused(SOURCE, HOST, port)));
        assertEquals(20.7, net.nats(Scenario.SCAN), 0.05);
    }

    @Test
    void shouldCallAScanWithTheFourteenthFailureWhenOneComesEachMinute()
    {
        assertEquals(14, untilCalled(Scenario.SCAN, (port) ->
        {
            net.leap(60 * SECOND_NS);
            net.refused(SOURCE, HOST, port);
        }));
    }

    @Test
    void shouldHoldTheThirdSystemPortAndOnAgainstWhoWaitsForNone()
    {
        net.established(1, HOST, 2_049);
        net.open(SOURCE, HOST, 1);
        net.open(SOURCE, HOST, 2);
        assertEquals(0.0, net.nats(Scenario.SCAN));
        net.open(SOURCE, HOST, 3);
        assertEquals(2.94, net.nats(Scenario.SCAN), 5e-3);
    }

    @Test
    void shouldStayBelowTheBarWhenADomainControllersTenServicesAreAskedAndOneDirectionPasses()
    {
        for (int port = 1; port <= 10; port++)
        {
            net.open(SOURCE, HOST, port);
        }
        assertEquals(8 * 1.74, net.nats(Scenario.SCAN), 0.01);
    }

    @Test
    void shouldCallADistributedScanWithTheTenthPort()
    {
        assertEquals(10, untilCalled(
            Scenario.DISTRIBUTED_SCAN, (port) -> net.refused(100 + port % 8, HOST, port)));
    }

    @Test
    void shouldCallARefusedFloodWithItsTwentyNinthOpening()
    {
        final long firstNs = net.nowNs;
        final int openings = untilCalled(Scenario.FLOOD, (i) ->
        {
            net.nowNs = firstNs + i * (SECOND_NS / 20_000);
            net.refused(SOURCE, HOST, 4_444);
        });
        assertEquals(29, openings);
        assertTrue(net.nowNs - (firstNs + SECOND_NS / 20_000) <= 1_400_000L);
    }

    @Test
    void shouldCallASpoofedFloodWithinSeventyFiveOpenings()
    {
        assertEquals(72, untilCalled(Scenario.SPREAD_FLOOD, (i) ->
        {
            net.nowNs += SECOND_NS / 20_000;
            net.refused(1_000 + i, HOST, 4_444);
        }));
    }

    @Test
    void shouldCallABeaconOfAHostThatNobodyKnowsAfterSixtyFiveRegularIntervals()
    {
        // told from so little on, its baseline is frozen with the first: nothing is ever known of the host
        assertEquals(1 + BeaconTest.INTERVALS_MIN + 65, untilCalled(Scenario.BEACON, (call) ->
        {
            net.sendOutside(ConversationKind.OPENED, SOURCE, PLACE, 443, 0);
            net.leap(SECOND_NS);
        }));
        assertEquals(46, (int)Math.ceil(NODE_BAR_NATS / Math.log(0.9 / 0.57)));
        assertEquals(
            Math.log(0.9 / 0.57), Math.log(DetectorParameter.BEACON_REGULAR.standard() /
                DetectorParameter.BEACON_REGULAR_BENIGN.standard()), 1e-12);
    }

    @Test
    void shouldCallAPathOfEightEdges()
    {
        assertEquals(8, untilCalled(Scenario.LATERAL, (host) -> net.established(host, host + 1, 22)));
        assertEquals(7 * 3.0, net.nats(Scenario.LATERAL), 0.05);
    }

    @Test
    void shouldCallAPathOfThreeHostsThatReachThreeMoreEach()
    {
        // the first host reaches three, the last of which reaches three more, and so on
        assertEquals(3 + 3 + 3 + 1, untilCalled(
            Scenario.LATERAL, (edge) -> net.established(1 + (edge - 1) / 3 * 3, edge + 1, 22)));
    }

    @ParameterizedTest
    // hosts are counted by a sketch, in which some fall together
    @CsvSource({"0,32,false", "0,36,true", "3600,42,false", "3600,50,true"})
    void shouldCallWhoAdministersManyHostsAtOnceOrInAnHour(
        final int inSeconds, final int hosts, final boolean isCalled)
    {
        for (int host = 0; host < hosts; host++)
        {
            net.leap(inSeconds * SECOND_NS / hosts);
            net.established(1, 100 + host, 22);
        }
        assertEquals(isCalled, net.nats(Scenario.LATERAL) >= NODE_BAR_NATS);
    }

    @Test
    void shouldCallHalfOfTheGuessersWhoComeAtRandomWithTheTwentiethAttemptAndNearlyAllWithTheThirtySecond()
    {
        final Random random = new Random(31);
        final int[] attempts = new int[400];
        for (int guesser = 0; guesser < attempts.length; guesser++)
        {
            final int source = 1 + guesser;
            net.signals.clear();
            attempts[guesser] = untilCalled(Scenario.BRUTE_FORCE, (attempt) ->
            {
                net.leap((long)(-Math.log(1 - random.nextDouble()) / BruteForceTest.GUESSING_PER_SECOND * SECOND_NS));
                net.event.quantity = 900;
                net.send(ConversationKind.ENDED, source, HOST, 22);
                net.event.quantity = 0;
            });
        }
        Arrays.sort(attempts);
        assertEquals(20, attempts[attempts.length / 2]);
        assertTrue(attempts[attempts.length * 98 / 100] <= 32);
        assertTrue(attempts[attempts.length - 1] > 100, "the first minute of some passes for habit");
    }

    @ParameterizedTest
    @CsvSource({"0,22,14", "1,22,15", "1,445,30"})
    void shouldCallAGuesserWithTheFifteenthAttemptOrTheThirtiethAtFiles(
        final int apartSeconds, final int port, final int attempts)
    {
        assertEquals(attempts, untilCalled(Scenario.BRUTE_FORCE, (attempt) ->
        {
            net.leap(apartSeconds * SECOND_NS);
            net.event.quantity = 900;
            net.send(ConversationKind.ENDED, SOURCE, HOST, port);
            net.event.quantity = 0;
        }));
    }

    @ParameterizedTest
    // bytes a second on each side of the balance, (10 - 1) / ln 10 of what is benign
    @CsvSource({"53,true,230,false", "53,true,240,true", "443,false,255000,false", "443,false,257000,true"})
    void shouldBalanceVolumeWhereItIsStated(
        final int port, final boolean isUdp, final int bytesPerSecond, final boolean rises)
    {
        net.event.protocol = isUdp ? PolicyHarness.UDP : ConversationKind.TCP;
        final long lumpBytes = isUdp ? 17L << 10 : (32L << 20) + (64L << 10);
        net.sendOutside(ConversationKind.VOLUME, SOURCE, PLACE, port, lumpBytes);
        final double before = net.nats(Scenario.EXFILTRATION);
        for (int second = 0; second < 600; second++)
        {
            net.leap(SECOND_NS);
            net.event.initiatorPort = 1_024 + second;
            net.sendOutside(ConversationKind.VOLUME, SOURCE, PLACE, port, bytesPerSecond);
        }
        assertTrue(before > 0.0);
        assertEquals(rises, net.nats(Scenario.EXFILTRATION) > before);
    }

    @ParameterizedTest
    @CsvSource({"0,22", "5,23"})
    void shouldCallADestinationWithItsTwentySecondCallerOrTheTwentyThirdInTwoMinutes(
        final int apartSeconds, final int callers)
    {
        assertEquals(callers, untilCalled(Scenario.CALL_HOME, (host) ->
        {
            net.leap(apartSeconds * SECOND_NS);
            net.sendOutside(ConversationKind.ENDED, host, PLACE, 443, 300);
        }));
    }

    @Test
    void shouldCallATunnelInEchoesWithItsFifteenthLength()
    {
        net.event.protocol = PolicyHarness.ICMP;
        assertEquals(15, untilCalled(Scenario.EXFILTRATION, (length) ->
        {
            net.event.lengthBytes = 74 + 13 * length;
            net.event.quantity = 100;
            net.send(ConversationKind.VOLUME, SOURCE, HOST, 0);
        }));
    }

    @Test
    void shouldCallATunnelInNamesWithThreeRecordsOfAKeptPortAndThreeLongQuestions()
    {
        net.event.protocol = PolicyHarness.UDP;
        net.event.initiatorPort = 40_000;
        assertEquals(1 + 3 + 3, untilCalled(Scenario.EXFILTRATION, (record) ->
        {
            net.event.lengthBytes = record <= 4 ? 0 : 214;
            net.event.quantity = 10;
            net.send(ConversationKind.VOLUME, SOURCE, HOST, 53);
        }));
    }

    @Test
    void shouldCallASpreadingBinaryOnItsTwentyFirstHost()
    {
        assertEquals(21, untilCalled(Scenario.LINEAGE, (host) -> net.policy.onProcess(new ProcessStart(
            net.nowNs, net.high(), net.low(host), "/opt/agent", "/opt/new", List.of("/opt/agent"), 0, 0))));
    }

    @Test
    void shouldCallABreakInWithItsThirdStage()
    {
        assertTrue(2 * LineageTest.TOOL_NATS < NODE_BAR_NATS && 3 * LineageTest.TOOL_NATS > NODE_BAR_NATS);
        assertEquals(3_000, Math.exp(LineageTest.TOOL_NATS), 20);
    }

    @Test
    void shouldKeepTheBarOfOneNodeFarFromWhatIsTold()
    {
        final double weakNats = LocalPolicyConfig.builder().hashKey(1, 2).build().weakNats();
        assertTrue(6 * weakNats < NODE_BAR_NATS, "what is quiet is six times as far from the bar as it looks");
        assertEquals(20.713, NODE_BAR_NATS, MILLISECOND_NS / 1e9);
    }
}
