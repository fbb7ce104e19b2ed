package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Connection tracking events a second, read by {@link ConntrackSensor} and by conntrack-tools' own reader
 * ({@code conntrack -E} to /dev/null), in turns: each finds the same backlog in its socket, the beginnings and ends of
 * real UDP flows, and is timed until it has taken all of it. Started by {@code bench/kernel/conntrack.sh}.
 */
public final class ConntrackBenchmark
{
    private static final int ROUNDS = 7;
    private static final int FLOWS = 40_000;
    private static final int EVENTS = 2 * FLOWS;
    private static final int BUFFER_BYTES = 256 << 20;
    private static final String ADDRESS = "198.18.0.1";
    private static final int PORT_MIN = 10_000;
    private static final int NEVER_S = 3600;
    private static final int SYS_PIDFD_OPEN = 434;
    private static final int SYS_PIDFD_GETFD = 438;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUFFORCE = 33;
    private static final double TICKS_PER_S = 100;
    /* Columns of /proc/net/netlink and of /proc/PID/stat. */
    private static final int PROTOCOL_COLUMN = 1;
    private static final int GROUPS_COLUMN = 3;
    private static final int WAITING_COLUMN = 4;
    private static final int DROPS_COLUMN = 8;
    private static final int INODE_COLUMN = 9;
    private static final int USER_TIME_COLUMN = 13;
    private static final int SYSTEM_TIME_COLUMN = 14;

    private final TestNamespace namespace;
    private final double[] oursPerS = new double[ROUNDS];
    private final double[] oursCpuNs = new double[ROUNDS];
    private final double[] theirsPerS = new double[ROUNDS];
    private final double[] theirsCpuNs = new double[ROUNDS];

    private ConntrackBenchmark(final TestNamespace namespace)
    {
        this.namespace = namespace;
    }

    /**
     * Measure and print.
     *
     * @param arguments none.
     * @throws Exception when the kernel refuses, or when conntrack is not installed.
     */
    public static void main(final String[] arguments) throws Exception
    {
        KernelSupport.require();
        try (TestNamespace namespace = new TestNamespace("conntrack-bench"))
        {
            namespace.ip("address", "add", ADDRESS + "/32", "dev", "lo");
            namespace.nft("add table inet asw; add chain inet asw in { type filter hook input priority 0; };" +
                "add rule inet asw in ct state new drop");
            namespace.sysctl("net.netfilter.nf_conntrack_acct=1");
            final ConntrackBenchmark benchmark = new ConntrackBenchmark(namespace);
            for (int round = -1; round < ROUNDS; round++)
            {
                // The first is for warming up.
                benchmark.ours(Math.max(0, round));
                benchmark.theirs(Math.max(0, round));
            }
            benchmark.print();
        }
    }

    private void ours(final int round) throws Exception
    {
        try (ConntrackSensor sensor = namespace.call(
            () -> ConntrackSensor.open(null, BUFFER_BYTES, TimeUnit.SECONDS.toNanos(NEVER_S))))
        {
            sensor.poll((connection) -> {}, 1);
            load();
            final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            final long[] told = new long[1];
            final ConntrackHandler handler = (connection) -> told[0]++;
            final long startCpuNs = threads.getCurrentThreadCpuTime();
            final long startNs = System.nanoTime();
            int count = 0;
            for (int batch = sensor.poll(handler, 64); batch > 0; batch = sensor.poll(handler, 64))
            {
                count += batch;
            }
            final long endNs = System.nanoTime();
            requireAll(count, sensor.overruns());
            requireAll(told[0], 0);
            oursPerS[round] = perSecond(endNs - startNs);
            oursCpuNs[round] = (double)(threads.getCurrentThreadCpuTime() - startCpuNs) / EVENTS;
        }
    }

    private void theirs(final int round) throws Exception
    {
        final Process reader = namespace.call(() -> new ProcessBuilder(
            "conntrack", "-E", "-o", "id")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectErrorStream(true).start());
        try
        {
            while (socket(reader.pid()) == null)
            {
                Thread.onSpinWait();
            }
            enlarge(reader.pid());
            signal("STOP", reader.pid());
            load();
            final long startTicks = ticks(reader.pid());
            final long startNs = System.nanoTime();
            signal("CONT", reader.pid());
            while (!"0".equals(socket(reader.pid())[WAITING_COLUMN]))
            {
                Thread.sleep(0, 100_000);
            }
            final long endNs = System.nanoTime();
            requireAll(EVENTS, Long.parseLong(socket(reader.pid())[DROPS_COLUMN]));
            theirsPerS[round] = perSecond(endNs - startNs);
            theirsCpuNs[round] = (ticks(reader.pid()) - startTicks) / TICKS_PER_S * 1e9 / EVENTS;
        }
        finally
        {
            reader.destroyForcibly().waitFor();
        }
    }

