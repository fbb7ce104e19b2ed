package io.aswarm.quorum;

import org.junit.jupiter.api.BeforeEach;

import java.util.ArrayList;
import java.util.List;

import static io.aswarm.quorum.Site.T0;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Four agents that hear each other, on one clock that the test moves. */
abstract class FourNodes
{
    static final long SUBJECT = 0x0000_ffff_c612_0001L;

    final Site site = new Site(4);
    final MemoryMesh mesh = new MemoryMesh();
    final List<MemoryMesh.Link> links = new ArrayList<>();
    final List<TestNode> nodes = new ArrayList<>();
    long nowNs = 5_000;

    @BeforeEach
    void start()
    {
        for (int id = 1; id <= 4; id++)
        {
            start(id, config(id, T0 + id));
        }
        cycle();
        cycle();
    }

    private void start(final int id, final QuorumConfig config)
    {
        final MemoryMesh.Link link = mesh.join();
        links.add(link);
        nodes.add(new TestNode(config, link, () -> nowNs, () -> T0 + nowNs, TestNode.counters()));
        assertEquals(id, nodes.size());
    }

    QuorumConfig config(final int id, final long bootEpoch)
    {
        return new QuorumConfig(site.roster, id, site.signers.get(id - 1), bootEpoch);
    }

    TestNode replaceFirst(final QuorumConfig config)
    {
        links.get(0).isConnected = false;
        links.set(0, mesh.join());
        nodes.set(0, new TestNode(config, links.get(0), () -> nowNs, () -> T0 + nowNs, TestNode.counters()));
        return nodes.get(0);
    }

    void cycle()
    {
        nodes.forEach((node) -> node.agent.doWork());
    }
}
