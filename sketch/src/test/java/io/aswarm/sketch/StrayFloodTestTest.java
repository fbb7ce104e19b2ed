package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class StrayFloodTestTest
{
    private static final int VICTIM = 20;
    private static final int SOURCE = 7;
    private static final int FIN = 1;
    private static final int RST = 4;
    private static final int ACK = 16;
    private static final int QUANTUM = 1_024;
    private static final int FRAME = 54;
    private static final double EVENT_NATS = Math.log(20);
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);

    private final PolicyHarness net = new PolicyHarness();
    private int next = 10_000;

    @AfterEach
    void close()
    {
        net.close();
    }

    /** A sampled segment of no conversation, of the quantum. */
    private void segment(final int from, final int fromPort, final int to, final int tcpFlags, final int lengthBytes)
    {
        segment(from, fromPort, to, tcpFlags, lengthBytes, QUANTUM);
    }

    private void segment(
        final int from, final int fromPort, final int to, final int tcpFlags, final int lengthBytes,
        final int quantum)
    {
        net.event.flags = Conversation.FLAG_UNORIENTED;
        net.event.tcpFlags = tcpFlags;
        net.event.quantity = quantum;
        net.event.lengthBytes = lengthBytes;
        net.event.initiatorPort = fromPort;
        net.send(ConversationKind.VOLUME, from, to, 80);
        net.event.flags = 0;
        net.event.tcpFlags = 0;
        net.event.quantity = 0;
        net.event.lengthBytes = 0;
        net.event.initiatorPort = 0;
    }

    private void reset()
    {
        segment(SOURCE, next++, VICTIM, RST, FRAME);
    }

    @ParameterizedTest
    @CsvSource({"14, false", "15, true"})
    void shouldHoldResetsAgainstTheirOneSourceWhenFifteenWereSampled(final int records, final boolean isCalled)
    {
        for (int i = 0; i < records; i++)
        {
            reset();
        }
        assertEquals(isCalled, net.nats(Scenario.FLOOD) >= NODE_BAR_NATS);
        final PolicyHarness.Seen last = net.last();
        assertEquals(net.low(SOURCE), last.subjectLow());
        assertEquals(net.low(VICTIM), last.aimLow());
        assertTrue(last.why().contains(Cause.STRAY_SEGMENT.sentence()), last.why());
        assertEquals(284, 15 * QUANTUM / FRAME);
    }

    @ParameterizedTest
    @ValueSource(ints = {ACK, FIN | ACK, RST, FIN, 0, FIN | 8 | 32})
    void shouldTellTheVictimWhenForgedSourcesSendWhateverNobodyAnswers(final int tcpFlags)
    {
        for (int i = 0; i < 15; i++)
        {
            segment(next, next++, VICTIM, tcpFlags, FRAME);
        }
        assertTrue(net.nats(Scenario.SPREAD_FLOOD) >= NODE_BAR_NATS);
        assertEquals(net.low(VICTIM), net.last().subjectLow());
    }

    @ParameterizedTest
    @CsvSource({"false, 64, true", "false, 65, false", "true, 84, true", "true, 85, false"})
    void shouldCountFramesWithoutRoomForOptionsOnly(
        final boolean isIpv6, final int lengthBytes, final boolean isCounted)
    {
        if (isIpv6)
        {
            net.useIpv6();
        }
        for (int i = 0; i < 40; i++)
        {
            segment(SOURCE, next++, VICTIM, ACK, lengthBytes);
        }
        assertEquals(isCounted, net.nats(Scenario.FLOOD) > 0);
    }

    /** Balance is where time takes what records add: 1,268 segments a second, whatever share of them is seen. */
    @ParameterizedTest
    @CsvSource({"1024, 1240, false", "1024, 1300, true", "65536, 1240, false", "65536, 1300, true"})
    void shouldBalanceAtTheSameRateWhenTheQuantumIsAnother(
        final int quantum, final int perSecond, final boolean isTold)
    {
        for (int i = 0; i < 1_000; i++)
        {
            segment(SOURCE, next++, VICTIM, RST, FRAME, quantum);
            net.nowNs += (long)((double)quantum / FRAME * SECOND_NS / perSecond);
        }
        assertEquals(isTold, net.nats(Scenario.FLOOD) > 0);
    }

    @ParameterizedTest
    @CsvSource({"2, true", "3, false"})
    void shouldNotCountWhatComesFromTheSameSockets(final int samplesOfEach, final boolean isTold)
    {
        for (int i = 0; i < 300; i++)
        {
            segment(SOURCE, 2_000 + i / samplesOfEach, VICTIM, ACK, FRAME);
        }
        assertEquals(isTold, net.nats(Scenario.FLOOD) >= NODE_BAR_NATS);
    }

    @Test
    void shouldNotCountRefusalsAndWhatBelongsToConversations()
    {
        for (int i = 0; i < 100; i++)
        {
            segment(SOURCE, next++, VICTIM, RST | ACK, FRAME);
            net.event.tcpFlags = i % 2 == 0 ? ACK : RST;
            net.event.flags = Conversation.FLAG_CONTAINED;
            net.event.quantity = QUANTUM;
            net.event.lengthBytes = FRAME;
            net.event.initiatorPort = next++;
            net.send(ConversationKind.VOLUME, SOURCE, VICTIM, 80);
        }
        assertEquals(List.of(), net.signals);
    }

    /** Half as many packets the other way, but for resets, show conversations whose beginning was not seen. */
    @ParameterizedTest
    @CsvSource({"16, 2, false", "16, 3, true", "24, 2, false", "18, 2, false", "4, 2, true"})
    void shouldStayQuietWhenTheHostAnswersEverySecondSegment(
        final int answer, final int each, final boolean isTold)
    {
        for (int i = 0; i < 300; i++)
        {
            segment(SOURCE, next++, VICTIM, ACK, FRAME);
            if (i % each == 0)
            {
                segment(VICTIM, 80, SOURCE, answer, FRAME);
            }
        }
        assertEquals(isTold, net.of(Scenario.FLOOD).stream().anyMatch((s) -> s.subjectLow() == net.low(SOURCE)));
    }

    @Test
    void shouldStayQuietWhenDataFollowTheSameWay()
    {
        for (int i = 0; i < 300; i++)
        {
            segment(next, next++, VICTIM, ACK, FRAME);
            for (int data = 0; data < 14; data++)
            {
                segment(next, next, VICTIM, ACK, 1_514);
            }
        }
        assertEquals(List.of(), net.of(Scenario.SPREAD_FLOOD));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldExcuseWhatComesAfterTheEndOfConversationsOfEitherSide(final boolean isInitiator)
    {
        for (int i = 0; i < 1_000; i++)
        {
            segment(next, next, VICTIM, ACK, FRAME);
            for (int ended = 0; ended < 5; ended++)
            {
                net.send(ConversationKind.ENDED, isInitiator ? VICTIM : next, isInitiator ? next : VICTIM, 80);
            }
            next++;
        }
        assertEquals(0.0, net.nats(Scenario.SPREAD_FLOOD));
    }

    /** A forger opens in the name of a host, whose system resets each answer. */
    @Test
    void shouldNotHoldResetsAgainstWhoBreaksOffWhatWasOpenedInItsName()
    {
        for (int i = 0; i < 2_000; i++)
        {
            net.send(ConversationKind.ABORTED, SOURCE, VICTIM, 80);
            if (i % 10 == 0)
            {
                reset();
            }
        }
        assertEquals(List.of(), net.of(Scenario.FLOOD));
    }

    @Test
    void shouldBeginAnewWhenTheVictimWasLeftInPeace()
    {
        for (int i = 0; i < 12; i++)
        {
            reset();
        }
        assertEquals(4 * EVENT_NATS, net.nats(Scenario.FLOOD), 1e-9);
        net.leap(20 * SECOND_NS);
        for (int i = 0; i < 9; i++)
        {
            segment(next, next++, VICTIM, 0, FRAME);
        }
        assertEquals(EVENT_NATS, net.nats(Scenario.SPREAD_FLOOD), 1e-9);
        assertEquals(9, net.last().count());
    }

    /** Of the segments one in 19 is seen; so much of each that is taken back counts. */
    @ParameterizedTest
    @CsvSource({"aborted,6", "data,4", "nothing,0"})
    void shouldTakeBackTwiceWhatShowsAConversation(final String kind, final int takenBack)
    {
        for (int i = 0; i < 12; i++)
        {
            segment(next, next++, VICTIM, ACK, FRAME);
        }
        switch (kind)
        {
            case "aborted":
                net.event.weight = 3;
                net.send(ConversationKind.ABORTED, 3, VICTIM, 80);
                net.event.weight = 1;
                break;

            case "data":
                segment(next, next, VICTIM, ACK, QUANTUM, 2 * QUANTUM);
                break;

            default:
                segment(next, next, VICTIM, ACK, 0);
                break;
        }
        for (int i = 0; i < 2; i++)
        {
            segment(next, next++, VICTIM, ACK, FRAME);
        }
        assertEquals(
            (12 + 2 - 8 - takenBack * FRAME / (double)QUANTUM) * EVENT_NATS, net.nats(Scenario.SPREAD_FLOOD), 1e-9);
    }

    @Test
    void shouldNotCountOpeningsThatNobodyIsSeenToMake()
    {
        for (int i = 0; i < 40; i++)
        {
            segment(next, next++, VICTIM, 2, FRAME);
        }
        assertEquals(List.of(), net.signals);
    }

    @Test
    void shouldCountTheSocketsOfAnEpisodeOnly()
    {
        for (int i = 0; i < 40; i++)
        {
            reset();
        }
        net.leap(20 * SECOND_NS);
        final int told = net.signals.size();
        for (int i = 0; i < 40; i++)
        {
            segment(SOURCE, 5_000, VICTIM, RST, FRAME);
        }
        assertEquals(told, net.signals.size());
    }
}