    /** Flows that begin, and end by a flush: two events each, in every socket that listens. */
    private void load() throws Exception
    {
        namespace.call(() ->
        {
            try (DatagramChannel channel = DatagramChannel.open())
            {
                channel.bind(new InetSocketAddress(InetAddress.getByName(ADDRESS), 0));
                final ByteBuffer payload = ByteBuffer.allocateDirect(1);
                for (int i = 0; i < FLOWS; i++)
                {
                    channel.send(payload.clear(), new InetSocketAddress(ADDRESS, PORT_MIN + i));
                }
            }
            try (Netlink netlink = new Netlink(Netlink.NETFILTER, 0, 65536))
            {
                final UnsafeBuffer buffer = netlink.buffer();
                final int length = Netlink.HEADER_LENGTH + Netlink.NETFILTER_HEADER_LENGTH;
                buffer.setMemory(0, length, (byte)0);
                buffer.putInt(Netlink.LENGTH_OFFSET, length);
                buffer.putShort(Netlink.TYPE_OFFSET, (short)(1 << 8 | 2));
                buffer.putShort(Netlink.FLAGS_OFFSET, (short)Netlink.NLM_F_REQUEST);
                return netlink.send(length);
            }
        });
    }

    /** Room for the backlog. Its option -b (1.4.7) enlarges another socket than the one that listens. */
    private void enlarge(final long processId) throws Exception
    {
        final String wanted = "socket:[" + socket(processId)[INODE_COLUMN] + "]";
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/" + processId + "/fd"));
            NativeBlock value = new NativeBlock(Integer.BYTES))
        {
            value.buffer().putInt(0, BUFFER_BYTES);
            for (final Path each : open)
            {
                if (wanted.equals(Files.readSymbolicLink(each).toString()))
                {
                    final long process = TestLibC.API.syscall(SYS_PIDFD_OPEN, processId, 0, 0);
                    final int fd = (int)TestLibC.API.syscall(
                        SYS_PIDFD_GETFD, process, Long.parseLong(each.getFileName().toString()), 0);
                    if (LibC.API.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, value.address(), Integer.BYTES) != 0)
                    {
                        throw new IllegalStateException(Errno.describe(Errno.last()));
                    }
                    LibC.API.close(fd);
                    LibC.API.close((int)process);
                }
            }
        }
    }

    /** The columns of a process's listening socket, or null. */
    private String[] socket(final long processId) throws Exception
    {
        for (final String line : Files.readAllLines(Path.of("/proc/" + processId + "/net/netlink")))
        {
            final String[] columns = line.strip().split("\\s+");
            if ("12".equals(columns[PROTOCOL_COLUMN]) && !"00000000".equals(columns[GROUPS_COLUMN]))
            {
                return columns;
            }
        }
        return null;
    }

    private static long ticks(final long processId) throws Exception
    {
        final String[] columns = Files.readString(Path.of("/proc/" + processId + "/stat")).split(" ");
        return Long.parseLong(columns[USER_TIME_COLUMN]) + Long.parseLong(columns[SYSTEM_TIME_COLUMN]);
    }

    private static void signal(final String name, final long processId) throws Exception
    {
        new ProcessBuilder("kill", "-" + name, Long.toString(processId)).start().waitFor();
    }

    private static void requireAll(final long count, final long lost)
    {
        if (count != EVENTS || lost != 0)
        {
            throw new IllegalStateException(count + " of " + EVENTS + " events, " + lost + " overruns");
        }
    }

    private static double perSecond(final long ns)
    {
        return EVENTS * 1e9 / ns;
    }

    private void print()
    {
        for (final double[] each : new double[][]{oursPerS, oursCpuNs, theirsPerS, theirsCpuNs})
        {
            Arrays.sort(each);
        }
        System.out.printf("conntrack events: ours %,.0f/s, conntrack -E %,.0f/s, ratio %.2f; " +
            "CPU %.0f and %.0f ns an event (medians of %d rounds of %,d)%n",
            oursPerS[ROUNDS / 2], theirsPerS[ROUNDS / 2], oursPerS[ROUNDS / 2] / theirsPerS[ROUNDS / 2],
            oursCpuNs[ROUNDS / 2], theirsCpuNs[ROUNDS / 2], ROUNDS, EVENTS);
    }
}
