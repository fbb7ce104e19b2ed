package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;

import java.util.concurrent.FutureTask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class ThreadPriorityTest
{
    @Test
    void shouldLowerOneThreadOnlyWhenAsked() throws Exception
    {
        final int before = ThreadPriority.nice();
        final FutureTask<Integer> lowered = new FutureTask<>(() ->
        {
            ThreadPriority.lowerCurrentThread(19);
            return ThreadPriority.nice();
        });
        new Thread(lowered).start();

        assertEquals(19, lowered.get());
        assertEquals(before, ThreadPriority.nice());
    }

    @Test
    void shouldKeepTheShorterSliceWhenTheKernelHasSlices() throws Exception
    {
        final long before = ThreadPriority.sliceNs();
        final FutureTask<Long> shortened = new FutureTask<>(() ->
        {
            ThreadPriority.lowerCurrentThread(3);
            ThreadPriority.shortenSliceOfCurrentThread(200_000);
            assertEquals(3, ThreadPriority.nice(), "the share stays");
            return ThreadPriority.sliceNs();
        });
        new Thread(shortened).start();

        assertEquals(0 == before ? 0 : 200_000, shortened.get());
        assertEquals(before, ThreadPriority.sliceNs(), "of another thread");
    }

    @Test
    void shouldRefuseWhatTheKernelWouldNotTake()
    {
        assertThrows(KernelException.class, () -> ThreadPriority.shortenSliceOfCurrentThread(99_999));
        assertThrows(KernelException.class, () -> ThreadPriority.shortenSliceOfCurrentThread(100_000_001));
    }

    @Test
    void shouldRefuseWhatWouldRaise()
    {
        assertThrows(KernelException.class, () -> ThreadPriority.lowerCurrentThread(-1));
        assertThrows(KernelException.class, () -> ThreadPriority.lowerCurrentThread(20));
    }
}
