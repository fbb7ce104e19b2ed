package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;

import java.util.concurrent.FutureTask;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CpuAffinityTest
{
    @Test
    void shouldMoveOnlyCallingThreadWhenPinned() throws Exception
    {
        final int[] before = CpuAffinity.available();
        final int last = before[before.length - 1];
        final FutureTask<int[]> pinned = new FutureTask<>(() ->
        {
            CpuAffinity.pinCurrentThread(last);
            return CpuAffinity.available();
        });
        new Thread(pinned).start();
        assertArrayEquals(new int[]{last}, pinned.get());
        assertArrayEquals(before, CpuAffinity.available());
    }

    @Test
    void shouldSayWhichCpusThereAreWhenAskedForAnother()
    {
        final KernelException ex = assertThrows(KernelException.class, () -> CpuAffinity.pinCurrentThread(8191));
        assertTrue(ex.getMessage().contains("cpu=8191") && ex.getMessage().contains("[0"), ex.getMessage());
        assertThrows(KernelException.class, () -> CpuAffinity.pinCurrentThread(-1));
        assertThrows(KernelException.class, () -> CpuAffinity.pinCurrentThread(8192));
    }
}
