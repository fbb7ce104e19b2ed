package io.aswarm.twinlab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import static io.aswarm.twinlab.RackPlan.RACKS;
import static io.aswarm.twinlab.RackPlan.SERVERS_PER_RACK;

/**
 * Real TCP between the racks while a drill runs, IPv4 and IPv6: requests with responses at a steady rate, one bulk
 * flow, and on demand a burst in which each server connects to every server of the other racks at once, as a
 * collective job does when it starts. Every connection is counted; one that does not finish is harm.
 * <p>
 * One thread serves both ends of all connections through a selector and steps from namespace to namespace to open
 * them; it belongs to this object and ends with it.
 */
final class BenignTraffic implements AutoCloseable
{
    static final int SERVICE_PORT = 7_000;
    /** Connections open at once, at most: the burst of both families twice over. */
    static final int OPEN_MAX = 1_024;
    private static final int FAILURES_SHOWN_MAX = 16;
    private static final int RESPONSE_LENGTH = 4_096;
    private static final int BURST_LENGTH = 16_384;
    private static final long BULK_LENGTH = 1L << 40;
    private static final int CHUNK_LENGTH = 65_536;
    private static final int BACKLOG = 1_024;
    private static final long REQUEST_INTERVAL_NS = 20_000_000L;
    private static final long PACE_INTERVAL_NS = 10_000_000L;
    private static final long STALL_TIMEOUT_NS = 5_000_000_000L;

