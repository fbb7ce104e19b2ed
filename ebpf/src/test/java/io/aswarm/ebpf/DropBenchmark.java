package io.aswarm.ebpf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

import static io.aswarm.ebpf.PacketBuilder.SYN;
import static io.aswarm.ebpf.PacketBuilder.frame;

/**
 * Packets of a contained source that the sensor drops in a second, as a ratio to what a bare {@code return XDP_DROP}
 * drops, each over a pair of veth of its own, in turns. Started by {@code bench/kernel/drop.sh}.
 */
public final class DropBenchmark
{
    private static final String SOURCE = "198.18.0.2";
    private static final int FIRST_SOURCE = 0xc612_0002;
    private static final int ROUNDS = 15;
    private static final long ROUND_NS = 500_000_000;
    private static final long HOUR_NS = 3_600_000_000_000L;

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
            receiver.link("bare", "198.18.0.1/24", "2001:2::1/64", sender, "eth0", "198.18.0.9/24", "2001:2::9/64");
            receiver.link("sensor", "198.18.1.1/24", "2001:2:0:1::1/64", sender, "eth1", "198.18.1.9/24",
                "2001:2:0:1::9/64");
            try (BpfObject object = BpfObject.open("drop.bpf.o").load("aswarm_bare_drop");
                KernelSensor sensor = receiver.call(() -> KernelSensor.open(
                    KernelSensorConfig.builder("drop", mountPoint.resolve("drop"))
                        .interfaces(List.of("sensor")).attachMode(AttachMode.NATIVE).build())))
            {
                final int link = receiver.call(() -> InterfaceLink.link(LibBpf.api(), Door.XDP,
                    LibC.API.if_nametoindex("bare"), InterfaceLink.IN_DRIVER,
                    object.programFd("aswarm_bare_drop")));
                sensor.quarantine().contain(QuarantineRule.source(IpAddress.parse(SOURCE)),
                    System.nanoTime() + HOUR_NS, 1, Quarantine.MODE_DROP, 0, 0);
                compare(sender, receiver);
                final long dropped = sensor.account().get(SensorCounter.QUARANTINED_PACKETS);
                System.out.printf("packets that the sensor counts as dropped: %d, the act: %d%n",
                    dropped, sensor.quarantine().drops(QuarantineRule.source(IpAddress.parse(SOURCE)), 1));
                LibC.API.close(link);
            }
        }
        finally
        {
            KernelSupport.unmount(mountPoint);
        }
    }

    private static void compare(final TestNamespace sender, final TestNamespace receiver) throws Exception
    {
        final double[] bare = new double[ROUNDS];
        final double[] sensor = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++)
        {
            bare[round] = rate(sender, "eth0", receiver, "bare");
            sensor[round] = rate(sender, "eth1", receiver, "sensor");
        }
        Arrays.sort(bare);
        Arrays.sort(sensor);
        System.out.printf("bare XDP_DROP  %,12.0f packets/s (median of %d rounds)%n", bare[ROUNDS / 2], ROUNDS);
        System.out.printf("quarantine     %,12.0f packets/s%n", sensor[ROUNDS / 2]);
        System.out.printf("ratio          %12.3f%n", sensor[ROUNDS / 2] / bare[ROUNDS / 2]);
    }

    private static double rate(
        final TestNamespace sender, final String from, final TestNamespace receiver, final String to) throws Exception
    {
        final AtomicBoolean running = new AtomicBoolean(true);
        final FutureTask<Long> flood = new FutureTask<>(() -> sender.call(() -> flood(from, running)));
        new Thread(flood).start();
        // The first of the flood's rounds is under way.
        while (received(receiver, to) == 0)
        {
            Thread.onSpinWait();
        }
        final long beginNs = System.nanoTime();
        final long begin = received(receiver, to);
        Thread.sleep(ROUND_NS / 1_000_000);
        final long count = received(receiver, to) - begin;
        final long durationNs = System.nanoTime() - beginNs;
        running.set(false);
        flood.get();
        return count * 1e9 / durationNs;
    }

    private static long flood(final String interfaceName, final AtomicBoolean running) throws KernelException
    {
        final byte[] syn = frame().ip(SOURCE, "198.18.1.1").tcp(1, 80, SYN, 1, 0).build();
        try (FloodGenerator generator = new FloodGenerator(interfaceName, syn, FIRST_SOURCE, 1, 1))
        {
            return generator.run(running);
        }
    }

    /** Packets that came to the program: veth counts those that XDP dropped as received (drivers/net/veth.c). */
    private static long received(final TestNamespace namespace, final String interfaceName) throws Exception
    {
        return namespace.call(() ->
        {
            final String line = Files.readAllLines(Path.of("/proc/thread-self/net/dev")).stream()
                .map(String::strip).filter((each) -> each.startsWith(interfaceName + ":")).findFirst().orElseThrow();
            return Long.parseLong(line.substring(line.indexOf(':') + 1).strip().split("\\s+")[1]);
        });
    }
}
