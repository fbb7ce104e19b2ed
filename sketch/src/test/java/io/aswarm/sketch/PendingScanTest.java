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

/** Ports that are asked before the others answered, with the model that is shipped. */
class PendingScanTest
{
    private static final int ATTACKER = 7;
    private static final int VICTIM = 20;
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);

    private PolicyHarness net = new PolicyHarness(standard().build());

    private static LocalPolicyConfig.Builder standard()
    {
        return LocalPolicyConfig.builder().hashKey(0x0f0e0d0c0b0a0908L, 0x0706050403020100L);
    }

    @AfterEach
    void close()
    {
        net.close();
    }

    private int contactsUntilCalled(final int firstPort, final long apartNs)
    {
        int contacts = 0;
        while (contacts < 200 && !isCalled())
        {
            net.open(ATTACKER, VICTIM, firstPort + contacts);
            contacts++;
            net.pass(apartNs);
        }
        return contacts;
    }

    private boolean isCalled()
    {
        return net.scans().stream().anyMatch((signal) -> signal.nats() >= NODE_BAR_NATS);
    }

    @ParameterizedTest
    @CsvSource({"1,6", "10,6", "100,6", "1,17"})
    void shouldCallASilentScanWithTheTenthContactWhereAnswersAreSeen(final int apartMs, final int protocol)
    {
        net.established(1, VICTIM, 80);
        net.event.protocol = protocol;
        net.send(ConversationKind.ACCEPTED, 1, VICTIM, 80);
        assertEquals(10, contactsUntilCalled(1, apartMs * MILLISECOND_NS));
        assertEquals(ATTACKER, (int)(net.last().subjectLow() & 0xff));
        assertEquals(8, net.last().ports());
        assertTrue(net.last().why().contains("not answered yet"), net.last().why());
    }

    @Test
    void shouldCallItWithTheFourteenthWhereNothingWasEverSeenAnswering()
    {
        assertEquals(14, contactsUntilCalled(1, MILLISECOND_NS));
    }

    @Test
    void shouldNeedTheOverdueAnswersWhenOnlyHighPortsAreAsked()
    {
        net.established(1, VICTIM, 80);
        assertTrue(contactsUntilCalled(1_024, 10 * MILLISECOND_NS) >= 150);
    }

    @Test
    void shouldCountHighPortsTooWhenTheyFollowSystemPorts()
    {
        net.established(1, VICTIM, 80);
        net.open(ATTACKER, VICTIM, 22);
        net.open(ATTACKER, VICTIM, 25);
        assertEquals(8, contactsUntilCalled(8_080, MILLISECOND_NS));
    }

    @Test
    void shouldGiveAllOfItBackWhenTheAnswersCome()
    {
        net.established(1, VICTIM, 80);
        for (int port = 1; port <= 9; port++)
        {
            net.open(ATTACKER, VICTIM, port);
        }
        final double held = net.last().nats();
        assertEquals(7 * Math.log(19), held, 1e-6);
        for (int port = 1; port <= 9; port++)
        {
            net.send(ConversationKind.ACCEPTED, ATTACKER, VICTIM, port);
            net.send(ConversationKind.ESTABLISHED, ATTACKER, VICTIM, port);
        }
        net.refused(ATTACKER, VICTIM, 30);
        net.refused(ATTACKER, VICTIM, 31);
        assertTrue(net.last().nats() == held, "five that succeeded excuse two that do not");
        assertEquals(0, net.count(SketchCounter.FAILURES_RETRACTED), "nothing had failed");
    }

    @Test
    void shouldCountOnceWhatWaitedAndThenFailed()
    {
        net.established(1, VICTIM, 80);
        for (int port = 1; port <= 5; port++)
        {
            net.open(ATTACKER, VICTIM, port);
        }
        for (int port = 1; port <= 5; port++)
        {
            net.send(ConversationKind.REFUSED, ATTACKER, VICTIM, port);
        }
        final double refusedNats = Math.log(0.8 / 0.08);
        assertEquals(2 * refusedNats + 3 * Math.log(19), net.last().nats(), 1e-6);
    }

    @Test
    void shouldGiveItBackWhenAnswersToTheSourceWereCollapsed()
    {
        net.established(1, VICTIM, 80);
        for (int port = 1; port <= 9; port++)
        {
            net.open(ATTACKER, VICTIM, port);
        }
        net.event.weight = 8;
        net.send(ConversationKind.ACCEPTED, ATTACKER, VICTIM, 1);
        net.event.weight = 1;
        final int told = net.signals.size();
        for (int port = 10; port <= 30; port++)
        {
            net.open(ATTACKER, VICTIM, port);
        }
        net.pass(3 * SECOND_NS);
        assertEquals(told, net.signals.size(), "nobody knows what the others were answered");
    }

    @Test
    void shouldNotHoldItAgainstADeclaredScanner()
    {
        net.close();
        net = new PolicyHarness(standard().exemptions(List.of(new Exemption(0, net.low(ATTACKER), 128))).build());
        net.established(1, VICTIM, 80);
        assertEquals(200, contactsUntilCalled(1, MILLISECOND_NS));
        assertEquals(List.of(), net.signals);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldStayBelowTheBarWhenAClientJoinsADomainOfWhichOneDirectionIsSeen(final boolean isAnswered)
    {
        final int[] services = {53, 88, 135, 389, 445, 464, 636, 3_268, 49_667, 49_668};
        for (int client = 0; client < 5; client++)
        {
            net.pass(SECOND_NS);
            for (final int service : services)
            {
                net.open(100 + client, VICTIM, service);
                net.pass(MILLISECOND_NS);
                if (isAnswered)
                {
                    net.send(ConversationKind.ACCEPTED, 100 + client, VICTIM, service);
                    net.send(ConversationKind.ESTABLISHED, 100 + client, VICTIM, service);
                }
            }
        }
        net.pass(3 * SECOND_NS);
        assertTrue(
            net.signals.stream().allMatch((signal) -> signal.nats() < SequentialScanTest.CONVICTED_NATS),
            () -> net.signals.toString());
        assertEquals(isAnswered, net.signals.isEmpty());
    }

    @Test
    void shouldStayQuietWhenRanksOpenDozensOfPortsOfEachHostAtOnce()
    {
        // 16 hosts with eight ranks, each listening at a port of its own: of Open MPI's, Ray's, and what the system
        // gives; all wait until all are opened, and are answered milliseconds later.
        for (int pass = 0; pass < 3; pass++)
        {
            for (int from = 0; from < 16; from++)
            {
                for (int to = 0; to < 16; to++)
                {
                    for (int rank = 0; from != to && rank < 8; rank++)
                    {
                        final int host = 100 + to;
                        switch (pass)
                        {
                            case 0:
                                net.open(100 + from, host, 1_024 + rank);
                                net.open(100 + from, host, 10_002 + rank);
                                net.open(100 + from, host, 40_000 + 97 * rank);
                                break;

                            default:
                                final int kind =
                                    pass == 1 ? ConversationKind.ACCEPTED : ConversationKind.ESTABLISHED;
                                net.send(kind, 100 + from, host, 1_024 + rank);
                                net.send(kind, 100 + from, host, 10_002 + rank);
                                net.send(kind, 100 + from, host, 40_000 + 97 * rank);
                                break;
                        }
                    }
                }
            }
            net.pass(20 * MILLISECOND_NS);
        }
        net.pass(2 * SECOND_NS);
        assertEquals(List.of(), net.signals);
    }

    @Test
    void shouldStayQuietWhenTracerouteAsksPortsInARow()
    {
        net.established(1, VICTIM, 80);
        net.event.protocol = PolicyHarness.UDP;
        for (int probe = 0; probe < 60; probe++)
        {
            net.open(ATTACKER, VICTIM, 33_434 + probe);
        }
        net.pass(3 * SECOND_NS);
        assertEquals(List.of(), net.signals);
    }

    @Test
    void shouldNotTakeAnswersForQuestionsWhenQuestionsAreLostOnTheirWayHere()
    {
        // A name server answers a thousand questions, of which every tenth passed here unseen.
        net.event.protocol = PolicyHarness.UDP;
        for (int question = 0; question < 1_000; question++)
        {
            final int port = 1_024 + 7 * question;
            if (question % 10 == 0)
            {
                net.event.initiatorPort = 53;
                net.open(VICTIM, 100 + question % 3, port);
                net.event.initiatorPort = port;
            }
            else
            {
                net.event.initiatorPort = port;
                net.open(100 + question % 3, VICTIM, 53);
                net.send(ConversationKind.ACCEPTED, 100 + question % 3, VICTIM, 53);
            }
            net.pass(10 * MILLISECOND_NS);
        }
        net.pass(3 * SECOND_NS);
        assertEquals(List.of(), net.scans());
    }

    @Test
    void shouldStayQuietWhenFilesAreMountedAndFetched()
    {
        // The portmapper, NFS and mount at once, twice; then a file transfer's data connections, ten at a time.
        net.established(1, VICTIM, 22);
        for (final int service : new int[]{111, 2_049, 20_048})
        {
            net.open(ATTACKER, VICTIM, service);
        }
        for (final int service : new int[]{111, 2_049, 20_048})
        {
            net.send(ConversationKind.ACCEPTED, ATTACKER, VICTIM, service);
            net.send(ConversationKind.ESTABLISHED, ATTACKER, VICTIM, service);
        }
        net.established(ATTACKER, VICTIM, 21);
        for (int port = 30_000; port < 30_010; port++)
        {
            net.open(ATTACKER, VICTIM, port);
        }
        for (int port = 30_000; port < 30_010; port++)
        {
            net.send(ConversationKind.ACCEPTED, ATTACKER, VICTIM, port);
            net.send(ConversationKind.ESTABLISHED, ATTACKER, VICTIM, port);
        }
        net.pass(3 * SECOND_NS);
        assertEquals(List.of(), net.signals);
    }

    @Test
    void shouldStayQuietWhenACrawlerAsksManyHostsForTwoPortsEach()
    {
        net.established(1, 100, 80);
        for (int host = 100; host < 300; host++)
        {
            net.open(ATTACKER, host, 80);
            net.open(ATTACKER, host, 443);
        }
        for (int host = 100; host < 300; host++)
        {
            net.nowNs += MILLISECOND_NS;
            net.send(ConversationKind.ACCEPTED, ATTACKER, host, 80);
            net.send(ConversationKind.ESTABLISHED, ATTACKER, host, 80);
            net.send(ConversationKind.ACCEPTED, ATTACKER, host, 443);
            net.send(ConversationKind.ESTABLISHED, ATTACKER, host, 443);
        }
        net.pass(3 * SECOND_NS);
        assertEquals(List.of(), net.signals);
    }
}
