package io.aswarm.ebpf;

import io.aswarm.ebpf.TestNamespace.DeviceCounts;

import java.io.IOException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

/** Frames from a thread of its own on one CPU over a pair of veth, as fast as it can, until it is stopped. */
final class Flood
{
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final TestNamespace receiver;
    private final String device;
    private final DeviceCounts before;
    private final FutureTask<Long> sending;

    /** Makes the generator on the thread that is to run it. */
    interface Source
    {
        FloodGenerator open() throws KernelException;
    }

    /**
     * What was counted at the receiver's device, and the CPU time that it took: of the sender, and of the receiver too
     * unless that has a thread.
     */
    record Result(DeviceCounts counts, long cpuNs)
    {
        double packetsPerSecond()
        {
            return counts.received() * 1e9 / counts.timeNs();
        }

        double packetsPerCpuSecond()
        {
            return counts.received() * 1e9 / cpuNs;
        }
    }

    private Flood(
        final TestNamespace sender,
        final int cpu,
        final Source source,
        final TestNamespace receiver,
        final String device) throws Exception
    {
        this.receiver = receiver;
        this.device = device;
        sending = new FutureTask<>(() -> sender.call(() -> send(cpu, source)));
        before = receiver.counts(device);
    }

    /** Begin, from a namespace to a device in another. */
    static Flood start(
        final TestNamespace sender,
        final int cpu,
        final Source source,
        final TestNamespace receiver,
        final String device) throws Exception
    {
        final Flood flood = new Flood(sender, cpu, source, receiver, device);
        final Thread thread = new Thread(flood.sending);
        thread.setDaemon(true);
        thread.start();
        return flood;
    }

    /** Flood for a while. */
    static Result run(
        final TestNamespace sender,
        final int cpu,
        final Source source,
        final TestNamespace receiver,
        final String device,
        final long durationMs) throws Exception
    {
        final Flood flood = start(sender, cpu, source, receiver, device);
        Thread.sleep(durationMs);
        return flood.stop();
    }

    /** End it when the round under way is over. */
    Result stop() throws Exception
    {
        running.set(false);
        final long cpuNs = sending.get();
        return new Result(receiver.counts(device).since(before), cpuNs);
    }

    private long send(final int cpu, final Source source) throws KernelException, IOException
    {
        CpuAffinity.pinCurrentThread(cpu);
        final SchedulerTime own = SchedulerTime.ofThisThread();
        // Takes over what is received when there is much of it (kernel/softirq.c).
        final SchedulerTime relief = SchedulerTime.ofKernel("ksoftirqd/" + cpu);
        try (FloodGenerator generator = source.open())
        {
            final long beginNs = own.runNs() + relief.runNs();
            generator.run(running);
            return own.runNs() + relief.runNs() - beginNs;
        }
    }
}
