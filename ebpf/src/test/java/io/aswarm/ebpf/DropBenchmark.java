package io.aswarm.ebpf;

import io.aswarm.ebpf.TestNamespace.DeviceCounts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static io.aswarm.ebpf.PacketBuilder.SYN;
import static io.aswarm.ebpf.PacketBuilder.frame;

/**
 * What it takes to drop a packet of a contained source, as a ratio to a bare {@code return XDP_DROP}, in turns, each
 * over a pair of veth of its own. Started by {@code bench/kernel/drop.sh}.
 * <p>
 * First as a veth is by itself: one CPU sends and receives, and what it can carry is what both take. Then the receiver
 * has a thread, on the sender's CPU and on another, and what receiving takes is told alone. Times are those of the
 * CPU, so that what else the machine does counts little. A program that only reads the EtherType shows what a packet
 * costs that is looked at at all. Last the program alone, by BPF_PROG_TEST_RUN.
 */
public final class DropBenchmark
{
    private static final String SOURCE = "198.18.0.2";
    private static final String BARE = "bare";
    private static final String READ = "read";
    private static final String SENSOR = "sensor";
    private static final List<String> DEVICES = List.of(BARE, READ, SENSOR);
    private static final int ROUNDS = 31;
    private static final long ROUND_MS = 200;
    private static final long HOUR_NS = 3_600_000_000_000L;
    private static final byte[] SYN_FRAME = frame().ip(SOURCE, "198.18.1.1").tcp(1, 80, SYN, 1, 0).build();

    private DropBenchmark()
    {
    }

    /**
     * Measure and print.
     *
     * @param arguments none.
     * @throws Exception when the kernel refuses.
     */
    public static void main(final String[] arguments) throws Exception
    {
        final Path mountPoint = KernelSupport.mountBpfFs();
        try (TestNamespace sender = new TestNamespace("sender"); TestNamespace receiver = new TestNamespace("receiver"))
        {
            for (int i = 0; i < DEVICES.size(); i++)
            {
                receiver.link(DEVICES.get(i), "198.18." + i + ".1/24", "2001:2:0:" + i + "::1/64", sender,
                    "to-" + DEVICES.get(i), "198.18." + i + ".9/24", "2001:2:0:" + i + "::9/64");
            }
            try (BpfObject object = BpfObject.open("drop.bpf.o").load("aswarm_bare_drop", "aswarm_read_drop");
                KernelSensor sensor = receiver.call(() -> KernelSensor.open(
                    KernelSensorConfig.builder("drop", mountPoint.resolve("drop"))
                        .interfaces(List.of(SENSOR)).attachMode(AttachMode.NATIVE).build())))
            {
                final int bareFd = object.programFd("aswarm_bare_drop");
                final int bareLink = attach(receiver, BARE, bareFd);
                final int readLink = attach(receiver, READ, object.programFd("aswarm_read_drop"));
                final QuarantineRule rule = QuarantineRule.source(IpAddress.parse(SOURCE));
                sensor.quarantine().contain(
                    rule, System.nanoTime() + HOUR_NS, 1, Quarantine.MODE_DROP, 0, 0);
                overWire(sender, receiver);
                ProgramCost.compare("the program alone, " + SYN_FRAME.length + " bytes", bareFd,
                    sensor.programFd("aswarm_network"), SYN_FRAME);
                System.out.printf("packets that the sensor counts as dropped: %,d, the act: %,d%n",
                    sensor.account().get(SensorCounter.QUARANTINED_PACKETS), sensor.quarantine().drops(rule, 1));
                LibC.API.close(bareLink);
                LibC.API.close(readLink);
            }
        }
        finally
        {
            KernelSupport.unmount(mountPoint);
        }
    }

    private static int attach(final TestNamespace receiver, final String device, final int programFd) throws Exception
    {
        return receiver.call(() -> InterfaceLink.link(
            LibBpf.api(), Door.XDP, LibC.API.if_nametoindex(device), InterfaceLink.IN_DRIVER, programFd));
    }

    private static void overWire(final TestNamespace sender, final TestNamespace receiver) throws Exception
    {
        final int[] cpus = CpuAffinity.available();
        final int cpu = cpus[0];
        final List<Wire> wires = new ArrayList<>();
        for (final String each : DEVICES)
        {
            wires.add(new Wire(sender, "to-" + each, receiver, each));
        }
        compare("one CPU sends and receives", wires, cpu);
        receiveOn(wires, cpu);
        compare("receiver in a thread of its own on that CPU", wires, cpu);
        if (cpus.length > 1)
        {
            receiveOn(wires, cpus[1]);
            compare("receiver on a CPU of its own", wires, cpu);
        }
    }

    private static void receiveOn(final List<Wire> wires, final int cpu) throws IOException
    {
        for (final Wire each : wires)
        {
            each.receiverTime = each.receiver.receiveOn(each.to, cpu);
        }
    }

    private static void compare(final String what, final List<Wire> wires, final int cpu) throws Exception
    {
        for (int round = 0; round < ROUNDS; round++)
        {
            for (final Wire each : wires)
            {
                each.flood(round, cpu);
            }
        }
        System.out.printf("%s (medians of %d rounds):%n", what, ROUNDS);
        for (final Wire each : wires)
        {
            each.print(wires.get(0));
        }
    }

    private static double median(final double[] values)
    {
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Two ends of a pair of veth, and what each round over it took. */
    private static final class Wire
    {
        private final TestNamespace sender;
        private final String from;
        private final TestNamespace receiver;
        private final String to;
        private SchedulerTime receiverTime;
        private final double[] bothNs = new double[ROUNDS];
        private final double[] receiverNs = new double[ROUNDS];
        private final double[] rates = new double[ROUNDS];
        private final double[] refused = new double[ROUNDS];

        Wire(
            final TestNamespace sender,
            final String from,
            final TestNamespace receiver,
            final String to)
        {
            this.sender = sender;
            this.from = from;
            this.receiver = receiver;
            this.to = to;
        }

        void flood(final int round, final int cpu) throws Exception
        {
            final long beginNs = receiverNs();
            final Flood.Result result = Flood.run(
                sender, cpu, () -> FloodGenerator.repeating(from, SYN_FRAME), receiver, to, ROUND_MS);
            final DeviceCounts counts = result.counts();
            final long tookNs = receiverNs() - beginNs;
            receiverNs[round] = (double)tookNs / counts.received();
            bothNs[round] = (double)(tookNs + result.cpuNs()) / counts.received();
            rates[round] = result.packetsPerSecond();
            refused[round] = (double)counts.refused() / (counts.refused() + counts.received());
        }

        void print(final Wire bare)
        {
            System.out.printf("  %-7s %6.1f ns of CPU a packet, ratio %.3f; ", to,
                median(bothNs), median(bare.bothNs) / median(bothNs));
            if (receiverTime != null)
            {
                System.out.printf("receiving alone %6.1f ns, ratio %.3f; ",
                    median(receiverNs), median(bare.receiverNs) / median(receiverNs));
            }
            System.out.printf("by the clock %,.0f packets/s, queue full for %.0f %% of those sent%n",
                median(rates), 100 * median(refused));
        }

        /** None before it has a thread: then the sender's time is that of both. */
        private long receiverNs() throws IOException
        {
            return receiverTime == null ? 0 : receiverTime.runNs();
        }
    }
}
