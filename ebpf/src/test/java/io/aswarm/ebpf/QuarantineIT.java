package io.aswarm.ebpf;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static io.aswarm.ebpf.PacketBuilder.SYN;
import static io.aswarm.ebpf.PacketBuilder.frame;
import static io.aswarm.ebpf.VerdictProbe.VERDICT_DROP;
import static io.aswarm.ebpf.VerdictProbe.VERDICT_PASS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class QuarantineIT
{
    private static final IpAddress A = IpAddress.parse("198.18.0.1");
    private static final IpAddress B = IpAddress.parse("198.18.1.2");
    private static final QuarantineRule OF_A = QuarantineRule.source(A);
    private static final IpAddress A6 = IpAddress.parse("2001:2::1");
    private static final IpAddress B6 = IpAddress.parse("2001:2:0:1::2");
    private static final long HOUR_NS = 3_600_000_000_000L;
    private static final int ENTRIES_MAX = 4;

    @RegisterExtension
    private final KernelFixture kernel = new KernelFixture((config) -> config.quarantineEntriesMax(ENTRIES_MAX));
    private Quarantine quarantine;
    private VerdictProbe probe;

    @BeforeEach
    void open()
    {
        quarantine = kernel.sensor().quarantine();
        probe = kernel.sensor().verdictProbe();
    }

    @Test
    void shouldDropSourceOnlyWhenContained()
    {
        assertEquals(0, contain(A, System.nanoTime() + HOUR_NS, 7));
        assertEquals(0, contain(A6, System.nanoTime() + HOUR_NS, 8));
        assertEquals(VERDICT_DROP, kernel.send(syn("198.18.0.1", "198.18.1.2")));
        assertEquals(VERDICT_DROP, kernel.send(syn("2001:2::1", "2001:2:0:1::2")));
        assertEquals(VERDICT_PASS, kernel.send(syn("198.18.1.2", "198.18.0.1")));
        assertEquals(VERDICT_PASS, kernel.send(syn("2001:2:0:1::2", "2001:2::1")));
        assertEquals(2, kernel.events().size());
        assertEquals(1, quarantine.drops(OF_A, 7));
    }

    @Test
    void shouldDropEverythingOfSourceWhateverFollowsItsAddress()
    {
        contain(A, System.nanoTime() + HOUR_NS, 7);
        contain(A6, System.nanoTime() + HOUR_NS, 8);
        final String a = "198.18.0.1";
        final String b = "198.18.1.2";
        assertEquals(VERDICT_DROP, kernel.send(frame().vlan(5).vlan(6).ip(a, b).udp(1, 2, 3).build()));
        assertEquals(VERDICT_DROP, kernel.send(frame().ip(a, b).fragment(0x00b9).udp(1, 2, 3).build()));
        assertEquals(VERDICT_DROP, kernel.send(frame().ip(a, b).claim(9999).raw()));
        assertEquals(VERDICT_DROP, kernel.send(frame().ip(a, b).icmp(1, 8, 0, 1).byteAt(14, 0x41).build()));
        assertEquals(VERDICT_DROP, kernel.send(
            frame().ip("2001:2::1", "2001:2:0:1::2").extension(44, 8, 0x100).udp(1, 2, 3).build()));
    }

    @Test
    void shouldStopAtDeadline()
    {
        assertEquals(0, contain(A, System.nanoTime() - 1, 7));
        assertEquals(VERDICT_PASS, run(A, B));

        final long deadlineNs = System.nanoTime() + 20_000_000;
        assertEquals(0, contain(A, deadlineNs, 7));
        long lastDropNs = 0;
        long firstPassNs = 0;
        while (firstPassNs == 0)
        {
            final long beforeNs = System.nanoTime();
            final int verdict = run(A, B);
            final long afterNs = System.nanoTime();
            if (verdict == VERDICT_DROP)
            {
                lastDropNs = beforeNs;
            }
            else
            {
                firstPassNs = afterNs;
            }
        }
        assertTrue(lastDropNs - deadlineNs < 0, "dropped by a run that began after the deadline");
        assertTrue(firstPassNs - deadlineNs >= 0, "passed by a run that ended before the deadline");
    }

    @Test
    void shouldDropNothingWhileHalted() throws KernelException
    {
        final KillSwitch killSwitch = kernel.sensor().killSwitch();
        contain(A, System.nanoTime() + HOUR_NS, 7);
        assertFalse(killSwitch.isHalted());
        killSwitch.halt();
        assertTrue(killSwitch.isHalted());
        assertEquals(VERDICT_PASS, run(A, B));
        assertEquals(VERDICT_PASS, kernel.send(syn("198.18.0.1", "198.18.1.2")));
        assertEquals(List.of("OPENED 6 198.18.0.1 40000 > 198.18.1.2 80 contained"), kernel.events());
        assertEquals(0, quarantine.drops(OF_A, 7));
        killSwitch.resume();
        assertEquals(VERDICT_DROP, run(A, B));
    }

    @Test
    void shouldHaltThroughPinWhenProcessIsNotAsked() throws KernelException
    {
        contain(A, System.nanoTime() + HOUR_NS, 7);
        try (KillSwitch killSwitch = KillSwitch.open(kernel.pinDirectory()))
        {
            killSwitch.halt();
            assertTrue(kernel.sensor().killSwitch().isHalted());
            assertEquals(VERDICT_PASS, run(A, B));
            killSwitch.resume();
        }
        assertEquals(VERDICT_DROP, run(A, B));
        final KernelException ex = assertThrows(
            KernelException.class, () -> KillSwitch.open(Path.of(kernel.pinDirectory() + "-other")));
        assertTrue(ex.getMessage().contains("ENOENT"), ex.getMessage());
    }

    @Test
    void shouldCountAndPassWhenModeIsObserve() throws KernelException
    {
        assertEquals(0, quarantine.contain(
            OF_A, System.nanoTime() + HOUR_NS, 7, Quarantine.MODE_OBSERVE, 0, 0));
        assertEquals(VERDICT_PASS, kernel.send(syn("198.18.0.1", "198.18.1.2")));
        assertEquals(1, quarantine.drops(OF_A, 7));
        assertEquals(1, kernel.count(SensorCounter.OBSERVED_PACKETS));
        assertEquals(0, kernel.count(SensorCounter.QUARANTINED_PACKETS));
    }

    @Test
    void shouldReleaseOnlyWhatActMade()
    {
        contain(A, System.nanoTime() + HOUR_NS, 7);
        assertEquals(Errno.ESTALE.asResult(), quarantine.release(OF_A, 8));
        assertEquals(VERDICT_DROP, run(A, B));
        assertEquals(0, quarantine.release(OF_A, 7));
        assertEquals(VERDICT_PASS, run(A, B));
        assertEquals(Errno.ENOENT.asResult(), quarantine.release(OF_A, 7));
    }

    @Test
    void shouldKeepCountWhenActIsRenewed()
    {
        contain(A, System.nanoTime() + HOUR_NS, 7);
        kernel.send(syn("198.18.0.1", "198.18.1.2"));
        contain(A, System.nanoTime() + HOUR_NS, 7);
        assertEquals(1, quarantine.drops(OF_A, 7));
        quarantine.release(OF_A, 7);
        contain(A, System.nanoTime() + HOUR_NS, 7);
        assertEquals(0, quarantine.drops(OF_A, 7));
    }

    @Test
    void shouldMakeRoomFromExpiredEntriesOnly()
    {
        assertEquals(ENTRIES_MAX, quarantine.entriesMax());
        for (int i = 0; i < ENTRIES_MAX; i++)
        {
            assertEquals(0, contain(new IpAddress(A6.high(), i), System.nanoTime() + HOUR_NS, i));
        }
        assertEquals(Errno.E2BIG.asResult(), contain(A, System.nanoTime() + HOUR_NS, 7));
        contain(new IpAddress(A6.high(), 2), System.nanoTime() - 1, 2);
        assertEquals(0, contain(A, System.nanoTime() + HOUR_NS, 7));
        assertEquals(Errno.ENOENT.asResult(), quarantine.drops(
            QuarantineRule.source(new IpAddress(A6.high(), 2)), 2));
    }

    @Test
    void shouldVisitAllEntriesWhileHandlerReleases()
    {
        final List<String> visited = new ArrayList<>();
        contain(A, 1000, 7);
        contain(A6, 2000, 8);
        quarantine.forEachAct((rule, deadlineNs, actId, mode, perSecond, burst, drops) ->
        {
            visited.add(rule + " " + deadlineNs + " " + actId + " " + mode + " " + drops);
            assertEquals(0, quarantine.release(rule, actId));
        });
        visited.sort(null);
        assertEquals(List.of("from 198.18.0.1 1000 7 1 0", "from 2001:2::1 2000 8 1 0"), visited);
        quarantine.forEachAct((rule, deadlineNs, actId, mode, perSecond, burst, drops) -> visited.clear());
        assertEquals(2, visited.size());
    }

    @Test
    void shouldRefuseUnknownMode()
    {
        assertEquals(Errno.EINVAL.asResult(), quarantine.contain(OF_A, 1, 1, 0, 0, 0));
    }

    @Test
    void shouldLeaveNoTraceWhenProbed() throws KernelException
    {
        contain(A, System.nanoTime() + HOUR_NS, 7);
        assertEquals(VERDICT_DROP, run(A, B));
        assertEquals(VERDICT_PASS, run(B, A));
        assertEquals(VERDICT_PASS, run(A6, B6));
        assertEquals(List.of(), kernel.events());
        assertEquals(0, quarantine.drops(OF_A, 7));
        assertEquals(0, kernel.count(SensorCounter.PACKETS));
        assertEquals(0, kernel.count(SensorCounter.QUARANTINED_PACKETS));
        assertEquals(Errno.EINVAL.asResult(), run(A, B6));
        assertFalse(probe.attached(), "on no interface");
    }

    @Test
    void shouldCountPacketWhenItsMetadataIsNotTheSecret() throws KernelException
    {
        assertEquals(VERDICT_PASS, kernel.send(new byte[16], syn("198.18.0.1", "198.18.1.2")));
        assertEquals(1, kernel.count(SensorCounter.PACKETS));
        assertEquals(1, kernel.events().size());
    }

    private int contain(final IpAddress address, final long deadlineNs, final long actId)
    {
        return quarantine.contain(QuarantineRule.source(address), deadlineNs, actId, Quarantine.MODE_DROP, 0, 0);
    }

    private int run(final IpAddress source, final IpAddress destination)
    {
        return probe.run(source.high(), source.low(), destination.high(), destination.low());
    }

    private static byte[] syn(final String source, final String destination)
    {
        return frame().ip(source, destination).tcp(40000, 80, SYN, 1, 0).build();
    }
}
