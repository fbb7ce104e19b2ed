package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What a contact is worth to {@link SequentialScanTest}, on each side of the bounds of ports, time and conviction. */
class ScanBoundsTest
{
    private static final int SCANNER = 7;
    private static final int HOST = 20;
    private static final double FAILURE_NATS = Math.log(10);

    private final PolicyHarness net = new PolicyHarness(PolicyHarness.shipped().build());

    @AfterEach
    void close()
    {
        net.close();
    }

    private double nats()
    {
        return net.nats(Scenario.SCAN);
    }

    @ParameterizedTest
    @CsvSource({"33433,true", "33434,false", "33689,false", "33690,true"})
    void shouldNotHoldTheProbesOfTraceroute(final int port, final boolean isHeld)
    {
        net.event.protocol = PolicyHarness.UDP;
        net.refused(SCANNER, HOST, port);
        assertEquals(isHeld, nats() > 0.0);
        net.event.protocol = ConversationKind.TCP;
        net.refused(SCANNER + 1, HOST, port);
        assertEquals(net.low(SCANNER + 1), net.last().subjectLow(), "over TCP nobody traces so");
    }

    @ParameterizedTest
    // from a service's port to a high one it is an answer, whose question did not pass here
    @CsvSource({"53,1024,false", "1023,1024,false", "1024,1024,true", "53,1023,true", "0,1024,true"})
    void shouldNotHoldTheSilenceAfterAnAnswer(final int sourcePort, final int port, final boolean isHeld)
    {
        net.event.protocol = PolicyHarness.UDP;
        net.established(1, 250, 2_000);
        net.event.initiatorPort = sourcePort;
        net.open(SCANNER, HOST, port);
        net.leap(2 * SECOND_NS);
        assertEquals(isHeld, nats() > 0.0);
    }

    @Test
    void shouldHoldTheSilenceOfTcpFromAnyPortWhereSomethingAnswers()
    {
        net.established(1, 250, 80);
        net.event.initiatorPort = 53;
        net.open(SCANNER, HOST, 2_000);
        net.leap(2 * SECOND_NS);
        assertEquals(2.1006, nats(), 1e-3);
    }

    private void stray(final int sourcePort, final int port)
    {
        net.stray(SCANNER, sourcePort, HOST, port);
    }

    @Test
    void shouldHoldStraySegmentsByTheirSocketOrByTheNextSystemPort()
    {
        stray(50_000, 22);
        assertEquals(0.0, nats());
        stray(50_001, 1_023);
        assertEquals(Math.log(2), nats(), 1e-9);
        stray(50_002, 1_024);
        assertEquals(Math.log(2), nats(), 1e-9, "no system port");
        stray(50_002, 1_025);
        assertEquals(Math.log(2) + Math.log(18), nats(), 1e-9);
        stray(50_002, 1_025);
        assertEquals(2, net.last().count(), "once in an episode");
    }

    @ParameterizedTest
    // six failures are 13.8 nats, seven 16.1; the bar to be taken for one who scans on is 14
    @CsvSource({"6,false", "7,true"})
    void shouldHoldWhatFailsAgainAgainstTheConvictedOnly(final int failures, final boolean isHeld)
    {
        for (int port = 1; port <= failures; port++)
        {
            net.refused(SCANNER, HOST, port);
        }
        final int told = net.scans().size();
        // in two generations of the shortest time that a source is contained for
        for (int second = 0; second < 40; second++)
        {
            net.leap(SECOND_NS);
        }
        net.refused(SCANNER, HOST, 1);
        net.refused(SCANNER, HOST, 2);
        assertEquals(isHeld, net.scans().size() > told);
    }

    @Test
    void shouldCountHostsAndPortsOfTheEpisodeOnly()
    {
        for (int i = 0; i < 6; i++)
        {
            net.refused(SCANNER, HOST + i, 1 + i);
        }
        assertEquals(6, net.last().hosts());
        assertEquals(6, net.last().ports());
        net.nowNs += 600 * SECOND_NS;
        net.refused(SCANNER, HOST + 10, 10);
        assertEquals(1, net.last().hosts());
        assertEquals(1, net.last().ports());
        assertEquals(1, net.last().count());
        assertEquals(FAILURE_NATS, nats(), 1e-9);
    }