    private final RackTopology topology;
    private final Random random;
    private final Selector selector;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(CHUNK_LENGTH);
    private final AtomicLong started = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong completed = new AtomicLong();
    private final AtomicBoolean burstWanted = new AtomicBoolean();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "benign-traffic");
    private volatile boolean stopped;
    private volatile boolean abandoned;

    private BenignTraffic(final RackTopology topology, final long seed) throws IOException
    {
        this.topology = topology;
        this.random = new Random(seed);
        this.selector = Selector.open();
        thread.setDaemon(true);
    }

    /** Open the services, then start the traffic. */
    static BenignTraffic start(final RackTopology topology, final long seed) throws IOException
    {
        final BenignTraffic traffic = new BenignTraffic(topology, seed);
        for (int rack = 1; rack <= RACKS; rack++)
        {
            for (int server = 1; server <= SERVERS_PER_RACK; server++)
            {
                traffic.listen(topology.plan().server(rack, server));
            }
        }
        traffic.thread.start();
        return traffic;
    }

    /** Connections begun, the bulk flow included. */
    long started()
    {
        return started.get();
    }

    /** Connections that were refused, reset, cut short or stalled. */
    long failed()
    {
        return failed.get();
    }

    long completed()
    {
        return completed.get();
    }

    /** The first few failures, for the report. */
    List<String> failures()
    {
        return List.copyOf(failures);
    }

    /** Begin the all-to-all burst. */
    void burst()
    {
        burstWanted.set(true);
    }

    /** Begin nothing new, give what is open time to finish, count the rest as failed. */
    void finish()
    {
        stopped = true;
        join();
    }

    /** End at once. What is cut off here counts as nothing, unlike at {@link #finish()}. */
    @Override
    public void close()
    {
        abandoned = true;
        finish();
    }

    private void join()
    {
        try
        {
            thread.join(2 * STALL_TIMEOUT_NS / 1_000_000);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void listen(final String namespace) throws IOException
    {
        final ServerSocketChannel listener = topology.namespace(namespace).call(
            () ->
            {
                final ServerSocketChannel channel = ServerSocketChannel.open();
                channel.bind(new InetSocketAddress(SERVICE_PORT), BACKLOG);
                return channel;
            });
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    private void run()
    {
        try
        {
            connect(4, 1, 1, 2, 1, BULK_LENGTH, true);
            loop();
        }
        catch (final IOException ex)
        {
            fail("benign traffic stopped: " + ex.getMessage());
        }
        finally
        {
            closeAll();
        }
    }

    private void loop() throws IOException
    {
        long requestDueNs = System.nanoTime();
        long paceDueNs = requestDueNs;
        long stopDeadlineNs = 0;
        while (!abandoned &&
            (0 == stopDeadlineNs || (exchangesOpen() && System.nanoTime() - stopDeadlineNs < 0)))
        {
            selector.select(PACE_INTERVAL_NS / 1_000_000);
            final long nowNs = System.nanoTime();
            serveReady(nowNs);
            if (stopped && 0 == stopDeadlineNs)
            {
                stopDeadlineNs = nowNs + STALL_TIMEOUT_NS;
            }
            if (!stopped && nowNs - requestDueNs >= 0)
            {
                request();
                requestDueNs = Math.max(requestDueNs + REQUEST_INTERVAL_NS, nowNs - REQUEST_INTERVAL_NS);
            }
            if (!stopped && burstWanted.getAndSet(false))
            {
                allToAll();
            }
            if (nowNs - paceDueNs >= 0)
            {
                pace(nowNs);
                paceDueNs = nowNs + PACE_INTERVAL_NS;
            }
        }
    }

    private void request() throws IOException
    {
        final int fromRack = 1 + random.nextInt(RACKS);
        final int toRack = 1 + (fromRack + random.nextInt(RACKS - 1)) % RACKS;
        connect(random.nextBoolean() ? 4 : 6, fromRack, 1 + random.nextInt(SERVERS_PER_RACK), toRack,
            1 + random.nextInt(SERVERS_PER_RACK), RESPONSE_LENGTH, false);
    }

    private void allToAll() throws IOException
    {
        for (int i = 0; i < RACKS * SERVERS_PER_RACK; i++)
        {
            for (int j = 0; j < RACKS * SERVERS_PER_RACK; j++)
            {
                final int fromRack = 1 + i / SERVERS_PER_RACK;
                final int toRack = 1 + j / SERVERS_PER_RACK;
                if (fromRack != toRack)
                {
                    connect(0 == (i + j) % 2 ? 4 : 6, fromRack, 1 + i % SERVERS_PER_RACK, toRack,
                        1 + j % SERVERS_PER_RACK, BURST_LENGTH, false);
                }
            }
        }
    }

    private void connect(
        final int family, final int fromRack, final int fromServer, final int toRack, final int toServer,
        final long length, final boolean paced) throws IOException
    {
        if (selector.keys().size() > OPEN_MAX)
        {
            fail("more than " + OPEN_MAX + " connections open at once");
            return;
        }

        final String to = RackPlan.serverAddress(family, toRack, toServer, 0);
        final String description = RackPlan.serverAddress(family, fromRack, fromServer, 0) + " to " + to;
        topology.namespace(topology.plan().server(fromRack, fromServer)).enter();
        final ProtocolFamily protocolFamily = 4 == family ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
        final SocketChannel channel = SocketChannel.open(protocolFamily);
        channel.configureBlocking(false);
        started.incrementAndGet();
        final BenignExchange exchange =
            new BenignExchange(channel, description, length, paced, System.nanoTime());
        try
        {
            channel.connect(new InetSocketAddress(java.net.InetAddress.getByName(to), SERVICE_PORT));
            channel.register(selector, SelectionKey.OP_CONNECT, exchange);
        }
        catch (final IOException ex)
        {
            channel.close();
            fail(description + ": " + ex.getMessage());
        }
    }

    private void serveReady(final long nowNs) throws IOException
    {
        final List<SelectionKey> ready = new ArrayList<>(selector.selectedKeys());
        selector.selectedKeys().clear();
        for (final SelectionKey key : ready)
        {
            if (key.isValid() && key.isAcceptable())
            {
                accept(key);
            }
            else if (key.isValid() && key.attachment() instanceof BenignExchange)
            {
                advance(key, (BenignExchange)key.attachment(), nowNs);
            }
            else if (key.isValid())
            {
                ((BenignService)key.attachment()).advance(key, scratch);
            }
        }
    }

    private void accept(final SelectionKey key) throws IOException
    {
        SocketChannel channel = ((ServerSocketChannel)key.channel()).accept();
        while (null != channel)
        {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, new BenignService(channel));
            channel = ((ServerSocketChannel)key.channel()).accept();
        }
    }

    private void advance(final SelectionKey key, final BenignExchange exchange, final long nowNs) throws IOException
    {
        try
        {
            if (exchange.advance(key, scratch, nowNs))
            {
                completed.incrementAndGet();
                key.channel().close();
            }
        }
        catch (final IOException ex)
        {
            fail(exchange + ": " + ex.getMessage());
            key.channel().close();
        }
    }

    private void pace(final long nowNs) throws IOException
    {
        for (final SelectionKey key : selector.keys())
        {
            if (key.isValid() && key.attachment() instanceof BenignExchange)
            {
                final BenignExchange exchange = (BenignExchange)key.attachment();
                exchange.admit(key);
                if (exchange.stalled(nowNs, STALL_TIMEOUT_NS))
                {
                    fail(exchange + ": no progress for " + STALL_TIMEOUT_NS / 1_000_000_000L + " s");
                    key.channel().close();
                }
            }
        }
    }

    /** Whether exchanges are open other than the bulk flow, which never ends by itself. */
    private boolean exchangesOpen()
    {
        return selector.keys().stream().anyMatch((key) -> key.isValid() &&
            key.attachment() instanceof BenignExchange && !((BenignExchange)key.attachment()).isPaced());
    }

    private void closeAll()
    {
        for (final SelectionKey key : List.copyOf(selector.keys()))
        {
            try
            {
                if (!abandoned && key.isValid() && key.attachment() instanceof BenignExchange &&
                    !((BenignExchange)key.attachment()).isPaced())
                {
                    fail(key.attachment() + ": not finished at the end");
                }
                key.channel().close();
            }
            catch (final IOException ex)
            {
                fail("closing: " + ex.getMessage());
            }
        }
        try
        {
            // a channel that is registered keeps its port until then
            selector.close();
        }
        catch (final IOException ex)
        {
            fail("closing: " + ex.getMessage());
        }
    }

    private void fail(final String what)
    {
        failed.incrementAndGet();
        if (failures.size() < FAILURES_SHOWN_MAX)
        {
            failures.add(what);
        }
    }
}
