package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What is a first contact, and which answers teach how long answers take. */
class FirstContactsTest
{
    private static final int SOURCE = 7;
    private static final int HOST = 20;

    private final PolicyHarness net = new PolicyHarness(PolicyHarness.shipped().build());

    @AfterEach
    void close()
    {
        net.close();
    }

    private long firstContacts()
    {
        return net.count(SketchCounter.FIRST_CONTACTS);
    }

    /** Answered after a millisecond, repeated or not while it waited. */
    private void answeredAfterAMillisecond(final int port, final boolean isRepeated)
    {
        net.open(1, HOST, port);
        if (isRepeated)
        {
            net.open(1, HOST, port);
        }
        net.nowNs += MILLISECOND_NS;
        net.send(ConversationKind.ACCEPTED, 1, HOST, port);
        net.send(ConversationKind.ESTABLISHED, 1, HOST, port);
    }

    @ParameterizedTest
    // Karn's algorithm: of an opening that was repeated nobody knows which one is answered
    @CsvSource({"false,1", "true,0"})
    void shouldLearnAnswerTimesFromWhatWasOpenedOnceOnly(final boolean isRepeated, final int overdue)
    {
        for (int port = 1; port <= 3; port++)
        {
            answeredAfterAMillisecond(port, isRepeated);
        }
        net.open(SOURCE, HOST, 2_000);
        net.nowNs += MILLISECOND_NS / 2;
        answeredAfterAMillisecond(9, isRepeated);
        net.pass(20 * MILLISECOND_NS);
        assertEquals(overdue, net.count(SketchCounter.CONTACTS_OVERDUE));
    }

    @ParameterizedTest
    // a handshake that is not completed is accepted again a second later, which says nothing of how long answers take
    @CsvSource({"false", "true"})
    void shouldLearnFromTheFirstAnswerOnly(final boolean isAcceptedAgain)
    {
        for (int port = 1; port <= 3; port++)
        {
            net.open(1, HOST, port);
            net.nowNs += MILLISECOND_NS;
            net.send(ConversationKind.ACCEPTED, 1, HOST, port);
            if (isAcceptedAgain)
            {
                net.nowNs += SECOND_NS;
                net.send(ConversationKind.ACCEPTED, 1, HOST, port);
            }
            net.send(ConversationKind.ESTABLISHED, 1, HOST, port);
        }
        net.open(SOURCE, HOST, 2_000);
        net.nowNs += MILLISECOND_NS / 2;
        answeredAfterAMillisecond(9, false);
        net.pass(20 * MILLISECOND_NS);
        assertEquals(1, net.count(SketchCounter.CONTACTS_OVERDUE));
    }

    @Test
    void shouldNotTakeForOvertakenWhatWasOpenedAfterWhatIsAcceptedAgain()
    {
        for (int port = 1; port <= 3; port++)
        {
            answeredAfterAMillisecond(port, false);
        }
        net.open(1, HOST, 4);
        net.nowNs += MILLISECOND_NS;
        net.send(ConversationKind.ACCEPTED, 1, HOST, 4);
        net.open(SOURCE, HOST, 2_000);
        net.nowNs += 10 * MILLISECOND_NS;
        net.send(ConversationKind.ACCEPTED, 1, HOST, 4);
        net.pass(100 * MILLISECOND_NS);
        assertEquals(0, net.count(SketchCounter.CONTACTS_OVERDUE));
    }

    @Test
    void shouldNotMeetAgainWhatWasSilentWhereNothingEverAnswered()
    {
        net.open(SOURCE, HOST, 80);
        net.leap(10 * SECOND_NS);
        assertEquals(1, net.count(SketchCounter.CONTACTS_UNKNOWN));
        net.open(SOURCE, HOST, 80);
        net.leap(10 * SECOND_NS);
        assertEquals(1, firstContacts());
        assertEquals(1, net.count(SketchCounter.CONTACTS_UNKNOWN));
    }

    @Test
    void shouldTakeTheWordOfARouterForAWayBackThatIsSeen()
    {
        net.open(1, HOST, 80);
        net.send(ConversationKind.UNREACHABLE, 1, HOST, 80);
        net.open(SOURCE, HOST, 2_000);
        net.leap(2 * SECOND_NS);
        assertEquals(1, net.count(SketchCounter.CONTACTS_OVERDUE));
        assertEquals(0, net.count(SketchCounter.CONTACTS_UNKNOWN));
    }