    @Test
    void shouldHoldWhicheverIsMoreWhenAPortThatWaitedIsRefused()
    {
        net.established(1, HOST, 2_049);
        for (int port = 1; port <= 3; port++)
        {
            net.open(SCANNER, HOST, port);
        }
        assertEquals(Math.log(19), nats(), 1e-9);
        // the 2.94 that are held against the third already are more than a failure's 2.30
        for (int port = 1; port <= 3; port++)
        {
            net.send(ConversationKind.REFUSED, SCANNER, HOST, port);
        }
        net.refused(SCANNER, HOST, 2_000);
        assertEquals(3 * FAILURE_NATS + Math.log(19), nats(), 1e-6);
    }

    @Test
    void shouldHoldTheRestWhenAPortThatWaitedUnseenIsRefused()
    {
        for (int port = 1; port <= 3; port++)
        {
            net.open(SCANNER, HOST, port);
        }
        assertEquals(Math.log(5.7), nats(), 1e-9);
        for (int port = 1; port <= 3; port++)
        {
            net.send(ConversationKind.REFUSED, SCANNER, HOST, port);
        }
        assertEquals(3 * FAILURE_NATS, nats(), 1e-6);
    }

    @ParameterizedTest
    // of either protocol, from a service's port to a high one: an answer whose question was lost on its way here
    @CsvSource({"6,53,40000,false", "6,40000,40001,true", "17,53,40000,false", "17,0,40000,true"})
    void shouldNotHoldTheSilenceAfterAnAnswerWhereNothingEverAnswered(
        final int protocol, final int sourcePort, final int port, final boolean isHeld)
    {
        net.event.protocol = protocol;
        net.event.initiatorPort = sourcePort;
        net.open(SCANNER, HOST, port);
        net.open(SCANNER, HOST, port + 1);
        net.leap(10 * SECOND_NS);
        assertEquals(isHeld, nats() > 0.0);
    }

    @Test
    void shouldHoldTheRefusalOfADatagramFromAnyPort()
    {
        net.event.protocol = PolicyHarness.UDP;
        net.event.initiatorPort = 53;
        net.refused(SCANNER, HOST, 40_000);
        assertEquals(Math.log(4), nats(), 1e-9);
    }

    @ParameterizedTest
    // hosts that are silent in one network, or each in another, where nothing ever answered
    @CsvSource({"1,true", "256,false"})
    void shouldHoldSilenceWhereNothingEverAnsweredWhenItIsConcentratedOnly(final int hostStep, final boolean isHeld)
    {
        for (int i = 0; i < 5; i++)
        {
            net.open(SCANNER, HOST + i * hostStep, 40_000);
        }
        net.leap(10 * SECOND_NS);
        assertEquals(isHeld ? 4 * Math.log(2) : 0.0, nats(), 1e-9);
    }

    @Test
    void shouldCountAContactOnceInAnEpisodeWhenFailuresOfOthersMakeTheMemoryForget()
    {
        try (PolicyHarness small = new PolicyHarness(PolicyHarness.shipped().contactsMax(64).build()))
        {
            small.refused(SCANNER, HOST, 1);
            for (int other = 0; other < 300; other++)
            {
                small.refused(1_000 + other, HOST, 2);
            }
            final long failed = small.count(SketchCounter.CONTACTS_FAILED);
            small.refused(SCANNER, HOST, 1);
            assertEquals(failed + 1, small.count(SketchCounter.CONTACTS_FAILED), "it was forgotten");
            small.refused(SCANNER, HOST, 3);
            final PolicyHarness.Seen scan = small.scans().get(small.scans().size() - 1);
            assertEquals(small.low(SCANNER), scan.subjectLow());
            assertEquals(2 * FAILURE_NATS, scan.nats(), 1e-9);
        }
    }

    @Test
    void shouldCountTheSameContactsAgainInANewEpisode()
    {
        net.refused(SCANNER, HOST, 1);
        net.refused(SCANNER, HOST, 2);
        assertEquals(2 * FAILURE_NATS, nats(), 1e-9);
        for (int hour = 0; hour < 48; hour++)
        {
            net.leap(3_600 * SECOND_NS);
        }
        net.refused(SCANNER, HOST, 1);
        assertEquals(FAILURE_NATS, nats(), 1e-9);
        assertEquals(net.nowNs, net.last().firstSeenNs());
    }

