package io.aswarm.twinlab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A process that cannot be mistaken for a later one with the same number: pid and start time, proc_pid_stat(5).
 *
 * @param pid        number.
 * @param startTicks field 22 of /proc/PID/stat, clock ticks since boot.
 */
record ProcessIdentity(long pid, long startTicks)
{
    private static final Path PROC = Path.of("/proc");
    private static final int START_FIELD_AFTER_NAME = 19;

    /** Of a living process, or null when there is none with this number. */
    static ProcessIdentity of(final long pid)
    {
        return of(PROC, pid);
    }

    static ProcessIdentity of(final Path proc, final long pid)
    {
        try
        {
            final Path entry = proc.resolve(Long.toString(pid));
            final String stat = Files.readString(entry.resolve("stat"));
            // the name, in parentheses, may itself hold spaces and parentheses
            final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return "Z".equals(fields[0]) && isAlone(entry) ? null : new ProcessIdentity(
                pid, Long.parseLong(fields[START_FIELD_AFTER_NAME]));
        }
        catch (final IOException ex)
        {
            return null;
        }
    }

    static ProcessIdentity self()
    {
        return of(ProcessHandle.current().pid());
    }

    boolean isAlive()
    {
        return equals(of(pid));
    }

    /** SIGKILL, and wait a little until it is gone. */
    void kill()
    {
        if (!isAlive())
        {
            return;
        }
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        final long deadlineNs = System.nanoTime() + 5_000_000_000L;
        while (isAlive() && System.nanoTime() - deadlineNs < 0)
        {
            Thread.onSpinWait();
        }
    }

    /** Living processes other than this one that were given an argument which contains a text. */
    static List<ProcessIdentity> withArgument(final String text) throws IOException
    {
        final List<ProcessIdentity> found = new ArrayList<>();
        final long self = ProcessHandle.current().pid();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*"))
        {
            for (final Path entry : entries)
            {
                final long pid = Long.parseLong(entry.getFileName().toString());
                final ProcessIdentity identity = pid == self || !commandLine(entry).contains(text) ? null : of(pid);
                if (null != identity)
                {
                    found.add(identity);
                }
            }
        }
        return found;
    }

    /** A first thread that has ended while others are still ending: the process' files are open until the last has. */
    private static boolean isAlone(final Path entry) throws IOException
    {
        try (Stream<Path> threads = Files.list(entry.resolve("task")))
        {
            return threads.count() <= 1;
        }
    }

    private static String commandLine(final Path entry)
    {
        try
        {
            return new String(Files.readAllBytes(entry.resolve("cmdline")), StandardCharsets.ISO_8859_1);
        }
        catch (final IOException ex)
        {
            return "";
        }
    }
}
