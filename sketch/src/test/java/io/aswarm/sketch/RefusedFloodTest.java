package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** {@link FloodTest} on what is answered with a refusal, and on datagrams, of which no handshake is asked. */
class RefusedFloodTest
{
    private static final int ATTACKER = 7;
    private static final int VICTIM = 20;
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);

    private final PolicyHarness net = new PolicyHarness();

    @AfterEach
    void close()
    {
        net.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {ConversationKind.REFUSED, ConversationKind.UNREACHABLE})
    void shouldHoldNothingOverdueWhenOpeningsWereAnswered(final int kind)
    {
        for (int i = 0; i < 5_000; i++)
        {
            net.open(ATTACKER, VICTIM, 443);
            net.send(kind, ATTACKER, VICTIM, 443);
            net.leap(200_000);
        }
        net.pass(SECOND_NS);
        assertEquals(List.of(), net.signals);
    }

    @ParameterizedTest
    @CsvSource({"20000,30,1500", "100000,23,230"})
    void shouldCallAFloodWithinTensOfOpeningsWhenAllAreRefused(
        final int perSecond, final int openingsMax, final int microsecondsMax)
    {
        final long firstNs = net.nowNs;
        int sent = 0;
        while ((net.signals.isEmpty() || net.last().nats() < NODE_BAR_NATS) && sent < 5_000)
        {
            net.refused(ATTACKER, VICTIM, 4_444);
            net.nowNs += SECOND_NS / perSecond;
            sent++;
        }
        assertEquals(Scenario.FLOOD.code(), net.last().scenario());
        assertEquals(net.low(ATTACKER), net.last().subjectLow());
        assertEquals(4_444, net.last().aimPort());
        assertTrue(sent <= openingsMax, "sent=" + sent);
        assertTrue(net.last().lastSeenNs() - firstNs <= microsecondsMax * 1_000L);
    }

    @Test
    void shouldCallAFloodWithinTensOfOpeningsWhenRefusedOnesComeInBatches()
    {
        final long firstNs = net.nowNs;
        int sent = 0;
        while ((net.signals.isEmpty() || net.last().nats() < NODE_BAR_NATS) && sent < 5_000)
        {
            net.nowNs = firstNs + sent / 20 * MILLISECOND_NS + sent % 20 * 2_000;
            net.refused(ATTACKER, VICTIM, 4_444);
            sent++;
        }
        assertTrue(net.last().lastSeenNs() - firstNs <= 1_500_000, "sent=" + sent);
    }

    @ParameterizedTest
    @CsvSource({"6300,false", "6400,true"})
    void shouldCallWhenTheRateOfRefusalsIsAboveTheModelsBalance(final int perSecond, final boolean called)
    {
        // Balance: (20,000 - 1,000) / ln(20,000 / 1,000) = 6,342 refused openings a second.
        for (int i = 0; i < 2 * perSecond; i++)
        {
            net.nowNs += SECOND_NS / perSecond;
            net.refused(ATTACKER, VICTIM, 443);
        }
        assertEquals(called, !net.signals.isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"66,0", "67,1"})
    void shouldAllowALargeLumpOfRefusalsWhenTheServiceServedBefore(final int openings, final int signals)
    {
        net.established(ATTACKER, VICTIM, 5_432);
        net.leap(SECOND_NS);
        for (int i = 0; i < openings; i++)
        {
            net.refused(ATTACKER, VICTIM, 5_432);
        }
        assertEquals(signals, net.signals.size());
    }

    @ParameterizedTest
    @CsvSource({
        "17,true,7000,false", "17,true,9000,true", "1,true,7000,false", "1,true,9000,true", "58,true,9000,true",
        "132,true,9000,false", "17,false,750,false", "17,false,820,true", "1,false,750,false", "1,false,820,true"})
    void shouldCallAFloodOfDatagramsWhenTheRateIsAboveTheModelsBalance(
        final int protocol, final boolean isKnown, final int perSecond, final boolean called)
    {
        if (isKnown)
        {
            net.established(ATTACKER, VICTIM + 1, 22);
        }
        net.event.protocol = protocol;
        for (int i = 0; i < 6 * perSecond; i++)
        {
            net.open(ATTACKER, VICTIM, 9);
            net.leap(SECOND_NS / perSecond);
        }
        assertEquals(called, !net.signals.isEmpty());
    }

    /** Above the balance of a stranger, 782 datagrams a second, below that of who is not one. */
    @ParameterizedTest
    @CsvSource({"4,false", "0,true", "1,true"})
    void shouldNotTakeForAStrangerWhomTheLinkBinds(final int flags, final boolean called)
    {
        net.event.protocol = PolicyHarness.UDP;
        net.event.flags = flags;
        for (int i = 0; i < 6 * 900; i++)
        {
            net.open(ATTACKER, VICTIM, 9);
            net.leap(SECOND_NS / 900);
        }
        assertEquals(called, !net.of(Scenario.FLOOD).isEmpty());
        assertTrue(net.of(Scenario.FLOOD).stream().allMatch((s) -> s.verification() == 0));
    }

    @Test
    void shouldStayQuietWhenDatagramsAreAnswered()
    {
        net.event.protocol = PolicyHarness.UDP;
        for (int i = 0; i < 20_000; i++)
        {
            net.open(ATTACKER, VICTIM, 53);
            net.nowNs += 50_000;
            net.send(ConversationKind.ACCEPTED, ATTACKER, VICTIM, 53);
        }
        net.pass(SECOND_NS);
        assertEquals(List.of(), net.signals);
    }
}
