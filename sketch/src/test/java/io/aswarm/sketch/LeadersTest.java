package io.aswarm.sketch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LeadersTest
{
    @Test
    void shouldNameWhoFailsMostAndWhoFailsWidest()
    {
        try (PolicyHarness net = new PolicyHarness())
        {
            net.policy.onTick(net.nowNs);
            for (int port = 1; port <= 100; port++)
            {
                net.refused(7, 20, port);
            }
            for (int host = 0; host < 40; host++)
            {
                net.refused(100 + host, 20, 5_432);
            }
            net.leap(SECOND_NS);
            final Board board = new Board();
            assertTrue(net.policy.leaders(board));
            assertEquals(net.low(7) + "=100-0", board.failing.get(0));
            assertEquals(41, board.failing.size());
            assertEquals(1, board.spreading.size());
            assertEquals(100, board.spreading.get(net.low(7)), 12);
            assertEquals(140, board.failures);

            net.leap(61 * SECOND_NS);
            final Board later = new Board();
            assertTrue(net.policy.leaders(later));
            assertEquals(0, later.failures);
            assertEquals(net.low(7) + "=50-0", later.failing.get(0));
            assertEquals(0, later.spreading.size());
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void shouldBeReadWhileThePolicyIsAtWork() throws InterruptedException
    {
        try (PolicyHarness net = new PolicyHarness())
        {
            final AtomicBoolean isDone = new AtomicBoolean();
            final Thread writer = new Thread(() ->
            {
                for (int i = 0; i < 200_000; i++)
                {
                    net.nowNs += SECOND_NS / 1_000;
                    net.refused(i % 50, 20 + i / 60_000, i % 60_000);
                    net.policy.onTick(net.nowNs);
                }
                isDone.set(true);
            });
            writer.start();
            int reads = 0;
            while (!isDone.get())
            {
                final Board board = new Board();
                if (net.policy.leaders(board))
                {
                    reads++;
                    assertTrue(board.failing.size() <= 50, board.failing.toString());
                    board.spreading.keySet().forEach((low) ->
                        assertTrue(low >= net.low(0) && low < net.low(50), Long.toHexString(low)));
                }
            }
            writer.join();
            assertTrue(reads > 0);
        }
    }

    private static final class Board implements LeaderReader
    {
        private final List<String> failing = new ArrayList<>();
        private final Map<Long, Integer> spreading = new HashMap<>();
        private long failures;

        @Override
        public void onFailures(final long count)
        {
            failures = count;
        }

        @Override
        public void onFailing(final long high, final long low, final long count, final long error)
        {
            failing.add(low + "=" + count + "-" + error);
        }

        @Override
        public void onSpreading(final long high, final long low, final int targets)
        {
            spreading.put(low, targets);
        }
    }
}
