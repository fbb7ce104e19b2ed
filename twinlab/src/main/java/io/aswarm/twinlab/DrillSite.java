package io.aswarm.twinlab;

import io.aswarm.ebpf.PacketSocket;
import io.aswarm.trust.DocumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that is up while a drill runs: racks, nodes, captures, benign traffic. Built by one thread; may be closed
 * by another, when the drill is interrupted, and then by both.
 */
final class DrillSite implements AutoCloseable
{
    private static final long READY_TIMEOUT_NS = 120_000_000_000L;
    private static final long READY_POLL_MS = 20;

    private final RunManifest manifest;
    private final List<GatewayNode> nodes = new ArrayList<>();
    private RackTopology topology;
    private SiteFiles files;
    private ServerCapture capture;
    private BenignTraffic benign;
    private PacketSocket attackSocket;
    private boolean nodesDown;
    private boolean closed;
    private boolean kept;

    private DrillSite(final RunManifest manifest)
    {
        this.manifest = manifest;
    }

    /** An empty site with its manifest on disk. */
    static DrillSite create(final Path base) throws IOException
    {
        return new DrillSite(RunManifest.create(base));
    }

    /**
     * Bring everything up and wait until all nodes are ready.
     *
     * @param config   of the drill.
     * @param jar      of the appliance.
     * @param timeline that hears of the progress.
     * @throws RefusedException when the kernel or a node refuses.
     */
    void up(final DrillConfig config, final Path jar, final Timeline timeline) throws RefusedException
    {
        try
        {
            final long beginNs = System.nanoTime();
            synchronized (this)
            {
                topology = RackTopology.build(new RackPlan(manifest.runId()), manifest);
                files = SiteFiles.write(manifest.directory(), RackPlan.RACKS, mountPins(), config.ttlMs());
            }
            timeline.say("racks up in " + (System.nanoTime() - beginNs) / 1_000_000 + " ms: " + RackPlan.RACKS +
                " gateways, " + RackPlan.RACKS * RackPlan.SERVERS_PER_RACK + " servers, spine, mesh, attacker");
            startNodes(jar);
            awaitReady(timeline, beginNs);
            synchronized (this)
            {
                capture = ServerCapture.open(topology);
                attackSocket = topology.namespace(topology.plan().attacker()).call(
                    () -> PacketSocket.sender(RackPlan.SERVER_INTERFACE));
                benign = BenignTraffic.start(topology, 1);
            }
        }
        catch (final IOException ex)
        {
            throw new RefusedException(ex.getMessage(), ex);
        }
        catch (final DocumentException ex)
        {
            throw new IllegalStateException("the drill's own catalog is refused: " + ex.getMessage(), ex);
        }
    }

    private Path mountPins() throws IOException
    {
        final Path pins = Files.createDirectory(manifest.directory().resolve("bpf"));
        manifest.mount(pins);
        Subprocess.run("", "mount", "-t", "bpf", "bpf", pins.toString());
        return pins;
    }

    private void startNodes(final Path jar) throws IOException
    {
        for (int rack = 1; rack <= RackPlan.RACKS; rack++)
        {
            synchronized (this)
            {
                refuseClosed();
                nodes.add(GatewayNode.start(
                    rack, topology.namespace(topology.plan().gateway(rack)), jar, files, manifest));
            }
        }
    }

    private void awaitReady(final Timeline timeline, final long beginNs) throws IOException
    {
        final List<GatewayNode> waiting = new ArrayList<>(nodes);
        while (!waiting.isEmpty())
        {
            for (final GatewayNode node : List.copyOf(waiting))
            {
                node.check();
                if (node.poll().stream().anyMatch((event) -> "ready".equals(event.name())))
                {
                    waiting.remove(node);
                    timeline.say("node " + node.name() + " ready after " +
                        (System.nanoTime() - beginNs) / 1_000_000 + " ms");
                }
            }
            if (!waiting.isEmpty() && System.nanoTime() - beginNs > READY_TIMEOUT_NS)
            {
                throw new IOException("node " + waiting.get(0).name() + " is not ready after " +
                    READY_TIMEOUT_NS / 1_000_000_000L + " s; it said:\n" + waiting.get(0).lastWords());
            }
            pause(READY_POLL_MS);
        }
    }

    RunManifest manifest()
    {
        return manifest;
    }

    RackTopology topology()
    {
        return topology;
    }

    SiteFiles files()
    {
        return files;
    }

    List<GatewayNode> nodes()
    {
        return nodes;
    }

    ServerCapture capture()
    {
        return capture;
    }

    BenignTraffic benign()
    {
        return benign;
    }

    PacketSocket attackSocket()
    {
        return attackSocket;
    }

    /** Wait, or fail when the site was closed by an interruption meanwhile. */
    static void pause(final long durationMs) throws IOException
    {
        try
        {
            Thread.sleep(durationMs);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ex);
        }
    }

    private void refuseClosed() throws IOException
    {
        if (closed)
        {
            throw new IOException("interrupted");
        }
    }

    synchronized boolean isClosed()
    {
        return closed;
    }

    /** End the nodes with SIGTERM, and wait for them; what they wrote stays. */
    synchronized void stopNodes() throws IOException
    {
        if (nodesDown || closed)
        {
            return;
        }
        nodesDown = true;
        nodes.forEach(GatewayNode::terminate);
        for (final GatewayNode node : nodes)
        {
            node.close();
        }
    }

    /** Leave racks, nodes and files up when this process ends. */
    synchronized void keep() throws IOException
    {
        manifest.keep();
        kept = true;
    }

    /** Remove everything, once; a line for each thing that could not be removed goes nowhere but to the leftovers. */
    @Override
    public synchronized void close()
    {
        if (closed || kept)
        {
            return;
        }
        closed = true;
        if (null != benign)
        {
            benign.close();
        }
        if (!nodesDown)
        {
            nodes.forEach(GatewayNode::terminate);
        }
        if (null != capture)
        {
            capture.close();
        }
        if (null != attackSocket)
        {
            attackSocket.close();
        }
        if (null != topology)
        {
            topology.close();
        }
        manifest.cleanUp();
    }
}
