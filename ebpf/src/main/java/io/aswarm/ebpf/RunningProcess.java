package io.aswarm.ebpf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A process as {@code /proc} shows it, for those that were there before the first event (proc(5)).
 *
 * @param processId        in the pid namespace of the mount.
 * @param parentProcessId  of its parent.
 * @param startTimeNs      CLOCK_MONOTONIC, to the tick of 10 ms.
 * @param userId           real user id.
 * @param cgroupId         id in the cgroup v2 hierarchy, or 0.
 * @param executableDevice as the kernel numbers it, or 0.
 * @param executableInode  or 0.
 * @param processNamespace inode of its pid namespace, or 0.
 * @param networkNamespace inode of its network namespace, or 0.
 * @param path             of its program; empty for the kernel's own.
 * @param serves           whether it holds a socket that listens.
 */
record RunningProcess(
    int processId,
    int parentProcessId,
    long startTimeNs,
    int userId,
    long cgroupId,
    int executableDevice,
    long executableInode,
    int processNamespace,
    int networkNamespace,
    byte[] path,
    boolean serves)
{
    private static final int STAT_PARENT = 1;
    private static final int STAT_START = 19;
    private static final long TICK_NS = 10_000_000;
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int MINOR_BITS = 20;

    /** Take in all that run and are not known yet; how many. */
    static int scanInto(final ProcessTable table, final Path proc, final CgroupNames cgroups)
    {
        final List<RunningProcess> running = new ArrayList<>();
        final long bootOffsetNs = bootOffsetNs(proc);
        final ListeningSockets listening = new ListeningSockets();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(proc, "[0-9]*"))
        {
            for (final Path each : directories)
            {
                final RunningProcess process = read(each, bootOffsetNs, cgroups, listening);
                if (process != null)
                {
                    running.add(process);
                }
            }
        }
        catch (final IOException ex)
        {
            return 0;
        }
        int count = 0;
        for (final RunningProcess each : running)
        {
            count += table.found(each) ? 1 : 0;
        }
        running.forEach(table::link);
        return count;
    }

    /** Null when it ended meanwhile. */
    static RunningProcess read(
        final Path directory, final long bootOffsetNs, final CgroupNames cgroups, final ListeningSockets listening)
    {
        try
        {
            final String stat = Files.readString(directory.resolve("stat"), StandardCharsets.ISO_8859_1);
            // The name in parentheses may hold anything, parentheses too.
            final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            final Path executable = directory.resolve("exe");
            final int networkNamespace = (int)attribute(directory.resolve("ns/net"), "unix:ino");
            return new RunningProcess(
                Integer.parseInt(directory.getFileName().toString()),
                Integer.parseInt(fields[STAT_PARENT]),
                Long.parseLong(fields[STAT_START]) * TICK_NS - bootOffsetNs,
                (int)attribute(directory, "unix:uid"),
                cgroups.idOf(controlGroup(directory)),
                kernelDevice(attribute(executable, "unix:dev")),
                attribute(executable, "unix:ino"),
                (int)attribute(directory.resolve("ns/pid"), "unix:ino"),
                networkNamespace,
                target(executable),
                listening.isHeldBy(directory, networkNamespace));
        }
        catch (final IOException | NumberFormatException | IndexOutOfBoundsException ex)
        {
            return null;
        }
    }

    /** From what stat(2) gives to what stands in a super block (linux/kdev_t.h, new_encode_dev()). */
    static int kernelDevice(final long device)
    {
        final long major = device >>> 8 & 0xfff;
        final long minor = (device & 0xff) | (device >>> 12 & 0xfff00);
        return (int)(major << MINOR_BITS | minor);
    }

    /** CLOCK_BOOTTIME less CLOCK_MONOTONIC: the time that the machine was suspended. */
    private static long bootOffsetNs(final Path proc)
    {
        try
        {
            final String uptime = Files.readString(proc.resolve("uptime"));
            final double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
            return (long)(seconds * NS_PER_SECOND) - System.nanoTime();
        }
        catch (final IOException | NumberFormatException | IndexOutOfBoundsException ex)
        {
            return 0;
        }
    }

    private static String controlGroup(final Path directory) throws IOException
    {
        return Files.readAllLines(directory.resolve("cgroup"), StandardCharsets.ISO_8859_1).stream()
            .filter((line) -> line.startsWith("0::")).map((line) -> line.substring("0::".length()))
            .findFirst().orElse("");
    }

    private static long attribute(final Path file, final String name)
    {
        try
        {
            return ((Number)Files.getAttribute(file, name)).longValue();
        }
        catch (final IOException ex)
        {
            // Threads of the kernel have no program.
            return 0;
        }
    }

    private static byte[] target(final Path link)
    {
        try
        {
            return Files.readSymbolicLink(link).toString().getBytes(StandardCharsets.UTF_8);
        }
        catch (final IOException ex)
        {
            return new byte[0];
        }
    }
}
