package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class NewBinariesTest
{
    private static final long NEW_NS = 600;
    private static final long DAY_NS = 86_400_000_000_000L;
    private static final int SLOTS = 512;

    private final SketchMemory memory = new SketchMemory();
    private final NewBinaries binaries = new NewBinaries(
        new Workshop(PolicyHarness.config().build(), memory, new KeyedHash(1, 2), null, null, null, null), NEW_NS);

    @AfterEach
    void close()
    {
        memory.close();
    }

    @Test
    void shouldCountEachHostOfEachBinaryOnce()
    {
        for (int binary = 0; binary < 20; binary++)
        {
            for (int host = 1; host <= 4; host++)
            {
                assertEquals(host, binaries.hosts(binary, 5, host, 0));
                assertEquals(0, binaries.hosts(binary, 5, host, 0), "once more on the same host");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"599,2", "600,0"})
    void shouldBeNewForItsTimeToTheNanosecond(final long laterNs, final int hosts)
    {
        final long firstNs = 7_000;
        for (int binary = 0; binary < 20; binary++)
        {
            binaries.hosts(binary, 0, 1, firstNs);
            assertEquals(hosts, binaries.hosts(binary, 0, 2, firstNs + laterNs));
        }
    }

    @Test
    void shouldKnowForADayWhatItDoesNotFollowAnyMore()
    {
        binaries.hosts(0, 0, 1, 0);
        for (int binary = 1; binary <= 20 * SLOTS; binary++)
        {
            assertEquals(1, binaries.hosts(binary, 0, 1, 100), "a slot that is taken over is cleared");
        }
        assertEquals(0, binaries.hosts(0, 0, 2, 200), "seen before, so it is not new");
        binaries.hosts(1, 0, 1, DAY_NS / 2);
        assertEquals(0, binaries.hosts(0, 0, 2, DAY_NS), "for a day at least");
        binaries.hosts(1, 0, 1, 2 * DAY_NS);
        binaries.hosts(1, 0, 1, 3 * DAY_NS);
        assertEquals(1, binaries.hosts(0, 0, 2, 3 * DAY_NS), "in two generations of a day at most");
    }
}
