package io.aswarm.dataplane;

import io.aswarm.ebpf.ConversationFlyweight;
import io.aswarm.sketch.ConversationKind;
import io.aswarm.sketch.LocalPolicy;
import io.aswarm.sketch.LocalPolicyConfig;
import io.aswarm.sketch.Scenario;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WarmUpTest
{
    private static final LocalPolicyConfig CONFIG = LocalPolicyConfig.builder().hashKey(1, 2).build();

    private long nowNs;

    @Test
    void shouldGoTheWholeWay() throws IOException
    {
        final long lines = WarmUp.run(CONFIG, () -> 0);

        // an elevation, an act and its effect each, signals beside them
        assertTrue(lines > 3 * WarmUp.ACTS + WarmUp.ROUNDS, "only " + lines);
    }

    @Test
    void shouldEndWhenThereIsNoTimeLeft() throws IOException
    {
        final long lines = WarmUp.run(CONFIG, () -> nowNs += WarmUp.TIME_MAX_NS / 4);

        assertTrue(lines > 0 && lines < 1_000, "lines=" + lines);
    }

    @Test
    void shouldPlayEachDetectorUpToANodesBar()
    {
        final Set<Scenario> called = EnumSet.noneOf(Scenario.class);
        try (LocalPolicy policy = new LocalPolicy(
            CONFIG,
            (signal) ->
            {
                if (signal.evidenceNats() > 20.72)
                {
                    for (final Scenario scenario : Scenario.values())
                    {
                        if (scenario.code() == signal.scenario())
                        {
                            called.add(scenario);
                        }
                    }
                }
            },
            new TestCounters().of()))
        {
            final RehearsedTraffic traffic = new RehearsedTraffic(policy);
            for (int round = 0; round < 4; round++)
            {
                traffic.play(round);
            }
        }
        assertTrue(
            called.containsAll(EnumSet.of(
                Scenario.SCAN, Scenario.FLOOD, Scenario.SPREAD_FLOOD, Scenario.DISTRIBUTED_SCAN)),
            "called: " + called);
    }

    @Test
    void shouldWriteRecordsAsTheKernelDoes()
    {
        try (LocalPolicy policy = new LocalPolicy(CONFIG, (signal) -> {}, new TestCounters().of()))
        {
            final RehearsedTraffic traffic = new RehearsedTraffic(policy);
            final ConversationFlyweight record = traffic.write(ConversationKind.VOLUME, 7, 1, 2, 443, 6);
            assertEquals(ConversationKind.VOLUME, record.kind());
            assertEquals(7, record.timeNs());
            assertEquals(0x0000_ffff_c612_0001L, record.initiatorLow());
            assertEquals(0x0000_ffff_c612_0002L, record.responderLow());
            assertEquals(443, record.responderPort());
            assertEquals(6, record.protocol());
            assertEquals(1, record.weight());
            assertEquals(1, record.interfaceIndex());
            assertEquals(1_024, record.quantity());
            assertEquals(0, record.tcpFlags());

            traffic.write(ConversationKind.OPENED, 7, 1, 2, 443, 6);
            assertEquals(40, record.quantity());
            assertEquals(2, record.tcpFlags());
            traffic.write(ConversationKind.OPENED, 7, 1, 2, 53, 17);
            assertEquals(0, record.quantity());
        }
    }
}
