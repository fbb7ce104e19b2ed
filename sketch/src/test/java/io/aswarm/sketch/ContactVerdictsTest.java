package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** How the wait of a contact ends in {@link FirstContacts}, and what is then held against its source or given back. */
class ContactVerdictsTest
{
    private static final int SOURCE = 7;
    private static final int HOST = 20;
    private static final int OTHER_HOST = 21;
    private static final int OTHER_NETWORK = 300;
    private static final long TIMEOUT_NS = 1_500 * MILLISECOND_NS;
    private static final double FAILURE_NATS = Math.log(10);
    private static final double SILENCE_NATS = Math.log((1 - 0.2 * 0.98) / (1 - 0.92 * 0.98));
    private static final double PENDING_NATS = Math.log(19);

    private PolicyHarness net = new PolicyHarness(PolicyHarness.shipped().build());

    @AfterEach
    void close()
    {
        net.close();
    }

    private void withRoomForEight()
    {
        net.close();
        net = new PolicyHarness(PolicyHarness.shipped().pendingMax(8).build());
    }

    private double nats()
    {
        return net.nats(Scenario.SCAN);
    }

    private void openPorts(final int first, final int last)
    {
        for (int port = first; port <= last; port++)
        {
            net.open(SOURCE, HOST, port);
        }
    }

    /** What one refusal adds, is all there is: whatever was held before is gone. */
    private void assertBeginsAnew()
    {
        net.refused(SOURCE, OTHER_HOST, 2_000);
        assertEquals(FAILURE_NATS, nats(), 1e-9);
        assertEquals(1, net.last().count());
    }

    @Test
    void shouldTakeTheSourcesOwnExchangeForAWayBackThatIsSeen()
    {
        net.established(SOURCE, OTHER_NETWORK, 2_049);
        openPorts(1, 3);
        assertEquals(PENDING_NATS, nats(), 1e-9);
    }

    @Test
    void shouldGiveBackWhatIsHeldWhenAContactMakesRoom()
    {
        withRoomForEight();
        net.established(1, HOST, 2_049);
        openPorts(1, 3);
        assertEquals(PENDING_NATS, nats(), 1e-9);
        for (int client = 0; client < 8; client++)
        {
            net.open(100 + client, OTHER_HOST, 80);
        }
        assertEquals(3, net.count(SketchCounter.PENDING_FULL));
        assertBeginsAnew();
    }

    @Test
    void shouldHoldOnToAVerdictWhenItsContactMakesRoom()
    {
        withRoomForEight();
        net.established(1, HOST, 2_049);
        net.open(SOURCE, HOST, 2_000);
        net.leap(TIMEOUT_NS);
        assertEquals(SILENCE_NATS, nats(), 1e-9);
        for (int client = 0; client < 8; client++)
        {
            net.open(100 + client, OTHER_HOST, 80);
        }
        assertEquals(1, net.count(SketchCounter.PENDING_FULL));
        net.refused(SOURCE, OTHER_HOST, 2_000);
        assertEquals(SILENCE_NATS + FAILURE_NATS, nats(), 1e-2);
    }

    @Test
    void shouldGiveBackOnceWhatWasHeldWhenAnAcceptedContactIsReset()
    {
        net.established(1, HOST, 2_049);
        openPorts(1, 3);
        for (int port = 1; port <= 3; port++)
        {
            net.send(ConversationKind.ACCEPTED, SOURCE, HOST, port);
        }
        net.send(ConversationKind.ABORTED, SOURCE, HOST, 3);
        assertEquals(FAILURE_NATS, nats(), 1e-9);
        assertEquals(1, net.last().count());
        assertEquals(1, net.count(SketchCounter.CONTACTS_FAILED));
    }

    @Test
    void shouldGiveBackNothingWhenAContactIsAcceptedAgainstWhichNothingIsHeld()
    {
        net.established(1, HOST, 2_049);
        openPorts(1, 3);
        net.send(ConversationKind.ACCEPTED, SOURCE, HOST, 1);
        net.refused(SOURCE, OTHER_HOST, 2_000);
        assertEquals(PENDING_NATS + FAILURE_NATS, nats(), 1e-9);
    }

