package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Who hides among addresses that he merely shows, with the model that is shipped. */
class DecoysTest
{
    private static final int VICTIM = 20;
    private static final int FIRST = 101;
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);

    private final PolicyHarness net = new PolicyHarness(
        LocalPolicyConfig.builder().hashKey(0x0f0e0d0c0b0a0908L, 0x0706050403020100L).build());

    DecoysTest()
    {
        net.event.headerBytes = Conversation.BARE_HEADER_MAX_BYTES;
    }

    @AfterEach
    void close()
    {
        net.close();
    }

    private List<PolicyHarness.Seen> called(final Scenario scenario)
    {
        return net.of(scenario).stream().filter((signal) -> signal.nats() >= NODE_BAR_NATS).toList();
    }

    /** One probe in every name, the same port of the same host. */
    private void probe(final int sources, final int victim, final int port, final long apartNs)
    {
        for (int i = 0; i < sources; i++)
        {
            net.nowNs += i == 0 ? 0 : apartNs;
            net.open(FIRST + i, victim, port);
        }
        for (int i = 0; i < sources; i++)
        {
            net.send(ConversationKind.REFUSED, FIRST + i, victim, port);
        }
        net.pass(MILLISECOND_NS);
    }

    @ParameterizedTest
    @CsvSource({"2,false", "4,false", "9,false", "30,false", "2,true", "9,true"})
    void shouldTellTheAimWithTheTenthPortAndNoneOfThoseShown(final int sources, final boolean isIpv6)
    {
        if (isIpv6)
        {
            net.useIpv6();
        }
        for (int port = 1; port <= 100; port++)
        {
            assertEquals(port <= 10, called(Scenario.DISTRIBUTED_SCAN).isEmpty(), "before port " + port);
            probe(sources, VICTIM, port, 10_000);
        }
        final PolicyHarness.Seen signal = called(Scenario.DISTRIBUTED_SCAN).get(0);
        assertEquals(net.low(VICTIM), signal.subjectLow());
        assertEquals(10, signal.ports());
        assertTrue(signal.why().contains("in the same instant"), signal.why());
        assertEquals(List.of(), called(Scenario.SCAN));
    }

    @ParameterizedTest
    @CsvSource({"0,true", "1,false"})
    void shouldTellEachSourceWhenTheyDoNotMeetInTheSameInstant(final long beyondNs, final boolean isTogether)
    {
        for (int port = 1; port <= 100; port++)
        {
            probe(2, VICTIM, port, Decoys.INSTANT_NS + beyondNs);
        }
        assertEquals(isTogether, called(Scenario.SCAN).isEmpty());
    }

    @Test
    void shouldTellClientsOfOrdinaryStacksByThemselves()
    {
        net.event.headerBytes = 40;
        for (int port = 1; port <= 100; port++)
        {
            probe(2, VICTIM, port, 10_000);
        }
        assertEquals(2, called(Scenario.SCAN).stream().mapToLong(PolicyHarness.Seen::subjectLow).distinct().count());
    }

    @Test
    void shouldTellEachSourceWhenTheySweepSinceNoAimStandsForThem()
    {
        for (int host = 0; host < 60; host++)
        {
            probe(3, VICTIM + host, 445, 10_000);
        }
        assertEquals(3, called(Scenario.SCAN).stream().mapToLong(PolicyHarness.Seen::subjectLow).distinct().count());
    }

    @Test
    void shouldTellWhoIsVerifiedAmongThoseShown()
    {
        for (int port = 1; port <= 40; port++)
        {
            for (int i = 0; i < 4; i++)
            {
                net.event.flags = i == 2 ? Conversation.FLAG_ON_LINK : 0;
                net.refused(FIRST + i, VICTIM, port);
            }
            net.pass(MILLISECOND_NS);
        }
        assertTrue(called(Scenario.SCAN).stream().allMatch((s) -> s.subjectLow() == net.low(FIRST + 2)));
        assertTrue(!called(Scenario.SCAN).isEmpty());
    }

    @Test
    void shouldTellWhoGoesOnAlone()
    {
        for (int port = 1; port <= 20; port++)
        {
            probe(9, VICTIM, port, 10_000);
        }
        for (int port = 21; port <= 50; port++)
        {
            probe(1, VICTIM, port, 0);
        }
        assertTrue(called(Scenario.SCAN).stream().anyMatch((s) -> s.subjectLow() == net.low(FIRST)));
    }
}
