package io.aswarm.twinlab;

import org.junit.jupiter.api.Test;

import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VolumeSamplerTest
{
    private final VolumeSampler sampler = new VolumeSampler();

    @Test
    void shouldStandForAllBytesButLessThanAQuantum()
    {
        final Random random = new Random(3);
        long total = 0;
        long told = 0;
        long nowNs = 1;
        for (int i = 0; i < 10_000; i++)
        {
            final int length = 60 + random.nextInt(9_000);
            total += length;
            sampler.count(length);
            final long bytes = sampler.sampled();
            told += bytes;
            if (bytes > 0)
            {
                sampler.adapt(nowNs += 3_000_000);
            }
        }
        assertTrue(total >= told && total - told < 1 << VolumeSampler.SHIFT_MIN, total + " told " + told);
    }

    @Test
    void shouldAskLessWhileRecordsComeTooFastAndMoreWhenTheyAreFew()
    {
        assertEquals(1_024, quantum());
        for (int i = 1; i < VolumeSampler.RECORDS_MAX; i++)
        {
            sampler.adapt(1);
        }
        assertEquals(1_024, quantum());
        sampler.adapt(1);
        assertEquals(2_048, quantum());
        for (int i = 0; i < VolumeSampler.RECORDS_MAX / 2; i++)
        {
            sampler.adapt(1);
        }
        assertEquals(4_096, quantum());

        // the window that ends was full, the next is not
        sampler.adapt(1 + VolumeSampler.WINDOW_NS);
        assertEquals(4_096, quantum());
        sampler.adapt(1 + 2 * VolumeSampler.WINDOW_NS);
        assertEquals(2_048, quantum());
    }

    /** What the packet that crosses the next multiple stands for. */
    private long quantum()
    {
        long bytes = 0;
        while (0 == bytes)
        {
            sampler.count(512);
            bytes = sampler.sampled();
        }
        return bytes;
    }
}
