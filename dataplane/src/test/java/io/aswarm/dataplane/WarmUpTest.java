package io.aswarm.dataplane;

import io.aswarm.actuator.Catalog;
import io.aswarm.actuator.Containment;
import io.aswarm.actuator.Control;
import io.aswarm.actuator.Outcome;
import io.aswarm.actuator.Rehearsal;
import io.aswarm.ebpf.ConversationFlyweight;
import io.aswarm.ebpf.ProbePacket;
import io.aswarm.ebpf.QuarantineRule;
import io.aswarm.quorum.QuorumConfig;
import io.aswarm.sketch.ConversationKind;
import io.aswarm.sketch.LocalPolicy;
import io.aswarm.sketch.LocalPolicyConfig;
import io.aswarm.sketch.Scenario;
import io.aswarm.trust.KeyFile;
import io.aswarm.trust.Roster;
import io.aswarm.trust.Signer;
import org.agrona.collections.MutableLong;
import org.agrona.concurrent.OffsetEpochNanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WarmUpTest
{
    private static final LocalPolicyConfig CONFIG = LocalPolicyConfig.builder().hashKey(1, 2).build();

    @TempDir
    private Path directory;

    private final Set<Outcome.Kind> outcomes = EnumSet.noneOf(Outcome.Kind.class);
    private final NoKernel kernel = new NoKernel();

    @Test
    void shouldGoTheWholeWay() throws Exception
    {
        try (RehearsedLine line = line())
        {
            // evidence is handed on some milliseconds after its elevation
            for (int round = 0; round < 200 && 0 == line.findings(); round++)
            {
                line.play(round);
            }
            assertTrue(line.findings() > 0, "no finding");
            assertTrue(line.deeds() > 0, "no deed");
            // a signal, a deposit, an elevation, an act and its effect each
            assertTrue(line.lines() > 5 * line.deeds(), line.lines() + " lines, " + line.deeds() + " deeds");
        }
        // refused is who is contained already
        assertEquals(EnumSet.of(Outcome.Kind.EFFECTIVE, Outcome.Kind.REFUSED), outcomes);
        assertTrue(kernel.entries > 0);
        assertEquals(0, kernel.held);
    }

    @Test
    void shouldEndWhenThereIsNoTimeLeft() throws Exception
    {
        final MutableLong now = new MutableLong();
        try (WarmUp warmUp = new WarmUp(line(), () -> now.addAndGet(WarmUp.TIME_MAX_NS / 4)))
        {
            assertEquals(3, warmUp.run());
        }
    }

    @Test
    void shouldPlayAgainWhatItHasPlayedBefore() throws Exception
    {
        final MutableLong now = new MutableLong();
        final RehearsedLine line = line();
        try (WarmUp warmUp = new WarmUp(line, () -> now.addAndGet(WarmUp.TIME_MAX_NS / 2)))
        {
            warmUp.again();
            assertEquals(0, line.lines());
            assertEquals(1, warmUp.run());
            final long lines = line.lines();
            warmUp.again();
            assertTrue(line.lines() > lines);
            for (int i = 1; i < WarmUp.ENCORES; i++)
            {
                warmUp.again();
            }
            final long last = line.lines();
            warmUp.again();
            assertEquals(last, line.lines());
        }
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
            final RehearsedTraffic traffic = new RehearsedTraffic(policy, 0, () -> {});
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
            final RehearsedTraffic traffic = new RehearsedTraffic(policy, 0, () -> {});
            final ConversationFlyweight record = traffic.write(ConversationKind.VOLUME, 7, 1, 2, 443, 6);
            assertEquals(ConversationKind.VOLUME, record.kind());
            assertEquals(7, record.timeNs());
            assertEquals(0x0000_ffff_f000_0001L, record.initiatorLow());
            assertEquals(0x0000_ffff_f000_0002L, record.responderLow());
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

    private RehearsedLine line() throws Exception
    {
        final Catalog catalog = Catalog.parse("default-catalog.yaml", NodeLab.defaultCatalog());
        final Signer signer = KeyFile.generate(directory.resolve("node.key"));
        final Roster site = new Roster("lab", List.of(new Roster.Node(1, "n1", signer.publicKey())), List.of());
        return new RehearsedLine(
            LocalPolicyConfig.builder().hashKey(1, 2).site(RehearsedTraffic.SITE).build(),
            new QuorumConfig(site, 1, signer, 1),
            (handler) -> new Rehearsal(catalog, kernel, SystemNanoClock.INSTANCE, (outcome) ->
            {
                outcomes.add(outcome.kind());
                handler.onOutcome(outcome);
            }),
            SystemNanoClock.INSTANCE, new OffsetEpochNanoClock());
    }

    /** Keeps account of entries that would hold. */
    private static final class NoKernel implements Control
    {
        private int entries;
        private int held;

        @Override
        public String tier()
        {
            return "none";
        }

        @Override
        public int contain(final Containment containment, final long deadlineNs, final long actId)
        {
            assertTrue(deadlineNs < System.nanoTime(), "an entry that holds");
            entries++;
            held++;
            return 0;
        }

        @Override
        public int release(final QuarantineRule rule, final long actId)
        {
            held--;
            return 0;
        }

        @Override
        public long drops(final QuarantineRule rule, final long actId)
        {
            return NO_ENTRY;
        }

        @Override
        public void forEach(final EntryHandler handler)
        {
            throw new AssertionError("what the kernel holds is not the rehearsal's");
        }

        @Override
        public int verdict(final ProbePacket packet, final int assumptions)
        {
            return VERDICT_PASS;
        }

        @Override
        public boolean attached()
        {
            return false;
        }

        @Override
        public int halt(final boolean halted)
        {
            throw new AssertionError("the kill switch is not the rehearsal's");
        }

        @Override
        public int switchState()
        {
            return SWITCH_HALTED;
        }
    }
}
