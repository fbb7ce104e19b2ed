package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What an interval between two calls is worth, on each side of every bound of {@link BeaconTest}. */
class BeaconBoundsTest
{
    private static final int HOST = 7;
    private static final int PLACE = 9;
    /** Nothing is known of the host, and nothing is learned: its baseline is frozen from the first nats on. */
    private static final double REGULAR_NATS = BeaconTest.IMMATURE_WEIGHT * Math.log(0.9 / 0.57);
    private static final double IRREGULAR_NATS = BeaconTest.IMMATURE_WEIGHT * Math.log(0.43 / 0.1);

    private final PolicyHarness net = new PolicyHarness(PolicyHarness.shipped().build());

    @AfterEach
    void close()
    {
        net.close();
    }

    private void call(final int place, final int port)
    {
        net.sendOutside(ConversationKind.OPENED, HOST, place, port, 0);
    }

    private void callAfter(final long... intervalsNs)
    {
        for (final long intervalNs : intervalsNs)
        {
            net.leap(intervalNs);
            call(PLACE, 443);
        }
    }

    private void callEachSecond(final int times)
    {
        for (int i = 0; i < times; i++)
        {
            callAfter(SECOND_NS);
        }
    }

    private double nats()
    {
        return net.nats(Scenario.BEACON);
    }

    @Test
    void shouldOnlyLearnFromTheFirstTwoIntervals()
    {
        callEachSecond(3);
        assertEquals(0.0, nats());
        callEachSecond(1);
        assertEquals(REGULAR_NATS, nats(), 1e-4);
        assertEquals(1, net.last().hosts());
        assertEquals(1, net.last().ports());
        assertEquals(1, net.last().count());
    }

    @ParameterizedTest
    // of the typical 1,000 ms: a fifth more or less is regular
    @CsvSource({"1200000000,true", "1200000001,false", "800000000,true", "799999999,false"})
    void shouldTakeAnIntervalForRegularWithinAFifthToTheNanosecond(final long intervalNs, final boolean isRegular)
    {
        callEachSecond(4);
        callAfter(intervalNs);
        assertEquals(isRegular ? 2 * REGULAR_NATS : REGULAR_NATS, nats(), 1e-4);
    }

    @ParameterizedTest
    // twice to four times the typical interval says nothing: calls were left out
    @CsvSource({"2000000000,false", "1999999999,true", "4000000000,false", "4000000001,true"})
    void shouldTakeEvidenceForAnIrregularIntervalUnlessCallsWereLeftOut(final long intervalNs, final boolean isTaken)
    {
        callEachSecond(3 + 10);
        assertEquals(10 * REGULAR_NATS, nats(), 1e-3);
        callAfter(intervalNs);
        // typical is at 1,100 ms at most now, which a second is within a fifth of
        callEachSecond(10);
        assertEquals(20 * REGULAR_NATS - (isTaken ? IRREGULAR_NATS : 0.0), nats(), 2e-3);
        assertEquals(20, net.last().count());
        assertEquals(isTaken, net.last().why().contains(Cause.IRREGULAR_INTERVAL.sentence()), net.last().why());
    }

    @ParameterizedTest
    // the second of two is half of their mean; while it only learns, one moves it by no more than a half
    @CsvSource({"1400,1440,true", "1400,1441,false", "2400,1800,true", "2400,1801,false"})
    void shouldLearnWhatIsTypicalByHalfOfWhatItDeviates(
        final long secondMs, final long thirdMs, final boolean isRegular)
    {
        call(PLACE, 443);
        callAfter(SECOND_NS, secondMs * MILLISECOND_NS, thirdMs * MILLISECOND_NS);
        assertEquals(isRegular, nats() > 0.0);
    }

    @ParameterizedTest
    // the fourth of four is a quarter of their mean, the 17th of 17 a sixteenth
    @CsvSource({"4,1120,1236,true", "4,1120,1237,false", "4,800,760,true", "4,800,759,false",
        "17,1080,1206,true", "17,1080,1207,false", "17,920,796,true", "17,920,795,false",
        "20,1080,1206,true", "20,1080,1207,false"})
    void shouldFollowWhatIsTypicalAsAMeanOfSixteen(
        final int calls, final long nextMs, final long lastMs, final boolean isRegular)
    {
        callEachSecond(calls);
        callAfter(nextMs * MILLISECOND_NS, lastMs * MILLISECOND_NS);
        final int regular = calls - 3 + 1;
        assertEquals(
            isRegular ? (regular + 1) * REGULAR_NATS : regular * REGULAR_NATS, nats(), 1e-3);
    }

