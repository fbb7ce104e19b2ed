package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Random;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Reflection over TCP: acceptances of what nobody was seen to ask. */
class TcpReflectionTest
{
    private static final int VICTIM = 20;
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);

    private final PolicyHarness net = new PolicyHarness();
    private final Random random = new Random(6);

    @AfterEach
    void close()
    {
        net.close();
    }

    private boolean isCalled()
    {
        return net.nats(Scenario.SPREAD_FLOOD) >= NODE_BAR_NATS;
    }

    /** A segment that was sampled, of a conversation that nobody was seen to open, from outside. */
    private void segment(final int place, final int port, final int victim, final int tcpFlags)
    {
        net.event.flags = Conversation.FLAG_UNORIENTED;
        net.event.tcpFlags = tcpFlags;
        net.event.kind = ConversationKind.VOLUME;
        net.event.timeNs = net.nowNs;
        net.event.initiatorLow = PolicyHarness.outsideLow(place);
        net.event.initiatorPort = port;
        net.event.responderLow = net.low(victim);
        net.event.responderPort = 32_768 + place;
        net.event.quantity = 1_024;
        net.event.lengthBytes = 60;
        net.policy.onConversation(net.event);
    }

    @ParameterizedTest
    @CsvSource({"22,false", "23,true"})
    void shouldCallReflectionOverTcpWhenNobodyAskedThoseWhoAccept(final int samples, final boolean called)
    {
        for (int place = 0; place < samples; place++)
        {
            segment(place, 443, VICTIM, 0x12);
        }
        assertEquals(called, isCalled());
        final PolicyHarness.Seen last = net.last();
        assertEquals(net.low(VICTIM), last.subjectLow());
        assertTrue(last.why().contains("nobody asked"), last.why());
    }

    @ParameterizedTest
    @CsvSource({"6,false", "8,true"})
    void shouldCallReflectionOverTcpWhenItsRateIsAboveTheModelsBalance(final int perSecond, final boolean called)
    {
        for (int i = 0; i < 60 * perSecond; i++)
        {
            segment(i % 200, 443, VICTIM, 0x12);
            net.leap(SECOND_NS / perSecond);
        }
        assertEquals(called, !net.of(Scenario.SPREAD_FLOOD).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"0x10,2,false", "0x10,3,true", "0x19,2,false", "0x04,2,true"})
    void shouldStayQuietWhenOnlyAnswersPassHereAndDataFollow(
        final String otherFlags, final int acceptances, final boolean called)
    {
        // A gateway behind which thousands fetch from hundreds of servers, 2,000 samples a second.
        for (int i = 0; i < 20_000; i++)
        {
            segment(random.nextInt(400), 443, VICTIM, i % (acceptances + 1) == 0 ? Integer.decode(otherFlags) : 0x12);
            net.leap(500_000);
        }
        assertEquals(called, isCalled());
    }

    @Test
    void shouldNotCallReflectionOverTcpWhenFewerThanEightAnswer()
    {
        for (int i = 0; i < 1_000; i++)
        {
            segment(i % 7, 443, VICTIM, 0x12);
        }
        assertEquals(List.of(), net.of(Scenario.SPREAD_FLOOD));
    }

    @Test
    void shouldNotHoldAcceptancesOfConversationsThatWereSeenToOpen()
    {
        for (int place = 0; place < 100; place++)
        {
            net.event.flags = 0;
            net.event.tcpFlags = 0x12;
            net.event.initiatorPort = 443;
            net.event.lengthBytes = 60;
            net.event.kind = ConversationKind.VOLUME;
            net.event.timeNs = net.nowNs;
            net.event.initiatorLow = PolicyHarness.outsideLow(place);
            net.event.responderLow = net.low(VICTIM);
            net.event.responderPort = 32_768 + place;
            net.event.quantity = 1_024;
            net.policy.onConversation(net.event);
        }
        assertEquals(List.of(), net.of(Scenario.SPREAD_FLOOD));
    }

    @Test
    void shouldNotHoldWhatHostsOfTheSiteAccept()
    {
        net.event.flags = Conversation.FLAG_UNORIENTED;
        net.event.tcpFlags = 0x12;
        net.event.initiatorPort = 443;
        net.event.quantity = 1_024;
        for (int i = 0; i < 1_000; i++)
        {
            net.send(ConversationKind.VOLUME, 100 + i % 200, VICTIM, 40_000);
        }
        assertEquals(List.of(), net.of(Scenario.SPREAD_FLOOD));
    }
}
