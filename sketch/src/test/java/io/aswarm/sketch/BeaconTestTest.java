package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Random;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BeaconTestTest
{
    private static final int HOST = 7;
    private static final int PLACE = 9;
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);

    private final PolicyHarness net = new PolicyHarness();
    private final Random random = new Random(12);

    @AfterEach
    void close()
    {
        net.close();
    }

    private int callsUntilCalled(final int kind, final int port, final long periodNs, final int jitterPercent)
    {
        int calls = 0;
        while (calls < 400 && net.of(Scenario.BEACON).stream().noneMatch((s) -> s.nats() >= NODE_BAR_NATS))
        {
            net.sendOutside(kind, HOST, PLACE, port, 1_024);
            final long jitterNs = periodNs * jitterPercent / 100;
            net.leap(periodNs + (jitterNs == 0 ? 0 : Math.floorMod(random.nextLong(), 2 * jitterNs) - jitterNs));
            calls++;
        }
        return calls;
    }

    @ParameterizedTest
    // the longer it takes, the better the host is known by then
    @CsvSource({"2,0,67", "2,8,67", "60,8,53", "600,8,48", "600,20,48"})
    void shouldCallABeaconWhenItsIntervalsAreRegular(
        final int periodSeconds, final int jitterPercent, final int least)
    {
        final int calls = callsUntilCalled(ConversationKind.OPENED, 443, periodSeconds * SECOND_NS, jitterPercent);
        assertTrue(calls >= least && calls <= 100, "calls=" + calls);
        final PolicyHarness.Seen last = net.of(Scenario.BEACON).get(0);
        assertEquals(net.low(HOST), last.subjectLow());
        assertEquals(PolicyHarness.outsideLow(PLACE), last.aimLow());
        assertEquals(443, last.aimPort());
    }

    @ParameterizedTest
    // evenly between a half and three halves of the period
    @CsvSource({"10", "60", "300"})
    void shouldCallABeaconWhenItsJitterIsAHalf(final int periodSeconds)
    {
        final int calls = callsUntilCalled(ConversationKind.OPENED, 443, periodSeconds * SECOND_NS, 50);
        assertTrue(calls >= 48 && calls <= 130, "calls=" + calls);
    }

    @ParameterizedTest
    // openings a second, each after so many exponential steps: one is a Poisson process, three are a queue
    @CsvSource({"10,1", "4,1", "2,1", "1,1", "0.5,1", "0.15,1", "4,3", "1,3", "0.25,3", "0.15,3", "0.05,3"})
    void shouldStayQuietWhenAClientIsBusyWithARarePlace(final double perSecond, final int steps)
    {
        for (int i = 0; i < 3_000; i++)
        {
            net.sendOutside(ConversationKind.OPENED, HOST, PLACE, 443, 0);
            double seconds = 0;
            for (int step = 0; step < steps; step++)
            {
                seconds -= Math.log(1 - random.nextDouble()) / perSecond / steps;
            }
            net.leap((long)(seconds * SECOND_NS));
        }
        assertTrue(net.of(Scenario.BEACON).stream().noneMatch((s) -> s.nats() >= NODE_BAR_NATS));
    }

    @Test
    void shouldStayQuietWhenAHostSendsASteadyStream()
    {
        for (int i = 0; i < 5_000; i++)
        {
            net.sendOutside(ConversationKind.VOLUME, HOST, PLACE, 443, 65_536);
            net.leap((long)((60 + 10 * random.nextDouble()) * MILLISECOND_NS));
        }
        assertEquals(List.of(), net.of(Scenario.BEACON));
    }

    @Test
    void shouldCallABeaconSoonerWhenItsHostIsKnown()
    {
        for (int i = 0; i < 3_000; i++)
        {
            net.sendOutside(ConversationKind.OPENED, HOST, PLACE + 1, 443, 0);
            net.leap((long)(-Math.log(1 - random.nextDouble()) * 20 * SECOND_NS));
        }
        final int calls = callsUntilCalled(ConversationKind.OPENED, 443, 2 * SECOND_NS, 0);
        assertTrue(calls >= 48 && calls <= 52, "calls=" + calls);
    }

    @Test
    void shouldNotLearnAHostWhileItIsSuspected()
    {
        callsUntilCalled(ConversationKind.OPENED, 443, 40 * SECOND_NS, 0);
        net.leap(BeaconTest.PERIOD_MAX_NS);
        // what was frozen is as little known as before
        assertTrue(callsUntilRegular(2 * SECOND_NS) >= 60);
    }

    private int callsUntilRegular(final long periodNs)
    {
        int calls = 0;
        final long told = net.of(Scenario.BEACON).stream().filter((s) -> s.nats() >= NODE_BAR_NATS).count();
        while (net.of(Scenario.BEACON).stream().filter((s) -> s.nats() >= NODE_BAR_NATS).count() == told && calls < 200)
        {
            net.sendOutside(ConversationKind.OPENED, HOST, PLACE + 2, 443, 0);
            net.leap(periodNs);
            calls++;
        }
        return calls;
    }

    @Test
    void shouldCallABeaconWhenItCallsWithinOneConversation()
    {
        final int calls = callsUntilCalled(ConversationKind.VOLUME, 443, 5 * SECOND_NS, 5);
        assertTrue(calls <= 80, "calls=" + calls);
    }

    @Test
    void shouldStayQuietWhenIntervalsAreAsPeopleMakeThem()
    {
        for (int i = 0; i < 5_000; i++)
        {
            net.sendOutside(ConversationKind.OPENED, HOST, PLACE, 443, 0);
            net.leap((long)(-Math.log(1 - random.nextDouble()) * 20 * SECOND_NS));
        }
        // chance alone has ten in a row within the bounds of jitter, once in 5,000; no more
        assertTrue(net.of(Scenario.BEACON).stream().noneMatch((s) -> s.nats() >= 6.0));
    }

    @ParameterizedTest
    @CsvSource({"499,false", "500,true"})
    void shouldTakeCallsWithinHalfASecondAsOne(final int periodMs, final boolean called)
    {
        for (int i = 0; i < 200; i++)
        {
            net.sendOutside(ConversationKind.OPENED, HOST, PLACE, 443, 0);
            net.leap(periodMs * MILLISECOND_NS);
        }
        // What is one call for ever has no interval.
        assertEquals(called, net.of(Scenario.BEACON).stream().anyMatch((s) -> s.count() > 150));
    }

    @ParameterizedTest
    @CsvSource({"3,true", "4,false"})
    void shouldNotJudgeAPlaceThatMoreThanThreeHostsPollForHours(final int hosts, final boolean isJudged)
    {
        for (int call = 0; call < 300; call++)
        {
            for (int host = 0; host < hosts; host++)
            {
                net.sendOutside(ConversationKind.OPENED, 100 + host, PLACE, 443, 0);
                net.sendOutside(ConversationKind.ESTABLISHED, 100 + host, PLACE, 443, 0);
            }
            net.leap(60 * SECOND_NS);
        }
        assertEquals(isJudged, !net.of(Scenario.BEACON).isEmpty());
    }

    @Test
    void shouldJudgeWhoOpensInTheNamesOfOthersToo()
    {
        for (int call = 0; call < 100; call++)
        {
            for (int host = 0; host < 8; host++)
            {
                net.sendOutside(ConversationKind.OPENED, HOST + host, PLACE, 443, 0);
            }
            net.sendOutside(ConversationKind.ESTABLISHED, HOST, PLACE, 443, 0);
            net.leap(60 * SECOND_NS);
        }
        assertTrue(net.of(Scenario.BEACON).stream().anyMatch((s) -> s.subjectLow() == net.low(HOST)));
    }

    @Test
    void shouldNotJudgeClocksNorPlacesInsideNorPopularOnes()
    {
        callsUntilCalled(ConversationKind.OPENED, 123, 64 * SECOND_NS, 0);
        for (int i = 0; i < 200; i++)
        {
            net.open(HOST, 20, 443);
            net.leap(SECOND_NS);
        }
        for (int caller = 0; caller <= Popularity.RARE_MAX; caller++)
        {
            net.sendOutside(ConversationKind.ESTABLISHED, 100 + caller, PLACE, 443, 0);
        }
        for (int i = 0; i < 200; i++)
        {
            net.sendOutside(ConversationKind.OPENED, HOST, PLACE, 443, 0);
            net.leap(SECOND_NS);
        }
        assertEquals(List.of(), net.of(Scenario.BEACON));
    }
}
