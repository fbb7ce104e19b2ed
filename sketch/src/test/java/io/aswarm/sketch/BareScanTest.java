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

/** Scans of who writes his openings himself, with the model that is shipped. */
class BareScanTest
{
    private static final int ATTACKER = 7;
    private static final int VICTIM = 20;
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);
    private static final double PENDING_NATS = Math.log(19.0);
    private static final double BARE_NATS = Math.log(26.7);
    private static final double REFUSED_NATS = Math.log(10.0);

    private final PolicyHarness net = new PolicyHarness(
        LocalPolicyConfig.builder().hashKey(0x0f0e0d0c0b0a0908L, 0x0706050403020100L).build());

    BareScanTest()
    {
        net.event.headerBytes = Conversation.BARE_HEADER_MAX_BYTES;
    }

    @AfterEach
    void close()
    {
        net.close();
    }

    private boolean isCalled()
    {
        return net.scans().stream().anyMatch((signal) -> signal.nats() >= NODE_BAR_NATS);
    }

    private int contactsUntilCalled(final int hostStep, final int firstPort, final int portStep, final long apartNs)
    {
        int contacts = 0;
        while (contacts < 200 && !isCalled())
        {
            net.open(ATTACKER, VICTIM + contacts * hostStep, firstPort + contacts * portStep);
            contacts++;
            net.pass(apartNs);
        }
        return contacts;
    }

    @ParameterizedTest
    @CsvSource({"0,1,1,1", "0,1024,1,10", "0,40000,1,100", "0,65535,-1,1", "1,445,0,2", "1,22,0,100", "1,5000,7,2"})
    void shouldCallAFastScanWithTheEighthContactWhereNothingEverAnswers(
        final int hostStep, final int firstPort, final int portStep, final int apartMs)
    {
        assertEquals(8, contactsUntilCalled(hostStep, firstPort, portStep, apartMs * MILLISECOND_NS));
        assertEquals(ATTACKER, (int)(net.last().subjectLow() & 0xff));
        assertEquals(6 * PENDING_NATS + BARE_NATS, net.last().nats(), 0.01);
        assertTrue(net.last().why().contains("bare opening while others had not answered"), net.last().why());
    }

    @Test
    void shouldCallItOverIpv6Too()
    {
        net.useIpv6();
        assertEquals(8, contactsUntilCalled(1, 445, 0, 2 * MILLISECOND_NS));
    }

    @Test
    void shouldCountEachNetworkByItself()
    {
        assertEquals(200, contactsUntilCalled(256, 445, 0, MILLISECOND_NS));
    }

    @ParameterizedTest
    @CsvSource({"7,false", "8,true", "16,true", "20,true", "24,true", "25,false", "28,false", "0,false"})
    void shouldHoldOnlyBareOpeningsToBeSuch(final int headerBytes, final boolean isBare)
    {
        net.event.headerBytes = headerBytes;
        assertEquals(isBare ? 8 : 200, contactsUntilCalled(0, 40_000, 1, 0));
    }

    @Test
    void shouldCallARefusedScanWithTheEighthContactAndCountTheStackOnce()
    {
        net.established(1, VICTIM, 80);
        for (int port = 1; port <= 8; port++)
        {
            assertTrue(!isCalled(), "before port " + port);
            net.refused(ATTACKER, VICTIM, port);
            net.pass(SECOND_NS / 10);
        }
        assertTrue(isCalled());
        assertEquals(8 * REFUSED_NATS + BARE_NATS, net.last().nats(), 0.05);
    }

    @Test
    void shouldCountItAgainInANewEpisode()
    {
        net.established(1, VICTIM, 80);
        net.refused(ATTACKER, VICTIM, 1);
        net.refused(ATTACKER, VICTIM, 2);
        assertEquals(2 * REFUSED_NATS + BARE_NATS, net.last().nats(), 1e-6);
        net.leap(3_600 * SECOND_NS);
        net.established(1, VICTIM, 81);
        net.refused(ATTACKER, VICTIM, 3);
        net.refused(ATTACKER, VICTIM, 4);
        assertEquals(2 * REFUSED_NATS + BARE_NATS, net.last().nats(), 1e-6);
    }

    @Test
    void shouldTellAFirstFailureNoSoonerThanThatOfAnOrdinaryStack()
    {
        net.established(1, VICTIM, 80);
        net.refused(ATTACKER, VICTIM, 1);
        assertEquals(List.of(), net.signals);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100})
    void shouldStayQuietWhenADeviceAsksItsTwoServices(final int devices)
    {
        for (int round = 0; round < 10; round++)
        {
            for (int device = 0; device < devices; device++)
            {
                net.open(100 + device, VICTIM, 443);
                net.open(100 + device, VICTIM + 1, 8_883);
            }
            net.nowNs += 80 * MILLISECOND_NS;
            for (int device = 0; device < devices; device++)
            {
                net.send(ConversationKind.ACCEPTED, 100 + device, VICTIM, 443);
                net.send(ConversationKind.ESTABLISHED, 100 + device, VICTIM, 443);
            }
            net.pass(2 * SECOND_NS);
        }
        assertEquals(List.of(), net.scans());
    }

    @Test
    void shouldBeginAnewWhenTheAnswersCome()
    {
        for (int port = 1; port <= 7; port++)
        {
            net.open(ATTACKER, VICTIM, port);
        }
        final int told = net.signals.size();
        assertTrue(told > 0);
        for (int port = 1; port <= 7; port++)
        {
            net.send(ConversationKind.ACCEPTED, ATTACKER, VICTIM, port);
            net.send(ConversationKind.ESTABLISHED, ATTACKER, VICTIM, port);
        }
        for (int port = 100; port <= 103; port++)
        {
            net.open(ATTACKER, VICTIM, port);
        }
        assertEquals(told + 1, net.signals.size());
        assertEquals(2 * PENDING_NATS + BARE_NATS, net.last().nats(), 1e-6);
    }

    @Test
    void shouldNotHoldASpoofedFloodAgainstAnyOfItsSources()
    {
        for (int source = 0; source < 5_000; source++)
        {
            net.open(1_000 + source, VICTIM, 80);
        }
        net.pass(2 * SECOND_NS);
        assertEquals(List.of(), net.scans());
    }
}
