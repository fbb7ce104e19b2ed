package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LateralTestTest
{
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);
    private final PolicyHarness net = new PolicyHarness();

    @AfterEach
    void close()
    {
        net.close();
    }

    private boolean isCalled()
    {
        return net.of(Scenario.LATERAL).stream().anyMatch((s) -> s.nats() >= NODE_BAR_NATS);
    }

    @Test
    void shouldCallWhoMovesFromHostToHost()
    {
        // Each host that is reached reaches three more.
        int edges = 0;
        for (int host = 1; host < 100 && !isCalled(); host++)
        {
            for (int next = 3 * host - 1; next <= 3 * host + 1 && !isCalled(); next++)
            {
                net.established(host, next, 22);
                net.leap(10 * SECOND_NS);
                edges++;
            }
        }
        assertTrue(isCalled(), "edges=" + edges);
        assertTrue(edges <= 60, "edges=" + edges);
        assertTrue(net.last().why().contains("itself reached"), net.last().why());
    }

    @Test
    void shouldCallWhoMovesAlongAPathOfEightEdges()
    {
        int edges = 0;
        while (!isCalled() && edges < 100)
        {
            net.established(1 + edges, 2 + edges, 22);
            net.leap(10 * SECOND_NS);
            edges++;
        }
        assertEquals(8, edges);
    }

    @ParameterizedTest
    @CsvSource({"22,true", "8080,false"})
    void shouldCountAdministrativePortsOnly(final int port, final boolean counted)
    {
        for (int host = 1; host < 30; host++)
        {
            net.established(host, host + 1, port);
        }
        assertEquals(counted, !net.of(Scenario.LATERAL).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"5,0", "6,1"})
    void shouldLetTheFirstThreeEdgesBeFreeWhenAnAdministratorFansOut(final int servers, final int signals)
    {
        for (int server = 0; server < servers; server++)
        {
            net.established(1, 100 + server, 22);
        }
        assertEquals(signals, net.of(Scenario.LATERAL).size());
    }

    @Test
    void shouldStayBelowTheBarWhenAnAdministratorVisitsTwentyHosts()
    {
        for (int server = 0; server < 20; server++)
        {
            net.established(1, 100 + server, 22);
            net.leap(60 * SECOND_NS);
        }
        assertTrue(!isCalled());
    }

    @ParameterizedTest
    @CsvSource({"3,false", "32,false", "36,true"})
    void shouldCallWhoComesFromOutsideToManyHosts(final int hosts, final boolean called)
    {
        for (int host = 0; host < hosts; host++)
        {
            fromOutside(100 + host);
        }
        assertEquals(called, isCalled());
    }

    @Test
    void shouldHoldNothingAgainstAHostThatIsReachedFromOutside()
    {
        fromOutside(1);
        for (int server = 0; server < 3; server++)
        {
            net.established(1, 100 + server, 22);
        }
        assertEquals(List.of(), net.of(Scenario.LATERAL));
    }

    private void fromOutside(final int host)
    {
        net.event.initiatorHigh = 0;
        net.event.initiatorLow = PolicyHarness.outsideLow(9);
        net.event.responderHigh = net.high();
        net.event.responderLow = net.low(host);
        net.event.responderPort = 22;
        net.event.timeNs = net.nowNs;
        for (final int kind : new int[]{
            ConversationKind.OPENED, ConversationKind.ACCEPTED, ConversationKind.ESTABLISHED})
        {
            net.event.kind = kind;
            net.policy.onConversation(net.event);
        }
    }

    @Test
    void shouldCountAnEdgeOnce()
    {
        for (int i = 0; i < 100; i++)
        {
            net.established(1, 100 + i % 3, 22);
        }
        assertEquals(List.of(), net.of(Scenario.LATERAL));
    }
}
