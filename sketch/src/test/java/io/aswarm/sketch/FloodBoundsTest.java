package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What {@link FloodTest} and {@link SpreadFloodTest} say of their subjects, and what they take for a reflection. */
class FloodBoundsTest
{
    private static final int SOURCE = 7;
    private static final int VICTIM = 20;
    private static final double REFLECTED_NATS = Math.log(20);

    private PolicyHarness net = new PolicyHarness(PolicyHarness.shipped().build());

    @AfterEach
    void close()
    {
        net.close();
    }

    private void flood(final int openings, final int onLinkOfTen)
    {
        for (int i = 0; i < openings; i++)
        {
            net.event.flags = i % 10 < onLinkOfTen ? Conversation.FLAG_ON_LINK : 0;
            net.open(SOURCE, VICTIM, 443);
            net.leap(MILLISECOND_NS);
        }
        net.event.flags = 0;
    }

    @ParameterizedTest
    @CsvSource({"0,0", "4,0", "6,2", "10,2"})
    void shouldSayTheLinksWordOfAFloodWhenItHasItForHalf(final int onLinkOfTen, final int verification)
    {
        flood(200, onLinkOfTen);
        assertEquals(verification, net.last().verification());
    }

    @ParameterizedTest
    @CsvSource({"true,1", "false,0"})
    void shouldSayTheExchangeOfAFloodWhereThatIsProof(final boolean isExchanged, final int verification)
    {
        net.close();
        net = new PolicyHarness(
            PolicyHarness.shipped().verification(new VerificationConfig(Signal.VERIFIED_EXCHANGE, Map.of())).build());
        if (isExchanged)
        {
            net.established(SOURCE, VICTIM, 80);
        }
        flood(60, 0);
        assertEquals(Scenario.FLOOD.code(), net.last().scenario());
        assertEquals(verification, net.last().verification());
    }

    @Test
    void shouldSayOfASecondFloodWhatHoldsOfThatOne()
    {
        flood(100, 0);
        final int told = net.of(Scenario.FLOOD).size();
        net.pass(10 * SECOND_NS);
        final long secondNs = net.nowNs;
        flood(100, 10);
        assertTrue(net.of(Scenario.FLOOD).size() > told);
        for (final PolicyHarness.Seen signal : net.of(Scenario.FLOOD).subList(told, net.of(Scenario.FLOOD).size()))
        {
            assertEquals(Signal.VERIFIED_ON_LINK, signal.verification());
            assertTrue(signal.firstSeenNs() >= secondNs && signal.count() <= 100, signal.toString());
        }
    }

    @Test
    void shouldNameBothEndsOverIpv6()
    {
        net.useIpv6();
        flood(60, 0);
        assertEquals(net.high(), net.last().subjectHigh());
        assertEquals(net.low(SOURCE), net.last().subjectLow());
        assertEquals(net.high(), net.last().aimHigh());
        assertEquals(net.low(VICTIM), net.last().aimLow());
        assertEquals(1, net.last().hosts());
        assertEquals(1, net.last().ports());
    }

    /** From a place outside to the victim, from port to port. */
    private void fromOutside(final int kind, final int place, final int sourcePort, final int port)
    {
        net.event.kind = kind;
        net.event.timeNs = net.nowNs;
        net.event.protocol = PolicyHarness.UDP;
        net.event.initiatorHigh = 0;
        net.event.initiatorLow = PolicyHarness.outsideLow(place);
        net.event.initiatorPort = sourcePort;
        net.event.responderHigh = 0;
        net.event.responderLow = net.low(VICTIM);
        net.event.responderPort = port;
        net.event.quantity = kind == ConversationKind.VOLUME ? 1_024 : 0;
        net.policy.onConversation(net.event);
    }

    private double spreadNats()
    {
        return net.nats(Scenario.SPREAD_FLOOD);
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 19, 53, 69, 111, 123, 137, 161, 389, 500, 520, 1434, 1900, 3283, 3702, 5351, 5353, 10001,
        11211, 27015, 30718, 32414, 37810, 47808})
    void shouldHoldTheSeventeenthAnswerThatNobodyAskedFor(final int port)
    {
        for (int place = 0; place < 16; place++)
        {
            fromOutside(ConversationKind.OPENED, place, port, 40_000);
        }
        assertEquals(0.0, spreadNats());
        fromOutside(ConversationKind.OPENED, 16, port, 40_000);
        assertEquals(REFLECTED_NATS, spreadNats(), 1e-9);
        assertEquals(net.low(VICTIM), net.last().subjectLow());
        assertEquals(17, net.last().hosts(), 1);
    }

    @Test
    void shouldCountVolumeOfReflectionOnceTheVictimIsFollowed()
    {
        for (int place = 0; place < 30; place++)
        {
            fromOutside(ConversationKind.VOLUME, place, 123, 40_000);
        }
        assertEquals(0.0, spreadNats(), "of nobody who was ever asked");
        fromOutside(ConversationKind.OPENED, 0, 123, 40_000);
        for (int place = 1; place < 16; place++)
        {
            fromOutside(ConversationKind.VOLUME, place, 123, 40_000);
        }
        net.event.flags = Conversation.FLAG_FROM_RESPONDER;
        fromOutside(ConversationKind.VOLUME, 16, 123, 40_000);
        net.event.flags = 0;
        fromOutside(ConversationKind.VOLUME, 16, 123, 123);
        fromOutside(ConversationKind.VOLUME, 16, 124, 40_000);
        assertEquals(0.0, spreadNats(), "what was asked for, between servers, or of no such service");
        fromOutside(ConversationKind.VOLUME, 16, 123, 40_000);
        assertEquals(REFLECTED_NATS, spreadNats(), 1e-9);
    }

    @ParameterizedTest
    @CsvSource({"1900,false", "3702,false", "5353,false", "53,true"})
    void shouldNotTakeForReflectionWhatHostsOfTheSiteAnswerToASearch(final int port, final boolean isHeld)
    {
        net.event.protocol = PolicyHarness.UDP;
        net.event.initiatorPort = port;
        for (int host = 100; host < 130; host++)
        {
            net.open(host, VICTIM, 40_000);
        }
        assertEquals(isHeld, spreadNats() > 0.0);
    }

    @Test
    void shouldSayOfASecondSpreadFloodWhatHoldsOfThatOne()
    {
        for (int stranger = 0; stranger < 100; stranger++)
        {
            net.refused(1_000 + stranger, VICTIM, 80);
        }
        net.pass(5 * SECOND_NS);
        final int told = net.of(Scenario.SPREAD_FLOOD).size();
        final long secondNs = net.nowNs;
        for (int stranger = 0; stranger < 70; stranger++)
        {
            net.refused(3_000 + stranger, VICTIM, 81);
        }
        assertTrue(net.of(Scenario.SPREAD_FLOOD).size() > told);
        final PolicyHarness.Seen last = net.of(Scenario.SPREAD_FLOOD).get(net.of(Scenario.SPREAD_FLOOD).size() - 1);
        assertEquals(secondNs, last.firstSeenNs());
        assertEquals(70, last.count());
        assertEquals(70, last.hosts(), 7);
        assertEquals(81, last.aimPort());
    }
}
