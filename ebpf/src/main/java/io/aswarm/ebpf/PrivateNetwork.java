package io.aswarm.ebpf;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Work in a network namespace that nobody else sees: it has a loopback and nothing else, and is gone with its thread.
 */
final class PrivateNetwork
{
    /** sched.h. */
    private static final int CLONE_NEWNET = 0x40000000;

    private PrivateNetwork()
    {
    }

    /** Do something on a thread of its own, and wait for it. */
    static <T> T call(final Callable<T> work) throws KernelException
    {
        final FutureTask<T> task = new FutureTask<>(() ->
        {
            if (LibC.API.unshare(CLONE_NEWNET) != 0)
            {
                throw new KernelException("network namespace for a trial", Errno.last(), "it needs CAP_SYS_ADMIN");
            }
            return work.call();
        });
        final Thread thread = new Thread(task, "private-network");
        thread.start();
        try
        {
            return task.get();
        }
        catch (final ExecutionException ex)
        {
            if (ex.getCause() instanceof KernelException)
            {
                throw (KernelException)ex.getCause();
            }
            throw new KernelException("trial in a network namespace of its own", ex.getCause());
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new KernelException("interrupted in a trial", ex);
        }
    }
}