    @Test
    void shouldGiveBackWhatIsHeldWhenADatagramIsAnswered()
    {
        net.event.protocol = PolicyHarness.UDP;
        net.established(1, HOST, 2_049);
        openPorts(1, 3);
        assertEquals(PENDING_NATS, nats(), 1e-9);
        net.send(ConversationKind.ACCEPTED, SOURCE, HOST, 3);
        net.event.protocol = ConversationKind.TCP;
        assertBeginsAnew();
    }

    @Test
    void shouldGiveBackWhatIsHeldWhenTheFailureIsExcused()
    {
        for (int port = 2_000; port < 2_005; port++)
        {
            net.established(SOURCE, HOST, port);
        }
        openPorts(1, 3);
        assertEquals(PENDING_NATS, nats(), 1e-9);
        net.send(ConversationKind.REFUSED, SOURCE, HOST, 3);
        net.refused(SOURCE, OTHER_HOST, 2_001);
        assertEquals(2, net.count(SketchCounter.FAILURES_ALLOWED));
        assertBeginsAnew();
    }

    @Test
    void shouldGiveBackWhatIsHeldWhenTheSourceIsWithinItsExemptionAgain()
    {
        net.close();
        net = new PolicyHarness(PolicyHarness.shipped().exemptions(
            List.of(new Exemption(0, 0x0000_ffff_c612_0000L + SOURCE, 128, 1))).build());
        net.established(1, HOST, 2_049);
        openPorts(1, 3);
        assertEquals(PENDING_NATS, nats(), 1e-9, "the second was spared, and one in a second is");
        net.nowNs += SECOND_NS;
        net.send(ConversationKind.REFUSED, SOURCE, HOST, 3);
        assertBeginsAnew();
    }

    @Test
    void shouldRetractTheSilenceOfADatagramBesideItsSuccess()
    {
        net.event.protocol = PolicyHarness.UDP;
        net.event.initiatorPort = 50_000;
        net.established(1, HOST, 2_049);
        openPorts(2_000, 2_001);
        net.leap(TIMEOUT_NS);
        final double silenceNats = Math.log((1 - 0.1 * 0.98) / (1 - 0.6 * 0.98));
        assertEquals(2 * silenceNats, nats(), 1e-9);
        // 0.78 are given back and 1.39 taken for the success: nothing is left
        net.send(ConversationKind.ACCEPTED, SOURCE, HOST, 2_000);
        openPorts(2_002, 2_002);
        net.leap(TIMEOUT_NS);
        assertEquals(silenceNats, nats(), 1e-9);
    }

    @Test
    void shouldGiveBackWhatIsHeldWhenAnswersWereCollapsed()
    {
        net.established(1, HOST, 2_049);
        openPorts(1, 3);
        net.event.weight = 2;
        net.send(ConversationKind.ACCEPTED, SOURCE, HOST, 2_049);
        net.event.weight = 1;
        net.leap(TIMEOUT_NS);
        assertEquals(3, net.count(SketchCounter.CONTACTS_UNKNOWN));
        assertBeginsAnew();
    }

    @Test
    void shouldNotCountPortsAsWaitingThatWereJudged()
    {
        net.established(1, HOST, 2_049);
        openPorts(1, 2);
        net.leap(TIMEOUT_NS);
        assertEquals(2 * SILENCE_NATS, nats(), 1e-9);
        final int told = net.scans().size();
        openPorts(3, 4);
        assertEquals(told, net.scans().size(), "two wait");
        net.leap(TIMEOUT_NS);
        net.leap(TIMEOUT_NS);
        final int judged = net.scans().size();
        openPorts(5, 6);
        assertEquals(judged, net.scans().size(), "and two again, after what was judged is forgotten");
        openPorts(7, 7);
        assertEquals(judged + 1, net.scans().size());
    }

    @Test
    void shouldNotCountAPortLessForItsVerdictAndForItsLateAnswer()
    {
        net.established(1, HOST, 2_049);
        openPorts(1, 1);
        net.leap(TIMEOUT_NS);
        net.send(ConversationKind.ACCEPTED, SOURCE, HOST, 1);
        net.send(ConversationKind.ESTABLISHED, SOURCE, HOST, 1);
        final int told = net.scans().size();
        openPorts(2, 3);
        assertEquals(told, net.scans().size(), "two wait");
        openPorts(4, 4);
        assertEquals(told + 1, net.scans().size());
    }

