package io.aswarm.dataplane;

import io.aswarm.quorum.QuorumAgent;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.OrderVerdict;
import io.aswarm.trust.SignedOrder;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochClock;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Orders of the operators to the whole site, between the mesh, the switch and the disk: the newest is kept in a file,
 * so that a node that restarts alone still goes by it and no older one can be replayed to it. The quorum thread tells
 * of orders, one thread at a time calls {@link #doWork()} and writes.
 */
final class SiteOrders implements Agent
{
    private static final long VERDICT_WAIT_MS = 2_000;

    private final Path file;
    private final EnforcementSwitch enforcement;
    private final Wakeup quorumThread;
    private final EventLog eventLog;
    private final EpochClock epochClock;
    private final ErrorHandler errorHandler;
    private final AtomicReference<SignedOrder> unwritten = new AtomicReference<>();
    private volatile QuorumAgent quorum;

    SiteOrders(
        final Path file,
        final EnforcementSwitch enforcement,
        final Wakeup quorumThread,
        final EventLog eventLog,
        final EpochClock epochClock,
        final ErrorHandler errorHandler)
    {
        this.file = file;
        this.enforcement = enforcement;
        this.quorumThread = quorumThread;
        this.eventLog = eventLog;
        this.epochClock = epochClock;
        this.errorHandler = errorHandler;
    }

    /** The order kept in a file, or null when there is none or it cannot be read. */
    static SignedOrder kept(final Path file, final ErrorHandler errorHandler)
    {
        try
        {
            return Files.exists(file) ? SignedOrder.read(file) : null;
        }
        catch (final DocumentException ex)
        {
            errorHandler.onError(ex);
            return null;
        }
    }

    /** Give the agent what was kept; from now on orders can be given. */
    void connect(final QuorumAgent agent, final SignedOrder kept)
    {
        quorum = agent;
        if (null != kept)
        {
            agent.offerOrder(kept, (verdict) ->
            {
                if (OrderVerdict.ACCEPTED != verdict && SignedOrder.Action.SUSPEND == kept.action())
                {
                    // its time ended while this node was down
                    enforcement.bySite(null, false, epochClock.time());
                }
            });
        }
    }

    /** Quorum thread: an order came into force, or ended by its time where it is null. */
    void onOrder(final SignedOrder order, final boolean isSuspended)
    {
        enforcement.bySite(order, isSuspended, epochClock.time());
        if (null != order)
        {
            unwritten.set(order);
        }
        eventLog.offer("site_order", System.nanoTime(), EventLog.members()
            .put("action", null == order ? "end" : order.action().label())
            .put("order_id", null == order ? "" : order.id())
            .put("signers", null == order ? "" : String.join(", ", order.signers()))
            .put("suspended", isSuspended));
    }

    /**
     * Give the site an order by this node, and wait for what becomes of it.
     *
     * @return the verdict, or null when the quorum thread does not answer.
     */
    OrderVerdict give(final SignedOrder order)
    {
        final QuorumAgent agent = quorum;
        final CompletableFuture<OrderVerdict> verdict = new CompletableFuture<>();
        if (null == agent || !agent.offerOrder(order, verdict::complete))
        {
            return null;
        }
        quorumThread.wake();
        try
        {
            return verdict.get(VERDICT_WAIT_MS, TimeUnit.MILLISECONDS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            return null;
        }
        catch (final ExecutionException | TimeoutException ignore)
        {
            return null;
        }
    }

    @Override
    public int doWork()
    {
        final SignedOrder order = unwritten.getAndSet(null);
        if (null == order)
        {
            return 0;
        }
        try
        {
            write(order);
        }
        catch (final IOException ex)
        {
            errorHandler.onError(new IOException(
                file + ": the operators' order cannot be kept over a restart: " + ex.getMessage(), ex));
        }
        return 1;
    }

    @Override
    public String roleName()
    {
        return "site-orders";
    }

    private void write(final SignedOrder order) throws IOException
    {
        final Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
            fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING))
        {
            final ByteBuffer json = ByteBuffer.wrap(order.toJson());
            while (json.hasRemaining())
            {
                channel.write(json);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
