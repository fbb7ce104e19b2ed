package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DistributedScanTestTest
{
    private static final int VICTIM = 20;
    private static final double FAILURE_NATS = Math.log(8);
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);

    private final PolicyHarness net = new PolicyHarness();

    @AfterEach
    void close()
    {
        net.close();
    }

    private List<PolicyHarness.Seen> called()
    {
        return net.of(Scenario.DISTRIBUTED_SCAN).stream().filter((s) -> s.nats() >= NODE_BAR_NATS).toList();
    }

    @Test
    void shouldCallTheAimWhenEightSourcesProbeOnceInThreeSeconds()
    {
        final long firstNs = net.nowNs;
        int probes = 0;
        while (called().isEmpty() && probes < 96)
        {
            // As the rig does: each source another port, all sources over four hosts.
            net.refused(100 + probes % 8, VICTIM + (probes / 8 + probes) % 4, 1 + probes * 7);
            net.leap(3 * SECOND_NS / 8);
            probes++;
        }
        assertTrue(probes <= 44, "probes=" + probes);
        assertTrue(net.nowNs - firstNs < 17 * SECOND_NS);
        assertEquals(8, called().get(0).hosts(), 6);
        assertEquals(0, called().get(0).verification());
        assertTrue(net.scans().stream().noneMatch((s) -> s.nats() >= NODE_BAR_NATS), "none of them alone");
    }

    @ParameterizedTest
    @CsvSource({"2,0", "3,1"})
    void shouldAskForThreeSourcesWhenTheyFailAtOneAim(final int sources, final int signals)
    {
        for (int i = 0; i < 3; i++)
        {
            net.refused(100 + i % sources, VICTIM, 1 + i);
        }
        assertEquals(signals, net.of(Scenario.DISTRIBUTED_SCAN).size());
        if (signals == 1)
        {
            final PolicyHarness.Seen signal = net.of(Scenario.DISTRIBUTED_SCAN).get(0);
            assertEquals(3 * FAILURE_NATS, signal.nats(), 1e-9);
            assertEquals(net.low(VICTIM), signal.subjectLow());
            assertEquals(3, signal.hosts());
            assertEquals(3, signal.ports());
        }
    }

    @Test
    void shouldCountNoMoreThanItsShareWhenOneSourceScansAlone()
    {
        for (int port = 1; port <= 200; port++)
        {
            net.refused(7, VICTIM, port);
        }
        net.refused(8, VICTIM, 201);
        net.refused(9, VICTIM, 202);
        final PolicyHarness.Seen signal = net.of(Scenario.DISTRIBUTED_SCAN).get(0);
        assertEquals((DistributedScanTest.SHARE_MAX + 2) * FAILURE_NATS, signal.nats(), 1e-9);
        assertEquals(DistributedScanTest.SHARE_MAX + 2, signal.count());
    }

    @Test
    void shouldCountAPortOnceWhenAServiceIsDownForAll()
    {
        for (int client = 0; client < 60; client++)
        {
            net.refused(100 + client, VICTIM, 5_432);
        }
        assertEquals(List.of(), net.of(Scenario.DISTRIBUTED_SCAN));
    }

    @Test
    void shouldCountWhatFailedForTheFirstTimeAtAServiceOnly()
    {
        net.event.protocol = Conversation.NEIGHBOUR_DISCOVERY;
        net.established(1, VICTIM + 1, 0);
        for (int source = 0; source < 60; source++)
        {
            net.refused(100 + source, VICTIM, source);
        }
        assertEquals(List.of(), net.of(Scenario.DISTRIBUTED_SCAN), "a search for a neighbour is none");
        net.event.protocol = PolicyHarness.TCP;
        for (int round = 0; round < 2; round++)
        {
            for (int port = 1; port <= 3; port++)
            {
                net.refused(100 + port, VICTIM, port);
            }
            net.leap(31 * SECOND_NS);
            net.leap(31 * SECOND_NS);
        }
        final List<PolicyHarness.Seen> told = net.of(Scenario.DISTRIBUTED_SCAN);
        assertEquals(3, told.get(told.size() - 1).count(), "what fails again is a retry");
    }

    @Test
    void shouldTakeEvidenceAwayWhenPortsServe()
    {
        for (int client = 0; client < 40; client++)
        {
            net.refused(100 + client, VICTIM, 1_000 + client);
            net.established(100 + client, VICTIM, 2_000 + client);
            net.established(100 + client, VICTIM, 3_000 + client);
        }
        assertEquals(List.of(), net.of(Scenario.DISTRIBUTED_SCAN));
    }

    @Test
    void shouldKeepAimsWithEvidenceWhenTheTableIsFullOfThem()
    {
        try (PolicyHarness small = new PolicyHarness(PolicyHarness.config().floodsMax(8).build()))
        {
            for (int aim = 0; aim < 9; aim++)
            {
                for (int source = 0; source < 3; source++)
                {
                    small.refused(100 + source, VICTIM + aim, 1 + source);
                }
                assertEquals(Math.min(8, aim + 1), small.of(Scenario.DISTRIBUTED_SCAN).stream()
                    .mapToLong(PolicyHarness.Seen::subjectLow).distinct().count());
            }
        }
    }
}
