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

/** Scans by segments that open nothing, and scans that take their time, with the model that is shipped. */
class StrayScanTest
{
    private static final int ATTACKER = 7;
    private static final int VICTIM = 20;
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);

    private final PolicyHarness net = new PolicyHarness(
        LocalPolicyConfig.builder().hashKey(0x0f0e0d0c0b0a0908L, 0x0706050403020100L).build());

    @AfterEach
    void close()
    {
        net.close();
    }

    /** A server's answer to a segment of no conversation: reset, without an ACK (RFC 9293, section 3.5.2). */
    private void reset(final int server, final int port, final int client, final int clientPort)
    {
        net.event.tcpFlags = 0x04;
        net.event.lengthBytes = 60;
        net.stray(server, port, client, clientPort);
        net.event.tcpFlags = 0;
        net.event.lengthBytes = 0;
    }

    private boolean isCalled()
    {
        return net.scans().stream().anyMatch((signal) -> signal.nats() >= NODE_BAR_NATS);
    }

    @ParameterizedTest
    @CsvSource({"1,0,1,6", "0,1,80,6", "0,1,8080,9", "1,1,20,6", "1,1,1021,8"})
    void shouldCallAScanByStraySegmentsWithItsSixthRecordOrItsNinthAtOtherPorts(
        final int portStep, final int hostStep, final int port, final int records)
    {
        for (int i = 1; i <= records; i++)
        {
            assertEquals(false, isCalled(), "record " + i);
            net.stray(ATTACKER, 62_528, VICTIM + hostStep * i, port + portStep * i);
            net.pass(MILLISECOND_NS);
        }
        assertTrue(isCalled());
        assertTrue(net.last().why().contains("segment of no conversation"), net.last().why());
    }

    @ParameterizedTest
    @CsvSource({"1,0,1,6", "0,1,80,6", "0,1,8080,9"})
    void shouldCallAScanAsSoonByTheResetsThatAnswerIt(
        final int portStep, final int hostStep, final int port, final int records)
    {
        for (int i = 1; i <= records; i++)
        {
            assertEquals(false, isCalled(), "record " + i);
            if (i % 2 == 0)
            {
                net.stray(ATTACKER, 62_528, VICTIM + hostStep * i, port + portStep * i);
            }
            reset(VICTIM + hostStep * i, port + portStep * i, ATTACKER, 62_528);
            net.pass(MILLISECOND_NS);
        }
        assertTrue(isCalled());
        assertEquals(net.low(ATTACKER), net.last().subjectLow());
    }

    @Test
    void shouldNotHoldResetsAgainstAHostWhoseOwnFramesHaveTheLinksWord()
    {
        net.event.flags = Conversation.FLAG_ON_LINK;
        net.established(ATTACKER, VICTIM, 22);
        net.event.flags = 0;
        for (int port = 1; port <= 100; port++)
        {
            reset(VICTIM + 1, port, ATTACKER, 62_528);
            net.pass(100 * MILLISECOND_NS);
        }
        assertEquals(List.of(), net.scans());
    }

    @Test
    void shouldStayQuietWhenServersResetWhatComesAfterTheEnd()
    {
        for (int i = 0; i < 200; i++)
        {
            reset(VICTIM + i % 20, i % 2 == 0 ? 443 : 8_080, ATTACKER, 32_768 + 131 * i);
            reset(VICTIM, 443, 1_000 + i, 62_528);
            net.pass(20 * MILLISECOND_NS);
        }
        assertEquals(List.of(), net.scans());
    }

    @Test
    void shouldStayQuietWhenClientsResetWhatTheyDoNotWantAnyMore()
    {
        for (int i = 0; i < 200; i++)
        {
            reset(1_000 + 300 * i, 62_528, VICTIM, 443);
            net.pass(20 * MILLISECOND_NS);
        }
        assertEquals(List.of(), net.scans());
    }

    @Test
    void shouldStayQuietWhenTheSensorStartsInTheMiddleOfConversations()
    {
        for (int i = 0; i < 200; i++)
        {
            net.stray(ATTACKER, 32_768 + 131 * i, 1_000 + 300 * i, i % 2 == 0 ? 443 : 8_080);
            net.stray(VICTIM, 8_080, 2_000 + i, 33_000 + 7 * i);
            net.stray(VICTIM + 1, 443, 2_000 + i, 33_000 + 7 * i);
            net.stray(VICTIM + 2, 2_049, 2_000 + i, 665 + i);
            net.pass(MILLISECOND_NS);
        }
        assertEquals(List.of(), net.signals);
    }

    @Test
    void shouldStayQuietWhenOneConversationGoesOnAndOn()
    {
        for (int i = 0; i < 200; i++)
        {
            net.stray(ATTACKER, 40_000, VICTIM, 443);
            net.pass(MILLISECOND_NS);
        }
        assertEquals(List.of(), net.signals);
    }

    @Test
    void shouldCallAProbeEachMinuteWithTheFourteenth()
    {
        net.established(1, VICTIM, 80);
        for (int port = 1; port <= 14; port++)
        {
            assertEquals(false, isCalled(), "port " + port);
            net.refused(ATTACKER, VICTIM, port);
            net.leap(60 * SECOND_NS);
        }
        assertTrue(isCalled(), () -> net.signals.toString());
    }

    @Test
    void shouldTakeSilenceForSilenceWhenTheHostItselfIsHeard()
    {
        // The victim calls out and is answered, but answers nobody who calls in.
        net.established(VICTIM, 5_000, 443);
        for (int port = 1; port <= 12; port++)
        {
            net.open(ATTACKER, VICTIM, port);
            net.pass(2 * SECOND_NS);
        }
        assertTrue(isCalled(), () -> net.signals.toString());
    }

    @Test
    void shouldCallAWormWhoseNeighboursAnswerItsDiscoveryAndRefuseTheService()
    {
        for (int host = 1; host <= 11; host++)
        {
            discover(100 + host);
            net.established(ATTACKER, 100 + host, 445);
        }
        // Three of them are excused by the eleven that serve it.
        for (int host = 1; host <= 3 + 9; host++)
        {
            assertEquals(false, isCalled(), "host " + host);
            discover(200 + host);
            net.refused(ATTACKER, 200 + host, 445);
            net.pass(MILLISECOND_NS);
        }
        assertTrue(isCalled(), () -> net.signals.toString());
    }

    private void discover(final int neighbour)
    {
        net.event.protocol = Conversation.NEIGHBOUR_DISCOVERY;
        net.send(ConversationKind.OPENED, ATTACKER, neighbour, 0);
        net.send(ConversationKind.ACCEPTED, ATTACKER, neighbour, 0);
        net.event.protocol = ConversationKind.TCP;
    }
}
