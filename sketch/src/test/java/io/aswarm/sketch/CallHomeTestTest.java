package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CallHomeTestTest
{
    private static final int PLACE = 9;
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);
    private final PolicyHarness net = new PolicyHarness();

    @AfterEach
    void close()
    {
        net.close();
    }

    private List<PolicyHarness.Seen> signals()
    {
        return net.of(Scenario.CALL_HOME);
    }

    private void call(final int host, final long durationMs)
    {
        net.sendOutside(ConversationKind.ENDED, host, PLACE, 443, durationMs);
    }

    @Test
    void shouldCallTheDestinationWhenManyHostsCallItShortly()
    {
        int hosts = 0;
        while (hosts < 100 && signals().stream().noneMatch((s) -> s.nats() >= NODE_BAR_NATS))
        {
            call(hosts++, 300);
            net.leap(5 * SECOND_NS);
        }
        assertTrue(hosts <= 26, "hosts=" + hosts);
        assertEquals(PolicyHarness.outsideLow(PLACE), signals().get(0).subjectLow());
        assertEquals(0, signals().get(0).verification());
        assertEquals(hosts, signals().get(signals().size() - 1).hosts(), 2);
    }

    @ParameterizedTest
    @CsvSource({"10000,1", "10001,0"})
    void shouldCountShortConversationsOnly(final long durationMs, final int signals)
    {
        for (int host = 0; host < 5; host++)
        {
            call(host, durationMs);
        }
        assertEquals(signals, signals().size());
    }

    @Test
    void shouldStayQuietWhenThePlaceIsFetchedFrom()
    {
        for (int host = 0; host < 500; host++)
        {
            net.event.flags = Conversation.FLAG_FROM_RESPONDER;
            net.sendOutside(ConversationKind.VOLUME, host, PLACE, 443, 65_536);
            net.event.flags = 0;
            call(host, 300);
        }
        assertEquals(List.of(), signals());
    }

    @ParameterizedTest
    @CsvSource({"0,true", "1,false"})
    void shouldCountCallersWithinTheWindowToTheNanosecond(final long beyondNs, final boolean counted)
    {
        call(1, 300);
        net.nowNs += CallHomeTest.WINDOW_NS + beyondNs;
        for (int host = 2; host < 10; host++)
        {
            call(host, 300);
        }
        assertEquals(counted, !signals().isEmpty());
    }

    @Test
    void shouldCountAHostOnce()
    {
        for (int i = 0; i < 500; i++)
        {
            call(i % 4, 300);
        }
        assertEquals(List.of(), signals());
    }
}
