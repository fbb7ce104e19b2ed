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

class UnansweredFloodTestTest
{
    private static final int VICTIM = 20;
    private static final int SOURCE = 7;
    private static final int FRAME = 60;
    private static final int QUANTUM = 1_024;
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);

    private final PolicyHarness net = new PolicyHarness();

    @AfterEach
    void close()
    {
        net.close();
    }

    /** A sample of what a source sends the victim within one conversation, or the victim back. */
    private void packet(final int source, final int protocol, final int lengthBytes, final int quantum, final int flags)
    {
        net.event.protocol = protocol;
        net.event.flags = flags;
        net.event.quantity = quantum;
        net.event.lengthBytes = lengthBytes;
        net.event.initiatorPort = 40_000;
        net.send(ConversationKind.VOLUME, source, VICTIM, 9_999);
        net.event.flags = 0;
        net.event.quantity = 0;
        net.event.lengthBytes = 0;
    }

    private void packets(final int perSecond, final double seconds, final int lengthBytes)
    {
        final double share = Math.min(1.0, (double)lengthBytes / QUANTUM);
        final int quantum = Math.max(QUANTUM, lengthBytes);
        for (int i = 0; i < perSecond * seconds * share; i++)
        {
            packet(SOURCE, PolicyHarness.UDP, lengthBytes, quantum, 0);
            net.leap((long)(SECOND_NS / (perSecond * share)));
        }
    }

    @ParameterizedTest
    @CsvSource({"72, false", "73, true"})
    void shouldCallAFloodOfOneSocketWhenSeventyThreeWereSampled(final int records, final boolean isCalled)
    {
        for (int i = 0; i < records; i++)
        {
            packet(SOURCE, PolicyHarness.UDP, FRAME, QUANTUM, 0);
        }
        assertEquals(isCalled, net.nats(Scenario.FLOOD) >= NODE_BAR_NATS);
        assertEquals(net.low(SOURCE), net.last().subjectLow());
        assertEquals(net.low(VICTIM), net.last().aimLow());
        assertTrue(net.last().why().contains(Cause.UNANSWERED_PACKET.sentence()), net.last().why());
        assertEquals(1_246, Math.round(73.0 * QUANTUM / FRAME));
    }

    @ParameterizedTest
    @CsvSource({"60, 7600, false", "60, 8000, true", "1000, 7600, false", "1000, 8000, true"})
    void shouldBalanceAtTheSameRateWhateverThePacketsLength(
        final int lengthBytes, final int perSecond, final boolean isTold)
    {
        packets(perSecond, 10, lengthBytes);
        assertEquals(isTold, net.nats(Scenario.FLOOD) > 0);
    }

    @Test
    void shouldTellTheVictimWhenManySourcesSendLittleEach()
    {
        for (int i = 0; i < 80; i++)
        {
            packet(1_000 + i % 40, PolicyHarness.UDP, FRAME, QUANTUM, 0);
        }
        assertTrue(net.nats(Scenario.SPREAD_FLOOD) >= NODE_BAR_NATS);
        assertEquals(net.low(VICTIM), net.last().subjectLow());
    }

    @ParameterizedTest
    @CsvSource({"17, true", "50, true", "2, true", "6, false", "1, false", "58, false", "132, false"})
    void shouldAskForWhatHasNeitherHandshakeNorATestOfItsOwn(final int protocol, final boolean isTold)
    {
        for (int i = 0; i < 70; i++)
        {
            packet(SOURCE, protocol, FRAME, QUANTUM, 0);
        }
        assertEquals(isTold, net.of(Scenario.FLOOD).stream()
            .anyMatch((seen) -> seen.why().contains(Cause.UNANSWERED_PACKET.sentence())));
    }

    /** A name server that is open to everybody, the receiver of an upload by QUIC, a gateway of tunnels. */
    @ParameterizedTest
    @CsvSource({"17, 70, 100, 1, 20000", "17, 1250, 70, 8, 10000", "50, 1200, 110, 2, 12000"})
    void shouldStayQuietWhenTheHostAnswersOneOfTen(
        final int protocol, final int lengthBytes, final int answerBytes, final int each, final int perSecond)
    {
        double answered = 0;
        for (int i = 0; i < 30_000; i++)
        {
            packet(SOURCE, protocol, lengthBytes, Math.max(lengthBytes, QUANTUM), 0);
            answered += Math.max(lengthBytes, QUANTUM) / (double)lengthBytes / each * answerBytes / QUANTUM;
            for (; answered >= 1; answered--)
            {
                packet(SOURCE, protocol, answerBytes, QUANTUM, Conversation.FLAG_FROM_RESPONDER);
            }
            net.nowNs += (long)(SECOND_NS / (perSecond * Math.min(1.0, lengthBytes / (double)QUANTUM)));
        }
        assertEquals(List.of(), net.of(Scenario.FLOOD));
    }

    @Test
    void shouldCallAFloodWhenTheHostAnswersOneOfFifty()
    {
        for (int i = 0; i < 3_000; i++)
        {
            packet(SOURCE, PolicyHarness.UDP, FRAME, QUANTUM, 0);
            if (i % 50 == 0)
            {
                packet(SOURCE, PolicyHarness.UDP, FRAME, QUANTUM, Conversation.FLAG_FROM_RESPONDER);
            }
            net.nowNs += (long)(SECOND_NS * (QUANTUM / (double)FRAME) / 40_000);
        }
        assertTrue(net.nats(Scenario.FLOOD) >= NODE_BAR_NATS);
    }

    /** Media, flow records, a measurement: 100,000 whole frames a second are 2,275 of the largest packets. */
    @ParameterizedTest
    @CsvSource({"1514, 100000, false", "1280, 100000, false", "1279, 20000, true"})
    void shouldStayQuietWhenWholeFramesCarryVolumeOneWay(
        final int lengthBytes, final int perSecond, final boolean isTold)
    {
        packets(perSecond, 2, lengthBytes);
        assertEquals(isTold, net.nats(Scenario.FLOOD) > 0);
    }

    /** Counters and logs of a site's own hosts. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotJudgeWhoIsKnownByAnExchangeOrByTheLink(final boolean isOnLink)
    {
        if (!isOnLink)
        {
            net.established(SOURCE, VICTIM + 1, 22);
        }
        for (int i = 0; i < 10_000; i++)
        {
            packet(SOURCE, PolicyHarness.UDP, FRAME, QUANTUM, isOnLink ? Conversation.FLAG_ON_LINK : 0);
        }
        assertEquals(List.of(), net.of(Scenario.FLOOD));
    }
}
