package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The estimator of RFC 6298, sample by sample. */
class AnswerTimesTest
{
    private static final long OTHER_NETWORK = 1;
    private static final long NETWORK = 7;
    private static final long TIMEOUT_MAX_NS = 1_500 * MILLISECOND_NS;
    private static final long MEMORY_NS = 600 * SECOND_NS;
    private static final int SLOTS = 64;

    private final AnswerTimes times = new AnswerTimes(
        new UnsafeBuffer(new byte[AnswerTimes.memoryLength(SLOTS)]),
        new SlotIndex(new UnsafeBuffer(new byte[SlotIndex.memoryLength(SLOTS)]), SLOTS), TIMEOUT_MAX_NS, MEMORY_NS);
    private long nowNs = 5_000 * SECOND_NS;

    /** So that the network that is tested is not the first of the table. */
    @BeforeEach
    void shouldKnowAnotherNetwork()
    {
        times.answered(OTHER_NETWORK, nowNs - 400 * MILLISECOND_NS, nowNs);
    }

    private int slot()
    {
        return times.find(NETWORK);
    }

    private void answerAfter(final long... samplesNs)
    {
        for (final long sampleNs : samplesNs)
        {
            nowNs += SECOND_NS;
            times.answered(NETWORK, nowNs - sampleNs, nowNs);
        }
    }

    @Test
    void shouldBelieveATimeoutFromTheThirdSampleOn()
    {
        assertEquals(TIMEOUT_MAX_NS, times.timeoutNs(AnswerTimes.NONE));
        answerAfter(8_000, 8_000);
        assertEquals(TIMEOUT_MAX_NS, times.timeoutNs(slot()));
        answerAfter(8_000);
        // variation: half of the first sample, and a quarter less with each that is as expected
        assertEquals(8_000 + 4 * 2_250, times.timeoutNs(slot()));
    }

    /** RFC 6298, section 2.2: thrice the first sample. */
    @Test
    void shouldTellATimeoutFromTheFirstSampleOnToWhoKnowsNoBetter()
    {
        answerAfter(8_000);
        assertEquals(8_000 + 4 * 4_000, times.earlyTimeoutNs(slot()));
        answerAfter(8_000);
        assertEquals(8_000 + 4 * 3_000, times.earlyTimeoutNs(slot()));
        answerAfter(8_000);
        assertEquals(times.timeoutNs(slot()), times.earlyTimeoutNs(slot()));
    }

    @Test
    void shouldSmoothTimeByAnEighthAndVariationByAQuarter()
    {
        answerAfter(8_000, 8_000, 16_000);
        // smoothed 8,000 + 8,000 / 8; variation 3,000 + (8,000 - 3,000) / 4, of what was smoothed before the sample
        assertEquals(9_000 + 4 * 4_250, times.timeoutNs(slot()));
        answerAfter(1_000);
        assertEquals(8_000 + 4 * 5_187, times.timeoutNs(slot()));
    }

    @Test
    void shouldTakeNoSampleForLongerThanTheLongestTimeoutNorForNegative()
    {
        answerAfter(-5, -5, -5);
        assertEquals(0, times.timeoutNs(slot()));
        answerAfter(100 * TIMEOUT_MAX_NS);
        assertEquals(TIMEOUT_MAX_NS, times.timeoutNs(slot()), "an eighth and four quarters of it");
        answerAfter(0);
        assertEquals(164_062_500 + 4 * 328_125_000L, times.timeoutNs(slot()));
    }

    @ParameterizedTest
    // three samples of so much: the timeout is 17/8 of that
    @CsvSource({"8000,250000000", "5882352,250000000", "8000000,340000000", "80000000,1500000000"})
    void shouldWaitTwentyTimeoutsForThoseThatMayBeLateTogether(final long sampleNs, final long togetherNs)
    {
        answerAfter(sampleNs, sampleNs, sampleNs);
        assertEquals(togetherNs, times.togetherNs(slot()), 100);
    }

    @Test
    void shouldHoldOvertakenWhatWasOpenedBeforeTheYoungestThatWasAnswered()
    {
        answerAfter(0);
        final long youngestNs = nowNs;
        times.answered(NETWORK, youngestNs - 10, nowNs);
        assertTrue(times.isOvertaken(slot(), youngestNs - 1), "an older one that is answered later changes nothing");
        assertFalse(times.isOvertaken(slot(), youngestNs));
        assertFalse(times.isOvertaken(AnswerTimes.NONE, 0));
    }

    /** {@link System#nanoTime} begins anywhere. */
    @Test
    void shouldKnowWhatWasOvertakenBeforeTheClocksZero()
    {
        times.answered(NETWORK, -1_000, -500);
        assertTrue(times.isOvertaken(slot(), -1_001));
        assertFalse(times.isOvertaken(slot(), -1_000));
    }

    @Test
    void shouldOnlySeeAnAnswerWhoseOpeningIsNotKnown()
    {
        answerAfter(8_000, 8_000, 8_000);
        final long timeoutNs = times.timeoutNs(slot());
        nowNs += SECOND_NS;
        times.answered(NETWORK, nowNs);
        assertEquals(timeoutNs, times.timeoutNs(slot()), "no sample, by Karn");
        assertTrue(times.isOvertaken(slot(), nowNs - timeoutNs - 1));
        assertFalse(times.isOvertaken(slot(), nowNs - timeoutNs));
    }

    @ParameterizedTest
    @CsvSource({"-1,true", "0,false"})
    void shouldCallANetworkAnsweringForItsMemoryToTheNanosecond(final long beyondNs, final boolean isAnswering)
    {
        assertFalse(times.isAnswering(slot(), nowNs));
        answerAfter(8_000);
        assertEquals(isAnswering, times.isAnswering(slot(), nowNs + MEMORY_NS + beyondNs));
    }

    @Test
    void shouldGiveUpTheNetworkUnseenForLongestAndBeginWithNothing()
    {
        for (int network = 1; network <= SlotIndex.WAYS; network++)
        {
            for (int sample = 0; sample < 3; sample++)
            {
                times.answered(network, nowNs + network - 8_000, nowNs + network);
            }
        }
        times.answered(1, nowNs + 100, nowNs + 100);
        times.answered(99, nowNs + 200, nowNs + 200);
        assertEquals(AnswerTimes.NONE, times.find(2));
        assertNotEquals(AnswerTimes.NONE, times.find(1));
        assertEquals(TIMEOUT_MAX_NS, times.timeoutNs(times.find(99)));
        assertFalse(times.isOvertaken(times.find(99), nowNs + 200));
    }
}
