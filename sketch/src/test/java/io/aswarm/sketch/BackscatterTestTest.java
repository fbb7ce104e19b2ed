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

class BackscatterTestTest
{
    private static final int VICTIM = 20;
    private static final int SERVICE = 443;
    private static final int SYN = 2;
    private static final int RST = 4;
    private static final int ACK = 16;
    private static final int QUANTUM = 1_024;
    private static final int FRAME = 60;
    private static final int WITH_TIMESTAMPS = 66;
    private static final double EVENT_NATS = Math.log(20);
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);

    private final PolicyHarness net = new PolicyHarness();
    private int stranger = 10_000;

    @AfterEach
    void close()
    {
        net.close();
    }

    /** The victim answers this address with a reset, which is sampled. */
    private void reset(final int source, final int quantum, final int tcpFlags, final int flags)
    {
        reset(source, quantum, tcpFlags, flags, FRAME);
    }

    private void reset(
        final int source, final int quantum, final int tcpFlags, final int flags, final int lengthBytes)
    {
        net.event.flags = flags;
        net.event.tcpFlags = tcpFlags;
        net.event.quantity = quantum;
        net.event.lengthBytes = lengthBytes;
        net.event.initiatorPort = SERVICE;
        net.send(ConversationKind.VOLUME, VICTIM, source, 40_000);
        net.event.flags = 0;
        net.event.tcpFlags = 0;
        net.event.quantity = 0;
        net.event.lengthBytes = 0;
    }

    private void reset(final int source)
    {
        reset(source, QUANTUM, RST, Conversation.FLAG_UNORIENTED);
    }

    /** What is answered by a reset passes here too, and one of them is sampled. */
    private void acknowledgment(final int source)
    {
        net.event.flags = Conversation.FLAG_UNORIENTED;
        net.event.tcpFlags = ACK;
        net.event.quantity = QUANTUM;
        net.event.lengthBytes = WITH_TIMESTAMPS;
        net.send(ConversationKind.VOLUME, source, VICTIM, 80);
        net.event.flags = 0;
    }

    private double nats(final Scenario scenario)
    {
        final List<PolicyHarness.Seen> seen = net.of(scenario);
        return seen.isEmpty() ? 0.0 : seen.get(seen.size() - 1).nats();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTellTheVictimWhenForgedSourcesAreResetAFewThousandTimesASecond(final boolean isIpv6)
    {
        if (isIpv6)
        {
            net.useIpv6();
        }
        int records = 0;
        while (nats(Scenario.SPREAD_FLOOD) < NODE_BAR_NATS && records < 100)
        {
            reset(stranger++);
            net.leap(QUANTUM / FRAME * SECOND_NS / 4_000);
            records++;
        }
        assertTrue(records <= 18, "records=" + records);
        final PolicyHarness.Seen last = net.last();
        assertEquals(Signal.ROLE_AIM, Scenario.SPREAD_FLOOD.subjectRole());
        assertEquals(net.low(VICTIM), last.subjectLow());
        assertEquals(net.high(), last.subjectHigh());
        assertEquals(0, last.verification());
        assertEquals(records, last.hosts(), 1);
        assertTrue(last.why().contains(Cause.RESET.sentence()), last.why());
    }

    @Test
    void shouldHoldItAgainstTheOneSourceWhenFourOfFiveResetsGoThere()
    {
        for (int i = 0; i < 20; i++)
        {
            reset(i % 5 == 4 ? stranger++ : 7);
            acknowledgment(7);
        }
        assertEquals(net.low(7), net.last().subjectLow());
        assertEquals(Scenario.FLOOD.code(), net.last().scenario());
        assertEquals(net.low(VICTIM), net.last().aimLow());
        assertEquals(0, net.last().verification(), "an address alone is no proof");
    }

    /** Who resets one address that sends nothing answers nothing: he may be the one who floods. */
    @ParameterizedTest
    @CsvSource({"4, true", "6, false"})
    void shouldAccuseTheOneAddressOnlyWhenItWasHeardOnceForFourResets(final int resets, final boolean isAccused)
    {
        for (int i = 0; i < 100; i++)
        {
            reset(7);
            if (i % resets == 0)
            {
                acknowledgment(7);
            }
        }
        assertEquals(isAccused, net.of(Scenario.FLOOD).stream().anyMatch((s) -> s.subjectLow() == net.low(7)));
    }

    @Test
    void shouldTellTheVictimWhenThreeOfFourResetsGoToOneSource()
    {
        for (int i = 0; i < 20; i++)
        {
            reset(i % 4 == 3 ? stranger++ : 7);
        }
        assertEquals(Scenario.SPREAD_FLOOD.code(), net.last().scenario());
        assertEquals(net.low(VICTIM), net.last().subjectLow());
    }

    @ParameterizedTest
    @CsvSource({"8, 0", "9, 2.9957", "10, 5.9915"})
    void shouldAllowALumpOfEight(final int records, final double nats)
    {
        for (int i = 0; i < records; i++)
        {
            reset(stranger++);
        }
        assertEquals(nats, nats(Scenario.SPREAD_FLOOD), 1e-4);
    }

    /** Balance is where time takes what records add: 317 resets a second, whatever share of them is seen. */
    @ParameterizedTest
    @CsvSource({"1024, 310, false", "1024, 325, true", "65536, 310, false", "65536, 325, true"})
    void shouldBalanceAtTheSameRateWhenTheQuantumIsAnother(
        final int quantum, final int perSecond, final boolean isTold)
    {
        for (int i = 0; i < 600; i++)
        {
            reset(stranger++, quantum, RST, Conversation.FLAG_UNORIENTED);
            net.nowNs += (long)((double)quantum / FRAME * SECOND_NS / perSecond);
        }
        assertEquals(isTold, nats(Scenario.SPREAD_FLOOD) > 0);
    }

    @Test
    void shouldSayNothingWhenResetsRefuseOpeningsOrBelongToConversations()
    {
        for (int i = 0; i < 200; i++)
        {
            reset(stranger++, QUANTUM, RST | ACK, Conversation.FLAG_UNORIENTED);
            reset(stranger++, QUANTUM, ACK, Conversation.FLAG_UNORIENTED);
            reset(stranger++, QUANTUM, SYN | ACK, Conversation.FLAG_UNORIENTED);
            reset(stranger++, QUANTUM, RST, 0);
            reset(stranger++, QUANTUM, RST, Conversation.FLAG_UNORIENTED, 0);
            net.nowNs += MILLISECOND_NS;
        }
        assertEquals(List.of(), net.signals);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldExcuseWhatComesAfterTheEndOfConversationsOfEitherSide(final boolean isInitiator)
    {
        for (int i = 0; i < 1_000; i++)
        {
            reset(stranger);
            for (int ended = 0; ended < 5; ended++)
            {
                net.event.lengthBytes = FRAME;
                net.send(
                    ConversationKind.ENDED, isInitiator ? VICTIM : stranger, isInitiator ? stranger : VICTIM, 80);
            }
            stranger++;
            net.nowNs += MILLISECOND_NS;
        }
        assertEquals(0.0, nats(Scenario.SPREAD_FLOOD));
    }

    @Test
    void shouldNotTakeAScannerForAVictimWhenItsKernelResetsTheAnswers()
    {
        for (int i = 0; i < 100; i++)
        {
            reset(stranger);
            for (int aborted = 0; aborted < QUANTUM / FRAME + 1; aborted++)
            {
                net.send(ConversationKind.ABORTED, VICTIM, stranger++, 80);
            }
        }
        assertEquals(List.of(), net.of(Scenario.SPREAD_FLOOD));
    }

    @Test
    void shouldBeginAnewWhenTheVictimWasLeftInPeace()
    {
        for (int i = 0; i < 12; i++)
        {
            reset(7);
            acknowledgment(7);
        }
        assertEquals(4 * EVENT_NATS, nats(Scenario.FLOOD), 1e-9);
        assertEquals(SERVICE, net.last().aimPort());
        net.nowNs += 9 * SECOND_NS;
        for (int i = 0; i < 9; i++)
        {
            reset(stranger++);
        }
        assertEquals(EVENT_NATS, nats(Scenario.SPREAD_FLOOD), 1e-9);
        assertEquals(9, net.last().count());
        assertEquals(9, net.last().hosts(), "the one source before is none of these");
        assertTrue(net.last().why().contains(String.format("%+.2f nats, 9 times", 9 * EVENT_NATS)));
    }

    @Test
    void shouldRankAnewTheSourcesOfANewEpisode()
    {
        for (int i = 0; i < 60; i++)
        {
            reset(7);
        }
        net.nowNs += 9 * SECOND_NS;
        for (int i = 0; i < 16; i++)
        {
            reset(i % 2 == 0 ? stranger++ : 7);
        }
        assertEquals(Scenario.SPREAD_FLOOD.code(), net.last().scenario());
    }

    /** Of the resets one in 17 is seen; so much of each counts. */
    @ParameterizedTest
    @CsvSource({"ENDED,1,4", "ABORTED,1,1", "ABORTED,3,3"})
    void shouldExcuseSoManyResetsForEachConversation(final String kind, final int weight, final int excused)
    {
        for (int i = 0; i < 12; i++)
        {
            reset(stranger++);
        }
        net.event.weight = weight;
        net.send(kind.equals("ENDED") ? ConversationKind.ENDED : ConversationKind.ABORTED, VICTIM, 3, 80);
        net.event.weight = 1;
        for (int i = 0; i < 2; i++)
        {
            reset(stranger++);
        }
        assertEquals((12 + 2 - 8 - excused * FRAME / (double)QUANTUM) * EVENT_NATS, nats(Scenario.SPREAD_FLOOD), 1e-9);
    }
}
