package io.aswarm.dataplane;

import org.agrona.concurrent.Agent;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SharedTurnTest
{
    private static final int TURNS = 200_000;

    private final List<Throwable> errors = new ArrayList<>();
    private final Recorded agent = new Recorded();
    private final SharedTurn turn = new SharedTurn(agent, agent::urgent, errors::add);

    @Test
    void shouldBeTakenBetweenTheFirstTurnAndTheEnd() throws Exception
    {
        turn.onStart();
        assertFalse(turn.take());
        assertEquals(7, turn.doWork());
        assertTrue(turn.take());
        turn.onClose();
        assertFalse(turn.take());
        assertEquals(List.of("start", "work", "urgent", "close"), agent.calls);
        assertEquals("recorded", turn.roleName());
    }

    @Test
    void shouldNotBeTakenWhileTheAgentsThreadIsInIt() throws Exception
    {
        turn.doWork();
        final CountDownLatch isIn = new CountDownLatch(1);
        final CountDownLatch isTried = new CountDownLatch(1);
        agent.during = () ->
        {
            isIn.countDown();
            await(isTried);
        };
        final Thread own = new Thread(this::doWork);
        own.start();
        await(isIn);
        assertFalse(turn.take());
        isTried.countDown();
        own.join();
        assertTrue(turn.take());
        assertEquals(List.of("work", "work", "urgent"), agent.calls);
    }

    @Test
    void shouldTellOfAFailureAndLeaveTheTurnFree() throws Exception
    {
        final IllegalStateException failure = new IllegalStateException("made by a test");
        turn.doWork();
        agent.failure = failure;
        assertFalse(turn.take());
        assertSame(failure, errors.get(0));
        agent.failure = null;
        assertTrue(turn.take());
    }

    /** A counter that is not atomic, written by both threads: not a turn of it is lost. */
    @Test
    void shouldLetOneThreadInAtATime() throws Exception
    {
        final int[] count = new int[1];
        final AtomicInteger taken = new AtomicInteger();
        final SharedTurn shared = new SharedTurn(new Recorded()
        {
            @Override
            public int doWork()
            {
                return count[0]++;
            }
        }, () -> count[0]++ >= 0, errors::add);
        shared.doWork();
        final Thread own = new Thread(() ->
        {
            for (int i = 0; i < TURNS; i++)
            {
                doWork(shared);
            }
        });
        own.start();
        for (int i = 0; i < TURNS; i++)
        {
            if (shared.take())
            {
                taken.incrementAndGet();
            }
        }
        own.join();
        assertEquals(1 + TURNS + taken.get(), count[0]);
    }

    @Test
    void shouldWakeOnlyWhenTheTurnWasNotTaken() throws Exception
    {
        final AtomicInteger woken = new AtomicInteger();
        final Wakeup wakeup = new Wakeup();
        wakeup.by(woken::incrementAndGet);
        wakeup.handOver();
        assertEquals(1, woken.get());

        final Agent shared = wakeup.share(new SharedTurn(agent, agent::urgent, errors::add));
        wakeup.handOver();
        assertEquals(2, woken.get());
        shared.doWork();
        wakeup.handOver();
        assertEquals(2, woken.get());
        agent.hasMore = true;
        wakeup.handOver();
        assertEquals(3, woken.get());
        wakeup.wake();
        assertEquals(4, woken.get());
        assertEquals(List.of("work", "urgent", "urgent"), agent.calls);
    }

    private void doWork()
    {
        doWork(turn);
    }

    private static void doWork(final SharedTurn shared)
    {
        try
        {
            shared.doWork();
        }
        catch (final Exception ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    private static void await(final CountDownLatch latch)
    {
        while (latch.getCount() > 0)
        {
            LockSupport.parkNanos(1_000);
        }
    }

    private static class Recorded implements Agent
    {
        private final List<String> calls = new ArrayList<>();
        private Runnable during = () ->
        {
        };
        private RuntimeException failure;
        private boolean hasMore;

        private boolean urgent()
        {
            if (null != failure)
            {
                throw failure;
            }
            calls.add("urgent");
            return !hasMore;
        }

        @Override
        public void onStart()
        {
            calls.add("start");
        }

        @Override
        public int doWork()
        {
            calls.add("work");
            during.run();
            return 7;
        }

        @Override
        public void onClose()
        {
            calls.add("close");
        }

        @Override
        public String roleName()
        {
            return "recorded";
        }
    }
}
