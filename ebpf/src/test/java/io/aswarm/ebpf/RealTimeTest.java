package io.aswarm.ebpf;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.util.concurrent.FutureTask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RealTimeTest
{
    private static final long SLICE_NS = 200_000;

    @Test
    void shouldEnterAndLeaveWithoutItsChildren() throws Exception
    {
        final String refusal = RealTime.refusal(2);
        Assumptions.assumeTrue(null == refusal, "this kernel gives no real-time class: " + refusal);
        final boolean hasSlices = 0 != ThreadPriority.sliceNs();
        final FutureTask<Void> task = new FutureTask<>(() ->
        {
            ThreadPriority.lowerCurrentThread(4);
            final RealTime realTime = new RealTime(2, SLICE_NS);
            assertEquals(0, realTime.enter());
            assertTrue(RealTime.isCurrent());
            assertFalse(isRealTimeInAnotherThread(), "a thread that it starts");

            assertEquals(0, realTime.leave());
            assertFalse(RealTime.isCurrent());
            assertEquals(4, ThreadPriority.nice());
            assertEquals(hasSlices ? SLICE_NS : 0, ThreadPriority.sliceNs());
            assertEquals(0, realTime.enter(), "again");
            return null;
        });
        new Thread(task).start();
        task.get();

        assertFalse(RealTime.isCurrent(), "the thread that started it");
    }

    private static boolean isRealTimeInAnotherThread() throws Exception
    {
        final FutureTask<Boolean> task = new FutureTask<>(RealTime::isCurrent);
        new Thread(task).start();
        return task.get();
    }
}
