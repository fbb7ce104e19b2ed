package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BaselinesTest
{
    private static final int SLOTS = 8;
    private static final long WINDOW_NS = 1_000;
    private final Baselines baselines = baselines(1);

    private static Baselines baselines(final long key)
    {
        return new Baselines(
            new UnsafeBuffer(new byte[Baselines.memoryLength(SLOTS)]),
            new SlotIndex(new UnsafeBuffer(new byte[SlotIndex.memoryLength(SLOTS)]), SLOTS), new KeyedHash(key, 2),
            SLOTS, WINDOW_NS);
    }

    private int learn(final int host, final int windows, final double amount)
    {
        int slot = Baselines.NONE;
        for (int window = 0; window <= windows; window++)
        {
            slot = baselines.observe(0, host, 1, amount, window * WINDOW_NS);
        }
        return slot;
    }

    @Test
    void shouldTrustItselfAsFarAsItHasSeen()
    {
        assertEquals(0.7, baselines.weight(learn(8, 0, 120.0), 0.7), 1e-9);
        final int slot = learn(7, 10, 120.0);
        assertEquals(0.85, baselines.weight(slot, 0.7), 1e-9);
        // half of what a window of a minute has, which is known exactly
        assertEquals(0.5 * baselines.usual(slot) / 60, baselines.usualPerSecond(slot), 1e-9);
    }

    @ParameterizedTest
    @CsvSource({"0,0.0", "10,0.5", "30,0.75"})
    void shouldSayHowMuchItHasSeen(final int windows, final double maturity)
    {
        final int slot = learn(7, windows, 100.0);
        assertEquals(windows, baselines.windows(slot));
        assertEquals(maturity, baselines.maturity(slot), 1e-12);
        assertEquals(windows == 0 ? 0.0 : 100.0, baselines.usual(slot), 250.0);
    }

    @Test
    void shouldLearnTheMeanWhenWindowsAreAlike()
    {
        assertEquals(100.0, baselines.usual(learn(7, 200, 100.0)), 1.0);
    }

    @Test
    void shouldLearnOfEachWindowATenthOnceTenAreKnown()
    {
        final int slot = learn(7, 200, 100.0);
        baselines.observe(0, 7, 1, 50.0, 200 * WINDOW_NS);
        baselines.observe(0, 7, 1, 100.0, 201 * WINDOW_NS);
        // the window of 200 had 100 and 50: a tenth of 50 goes to the mean, and to the deviation, which counts twice
        assertEquals(100.0 + 5.0 + 2 * 5.0, baselines.usual(slot), 0.01);
    }

    @Test
    void shouldCountAWindowForAtMostFourTimesWhatIsUsual()
    {
        final int slot = learn(7, 200, 100.0);
        baselines.observe(0, 7, 1, 1e9, 200 * WINDOW_NS);
        baselines.observe(0, 7, 1, 100.0, 201 * WINDOW_NS);
        assertTrue(baselines.usual(slot) < 250.0, "usual=" + baselines.usual(slot));
    }

    @Test
    void shouldNotLearnAWindowWhenItWasFrozen()
    {
        final int slot = learn(7, 50, 100.0);
        baselines.observe(0, 7, 1, 1e9, 50 * WINDOW_NS);
        baselines.freeze(slot);
        baselines.observe(0, 7, 1, 0.0, 51 * WINDOW_NS);
        assertEquals(50, baselines.windows(slot));
        baselines.observe(0, 7, 1, 0.0, 52 * WINDOW_NS);
        assertEquals(51, baselines.windows(slot), "the next window is learned again");
    }

    @ParameterizedTest
    @CsvSource({"999,0", "1000,1", "1999,1", "2000,2", "3000,3"})
    void shouldEndAWindowToTheNanosecond(final long atNs, final int windows)
    {
        final int slot = baselines.observe(0, 7, 1, 100.0, 0);
        baselines.observe(0, 7, 1, 100.0, atNs);
        assertEquals(windows, baselines.windows(slot));
    }

    @Test
    void shouldMakeRoomByTheOneThatHasSeenLeastWhenFull()
    {
        for (int host = 0; host < SLOTS; host++)
        {
            learn(host, 2 + host, 1.0);
        }
        baselines.observe(0, 100, 1, 1.0, 0);
        assertEquals(Baselines.NONE, baselines.find(0, 0, 1));
        assertTrue(baselines.find(0, 1, 1) != Baselines.NONE);
        assertTrue(baselines.find(0, 100, 1) != Baselines.NONE);
    }

    @Test
    void shouldCarryOverByAddressWhenTheHashKeyIsAnother()
    {
        learn(7, 20, 100.0);
        final UnsafeBuffer file = new UnsafeBuffer(new byte[baselines.savedLengthMax()]);
        final int length = baselines.save(file, 0);
        assertEquals(Baselines.SAVED_HEADER_LENGTH + Baselines.SAVED_ENTRY_LENGTH, length);
        final Baselines other = baselines(99);
        assertEquals(1, other.load(file, 0, length, 0));
        final int slot = other.find(0, 7, 1);
        assertEquals(20, other.windows(slot));
        assertEquals(baselines.usual(baselines.find(0, 7, 1)), other.usual(slot));
    }

    @Test
    void shouldLeaveOutWhatCannotBeReadWhenAFileIsDamaged()
    {
        learn(7, 20, 100.0);
        final UnsafeBuffer file = new UnsafeBuffer(new byte[baselines.savedLengthMax()]);
        final int length = baselines.save(file, 0);
        assertEquals(-1, baselines(3).load(file, 0, Baselines.SAVED_HEADER_LENGTH - 1, 0));
        assertEquals(0, baselines(3).load(file, 0, length - 1, 0));
        file.putInt(12, Integer.MAX_VALUE);
        assertEquals(1, baselines(3).load(file, 0, length, 0));
        file.putDouble(Baselines.SAVED_HEADER_LENGTH + 24, Double.NaN);
        assertEquals(0, baselines(3).load(file, 0, length, 0));
        file.putInt(8, 2);
        assertEquals(-1, baselines(3).load(file, 0, length, 0));
    }

    @Test
    void shouldKeepHostsApartAndCarryEachOver()
    {
        final int hosts = 6;
        for (int window = 0; window <= 20; window++)
        {
            for (int host = 0; host < hosts; host++)
            {
                baselines.observe(host, 70 + host, 1, 100.0 * (host + 1), window * WINDOW_NS);
            }
            baselines.freeze(baselines.find(3, 73, 1));
        }
        final UnsafeBuffer file = new UnsafeBuffer(new byte[24 + baselines.savedLengthMax()]);
        final int length = baselines.save(file, 24);
        assertEquals(
            Baselines.SAVED_HEADER_LENGTH + (hosts - 1) * Baselines.SAVED_ENTRY_LENGTH, length, "one learned nothing");
        final Baselines other = baselines(99);
        assertEquals(hosts - 1, other.load(file, 24, length, 50 * WINDOW_NS + 500));
        for (int host = 0; host < hosts; host++)
        {
            final int slot = baselines.find(host, 70 + host, 1);
            final int loaded = other.find(host, 70 + host, 1);
            assertEquals(host == 3 ? 0 : 20, baselines.windows(slot));
            if (host != 3)
            {
                // the deviation from nothing, of the first window, is forgotten by a tenth with each
                assertEquals(100.0 * (host + 1) * (1 + 2 * 0.1 * Math.pow(0.9, 10)), baselines.usual(slot), 1e-9);
                assertEquals(baselines.usual(slot), other.usual(loaded), 1e-9);
                other.observe(host, 70 + host, 1, 0.0, 51 * WINDOW_NS + 499);
                assertEquals(20, other.windows(loaded), "its window began when it was read");
                other.observe(host, 70 + host, 1, 0.0, 51 * WINDOW_NS + 500);
                assertEquals(21, other.windows(loaded));
            }
        }
    }

    @Test
    void shouldBeginWindowsWithTheFirstObservationAndKeepTheirBeat()
    {
        final long firstNs = 10 * WINDOW_NS + 500;
        final int slot = baselines.observe(0, 7, 1, 100.0, firstNs);
        final int[] learned = {0, 1, 1, 2};
        final long[] afterNs = {999, 1_500, 1_999, 2_000};
        for (int i = 0; i < learned.length; i++)
        {
            baselines.observe(0, 7, 1, 0.0, firstNs + afterNs[i]);
            assertEquals(learned[i], baselines.windows(slot), "after " + afterNs[i]);
        }
    }

    @ParameterizedTest
    // 100, and windows of nothing: means of 50, 33.3, 25, 20, and what they deviate by
    @CsvSource({"1,300.0", "2,250.0", "5,143.33333333333"})
    void shouldAverageTheFirstWindowsPlainlySilentOnesToo(final int windows, final double usual)
    {
        final int slot = baselines.observe(0, 7, 1, 100.0, 0);
        baselines.observe(0, 7, 1, 0.0, windows * WINDOW_NS);
        assertEquals(windows, baselines.windows(slot));
        assertEquals(usual, baselines.usual(slot), 1e-9);
    }

    @Test
    void shouldLearnOfALongSilenceEightWindows()
    {
        final int slot = baselines.observe(0, 7, 1, 100.0, 0);
        baselines.observe(0, 7, 1, 0.0, 20 * WINDOW_NS);
        assertEquals(1 + 8, baselines.windows(slot));
    }

    @ParameterizedTest
    // from ten windows on: mean 100, deviation 10, so that 441 at most are counted
    @CsvSource({"10,220.3", "9,300090.0"})
    void shouldBoundWhatAWindowCountsForOnceTenAreKnown(final int windows, final double usual)
    {
        final int slot = learn(7, windows, 100.0);
        baselines.observe(0, 7, 1, 999_900.0, windows * WINDOW_NS);
        baselines.observe(0, 7, 1, 0.0, (windows + 1) * WINDOW_NS);
        assertEquals(usual, baselines.usual(slot), 1e-6);
    }

    @Test
    void shouldMakeRoomWhereverTheOneIsThatHasSeenLeast()
    {
        for (int least = 0; least < SLOTS; least++)
        {
            final Baselines full = baselines(1);
            for (int host = 0; host < SLOTS; host++)
            {
                for (int window = 0; window <= (host == least ? 1 : 3 + host); window++)
                {
                    full.observe(0, host, 1, 1.0, window * WINDOW_NS);
                }
            }
            full.observe(0, 100, 1, 1.0, 0);
            for (int host = 0; host < SLOTS; host++)
            {
                assertEquals(host == least, full.find(0, host, 1) == Baselines.NONE);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"20,0.0,0.0,1", "1,0.5,0.5,1", "0,1.0,1.0,0", "20,-1.0,1.0,0", "20,1.0,-1.0,0", "20,1e18,1.0,0",
        "20,1.0,1e18,0", "20,9e17,9e17,1"})
    void shouldReadWhatCanBeLearnedOnly(
        final int windows, final double mean, final double deviation, final int loaded)
    {
        learn(7, 20, 100.0);
        final UnsafeBuffer file = new UnsafeBuffer(new byte[baselines.savedLengthMax()]);
        final int length = baselines.save(file, 0);
        file.putInt(Baselines.SAVED_HEADER_LENGTH + 20, windows);
        file.putDouble(Baselines.SAVED_HEADER_LENGTH + 24, mean);
        file.putDouble(Baselines.SAVED_HEADER_LENGTH + 32, deviation);
        assertEquals(loaded, baselines(3).load(file, 0, length, 0));
    }
}
