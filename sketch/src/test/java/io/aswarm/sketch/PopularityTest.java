package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PopularityTest
{
    private static final long INSIDE = 0x0000_ffff_c612_0007L;
    private static final long OUTSIDE = 0x0000_ffff_cb00_7109L;
    private static final long GROUP = 0x0000_ffff_e900_0001L;
    private static final long WINDOW_NS = 1_000;

    private final SketchMemory memory = new SketchMemory();
    private final Popularity popularity = new Popularity(
        new Workshop(
            PolicyHarness.config().build(), memory, new KeyedHash(1, 2), null, null, null, null), WINDOW_NS);
    private final Contact contact = new Contact();

    @AfterEach
    void close()
    {
        memory.close();
    }

    private void succeed(final long destination, final int times)
    {
        contact.destinationLow = destination;
        for (int i = 0; i < times; i++)
        {
            popularity.onSuccess(contact, 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"0,true", "3,true", "4,false"})
    void shouldTakeForRareWhatThreeCameToKnow(final int callers, final boolean isRare)
    {
        succeed(OUTSIDE, callers);
        succeed(OUTSIDE + 1, 4);
        assertEquals(isRare, popularity.isRareOutside(0, OUTSIDE));
    }

    @Test
    void shouldTakeNoHostOfTheSiteNorAGroupForARarePlace()
    {
        assertFalse(popularity.isRareOutside(0, INSIDE));
        assertFalse(popularity.isRareOutside(0, GROUP));
    }

    @Test
    void shouldForgetByHalfWithEachWindowFromTheFirstTickOn()
    {
        popularity.onTick(5_000);
        succeed(OUTSIDE, 7);
        popularity.onTick(5_000 + WINDOW_NS - 1);
        assertFalse(popularity.isRareOutside(0, OUTSIDE));
        popularity.onTick(5_000 + WINDOW_NS);
        assertTrue(popularity.isRareOutside(0, OUTSIDE), "three are left");
        succeed(OUTSIDE, 1);
        popularity.onTick(5_000 + 2 * WINDOW_NS - 1);
        assertFalse(popularity.isRareOutside(0, OUTSIDE));
        popularity.onTick(5_000 + 2 * WINDOW_NS);
        assertTrue(popularity.isRareOutside(0, OUTSIDE));
    }
}