    @ParameterizedTest
    // a quarter of 900 ms is more than the tenth that one interval may move it: typical is 1,100 ms then
    @CsvSource({"4,1320,true", "4,1321,false", "3,1320,true", "3,1321,false"})
    void shouldFollowWhatIsTypicalByATenthAtMostOnceItJudges(
        final int calls, final long lastMs, final boolean isRegular)
    {
        callEachSecond(calls);
        callAfter(1_900 * MILLISECOND_NS, lastMs * MILLISECOND_NS);
        assertEquals(calls - 3 + (isRegular ? 1 : 0), net.of(Scenario.BEACON).size());
    }

    @ParameterizedTest
    @CsvSource({"-1,true", "0,false"})
    void shouldTellNothingFromIntervalsAsLongAsTheLongestPeriod(final long beyondNs, final boolean isTold)
    {
        call(PLACE, 443);
        for (int i = 0; i < 8; i++)
        {
            callAfter(BeaconTest.PERIOD_MAX_NS + beyondNs);
        }
        assertEquals(isTold, nats() > 0.0);
    }

    @Test
    void shouldLearnAnewWhatIsTypicalAfterThat()
    {
        callEachSecond(5);
        assertEquals(2, net.of(Scenario.BEACON).size());
        callAfter(BeaconTest.PERIOD_MAX_NS);
        callEachSecond(2);
        assertEquals(2, net.of(Scenario.BEACON).size(), "two intervals that only teach");
        callEachSecond(1);
        assertEquals(3, net.of(Scenario.BEACON).size());
    }

    @ParameterizedTest
    @CsvSource({"122,true", "123,false", "124,true"})
    void shouldNotJudgeClocks(final int port, final boolean isJudged)
    {
        for (int i = 0; i < 5; i++)
        {
            net.leap(SECOND_NS);
            call(PLACE, port);
        }
        assertEquals(isJudged, nats() > 0.0);
    }

    @Test
    void shouldKeepCallsApartByPlacePortProtocolAndKind()
    {
        // five timetables of one host, each regular, that together are not
        for (int round = 0; round < 6; round++)
        {
            call(PLACE, 443);
            net.leap(70 * MILLISECOND_NS);
            call(PLACE + 1, 443);
            net.leap(600 * MILLISECOND_NS);
            call(PLACE, 444);
            net.leap(910 * MILLISECOND_NS);
            net.event.protocol = PolicyHarness.UDP;
            call(PLACE, 443);
            net.event.protocol = ConversationKind.TCP;
            net.leap(1_730 * MILLISECOND_NS);
            net.sendOutside(ConversationKind.VOLUME, HOST, PLACE, 443, 100);
            net.leap(SECOND_NS);
        }
        assertEquals(5 * 3, net.of(Scenario.BEACON).size());
        assertTrue(net.of(Scenario.BEACON).stream().allMatch((s) -> s.nats() < 3 * REGULAR_NATS + 1e-6));
    }

    @Test
    void shouldTakeForOneCallWhatHasNoPauseOfHalfASecondFromItsBeginningOn()
    {
        call(PLACE, 443);
        for (int i = 0; i < 6; i++)
        {
            // begins each second; two more openings, 450 ms after each other, are of it
            net.leap(450 * MILLISECOND_NS);
            call(PLACE, 443);
            net.leap((i % 2 == 0 ? 30 : 50) * MILLISECOND_NS);
            call(PLACE, 443);
            callAfter(i % 2 == 0 ? 520 * MILLISECOND_NS : 500 * MILLISECOND_NS);
        }
        assertEquals(4 * REGULAR_NATS, nats(), 1e-3);
    }

    @ParameterizedTest
    // of the typical ten seconds; what is regular tells itself, and more of it
    @CsvSource({"4500000000,true", "4499999999,false", "16000000000,true", "16000000001,false"})
    void shouldTakeAnIntervalForOneWithJitterWithinItsBoundsToTheNanosecond(
        final long intervalNs, final boolean isWithin)
    {
        for (int i = 0; i < 14; i++)
        {
            callAfter(10 * SECOND_NS);
        }
        callAfter(intervalNs);
        callAfter(10 * SECOND_NS);
        assertEquals(
            isWithin ? 13 * BeaconTest.IMMATURE_WEIGHT * Math.log(0.97 / 0.62) : 11 * REGULAR_NATS, nats(), 1e-2);
    }

