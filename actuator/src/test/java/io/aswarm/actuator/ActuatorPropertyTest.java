package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Random requests, orders, faults, restarts and steps of time: what must hold whatever happens.
 */
class ActuatorPropertyTest
{
    private static final int STEPS = 400;
    private static final int RUNS = 20;
    private static final int ACTIVE_MAX = 5;
    private static final long FOREIGN_ACT_ID = 3;

    @ParameterizedTest
    @ValueSource(longs = {1, 22, 333, 4_444, 55_555})
    void shouldRevertWhatItContainedAndTouchNothingElse(final long seed) throws Exception
    {
        for (int run = 0; run < RUNS; run++)
        {
            new Run(seed * 1_000 + run).play();
        }
    }

    private static final class Run
    {
        private final String label;
        private final Random random;
        private final Bench bench = new Bench();
        private final List<Long> asked = new ArrayList<>();
        private final Map<IpAddress, FakeControl.Entry> foreign = new HashMap<>();
        private int halts;

        Run(final long seed)
        {
            this.label = "seed=" + seed;
            this.random = new Random(seed);
        }

        void play() throws Exception
        {
            bench.start(Bench.yaml("1", ACTIVE_MAX, 40));
            for (int step = 0; step < STEPS; step++)
            {
                act();
                bench.agent.doWork();
                check();
            }
            drain();
            checkEnd();
        }

        private void act() throws Exception
        {
            switch (random.nextInt(12))
            {
                case 0:
                    bench.control.containResults.add(-7);
                    break;
                case 1:
                    bench.control.releaseResults.add(-5);
                    break;
                case 2:
                    bench.control.verdicts.add(random.nextInt(4) - 2);
                    break;
                case 3:
                    bench.control.attached = !bench.control.attached;
                    break;
                case 4:
                    orderOrMove();
                    break;
                case 5:
                    plantForeign();
                    break;
                case 6:
                    if (random.nextInt(5) == 0)
                    {
                        bench.control.releaseResults.clear();
                        bench.exhaustRetries();
                        forget();
                        bench.restart();
                    }
                    break;
                case 7:
                case 8:
                    bench.clock.update(bench.clock.nanoTime() + random.nextInt(40) * 1_000_000_000L);
                    break;
                case 9:
                    bench.clock.update(bench.clock.nanoTime() + random.nextInt(2_000_000));
                    break;
                default:
                    asked.add(bench.request(random.nextInt(8) == 0 ? "tea" : "sweep", address()));
                    break;
            }
        }

        private void orderOrMove()
        {
            final boolean halt = random.nextBoolean();
            switch (random.nextInt(3))
            {
                case 0:
                    assertTrue(bench.agent.proxy().halt("alice", ++halts));
                    break;
                case 1:
                    assertTrue(bench.agent.proxy().resume("bob", ++halts));
                    break;
                default:
                    bench.control.halted = halt;
                    break;
            }
        }

        /** A live entry of somebody else, where the actuator holds nothing itself. */
        private void plantForeign()
        {
            final IpAddress address = address();
            if (null == bench.control.entryOf(address))
            {
                final FakeControl.Entry entry =
                    FakeControl.Entry.drop(address, Long.MAX_VALUE, FOREIGN_ACT_ID, 0);
                bench.control.entries.add(entry);
                foreign.put(address, entry);
            }
        }

        /** A restarted actuator adopts whatever it finds: take away what it must not. */
        private void forget()
        {
            bench.control.entries.removeAll(foreign.values());
            foreign.clear();
        }

        private void check()
        {
            int own = 0;
            for (final FakeControl.Entry each : bench.control.entries)
            {
                if (FOREIGN_ACT_ID != each.actId())
                {
                    assertFalse(each.containment().rule().toString().contains("198.18.255."), label);
                    own += each.deadlineNs() - bench.clock.nanoTime() > 0 ? 1 : 0;
                }
            }
            foreign.values().forEach((entry) -> assertTrue(bench.control.entries.contains(entry), label));
            assertTrue(own <= ACTIVE_MAX, label);
            assertTrue(own <= bench.count(ActuatorCounter.ACTIVE), label + ": an entry that no act answers for");
        }

        private void drain()
        {
            bench.control.containResults.clear();
            bench.control.releaseResults.clear();
            bench.control.verdicts.clear();
            bench.control.attached = true;
            for (int i = 0; i < 8; i++)
            {
                bench.advanceNs(2 * Bench.TTL_NS);
                bench.exhaustRetries();
            }
        }

        private void checkEnd()
        {
            assertEquals(0, bench.count(ActuatorCounter.ACTIVE), label);
            bench.control.entries.forEach((entry) -> assertTrue(
                FOREIGN_ACT_ID == entry.actId() || entry.deadlineNs() - bench.clock.nanoTime() <= 0, label));

            final Set<Long> answered = new HashSet<>();
            final Map<Long, Integer> balanceByAct = new HashMap<>();
            for (final Outcome outcome : bench.outcomes)
            {
                answered.add(outcome.elevationId());
                if (Outcome.Kind.EFFECTIVE == outcome.kind())
                {
                    assertTrue(outcome.probes().stream().allMatch(Probe::passed), label);
                    assertEquals(null, balanceByAct.put(outcome.actId(), 1), label + ": an act id was used twice");
                }
                else if (balanceByAct.containsKey(outcome.actId()) &&
                    (Outcome.Kind.REVERTED == outcome.kind() || Outcome.Kind.FAILED == outcome.kind()))
                {
                    balanceByAct.merge(outcome.actId(), -1, Integer::sum);
                }
            }
            assertTrue(answered.containsAll(asked), label + ": a request has no outcome");
            balanceByAct.forEach((actId, balance) ->
                assertTrue(balance <= 0, label + ": act " + actId + " was effective and never ended"));
        }

        private IpAddress address()
        {
            return IpAddress.parse((random.nextInt(6) == 0 ? "198.18.255." : "198.18.0.") + (1 + random.nextInt(9)));
        }
    }
}
