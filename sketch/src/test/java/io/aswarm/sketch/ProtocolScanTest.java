package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Protocols that have no ports, asked one after the other (nmap -sO) and as they are used, with the model shipped. */
class ProtocolScanTest
{
    private static final int ATTACKER = 7;
    private static final int VICTIM = 20;
    private static final int ESP = 50;
    private static final int OSPF = 89;
    private static final int PIM = 103;
    private static final int FIRST_PROTOCOL = 143;
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);

    private final PolicyHarness net = new PolicyHarness(
        LocalPolicyConfig.builder().hashKey(0x0f0e0d0c0b0a0908L, 0x0706050403020100L).build());

    @AfterEach
    void close()
    {
        net.close();
    }

    private void send(final int kind, final int source, final int destination, final int protocol)
    {
        net.event.protocol = protocol;
        net.send(kind, source, destination, 0);
    }

    private boolean isCalled()
    {
        return net.scans().stream().anyMatch((signal) -> signal.nats() >= NODE_BAR_NATS);
    }

    private int protocolsUntilCalled(final int refused)
    {
        int asked = 0;
        while (asked < 100 && !isCalled())
        {
            send(ConversationKind.OPENED, ATTACKER, VICTIM, FIRST_PROTOCOL + asked);
            if (asked < refused)
            {
                send(ConversationKind.UNREACHABLE, ATTACKER, VICTIM, FIRST_PROTOCOL + asked);
            }
            asked++;
            net.pass(MILLISECOND_NS);
        }
        return asked;
    }

    @Test
    void shouldCallAScanWithTheFourteenthProtocolWhenNothingAnswers()
    {
        assertEquals(14, protocolsUntilCalled(0));
        assertEquals(ATTACKER, (int)(net.last().subjectLow() & 0xff));
        assertEquals(12, net.last().ports());
        assertEquals(1, net.last().hosts());
        assertTrue(net.last().why().contains("not answered yet"), net.last().why());
    }

    @Test
    void shouldCallItWithTheFifteenthWhenAllAreRefused()
    {
        assertEquals(15, protocolsUntilCalled(100));
    }

    /** As Linux does it: six at once, then one a second (icmp_msgs_burst, icmp_ratelimit). */
    @Test
    void shouldCallItWithTheSixteenthWhenTheFirstSixAreRefused()
    {
        assertEquals(16, protocolsUntilCalled(6));
    }

    @Test
    void shouldCountTheProtocolsOfEachHostByThemselves()
    {
        for (int host = 0; host < 100; host++)
        {
            send(ConversationKind.OPENED, ATTACKER, VICTIM + host, FIRST_PROTOCOL);
            send(ConversationKind.OPENED, ATTACKER, VICTIM + host, FIRST_PROTOCOL + 1);
        }
        assertEquals(List.of(), net.scans());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldStayQuietWhenAGatewayKeepsTunnelsToManyOthers(final boolean isIpv6)
    {
        if (isIpv6)
        {
            net.useIpv6();
        }
        for (int round = 0; round < 5; round++)
        {
            for (int peer = 0; peer < 200; peer++)
            {
                send(ConversationKind.OPENED, VICTIM, 100 + peer, ESP);
            }
            net.pass(30 * MILLISECOND_NS);
            for (int peer = 0; peer < 190; peer++)
            {
                send(ConversationKind.ACCEPTED, VICTIM, 100 + peer, ESP);
            }
            net.pass(130 * SECOND_NS);
        }
        assertEquals(List.of(), net.signals);
    }

    @Test
    void shouldTakeNoRhythmOfATunnelForABeacon()
    {
        net.event.protocol = ESP;
        net.sendOutside(ConversationKind.OPENED, VICTIM, 1, 0, 0);
        for (int beat = 0; beat < 400; beat++)
        {
            net.sendOutside(ConversationKind.VOLUME, VICTIM, 1, 0, 1_024);
            net.pass(10 * SECOND_NS);
        }
        assertEquals(List.of(), net.of(Scenario.BEACON));
    }

    @Test
    void shouldStayQuietWhenRoutersSpeakWithEachOther()
    {
        for (int round = 0; round < 5; round++)
        {
            for (int router = 0; router < 8; router++)
            {
                for (final int protocol : new int[]{OSPF, PIM, ESP})
                {
                    send(ConversationKind.OPENED, 100, 101 + router, protocol);
                }
                net.pass(MILLISECOND_NS);
                for (final int protocol : new int[]{OSPF, PIM, ESP})
                {
                    send(ConversationKind.ACCEPTED, 100, 101 + router, protocol);
                }
            }
            net.pass(130 * SECOND_NS);
        }
        assertEquals(List.of(), net.signals);
    }
}
