package io.aswarm.dataplane;

import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RealTimeIdleTest
{
    private static final int EPERM = -1;

    private final List<String> changes = new ArrayList<>();
    private final AtomicCounter spent = new AtomicCounter(new UnsafeBuffer(new byte[128]), 0);
    private long nowNs;
    private int answer;

    @Test
    void shouldStayInTheClassWhileTurnsAreShort()
    {
        final RealTimeIdle idle = idle(9_000_000);
        for (int i = 0; i < 10_000; i++)
        {
            nowNs += 1_000_000;
            idle.idle(0);
        }

        assertEquals(List.of("enter"), changes);
        assertEquals(0, spent.get());
    }

    @Test
    void shouldLeaveTheClassWhenATurnDoesNotEnd()
    {
        final RealTimeIdle idle = idle(0);
        idle.idle(0);
        assertEquals(List.of("enter"), changes);

        // at a tenth that is given back while it runs, ten milliseconds last eleven
        run(idle, 11_000_000);
        assertEquals(List.of("enter"), changes);
        run(idle, 1_000_000);
        assertEquals(List.of("enter", "leave"), changes);
        assertEquals(1, spent.get());
    }

    @Test
    void shouldTakeNoMoreThanItsShareHoweverLongTheLoad()
    {
        final RealTimeIdle idle = idle(0);
        long realTimeNs = 0;
        for (int i = 0; i < 100_000; i++)
        {
            final boolean isRealTime = !changes.isEmpty() && "enter".equals(changes.get(changes.size() - 1));
            realTimeNs += isRealTime ? 100_000 : 0;
            run(idle, 100_000);
        }

        final double allowedNs = RealTimeIdle.BURST_NS + RealTimeIdle.SHARE * nowNs;
        assertTrue(realTimeNs <= allowedNs, realTimeNs + " of " + allowedNs);
        assertTrue(realTimeNs > 0.9 * allowedNs, "a share that is not given is no share: " + realTimeNs);
    }

    @Test
    void shouldReturnWhenHalfTheBucketIsThereAgain()
    {
        final RealTimeIdle idle = idle(1_000_000);
        idle.idle(0);
        run(idle, 12_000_000);
        assertEquals(List.of("enter", "leave"), changes);

        // empty: half of ten milliseconds is fifty at a tenth
        for (int i = 0; i < 45; i++)
        {
            idle.idle(0);
        }
        assertEquals(List.of("enter", "leave"), changes);
        for (int i = 0; i < 10; i++)
        {
            idle.idle(0);
        }
        assertEquals(List.of("enter", "leave", "enter"), changes);
    }

    @Test
    void shouldNotAskAgainWhenTheKernelRefused()
    {
        answer = EPERM;
        final RealTimeIdle idle = idle(1_000_000);
        for (int i = 0; i < 100; i++)
        {
            idle.idle(0);
        }

        assertEquals(List.of("enter"), changes);
        assertEquals(0, spent.get());
    }

    /** Work without an end, in duty cycles. */
    private void run(final RealTimeIdle idle, final long durationNs)
    {
        for (long ns = 0; ns < durationNs; ns += 100_000)
        {
            nowNs += 100_000;
            idle.idle(1);
        }
    }

    private RealTimeIdle idle(final long sleepNs)
    {
        final IdleStrategy sleeping = new IdleStrategy()
        {
            @Override
            public void idle(final int workCount)
            {
                nowNs += workCount > 0 ? 0 : sleepNs;
            }

            @Override
            public void idle()
            {
                nowNs += sleepNs;
            }

            @Override
            public void reset()
            {
            }
        };
        return new RealTimeIdle(sleeping, () -> change("enter"), () -> change("leave"), () -> nowNs, spent);
    }

    private int change(final String to)
    {
        changes.add(to);
        return answer;
    }
}
