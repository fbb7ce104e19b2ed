package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SourceSharesTest
{
    private static final int SLOT = 1;
    private final SourceShares shares = new SourceShares(new UnsafeBuffer(new byte[SourceShares.memoryLength(3)]));

    @Test
    void shouldAdmitASourceUntilItBroughtItsShare()
    {
        for (int brought = 0; brought < 6; brought++)
        {
            assertEquals(brought < 4, shares.admit(SLOT, 1, 2, 4), "brought=" + brought);
        }
        assertEquals(1, shares.count(SLOT));
        assertTrue(shares.admit(SLOT, 1, 3, 4), "another by its lower half");
        assertTrue(shares.admit(SLOT, 2, 2, 4), "and by its upper half");
        assertEquals(3, shares.count(SLOT));
    }

    @Test
    void shouldKeepFifteenSourcesAndCountOthersEachTime()
    {
        for (int source = 0; source < SourceShares.SOURCES_MAX; source++)
        {
            assertTrue(shares.admit(SLOT, 7, source, 1));
        }
        for (int source = 0; source < SourceShares.SOURCES_MAX; source++)
        {
            assertFalse(shares.admit(SLOT, 7, source, 1), "source=" + source);
        }
        assertEquals(15, shares.count(SLOT));
        assertTrue(shares.admit(SLOT, 7, 100, 1));
        assertTrue(shares.admit(SLOT, 7, 100, 1));
        assertEquals(17, shares.count(SLOT));
        assertEquals(0, shares.count(SLOT + 1), "no room was taken from the next episode");
    }

    @Test
    void shouldForgetAnEpisodesSourcesAndNoOthers()
    {
        for (int slot = 0; slot < 3; slot++)
        {
            for (int source = 0; source < SourceShares.SOURCES_MAX; source++)
            {
                shares.admit(slot, 7, source, 1);
            }
        }
        shares.clear(SLOT);
        for (int slot = 0; slot < 3; slot++)
        {
            assertEquals(slot == SLOT ? 0 : SourceShares.SOURCES_MAX, shares.count(slot));
            assertEquals(slot == SLOT, shares.admit(slot, 7, 0, 1));
            assertEquals(slot == SLOT, shares.admit(slot, 7, SourceShares.SOURCES_MAX - 1, 1));
        }
    }
}
