package io.aswarm.ebpf;

import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A named network namespace, as {@code ip netns} makes them, and one thread that lives in it.
 * <p>
 * The namespace belongs to a thread, not to the process: setns(2) moves only its caller. So work that must happen
 * inside is handed to the thread of this object by {@link #call(Callable)}. What is made there stays there: sockets
 * and channels keep the namespace in which they were opened, whoever uses them later, and child processes started
 * there inherit it.
 */
public final class NetworkNamespace implements AutoCloseable
{
    private static final Path DIRECTORY = Path.of("/run/netns");
    private static final int O_CLOEXEC = 0x80000;
    /** sched.h, checked by setns(2) against the kind of the file. */
    private static final int CLONE_NEWNET = 0x40000000;

    private final String name;
    private final Libc libc;
    private final int fd;
    private final ExecutorService executor;

    private NetworkNamespace(final String name, final Libc libc, final int fd)
    {
        this.name = name;
        this.libc = libc;
        this.fd = fd;
        this.executor = Executors.newSingleThreadExecutor(
            (task) ->
            {
                final Thread thread = new Thread(task, "netns-" + name);
                thread.setDaemon(true);
                return thread;
            });
    }

    /**
     * Open a namespace and start the thread that lives in it.
     *
     * @param name as {@code ip netns list} shows it.
     * @return the open namespace.
     * @throws IOException when there is none of that name, or the caller lacks CAP_SYS_ADMIN.
     */
    public static NetworkNamespace open(final String name) throws IOException
    {
        final Libc libc = LibraryLoader.create(Libc.class).load("c");
        final Path file = DIRECTORY.resolve(name);
        final int fd = libc.open(file.toString(), O_CLOEXEC);
        if (fd < 0)
        {
            throw new IOException("cannot open network namespace " + file + ": errno=" + errno());
        }

        final NetworkNamespace namespace = new NetworkNamespace(name, libc, fd);
        try
        {
            namespace.call(
                () ->
                {
                    namespace.enter();
                    return null;
                });
            return namespace;
        }
        catch (final IOException ex)
        {
            namespace.close();
            throw ex;
        }
    }

    /**
     * Its name.
     *
     * @return name as {@code ip netns list} shows it.
     */
    public String name()
    {
        return name;
    }

    /**
     * Run work inside and wait for it. Calls from several threads are done one after the other.
     *
     * @param work to be done by the thread in the namespace; bounded, since others wait for it.
     * @param <T>  type of the result.
     * @return what the work returned.
     * @throws IOException when the work failed with one, or was interrupted.
     */
    public <T> T call(final Callable<T> work) throws IOException
    {
        try
        {
            return executor.submit(work).get();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted in network namespace " + name, ex);
        }
        catch (final ExecutionException ex)
        {
            if (ex.getCause() instanceof IOException)
            {
                throw (IOException)ex.getCause();
            }
            throw new IOException("in network namespace " + name + ": " + ex.getCause(), ex.getCause());
        }
    }

    /**
     * Move the calling thread into this namespace, for good: only for a thread that the caller started for this and
     * that ends there. A pooled thread would carry the namespace into work of others.
     *
     * @throws IOException when the kernel refuses.
     */
    public void enter() throws IOException
    {
        if (0 != libc.setns(fd, CLONE_NEWNET))
        {
            throw new IOException("cannot enter network namespace " + name + ": errno=" + errno());
        }
    }

    /**
     * End the thread and close the file. The namespace itself and what was made in it stay.
     */
    @Override
    public void close()
    {
        executor.shutdownNow();
        try
        {
            executor.awaitTermination(1, TimeUnit.SECONDS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        libc.close(fd);
    }

    private static int errno()
    {
        return LastError.getLastError(Runtime.getSystemRuntime());
    }

    /**
     * What this class needs of libc. Public because jnr-ffi makes its implementation in another package.
     */
    public interface Libc
    {
        /**
         * open(2).
         *
         * @param path  of the file.
         * @param flags O_…
         * @return file descriptor or -1.
         */
        int open(@In String path, int flags);

        /**
         * setns(2).
         *
         * @param fd   of the namespace.
         * @param kind CLONE_NEW…
         * @return 0 or -1.
         */
        int setns(int fd, int kind);

        /**
         * close(2).
         *
         * @param fd to be closed.
         * @return 0 or -1.
         */
        int close(int fd);
    }
}
