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

/** Openings between a host of the site and a place outside, whose answers take their time. */
class FarFloodTest
{
    private static final int CLIENT = 7;
    private static final int PLACE = 9;
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);

    private final PolicyHarness net = new PolicyHarness();

    @AfterEach
    void close()
    {
        net.close();
    }

    private void open()
    {
        net.sendOutside(ConversationKind.OPENED, CLIENT, PLACE, 443, 40);
    }

    /** A client of a VPN, a browser, a load test: sixty at once, each completed within the time that the way takes. */
    @ParameterizedTest
    @CsvSource({"30, false", "99, false", "250, true"})
    void shouldStayQuietWhenDozensAreOpenedAtOnceAndCompletedLater(final int roundTripMs, final boolean isTold)
    {
        for (int i = 0; i < 60; i++)
        {
            open();
        }
        net.pass(roundTripMs * MILLISECOND_NS);
        for (int i = 0; i < 60; i++)
        {
            net.sendOutside(ConversationKind.ESTABLISHED, CLIENT, PLACE, 443, 0);
        }
        net.pass(SECOND_NS);
        assertEquals(isTold, !net.of(Scenario.FLOOD).isEmpty());
    }

    @Test
    void shouldCallAFloodOfAThousandASecondWithinTwoGraces()
    {
        int sent = 0;
        while (net.nats(Scenario.FLOOD) < NODE_BAR_NATS && sent < 1_000)
        {
            open();
            net.leap(MILLISECOND_NS);
            sent++;
        }
        assertTrue(sent > 100 && sent <= 2 * FloodTest.FAR_GRACE_NS / MILLISECOND_NS + 8, "sent=" + sent);
    }

    @Test
    void shouldWaitForTwoGracesToTheNanosecond()
    {
        for (int i = 0; i < 60; i++)
        {
            open();
        }
        net.pass(100 * MILLISECOND_NS);
        net.nowNs += 100 * MILLISECOND_NS - 1;
        for (int tick = 0; tick < 16; tick++)
        {
            net.policy.onTick(net.nowNs);
        }
        assertEquals(List.of(), net.of(Scenario.FLOOD));
        net.nowNs++;
        for (int tick = 0; tick < 16; tick++)
        {
            net.policy.onTick(net.nowNs);
        }
        assertEquals(57, net.last().count());
    }

    /** Who writes his segments himself gets the short grace, far or near. */
    @Test
    void shouldCallBareOpeningsAsSoonAsNearOnes()
    {
        int sent = 0;
        while (net.nats(Scenario.FLOOD) < NODE_BAR_NATS && sent < 1_000)
        {
            net.sendOutside(ConversationKind.OPENED, CLIENT, PLACE, 443, 20);
            net.leap(MILLISECOND_NS);
            sent++;
        }
        assertTrue(sent <= 30, "sent=" + sent);
        assertEquals(List.of(), net.of(Scenario.SPREAD_FLOOD));
    }
}
