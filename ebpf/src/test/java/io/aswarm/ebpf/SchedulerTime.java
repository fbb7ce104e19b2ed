package io.aswarm.ebpf;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The CPU time that the scheduler gave a thread (Documentation/scheduler/sched-stats.rst). */
final class SchedulerTime
{
    private static final Path PROCESSES = Path.of("/proc");

    private final Path thread;

    private SchedulerTime(final Path thread)
    {
        this.thread = thread;
    }

    static SchedulerTime ofThisThread() throws IOException
    {
        return new SchedulerTime(PROCESSES.resolve("thread-self").toRealPath());
    }

    /** Of a thread of the kernel, by how its name begins. */
    static SchedulerTime ofKernel(final String name) throws IOException
    {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*"))
        {
            for (final Path each : processes)
            {
                if (nameOf(each).startsWith(name))
                {
                    return new SchedulerTime(each);
                }
            }
        }
        throw new IOException("no thread of the kernel is called " + name);
    }

    String threadId()
    {
        return thread.getFileName().toString();
    }

    long runNs() throws IOException
    {
        return Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]);
    }

    private static String nameOf(final Path process)
    {
        try
        {
            return Files.readString(process.resolve("comm"));
        }
        catch (final IOException ex)
        {
            // It ended meanwhile.
            return "";
        }
    }
}
