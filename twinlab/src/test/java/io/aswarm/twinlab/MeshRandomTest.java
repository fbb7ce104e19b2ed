package io.aswarm.twinlab;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MeshRandomTest
{
    /** First outputs of the reference implementation for seed 1234567. */
    @Test
    void shouldDrawThePublishedNumbers()
    {
        final MeshRandom random = new MeshRandom(1_234_567);
        assertEquals(6_457_827_717_110_365_317L, random.nextLong());
        assertEquals(3_203_168_211_198_807_973L, random.nextLong());
        assertEquals(Long.parseUnsignedLong("9817491932198370423"), random.nextLong());
    }

    @Test
    void shouldStayWithinBounds()
    {
        final MeshRandom random = new MeshRandom(1);
        long sum = 0;
        int heads = 0;
        for (int i = 0; i < 100_000; i++)
        {
            final long between = random.between(-3, 3);
            assertTrue(between >= -3 && between <= 3);
            final long exponential = random.exponential(1_000);
            assertTrue(exponential >= 0);
            sum += exponential;
            heads += random.chance(0.25) ? 1 : 0;
        }
        assertEquals(1_000, sum / 100_000.0, 20);
        assertEquals(0.25, heads / 100_000.0, 0.01);
        assertTrue(!random.chance(0) && random.chance(1));
    }

    @Test
    void shouldDrawEachOnce()
    {
        assertEquals(7, Arrays.stream(new MeshRandom(2).distinct(7, 7)).distinct().count());
    }
}