    @Test
    void shouldNotJudgeWhatWasResetByItsInitiatorBeforeAnAnswer()
    {
        net.open(SOURCE, HOST, 80);
        net.send(ConversationKind.ABORTED, SOURCE, HOST, 80);
        assertEquals(1, net.count(SketchCounter.CONTACTS_UNKNOWN));
        assertEquals(0, net.count(SketchCounter.CONTACTS_FAILED));
        net.open(SOURCE, HOST, 80);
        assertEquals(1, firstContacts(), "it is known now");
    }

    @ParameterizedTest
    // two fifths of the successes of the last two seconds, then of half of them
    @CsvSource({"-1,40", "0,20"})
    void shouldExcuseFailuresForTwoSecondsToTheNanosecond(final long beyondNs, final int allowed)
    {
        net.policy.onTick(net.nowNs);
        final long startNs = net.nowNs;
        for (int port = 1; port <= 100; port++)
        {
            net.established(SOURCE, HOST, port);
        }
        net.leap(startNs + 2 * SECOND_NS + beyondNs - net.nowNs);
        for (int port = 101; port <= 160; port++)
        {
            net.refused(SOURCE, HOST, port);
        }
        assertEquals(allowed, net.count(SketchCounter.FAILURES_ALLOWED));
    }

    @ParameterizedTest
    // of segments of no conversation, those from a client's port to a service's
    @CsvSource({"32768,32767,true", "32767,32767,false", "32768,32768,false"})
    void shouldHoldStraysFromAClientsPortToAServicesOnly(
        final int sourcePort, final int port, final boolean isHeld)
    {
        for (int host = 0; host < 3; host++)
        {
            net.event.flags = Conversation.FLAG_UNORIENTED;
            net.event.initiatorPort = sourcePort;
            net.event.quantity = 1_024;
            net.send(ConversationKind.VOLUME, SOURCE, HOST + host, port);
        }
        assertEquals(isHeld ? 2 * Math.log(18) : 0.0, net.nats(Scenario.SCAN), 1e-9);
    }

    @ParameterizedTest
    // a plain reset comes from a service's port and goes to a client's
    @CsvSource({"22,32768,true", "22,32767,false", "32768,32768,false"})
    void shouldHoldResetsAgainstWhomTheyAnswer(final int port, final int clientPort, final boolean isHeld)
    {
        for (int host = 0; host < 3; host++)
        {
            net.event.flags = Conversation.FLAG_UNORIENTED;
            net.event.tcpFlags = Conversation.TCP_RST;
            net.event.initiatorPort = port;
            net.event.quantity = 1_024;
            net.event.lengthBytes = 60;
            net.send(ConversationKind.VOLUME, HOST + host, SOURCE, clientPort);
        }
        assertEquals(isHeld ? 2 * Math.log(90) : 0.0, net.nats(Scenario.SCAN), 1e-9);
        if (isHeld)
        {
            assertEquals(net.low(SOURCE), net.last().subjectLow());
        }
    }

    @ParameterizedTest
    // the next host of a network counts where it is never heard: neither asking nor in the middle of a conversation
    @CsvSource({"0,true", "1,false", "2,false"})
    void shouldHoldTheNextStrayOfANetworkUnlessItsHostIsHeard(final int heard, final boolean isHeld)
    {
        if (heard == 1)
        {
            net.open(HOST + 1, 5_000, 443);
        }
        else if (heard == 2)
        {
            net.stray(HOST + 1, 40_000, 5_000, 443);
        }
        net.stray(SOURCE, 50_000, HOST, 22);
        net.stray(SOURCE, 50_001, HOST + 1, 22);
        assertEquals(isHeld ? Math.log(2) : 0.0, net.nats(Scenario.SCAN), 1e-9);
    }

    @Test
    void shouldNotHoldTheResetOfTheNextHostWhenTheSocketIsAnother()
    {
        for (int host = 0; host < 2; host++)
        {
            net.event.tcpFlags = Conversation.TCP_RST;
            net.event.lengthBytes = 60;
            net.stray(HOST + host, 22, SOURCE, 50_000 + host);
        }
        assertEquals(0.0, net.nats(Scenario.SCAN), "who resets is heard");
    }

    @Test
    void shouldNotMeetAgainWhatAStrayWasOf()
    {
        net.stray(SOURCE, 50_000, HOST, 22);
        net.refused(SOURCE, HOST, 22);
        assertEquals(0, firstContacts());
        assertEquals(0, net.count(SketchCounter.CONTACTS_FAILED));
    }
}
