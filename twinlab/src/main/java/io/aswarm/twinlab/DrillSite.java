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
     * @throws RefusedException when the kernel refuses, to the drill or to a node.
     * @throws IOException      when a node does not start for another reason, or the site was closed meanwhile.
     */
    void up(final DrillConfig config, final Path jar, final Timeline timeline) throws RefusedException, IOException
    {
        buildRacks(config, timeline);
        startNodes(jar, timeline);
        synchronized (this)
        {
            refuseClosed();
            capture = ServerCapture.open(topology);
            attackSocket = topology.namespace(topology.plan().attacker()).call(
                () -> PacketSocket.sender(RackPlan.SERVER_INTERFACE));
            benign = BenignTraffic.start(topology, 1);
        }
    }

    private void buildRacks(final DrillConfig config, final Timeline timeline) throws RefusedException
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

    /** As many at a time as there are processors: a virtual machine that starts needs one of its own. */
    private void startNodes(final Path jar, final Timeline timeline) throws IOException, RefusedException
    {
        final long beginNs = System.nanoTime();
        final int together = Runtime.getRuntime().availableProcessors();
        final List<GatewayNode> starting = new ArrayList<>();
        int rack = 1;
        while (rack <= RackPlan.RACKS || !starting.isEmpty())
        {
            if (rack <= RackPlan.RACKS && starting.size() < together)
            {
                starting.add(startNode(rack++, jar));
            }
            for (final GatewayNode node : List.copyOf(starting))
            {
                if (isReady(node, beginNs, timeline))
                {
                    starting.remove(node);
                    timeline.say("node " + node.name() + " ready after " +
                        (System.nanoTime() - beginNs) / 1_000_000 + " ms");
                }
            }
            pause(READY_POLL_MS);
        }
    }

    private synchronized GatewayNode startNode(final int rack, final Path jar) throws IOException
    {
        refuseClosed();
        final GatewayNode node = GatewayNode.start(
            rack, topology.namespace(topology.plan().gateway(rack)), jar, files, manifest);
        nodes.add(node);
        return node;
    }

    private boolean isReady(final GatewayNode node, final long beginNs, final Timeline timeline)
        throws IOException, RefusedException
    {
        if (node.poll().stream().anyMatch((event) -> "ready".equals(event.name())))
        {
            return true;
        }

        final boolean late = System.nanoTime() - beginNs > READY_TIMEOUT_NS;
        if ((late || !node.isAlive()) && !isClosed())
        {
            timeline.say("node " + node.name() + " said last:");
            node.lastWords().forEach((line) -> timeline.say("  " + line));
        }
        try
        {
            node.check();
        }
        catch (final IOException ex)
        {
            if (node.isRefused())
            {
                throw new RefusedException(ex.getMessage(), ex);
            }
            throw ex;
        }
        if (late)
        {
            throw new IOException("node " + node.name() + " is not ready after " +
                READY_TIMEOUT_NS / 1_000_000_000L + " s");
        }
        return false;
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
