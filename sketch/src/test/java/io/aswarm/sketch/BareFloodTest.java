package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Floods by one source: what each kind needs, and bare openings. */
class BareFloodTest
{
    private static final int ATTACKER = 7;
    private static final int VICTIM = 20;
    private static final long GRACE_NS = 5 * MILLISECOND_NS;
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);
    private static final double BARE_NATS = Math.log(1_000);

    private final PolicyHarness net = new PolicyHarness();

    @AfterEach
    void close()
    {
        net.close();
    }

    private void openings(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            net.open(ATTACKER, VICTIM, 443);
        }
    }

    private void refused(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            net.refused(ATTACKER, VICTIM, 443);
        }
    }

    /** Let what is open become overdue; a tick sweeps a part of the table, this many see all of it. */
    private void ripen()
    {
        net.leap(2 * GRACE_NS);
        for (int i = 0; i < 16; i++)
        {
            net.policy.onTick(net.nowNs);
        }
    }

    /** What a program writes itself: no option but a segment size. */
    private void writeSegments()
    {
        net.event.headerBytes = Conversation.BARE_HEADER_MAX_BYTES;
    }

    @ParameterizedTest
    @CsvSource({"refused,20", "overdue,23", "served,73", "datagrams,75", "bare,11", "bare and overdue,11"})
    void shouldNeedAsManyAtOnceAsTheTableSays(final String kind, final int openings)
    {
        sendAtOnce(kind, 1, openings);
        assertTrue(net.of(Scenario.FLOOD).stream().noneMatch((s) -> s.nats() >= NODE_BAR_NATS), "one less");
        sendAtOnce(kind, 2, openings + 1);
        assertTrue(net.last().nats() >= NODE_BAR_NATS, "reached=" + net.last().nats());
        assertEquals(net.low(2), net.last().subjectLow());
    }

    private void sendAtOnce(final String kind, final int source, final int openings)
    {
        net.event.headerBytes = kind.startsWith("bare") ? 24 : 40;
        net.event.protocol = kind.equals("datagrams") ? PolicyHarness.UDP : PolicyHarness.TCP;
        if (kind.equals("served"))
        {
            net.established(source, VICTIM, 9);
            net.leap(SECOND_NS);
            net.leap(SECOND_NS);
        }
        for (int i = 0; i < openings; i++)
        {
            net.open(source, VICTIM, 9);
            if (kind.equals("refused") || kind.equals("served") || kind.equals("bare"))
            {
                net.send(ConversationKind.REFUSED, source, VICTIM, 9);
            }
        }
        ripen();
    }

    @ParameterizedTest
    @CsvSource({"20,true", "24,true", "28,false", "40,false", "0,false"})
    void shouldCallWithinTheFirstBurstWhenOpeningsAreBare(final int headerBytes, final boolean isBare)
    {
        net.event.headerBytes = headerBytes;
        final long firstNs = net.nowNs;
        int sent = 0;
        while (net.signals.isEmpty() || net.last().nats() < NODE_BAR_NATS)
        {
            // Bursts of 20, one each millisecond, as the rig's.
            net.nowNs = firstNs + sent / 20 * MILLISECOND_NS + sent % 20 * 2_000;
            net.refused(ATTACKER, VICTIM, 4_444);
            sent++;
        }
        assertEquals(isBare ? 13 : 28, sent);
        assertEquals(isBare, net.last().why().contains("without a stack's options"), net.last().why());
        assertEquals(firstNs + (isBare ? 2_000 : 6_000), net.last().firstSeenNs());
    }

    @Test
    void shouldCallWhenBareOnesAreNotAnsweredAndFewerThanTwenty()
    {
        writeSegments();
        openings(13);
        ripen();
        assertTrue(net.last().nats() >= NODE_BAR_NATS, "reached=" + net.last().nats());
        assertEquals(12, net.last().count());
    }

    @ParameterizedTest
    @CsvSource({"9,0", "10,1"})
    void shouldAllowEightBareOnesAtOnce(final int openings, final int signals)
    {
        writeSegments();
        refused(openings);
        assertEquals(signals, net.signals.size());
        if (signals == 1)
        {
            assertEquals(BARE_NATS, net.last().nats(), 1e-9);
        }
    }

    @ParameterizedTest
    @CsvSource({"140,false", "150,true"})
    void shouldCallWhenTheRateOfBareOnesIsAboveTheModelsBalance(final int perSecond, final boolean called)
    {
        // Balance: (1,000 - 1) / ln(1,000 / 1) = 144.6 a second.
        writeSegments();
        for (int i = 0; i < 5 * perSecond; i++)
        {
            net.nowNs += SECOND_NS / perSecond;
            refused(1);
        }
        assertEquals(called, !net.signals.isEmpty());
    }

    @Test
    void shouldAllowBareOnesALargeLumpWhenTheServiceServedBefore()
    {
        net.established(ATTACKER, VICTIM, 443);
        net.leap(SECOND_NS);
        writeSegments();
        refused(66);
        assertEquals(List.of(), net.signals);
    }

    @Test
    void shouldNotHoldBareOnesForRefusedWhenAStacksWereRefused()
    {
        // Eight of each wait; eight are refused: those of the stack, as far as the bare ones' process goes.
        openings(3);
        openings(8);
        writeSegments();
        openings(8);
        for (int i = 0; i < 8; i++)
        {
            net.send(ConversationKind.REFUSED, ATTACKER, VICTIM, 443);
        }
        assertEquals(List.of(), net.signals);
        net.send(ConversationKind.REFUSED, ATTACKER, VICTIM, 443);
        ripen();
        assertEquals(List.of(), net.signals, "no more failed than eight bare ones");
    }

    @Test
    void shouldTakeEvidenceOfBareOnesBackWhenCompletionsComeLate()
    {
        writeSegments();
        openings(11);
        ripen();
        assertEquals(2 * BARE_NATS, net.last().nats(), 1e-9);
        for (int i = 0; i < 10; i++)
        {
            net.send(ConversationKind.ESTABLISHED, ATTACKER, VICTIM, 443);
        }
        final int before = net.signals.size();
        openings(8);
        ripen();
        assertEquals(before, net.signals.size());
    }

    @Test
    void shouldForgiveBareOnesWhenAnswersWereCollapsedMeanwhile()
    {
        writeSegments();
        openings(20);
        net.event.weight = 2;
        net.send(ConversationKind.ESTABLISHED, ATTACKER, VICTIM + 1, 443);
        net.event.weight = 1;
        ripen();
        assertEquals(List.of(), net.signals);
    }
}
