package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import static io.aswarm.ebpf.PacketBuilder.SYN;
import static io.aswarm.ebpf.PacketBuilder.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** seen = delivered + weighted + lost, whatever happens to the records. */
class AccountIT
{
    /** What a weight may wait for, and no more: nothing comes later in these tests. */
    private static final long FLUSH_NS = 100_000_000;
    private static final long HOUR_NS = 3_600_000_000_000L;

    @Test
    void shouldCollapseBurstIntoWeight() throws Exception
    {
        try (KernelFixture kernel = KernelFixture.open((config) -> config.burst(10, HOUR_NS)))
        {
            onOneCpu(() ->
            {
                for (int i = 0; i < 100; i++)
                {
                    kernel.send(syn("198.18.0.1", i));
                }
                return null;
            });
            final EventAccount account = kernel.account(ConversationKind.OPENED);
            assertEquals(100, account.seen());
            assertEquals(10, account.delivered());
            assertEquals(90, account.weighted());
            assertTrue(account.isBalanced(), account::toString);
            assertTrue(kernel.sensor().account().isBalanced());
        }
    }

    @Test
    void shouldSendWeightOffThoughNothingElseComes() throws Exception
    {
        try (KernelFixture kernel = KernelFixture.open((config) -> config.burst(10, HOUR_NS)))
        {
            onOneCpu(() ->
            {
                for (int i = 0; i < 100; i++)
                {
                    kernel.send(syn("198.18.0.1", 7));
                }
                return null;
            });
            final Map<String, Integer> weights = weightsWithin(kernel, FLUSH_NS);
            assertEquals(Map.of("OPENED 6 198.18.0.1 7 > 198.18.1.2 80 repeat", 90), weights);
        }
    }

    @Test
    void shouldTellWhatVariesWhenWeightIsOfManySourcesOrAims() throws Exception
    {
        try (KernelFixture kernel = KernelFixture.open((config) -> config.ringBytes(1 << 22).burst(100, HOUR_NS)))
        {
            onOneCpu(() ->
            {
                final List<byte[]> frames = new ArrayList<>();
                for (int i = 0; i < 300; i++)
                {
                    frames.add(syn("198.18." + (2 + i / 250) + "." + i % 250, 7));
                    frames.add(frame().ip("198.18.0.1", "198.19.0." + i % 250).tcp(7, 1 + i, SYN, 1, 0).build());
                }
                frames.forEach(kernel::send);
                return null;
            });
            final Map<String, Integer> weights = weightsWithin(kernel, FLUSH_NS);
            assertEquals(400, weights.values().stream().mapToInt(Integer::intValue).sum(), weights::toString);
            assertTrue(weights.keySet().stream().allMatch((record) ->
                record.contains(" > 198.18.1.2 80 sources vary") ||
                record.matches("OPENED 6 198.18.0.1 7 > .* 0 aims vary")), weights::toString);
        }
    }

    @Test
    void shouldSendWeightOffWhenWindowHasPassed() throws Exception
    {
        final long windowNs = 5_000_000;
        try (KernelFixture kernel = KernelFixture.open((config) -> config.burst(1, windowNs)))
        {
            final long[] sent = new long[1];
            final long weight = onOneCpu(() ->
            {
                long heaviest = 0;
                while (heaviest < 2)
                {
                    kernel.send(syn("198.18.0.1", (int)(sent[0] % 60_000)));
                    sent[0]++;
                    heaviest = maxWeight(kernel);
                }
                return heaviest;
            });
            final EventAccount account = kernel.account(ConversationKind.OPENED);
            assertEquals(sent[0], account.seen());
            assertTrue(account.weighted() >= weight);
            assertTrue(account.isBalanced(), account::toString);
        }
    }

    @Test
    void shouldGiveReasonWhenRingIsFull() throws KernelException, IOException
    {
        try (KernelFixture kernel = KernelFixture.open((config) -> config.ringBytes(4096).burst(1_000_000, HOUR_NS)))
        {
            for (int i = 0; i < 200; i++)
            {
                kernel.send(syn("198.18.0.1", i));
            }
            final EventAccount account = kernel.account(ConversationKind.OPENED);
            final int events = kernel.events().size();
            assertEquals(200, account.seen());
            assertEquals(events, account.delivered());
            assertEquals(200 - events, account.weighted() + account.lostRingFull());
            assertTrue(account.lostRingFull() > 0);
            assertTrue(account.isBalanced(), account::toString);
        }
    }

