package io.aswarm.ebpf;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;

/**
 * How old a record is when its reader has it, from the kernel's stamp to the reader's clock, of one record every
 * {@value #INTERVAL_NS} ns: read by Java and by libbpf's consumer in C, each spinning and each sleeping in epoll, in
 * turns on one ring. Producer and consumer have a CPU each if there are two, and go before all else (SCHED_FIFO), as
 * on CPUs that are theirs.
 * <p>
 * Spinning is compared with spinning (the appliance's profile) and sleeping with sleeping (the sentinel's). The first
 * round is thrown away: in it the JVM compiles.
 */
final class RecordAge
{
    private static final int ROUNDS = 16;
    private static final int RECORDS = 1_000;
    private static final long INTERVAL_NS = 100_000;
    private static final long TIMEOUT_NS = 1_000_000_000;
    private static final long AGE_MAX_NS = 10_000_000_000L;
    private static final int RING_BYTES = 1 << 24;
    private static final byte[] PACKET = new byte[64];

    private final SensorBenchmark.Drain drain;
    private final int ringFd;
    private final NativeBlock ages = new NativeBlock(RECORDS * Long.BYTES);
    private final Map<String, Histogram> histograms = new LinkedHashMap<>();
    private final int[] cpus = CpuAffinity.available();
    private int count;

    /** Reads so many records and notes their ages; ready as soon as it could see one. */
    private interface Consumer
    {
        void consume(CountDownLatch ready) throws KernelException;
    }

    private RecordAge(final SensorBenchmark.Drain drain, final int ringFd) throws KernelException
    {
        this.drain = drain;
        this.ringFd = ringFd;
    }

    /** Measure and print. */
    static void measure(final BpfObject object, final SensorBenchmark.Drain drain) throws Exception
    {
        final int quietFd = object.programFd("aswarm_record");
        final int wakingFd = object.programFd("aswarm_record_waking");
        final RecordAge age = new RecordAge(drain, object.mapFd("records"));
        for (int round = 0; round < ROUNDS; round++)
        {
            age.measure("C spinning", quietFd, (ready) -> age.consumeInC(ready, 0));
            age.measure("Java spinning", quietFd, age::spin);
            age.measure("C in epoll", wakingFd, (ready) -> age.consumeInC(ready, 1));
            age.measure("Java in epoll", wakingFd, age::sleep);
            if (round == 0)
            {
                age.histograms.values().forEach(Histogram::reset);
            }
        }
        age.ages.close();
        age.compare("Java spinning", "C spinning");
        age.compare("Java in epoll", "C in epoll");
    }

    private void measure(final String who, final int programFd, final Consumer consumer) throws Exception
    {
        final CountDownLatch ready = new CountDownLatch(1);
        // Nobody spins before both are first: what else they wait for would never run.
        final CyclicBarrier first = new CyclicBarrier(2);
        final FutureTask<Void> consuming = new FutureTask<>(() ->
        {
            goFirst(cpus[cpus.length - 1]);
            first.await();
            consumer.consume(ready);
            return null;
        });
        final FutureTask<Void> producing = new FutureTask<>(() ->
        {
            goFirst(cpus[0]);
            first.await();
            ready.await();
            produce(programFd);
            return null;
        });
        count = 0;
        new Thread(consuming).start();
        new Thread(producing).start();
        consuming.get();
        producing.get();
        final Histogram histogram = histograms.computeIfAbsent(who, (name) -> new Histogram(AGE_MAX_NS, 3));
        for (int i = 0; i < RECORDS; i++)
        {
            histogram.recordValue(ages.buffer().getLong(i * Long.BYTES));
        }
    }

    private static void goFirst(final int cpu) throws KernelException, IOException, InterruptedException
    {
        CpuAffinity.pinCurrentThread(cpu);
        final Process chrt = new ProcessBuilder(
            "chrt", "--fifo", "--pid", "1", SchedulerTime.ofThisThread().threadId()).inheritIO().start();
        if (chrt.waitFor() != 0)
        {
            throw new IOException("chrt: no right to go first");
        }
    }

    private static void produce(final int programFd) throws KernelException
    {
        for (int i = 0; i < RECORDS; i++)
        {
            final long nextNs = System.nanoTime() + INTERVAL_NS;
            ProgramCost.durationNs(programFd, PACKET, 1);
            while (nextNs - System.nanoTime() > 0)
            {
                Thread.onSpinWait();
            }
        }
    }

    private void consumeInC(final CountDownLatch ready, final int sleeps)
    {
        final long ring = drain.stamped_open(ringFd);
        ready.countDown();
        drain.drain_stamped(ring, ages.address(), RECORDS, sleeps);
        drain.drain_close(ring);
    }

    private void spin(final CountDownLatch ready) throws KernelException
    {
        try (BpfRing ring = new BpfRing(ringFd, RING_BYTES))
        {
            final BpfRing.RecordHandler handler = handler();
            ready.countDown();
            while (count < RECORDS)
            {
                if (ring.poll(handler, RECORDS) == 0)
                {
                    Thread.onSpinWait();
                }
            }
        }
    }

    private void sleep(final CountDownLatch ready) throws KernelException
    {
        try (BpfRing ring = new BpfRing(ringFd, RING_BYTES); Epoll epoll = new Epoll())
        {
            epoll.add(ringFd);
            final BpfRing.RecordHandler handler = handler();
            ready.countDown();
            while (count < RECORDS)
            {
                epoll.await(TIMEOUT_NS);
                ring.poll(handler, RECORDS);
            }
        }
    }

    private BpfRing.RecordHandler handler()
    {
        return (buffer, offset, length) ->
        {
            ages.buffer().putLong(count * Long.BYTES, System.nanoTime() - buffer.getLong(offset));
            count++;
        };
    }

    private void compare(final String ours, final String theirs)
    {
        final Histogram java = histograms.get(ours);
        final Histogram c = histograms.get(theirs);
        print(theirs, c);
        print(ours, java);
        System.out.printf("  ratio of these two: P50 %.2f, P99 %.2f%n",
            (double)java.getValueAtPercentile(50) / c.getValueAtPercentile(50),
            (double)java.getValueAtPercentile(99) / c.getValueAtPercentile(99));
    }

    private static void print(final String who, final Histogram histogram)
    {
        System.out.printf("age of a record, %-14s P50 %,9d ns, P90 %,9d, P99 %,9d, P99.9 %,9d of %,d in %d rounds%n",
            who + ":", histogram.getValueAtPercentile(50), histogram.getValueAtPercentile(90),
            histogram.getValueAtPercentile(99), histogram.getValueAtPercentile(99.9), histogram.getTotalCount(),
            ROUNDS - 1);
    }
}