    @Test
    void shouldTakeMoreForAnIntervalBeyondTheBoundsThanFiveWithin()
    {
        // 48 s is a call left out for regular ones, and beyond the bounds of jitter
        for (int i = 0; i < 200; i++)
        {
            callAfter((i % 6 == 5 ? 48 : i % 2 == 0 ? 15 : 25) * SECOND_NS);
        }
        assertTrue(net.of(Scenario.BEACON).stream().allMatch((s) -> s.nats() < 4), "highest of five in a row");
    }

    @ParameterizedTest
    @CsvSource({"5000000000,true", "4999999999,false"})
    void shouldJudgeJitterFromATypicalIntervalOfFiveSecondsOn(final long typicalNs, final boolean isJudged)
    {
        for (int i = 0; i < 14; i++)
        {
            callAfter(typicalNs);
        }
        final int before = net.of(Scenario.BEACON).size();
        callAfter(typicalNs / 2);
        assertEquals(isJudged ? 1 : 0, net.of(Scenario.BEACON).size() - before);
    }

    @ParameterizedTest
    // 15 s and 25 s by turns are irregular and within the bounds, 0.31 nats each, and more when the host is known
    @CsvSource({"0.1", "2.0"})
    void shouldTellOfJitterFromTwiceTheWeakEvidenceOn(final double weakNats)
    {
        try (PolicyHarness weak = new PolicyHarness(PolicyHarness.shipped().weakNats(weakNats).build()))
        {
            for (int i = 0; i < 40; i++)
            {
                weak.leap((i % 2 == 0 ? 15 : 25) * SECOND_NS);
                weak.sendOutside(ConversationKind.OPENED, HOST, PLACE, 443, 0);
            }
            final double told = weak.of(Scenario.BEACON).get(0).nats();
            assertTrue(told >= 2 * weakNats && told < 2 * weakNats + 0.35, "told=" + told);
        }
    }

    @Test
    void shouldKeepTheEightPairsThatHaveEvidenceWhenTheTableIsFullOfThem()
    {
        try (PolicyHarness small = new PolicyHarness(PolicyHarness.shipped().floodsMax(8).build()))
        {
            for (int pair = 0; pair < 9; pair++)
            {
                final int regular = pair < 8 ? 2 : 1;
                for (int call = 0; call < 3 + regular; call++)
                {
                    small.leap(SECOND_NS);
                    small.sendOutside(ConversationKind.OPENED, HOST + pair, PLACE, 443, 0);
                }
            }
            assertEquals(8 * 2, small.of(Scenario.BEACON).size());
        }
    }

    @Test
    void shouldForgetThePairThatCalledLongestAgoWhenItsBucketIsFull()
    {
        try (PolicyHarness small = new PolicyHarness(PolicyHarness.shipped().floodsMax(8).build()))
        {
            for (int round = 0; round < 30; round++)
            {
                small.sendOutside(ConversationKind.OPENED, HOST, PLACE, 443, 0);
                for (int other = 0; other < 3; other++)
                {
                    small.nowNs += MILLISECOND_NS;
                    small.sendOutside(ConversationKind.OPENED, 100 + 3 * round + other, PLACE + 1, 443, 0);
                }
                small.leap(SECOND_NS);
            }
            assertEquals(27, small.of(Scenario.BEACON).size(), "90 others, of which 32 have room");
            assertEquals(List.of(), small.of(Scenario.BEACON).stream()
                .filter((s) -> s.subjectLow() != small.low(HOST)).toList());
        }
    }

    @Test
    void shouldNotSetTwoHostsAgainstEachOther()
    {
        for (int i = 0; i < 4; i++)
        {
            net.sendOutside(ConversationKind.OPENED, HOST + i % 2, PLACE, 443, 0);
            net.leap(SECOND_NS);
        }
        assertEquals(0.0, nats());
        assertNotEquals(0, net.count(SketchCounter.EVENTS));
    }

    @Test
    void shouldLetEvidenceHalveInADay()
    {
        callEachSecond(3 + 10);
        // longer than any interval: the next two teach again what is typical
        callAfter(43_200 * SECOND_NS);
        callEachSecond(2 + 8);
        assertEquals((10 * Math.sqrt(0.5) + 8) * REGULAR_NATS, nats(), 2e-3);
    }
}