    @Test
    void shouldBalanceAtEveryScrapeWhilePacketsFlow() throws KernelException, IOException, InterruptedException
    {
        try (KernelFixture kernel = KernelFixture.open((config) -> config.ringBytes(4096).burst(3, 50_000)))
        {
            final AtomicBoolean running = new AtomicBoolean(true);
            final AtomicReference<Throwable> failure = new AtomicReference<>();
            final Thread sender = new Thread(() ->
            {
                for (int i = 0; running.get(); i++)
                {
                    kernel.send(syn("198.18.0." + (1 + i % 7), i % 60_000));
                    if (i % 64 == 0)
                    {
                        kernel.events();
                    }
                }
            });
            sender.setUncaughtExceptionHandler((thread, ex) -> failure.set(ex));
            sender.start();
            for (int i = 0; i < 2000; i++)
            {
                final SensorAccount account = kernel.sensor().account();
                assertTrue(account.isBalanced(), account::toString);
                for (final EventAccount each : kernel.sensor().eventAccounts())
                {
                    assertTrue(each.isBalanced(), each::toString);
                }
            }
            running.set(false);
            sender.join();
            assertNull(failure.get());
            assertTrue(kernel.sensor().account().seen() > 0);
        }
    }

    @Test
    void shouldPublishCountsWhenAsked() throws KernelException, IOException
    {
        final CountersManager manager = new CountersManager(
            new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 16)), new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 14)));
        final Map<SensorCounter, AtomicCounter> counters = new EnumMap<>(SensorCounter.class);
        for (final SensorCounter each : SensorCounter.values())
        {
            counters.put(each, manager.newCounter(each.label()));
        }
        try (KernelFixture kernel = KernelFixture.open();
            KernelSensor second = KernelSensor.open(
                KernelSensorConfig.builder("second", kernel.pinDirectory().resolveSibling("second")).build(),
                counters::get);
            ProgramRun run = second.newProgramRun())
        {
            final byte[] packet = syn("198.18.0.1", 1);
            run.packet().putBytes(0, packet);
            assertEquals(VerdictProbe.VERDICT_PASS, run.run(0, packet.length));
            second.account();
            assertEquals(1, counters.get(SensorCounter.DELIVERED).get());
            assertEquals(packet.length, counters.get(SensorCounter.BYTES).get());
            assertEquals(0, counters.get(SensorCounter.FAULT_BAD_IP).get());
        }
    }

    /** The burst table is per CPU. */
    private static <T> T onOneCpu(final Callable<T> work) throws Exception
    {
        final FutureTask<T> task = new FutureTask<>(() ->
        {
            CpuAffinity.pinCurrentThread(CpuAffinity.available()[0]);
            return work.call();
        });
        new Thread(task).start();
        return task.get();
    }

    /** Weights above 1 that come until a time has passed after now, by what else their records say. */
    private static Map<String, Integer> weightsWithin(final KernelFixture kernel, final long timeNs)
    {
        final Map<String, Integer> weights = new HashMap<>();
        final long endNs = System.nanoTime() + timeNs;
        while (endNs - System.nanoTime() > 0)
        {
            kernel.sensor().await(endNs - System.nanoTime());
            kernel.sensor().poll(
                (c) ->
                {
                    if (c.weight() > 1)
                    {
                        weights.merge(
                            KernelFixture.describe(c).replace(" weight " + c.weight(), ""), c.weight(), Integer::sum);
                    }
                },
                Integer.MAX_VALUE);
        }
        return weights;
    }

    private static long maxWeight(final KernelFixture kernel)
    {
        final long[] weight = new long[1];
        kernel.sensor().poll((c) -> weight[0] = Math.max(weight[0], c.weight()), Integer.MAX_VALUE);
        return weight[0];
    }

    private static byte[] syn(final String source, final int sourcePort)
    {
        return frame().ip(source, "198.18.1.2").tcp(sourcePort, 80, SYN, 1, 0).build();
    }
}
