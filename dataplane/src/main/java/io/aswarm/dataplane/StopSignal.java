package io.aswarm.dataplane;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGTERM, SIGINT and SIGHUP into one clean stop with exit status 0. The virtual machine would end with
 * 128 + signal; its shutdown hook waits until the node is closed and then ends the process itself.
 */
final class StopSignal implements AutoCloseable
{
    private static final long CLOSE_TIMEOUT_S = 15;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::onShutdown, "aswarm-stop");

    StopSignal()
    {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Wait for a signal, or for {@link #stop()}. */
    void await() throws InterruptedException
    {
        asked.await();
    }

    /** Stop from within: an agent that cannot go on. */
    void stop()
    {
        asked.countDown();
    }

    /** The node is closed: the process may end. */
    @Override
    public void close()
    {
        closed.countDown();
        try
        {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        catch (final IllegalStateException ignore)
        {
            // the hook runs already and ends the process
        }
    }

    private void onShutdown()
    {
        asked.countDown();
        try
        {
            if (closed.await(CLOSE_TIMEOUT_S, TimeUnit.SECONDS))
            {
                Runtime.getRuntime().halt(ExitCode.OK);
            }
        }
        catch (final InterruptedException ignore)
        {
            // ends with the signal's own status
        }
    }
}