    @ParameterizedTest
    // judged after a timeout, it may be answered for another
    @CsvSource({"-1,1", "0,0"})
    void shouldRetractAVerdictForATimeoutToTheNanosecond(final long beyondNs, final int retracted)
    {
        net.established(1, HOST, 2_049);
        net.open(SOURCE, HOST, 2_000);
        net.leap(TIMEOUT_NS);
        net.leap(TIMEOUT_NS + beyondNs);
        net.send(ConversationKind.ACCEPTED, SOURCE, HOST, 2_000);
        net.send(ConversationKind.ESTABLISHED, SOURCE, HOST, 2_000);
        assertEquals(retracted, net.count(SketchCounter.FAILURES_RETRACTED));
    }

    @Test
    void shouldHoldAHandshakeThatIsLeftOpenAsAFailureAndNotAsSilence()
    {
        net.established(1, HOST, 2_049);
        net.open(SOURCE, HOST, 2_000);
        net.send(ConversationKind.ACCEPTED, SOURCE, HOST, 2_000);
        net.leap(TIMEOUT_NS);
        assertEquals(FAILURE_NATS, nats(), 1e-9);
        assertEquals(1, net.count(SketchCounter.CONTACTS_OVERDUE));
    }

    private void answerAfter(final long answerNs, final int port)
    {
        net.open(1, HOST, port);
        net.nowNs += answerNs;
        net.send(ConversationKind.ACCEPTED, 1, HOST, port);
        net.send(ConversationKind.ESTABLISHED, 1, HOST, port);
    }

    private void learn(final long answerNs)
    {
        for (int port = 1; port <= 3; port++)
        {
            answerAfter(answerNs, port);
        }
    }

    @Test
    void shouldWaitForTheHandshakeHoweverSoonAnswersCome()
    {
        learn(MILLISECOND_NS / 2);
        net.open(SOURCE, HOST, 2_000);
        net.send(ConversationKind.ACCEPTED, SOURCE, HOST, 2_000);
        final long acceptedNs = net.nowNs;
        net.nowNs += MILLISECOND_NS;
        net.established(1, HOST, 4);
        net.pass(acceptedNs + TIMEOUT_NS - 1 - net.nowNs);
        assertEquals(0, net.count(SketchCounter.CONTACTS_OVERDUE));
        net.pass(TIMEOUT_NS);
        assertEquals(1, net.count(SketchCounter.CONTACTS_OVERDUE));
    }

    @ParameterizedTest
    // a timeout of 4,000,000 ns, which is what the first queue waits, or of one more
    @CsvSource({"2916665,1", "2916666,0"})
    void shouldJudgeWhatWasOvertakenAtItsTimeoutToTheNanosecond(final long answerNs, final int overdue)
    {
        learn(1_000_002);
        final long openedNs = net.nowNs;
        net.open(SOURCE, HOST, 2_000);
        net.nowNs++;
        answerAfter(answerNs, 4);
        net.leap(openedNs + 4 * MILLISECOND_NS - net.nowNs);
        assertEquals(overdue, net.count(SketchCounter.CONTACTS_OVERDUE));
    }

    @Test
    void shouldNotHoldAsHalfOpenWhatWasOnlyOpenedTwice()
    {
        openPorts(80, 80);
        openPorts(80, 80);
        net.send(ConversationKind.ABORTED, SOURCE, HOST, 80);
        assertEquals(1, net.count(SketchCounter.CONTACTS_UNKNOWN));
        assertEquals(0, net.count(SketchCounter.CONTACTS_FAILED));
    }

    @Test
    void shouldNotHoldAsHalfOpenWhatFailedBeforeAndIsOpenedAgain()
    {
        net.refused(SOURCE, HOST, 80);
        for (int second = 0; second < 31; second++)
        {
            net.leap(SECOND_NS);
        }
        openPorts(80, 80);
        net.send(ConversationKind.ABORTED, SOURCE, HOST, 80);
        assertEquals(1, net.count(SketchCounter.CONTACTS_UNKNOWN), "and did not fail again");
        assertEquals(1, net.count(SketchCounter.FIRST_CONTACTS));
    }
}