    @Test
    void shouldLetEvidenceHalveInTenMinutes()
    {
        net.refused(SCANNER, HOST, 1);
        final double first = nats();
        net.nowNs += 300 * SECOND_NS;
        net.refused(SCANNER, HOST, 2);
        assertEquals(first * (1 + Math.sqrt(0.5)), nats(), 1e-3);
    }

    @Test
    void shouldEndAnEpisodeWhenItWasQuietHoweverSlowlyEvidenceHalves()
    {
        try (PolicyHarness impatient = new PolicyHarness(PolicyHarness.shipped().quietNs(60 * SECOND_NS).build()))
        {
            impatient.refused(SCANNER, HOST, 1);
            impatient.nowNs += 60 * SECOND_NS;
            impatient.refused(SCANNER, HOST, 2);
            assertEquals(1, impatient.last().count());
            assertEquals(FAILURE_NATS, impatient.nats(Scenario.SCAN), 1e-9);
        }
    }

    @Test
    void shouldTakeForASuccessNoMoreThanThereIs()
    {
        net.refused(SCANNER, HOST, 1);
        net.established(SCANNER, HOST, 2);
        net.refused(SCANNER, HOST, 3);
        final double left = 2 * FAILURE_NATS - Math.log(0.92 / 0.2);
        assertEquals(left, nats(), 1e-4);
        net.established(SCANNER, HOST, 4);
        net.established(SCANNER, HOST, 5);
        net.established(SCANNER, HOST, 6);
        net.refused(SCANNER, HOST, 7);
        assertEquals(FAILURE_NATS, nats(), 1e-9);
        assertEquals(1, net.last().count());
    }

    @ParameterizedTest
    @CsvSource({"599999999999,2", "600000000000,1"})
    void shouldEndAnEpisodeAfterTenMinutesToTheNanosecond(final long quietNs, final int count)
    {
        net.refused(SCANNER, HOST, 1);
        net.nowNs += quietNs;
        net.refused(SCANNER, HOST, 2);
        assertEquals(count, net.last().count());
    }

    @ParameterizedTest
    // remembered for ten minutes at least, in two generations for twenty at most
    @CsvSource({"1199,false", "1201,true"})
    void shouldRememberWhoWasServed(final int seconds, final boolean isHeld)
    {
        net.policy.onTick(net.nowNs);
        net.established(SCANNER, HOST, 80);
        for (int second = 0; second < seconds; second++)
        {
            net.leap(SECOND_NS);
        }
        net.refused(SCANNER, HOST, 80);
        assertEquals(isHeld, nats() > 0.0);
    }

    @ParameterizedTest
    // remembered for fifteen seconds at least, the shortest time that a source is contained for
    @CsvSource({"29,false", "30,true"})
    void shouldHoldARepetitionOnceTheShortestContainmentIsOver(final int seconds, final boolean isHeld)
    {
        net.policy.onTick(net.nowNs);
        for (int second = 1; second <= seconds; second++)
        {
            net.leap(SECOND_NS);
            for (int port = 1; second == 14 && port <= 7; port++)
            {
                net.refused(SCANNER, HOST, port);
            }
        }
        final int told = net.scans().size();
        net.refused(SCANNER, HOST, 1);
        assertEquals(isHeld, net.scans().size() > told);
    }

    @ParameterizedTest
    // of whatever protocol, towards a source that is answered elsewhere
    @CsvSource({"6", "17"})
    void shouldHoldSilenceOfAnUnknownNetworkAsThatOfADatagram(final int protocol)
    {
        net.established(SCANNER, 5_000, 80);
        net.event.protocol = protocol;
        net.event.initiatorPort = 50_000;
        net.open(SCANNER, HOST, 2_000);
        net.leap(10 * SECOND_NS);
        assertEquals(Math.log((1 - 0.1 * 0.98) / (1 - 0.6 * 0.98)), nats(), 1e-9);
    }
}
