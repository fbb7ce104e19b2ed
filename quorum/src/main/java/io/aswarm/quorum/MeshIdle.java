package io.aswarm.quorum;

import org.agrona.concurrent.IdleStrategy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Consumer;

/**
 * Sleeps in epoll on the sockets of the mesh: a datagram ends the sleep, and {@link #wake()} does. For machines without
 * a core to give to spinning; a parked thread would look at its sockets only when its park is over, half a millisecond
 * late on average with parks of a millisecond.
 * <p>
 * What happens by time and not by datagram (heartbeats, NAKs, budgets) is found after {@link #WAIT_MIN_MS} while the
 * mesh is busy and after {@link #WAIT_MAX_MS} when it is quiet, which is how long an idle process sleeps.
 * <p>
 * Assumptions: opened, used and closed by the thread of the mesh, but for {@link #wake()}. Guarantees: a wake-up
 * between the last look for work and the sleep ends that sleep at once. Progress: {@code wake()} is one system call, or
 * none when one is under way already. Sleeping allocates nothing.
 */
public final class MeshIdle implements IdleStrategy
{
    /** Sleep after work was found. */
    static final long WAIT_MIN_MS = 1;
    /** Longest sleep; each without work is twice as long as the one before. */
    static final long WAIT_MAX_MS = 10;

    private static final Consumer<SelectionKey> READ_BY_THE_DRIVER = (key) ->
    {
    };

    private final Selector selector;
    private final long waitMinMs;
    private final long waitMaxMs;
    private long waitMs;

    MeshIdle() throws IOException
    {
        this(WAIT_MIN_MS, WAIT_MAX_MS);
    }

    MeshIdle(final long waitMinMs, final long waitMaxMs) throws IOException
    {
        this.waitMinMs = waitMinMs;
        this.waitMaxMs = waitMaxMs;
        waitMs = waitMinMs;
        selector = Selector.open();
    }

    /** Datagrams on this channel end the sleep; until it is closed. */
    void watch(final DatagramChannel channel)
    {
        try
        {
            channel.register(selector, SelectionKey.OP_READ);
        }
        catch (final ClosedChannelException ex)
        {
            throw new UncheckedIOException("a channel of the mesh was closed while it was opened", ex);
        }
    }

    /** End the present sleep, or the next one. Any thread. */
    public void wake()
    {
        selector.wakeup();
    }

    @Override
    public void idle(final int workCount)
    {
        if (workCount > 0)
        {
            reset();
        }
        else
        {
            idle();
        }
    }

    @Override
    public void idle()
    {
        try
        {
            selector.select(READ_BY_THE_DRIVER, waitMs);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("epoll on the sockets of the mesh", ex);
        }
        waitMs = Math.min(waitMaxMs, 2 * waitMs);
    }

    @Override
    public void reset()
    {
        waitMs = waitMinMs;
    }

    @Override
    public String alias()
    {
        return "mesh-epoll";
    }

    void close() throws IOException
    {
        selector.close();
    }
}
