package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What an edge is worth, on each side of every bound of {@link LateralTest}. */
class LateralBoundsTest
{
    private static final double CHAINED_NATS = Math.log(20);
    private static final double EDGE_NATS = Math.log(2);
    private static final long MINUTE_NS = 60 * SECOND_NS;

    private final PolicyHarness net = new PolicyHarness(PolicyHarness.shipped().build());

    @AfterEach
    void close()
    {
        net.close();
    }

    private void edges(final int from, final int firstTo, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            net.established(from, firstTo + i, 22);
        }
    }

    private double nats()
    {
        return net.nats(Scenario.LATERAL);
    }

    @ParameterizedTest
    @ValueSource(ints = {22, 23, 135, 139, 445, 512, 513, 514, 2222, 2375, 2376, 3389, 5900, 5985, 5986, 6818, 10250})
    void shouldHoldAnEdgeFromAHostThatWasReachedAtEachAdministrativePort(final int port)
    {
        net.established(1, 2, port);
        assertEquals(0.0, nats());
        net.established(2, 3, port);
        assertEquals(CHAINED_NATS, nats(), 1e-3);
        assertEquals(net.low(2), net.last().subjectLow());
        assertEquals(1, net.last().hosts());
        assertEquals(1, net.last().ports());
    }

    @Test
    void shouldHoldPlainEdgesBeyondTheThird()
    {
        edges(1, 100, 3);
        assertEquals(0.0, nats());
        edges(1, 103, 2);
        assertEquals(2 * EDGE_NATS, nats(), 1e-3);
        assertEquals(5, net.last().hosts());
    }

    @Test
    void shouldPassOnWhatIsHeldFromAnEdgeOnAndNoLess()
    {
        edges(1, 100, 4);
        net.established(103, 200, 22);
        assertEquals(EDGE_NATS + CHAINED_NATS, nats(), 1e-3);
        assertEquals(net.low(103), net.last().subjectLow());
        net.established(102, 201, 22);
        assertEquals(net.low(102), net.last().subjectLow());
        assertEquals(CHAINED_NATS, nats(), 1e-3, "reached while nothing was held");
    }

    @Test
    void shouldTakeTheLongerOfTwoPathsAndNotTheirSum()
    {
        // 50 was reached by a path of two and has made five edges; then one of three comes to it
        net.established(1, 2, 22);
        net.established(2, 50, 22);
        net.established(11, 12, 22);
        net.established(12, 13, 22);
        net.established(13, 50, 22);
        net.established(50, 60, 22);
        assertEquals(3 * CHAINED_NATS, nats(), 1e-2);
        net.established(2, 51, 22);
        net.established(51, 50, 22);
        net.established(50, 61, 22);
        assertEquals(4 * CHAINED_NATS, nats(), 1e-2, "what is held is more than the shorter path brings");
    }

    @ParameterizedTest
    // remembered for an hour at least, in two generations for two at most
    @CsvSource({"119,true", "121,false"})
    void shouldForgetThatAHostWasReached(final int minutes, final boolean isChained)
    {
        net.policy.onTick(net.nowNs);
        net.established(1, 2, 22);
        for (int minute = 0; minute < minutes; minute++)
        {
            net.leap(MINUTE_NS);
        }
        net.established(2, 3, 22);
        assertEquals(isChained ? CHAINED_NATS : 0.0, nats(), 1e-3);
    }

    @Test
    void shouldLetEvidenceHalveInAnHour()
    {
        net.established(1, 2, 22);
        net.established(2, 3, 22);
        net.nowNs += 30 * MINUTE_NS;
        net.established(2, 4, 22);
        assertEquals(CHAINED_NATS * (1 + Math.sqrt(0.5)), nats(), 1e-3);
    }

    @Test
    void shouldBeginAnewWhenAnHourWasQuiet()
    {
        edges(1, 100, 3);
        net.nowNs += LateralTest.HALF_LIFE_NS;
        edges(1, 200, 3);
        assertEquals(0.0, nats());
        edges(1, 203, 1);
        assertEquals(EDGE_NATS, nats(), 1e-3);
        assertEquals(4, net.last().hosts());
    }

    @Test
    void shouldBeginAnewForTheHostThatIsReachedToo()
    {
        edges(2, 100, 3);
        net.nowNs += LateralTest.HALF_LIFE_NS;
        net.established(11, 12, 22);
        net.established(12, 2, 22);
        net.established(2, 200, 22);
        assertEquals(2 * CHAINED_NATS, nats(), 1e-2);
        assertEquals(1, net.last().hosts(), "those of the episode before are not counted");
    }

    @Test
    void shouldJudgeTcpAndTheSiteOnly()
    {
        net.event.protocol = PolicyHarness.UDP;
        net.established(1, 2, 22);
        net.established(2, 3, 22);
        net.event.protocol = ConversationKind.TCP;
        net.established(5, 6, 22);
        net.sendOutside(ConversationKind.OPENED, 6, 9, 22, 0);
        net.sendOutside(ConversationKind.ESTABLISHED, 6, 9, 22, 0);
        assertEquals(0.0, nats());
    }

    @Test
    void shouldCountEachEdgeAndWhatIsPassedOnOnce()
    {
        edges(1, 100, 5);
        assertEquals(5, net.last().count());
        net.established(104, 200, 22);
        assertEquals(net.low(104), net.last().subjectLow());
        assertEquals(2, net.last().count());
        assertEquals(0, net.last().verification());
    }
}
