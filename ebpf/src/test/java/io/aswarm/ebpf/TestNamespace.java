package io.aswarm.ebpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A network namespace of this test's own, removed when closed, and a thread that lives in it.
 */
final class TestNamespace implements AutoCloseable
{
    private final NamespaceLab lab = new NamespaceLab("ebpf");
    private final String role;
    private final ExecutorService thread = Executors.newCachedThreadPool((task) ->
    {
        final Thread made = new Thread(task);
        made.setDaemon(true);
        return made;
    });

    TestNamespace(final String role) throws IOException
    {
        this.role = role;
        try
        {
            lab.add(role);
            // Addresses are usable at once, without duplicate address detection.
            sysctl("net.ipv6.conf.default.accept_dad=0");
        }
        catch (final IOException ex)
        {
            close();
            throw ex;
        }
    }

    String name()
    {
        return lab.name(role);
    }

    void ip(final String... arguments) throws IOException
    {
        lab.ip(role, arguments);
    }

    void sysctl(final String setting) throws IOException
    {
        lab.exec(role, "sysctl", "-q", "-w", setting);
    }

    /** What a command in this namespace prints. */
    String output(final String... arguments) throws IOException
    {
        return lab.exec(role, arguments);
    }

    void nft(final String command) throws IOException
    {
        lab.exec(role, "nft", command);
    }

    /** Join this namespace to another by a pair of interfaces with addresses. */
    void link(final String mine, final String myV4, final String myV6, final TestNamespace other, final String theirs,
        final String theirV4, final String theirV6) throws IOException
    {
        ip("link", "add", mine, "type", "veth", "peer", "name", theirs, "netns", other.name());
        address(mine, myV4, myV6);
        other.address(theirs, theirV4, theirV6);
    }

    /**
     * Let what comes in by a device be handled by a thread of its own on one CPU, not on the CPU of who sends it. The
     * device must have an XDP program by now, since only then a veth has that path (drivers/net/veth.c). The
     * thread's time is the answer.
     */
    SchedulerTime receiveOn(final String device, final int cpu) throws IOException
    {
        lab.exec(role, "sh", "-c", "echo 1 > /sys/class/net/" + device + "/threaded");
        final SchedulerTime thread = SchedulerTime.ofKernel("napi/" + device + "-");
        lab.exec(role, "taskset", "-pc", Integer.toString(cpu), thread.threadId());
        return thread;
    }

    /** What a device of this namespace counted up to now. */
    DeviceCounts counts(final String device) throws Exception
    {
        return call(() ->
        {
            final String line = Files.readAllLines(Path.of("/proc/thread-self/net/dev")).stream()
                .map(String::strip).filter((each) -> each.startsWith(device + ":")).findFirst().orElseThrow();
            final String[] words = line.substring(line.indexOf(':') + 1).strip().split("\\s+");
            return new DeviceCounts(System.nanoTime(), Long.parseLong(words[1]), Long.parseLong(words[3]));
        });
    }

    /**
     * What a device counted. A veth counts what XDP dropped as received, and what found its queue full as refused.
     */
    record DeviceCounts(long timeNs, long received, long refused)
    {
        DeviceCounts since(final DeviceCounts earlier)
        {
            return new DeviceCounts(timeNs - earlier.timeNs, received - earlier.received, refused - earlier.refused);
        }
    }

    /** Do something on a thread in this namespace; sockets opened there stay in it. */
    <T> T call(final Callable<T> work) throws Exception
    {
        try
        {
            return thread.submit(() ->
            {
                final int fd = TestLibC.API.open("/run/netns/" + name(), 0);
                if (fd < 0 || TestLibC.API.setns(fd, TestLibC.CLONE_NEWNET) != 0)
                {
                    throw new IOException("setns " + name() + ": " + Errno.describe(Errno.last()));
                }
                LibC.API.close(fd);
                return work.call();
            }).get();
        }
        catch (final ExecutionException ex)
        {
            if (ex.getCause() instanceof Exception)
            {
                throw (Exception)ex.getCause();
            }
            throw ex;
        }
    }

    @Override
    public void close() throws IOException
    {
        thread.shutdownNow();
        lab.close();
    }

    private void address(final String device, final String v4, final String v6) throws IOException
    {
        ip("address", "add", v4, "dev", device);
        ip("address", "add", v6, "dev", device, "nodad");
        ip("link", "set", device, "up");
    }
}
