package io.aswarm.twinlab;

import io.aswarm.ebpf.KernelSupport;
import io.aswarm.ebpf.PacketSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RackTopologyIT
{
    private static final long BUDGET_NS = 20_000_000_000L;

    @TempDir
    private Path base;

    @BeforeAll
    static void requireKernel()
    {
        KernelSupport.require();
    }

    @Test
    void shouldCarryPingTcpAndAttackFramesThenLeaveNothing() throws IOException
    {
        final RunManifest manifest = RunManifest.create(base);
        try (RackTopology topology = RackTopology.build(new RackPlan(manifest.runId()), manifest))
        {
            ping(topology);
            carryTraffic(topology, 4);
            carryTraffic(topology, 6);
        }
        finally
        {
            assertEquals(List.of(), manifest.cleanUp());
        }
        assertEquals(List.of(), Leftovers.find(manifest));
    }

    @Test
    void shouldFindWhatWasLeftBehind() throws IOException
    {
        final RunManifest manifest = RunManifest.create(base);
        try
        {
            RackTopology.build(new RackPlan(manifest.runId()), manifest).close();

            final List<String> found = Leftovers.find(manifest);
            assertTrue(found.contains("directory " + manifest.directory()), found.toString());
            assertEquals(new RackPlan(manifest.runId()).namespaces().size(),
                found.stream().filter((line) -> line.startsWith("namespace ")).count(), found.toString());
        }
        finally
        {
            manifest.cleanUp();
        }
    }

    private static void ping(final RackTopology topology) throws IOException
    {
        for (final int family : new int[]{4, 6})
        {
            final String far = RackPlan.serverAddress(family, 4, 3, 7);
            assertTrue(topology.namespace(topology.plan().server(1, 1)).call(
                () -> InetAddress.getByName(far).isReachable(5_000)), far);
        }
    }

    private static void carryTraffic(final RackTopology topology, final int family) throws IOException
    {
        final byte[] source = RackPlan.bytes(RackPlan.attackSource(family, 0));
        final ProbeLog log = new ProbeLog(Integer.MAX_VALUE);
        try (ServerCapture capture = ServerCapture.open(topology);
            BenignTraffic benign = BenignTraffic.start(topology, 7);
            PacketSocket socket = topology.namespace(topology.plan().attacker()).call(
                () -> PacketSocket.sender(RackPlan.SERVER_INTERFACE));
            Attacker attacker = new Attacker(socket, AttackPlan.of(Scenario.SWEEP, family, 4), source, log))
        {
            capture.watch(source, log);
            benign.burst();
            attacker.start();
            final long deadlineNs = System.nanoTime() + BUDGET_NS;
            while ((log.count() < 40 || benign.completed() < 200) && System.nanoTime() - deadlineNs < 0)
            {
                DrillSite.pause(10);
            }
            attacker.stop();
            benign.finish();
            awaitArrivals(log, deadlineNs);

            assertTrue(log.count() >= 40, "frames sent: " + log.count());
            assertTrue(benign.completed() >= 200, "connections completed: " + benign.completed());
            assertEquals(List.of(), benign.failures());
            assertEquals(0, capture.lost());
            for (int i = 0; i < log.count(); i++)
            {
                assertTrue(log.hasArrived(i), "frame " + i + " of " + log.count() + " was not seen");
                assertFalse(log.arrivedNs(i) - log.sentNs(i) < 0, "frame " + i + " arrived before it was sent");
            }
        }
    }

    private static void awaitArrivals(final ProbeLog log, final long deadlineNs) throws IOException
    {
        while (!log.hasArrived(log.count() - 1) && System.nanoTime() - deadlineNs < 0)
        {
            DrillSite.pause(5);
        }
    }
}
