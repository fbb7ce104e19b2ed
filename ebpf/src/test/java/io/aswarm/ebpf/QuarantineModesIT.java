package io.aswarm.ebpf;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.util.List;

import static io.aswarm.ebpf.PacketBuilder.ACK;
import static io.aswarm.ebpf.PacketBuilder.ICMP;
import static io.aswarm.ebpf.PacketBuilder.ICMPV6;
import static io.aswarm.ebpf.PacketBuilder.RST;
import static io.aswarm.ebpf.PacketBuilder.SYN;
import static io.aswarm.ebpf.PacketBuilder.TCP;
import static io.aswarm.ebpf.PacketBuilder.UDP;
import static io.aswarm.ebpf.PacketBuilder.frame;
import static io.aswarm.ebpf.VerdictProbe.ASSUME_BUCKETS_EMPTY;
import static io.aswarm.ebpf.VerdictProbe.ASSUME_ESTABLISHED;
import static io.aswarm.ebpf.VerdictProbe.ASSUME_ON_LINK;
import static io.aswarm.ebpf.VerdictProbe.VERDICT_DROP;
import static io.aswarm.ebpf.VerdictProbe.VERDICT_PASS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Acts that drop only some of a subject's packets, and the probes that prove them. */
class QuarantineModesIT
{
    private static final long HOUR_NS = 3_600_000_000_000L;
    private static final String A = "198.18.0.1";
    private static final String B = "198.18.1.2";
    private static final IpAddress A_ADDRESS = IpAddress.parse(A);
    private static final IpAddress B_ADDRESS = IpAddress.parse(B);
    private static final QuarantineRule RULE = QuarantineRule.source(A_ADDRESS);
    private static final List<Integer> BUCKET_MODES =
        List.of(Quarantine.MODE_RATE_LIMIT, Quarantine.MODE_OPENINGS, Quarantine.MODE_GUARD);

    @RegisterExtension
    private final KernelFixture kernel = new KernelFixture();
    private Quarantine quarantine;
    private VerdictProbe probe;

    @BeforeEach
    void open()
    {
        quarantine = kernel.sensor().quarantine();
        probe = kernel.sensor().verdictProbe();
    }

    @Test
    void shouldPassBurstAndThenDropWhenRateIsLimited()
    {
        contain(Quarantine.MODE_RATE_LIMIT, 1, 3);
        final byte[] data = frame().ip(A, B).tcp(40000, 80, ACK, 1, 1).build();
        for (int i = 0; i < 3; i++)
        {
            assertEquals(VERDICT_PASS, kernel.send(data));
        }
        assertEquals(VERDICT_DROP, kernel.send(data));
        assertEquals(VERDICT_DROP, kernel.send(syn(A)));
        assertEquals(VERDICT_PASS, kernel.send(syn("198.18.0.2")));
        assertEquals(2, quarantine.drops(RULE, 1));
    }

    @Test
    void shouldRefillBucketAtItsRate()
    {
        final int perSecond = 2000;
        final int burst = 5;
        contain(Quarantine.MODE_RATE_LIMIT, perSecond, burst);
        final byte[] packet = syn(A);
        final long beginNs = System.nanoTime();
        long passed = 0;
        long spilled = 0;
        long nowNs = beginNs;
        while (nowNs - beginNs < 100_000_000)
        {
            passed += kernel.send(packet) == VERDICT_PASS ? 1 : 0;
            // While this thread did not run, the bucket ran over.
            final long gapNs = System.nanoTime() - nowNs;
            spilled += Math.max(0, tokens(gapNs, perSecond) - burst + 1);
            nowNs += gapNs;
        }
        final long earned = tokens(nowNs - beginNs, perSecond);
        assertTrue(passed <= earned + burst + 1, passed + " passed, earned " + earned);
        assertTrue(passed >= (earned - spilled) * 9 / 10, passed + " passed, earned " + earned + " - " + spilled);
    }

    private static long tokens(final long durationNs, final int perSecond)
    {
        return durationNs * perSecond / 1_000_000_000L;
    }

    @Test
    void shouldDropAllWhenBucketIsNeverFilled()
    {
        for (final int mode : BUCKET_MODES)
        {
            contain(mode, 0, 0);
            assertEquals(VERDICT_DROP, kernel.send(syn(A)), "mode " + mode);
        }
    }

    @Test
    void shouldDropOpeningsBeyondBucketAndPassEstablished()
    {
        contain(Quarantine.MODE_OPENINGS, 1, 1);
        assertEquals(VERDICT_PASS, kernel.send(syn(A)));
        assertEquals(VERDICT_DROP, kernel.send(syn(A)));
        assertEquals(VERDICT_DROP, kernel.send(frame().ip(A, B).tcp(40000, 80, 0, 1, 0).build()), "NULL scan");
        assertEquals(VERDICT_PASS, kernel.send(frame().ip(A, B).tcp(40000, 80, ACK, 1, 1).build()));
        assertEquals(VERDICT_PASS, kernel.send(frame().ip(A, B).tcp(80, 40000, SYN | ACK, 1, 1).build()));
        assertEquals(VERDICT_PASS, kernel.send(frame().ip(A, B).tcp(40000, 80, RST, 1, 0).build()));
        assertEquals(VERDICT_DROP, kernel.send(frame().ip(A, B).fragment(0x00b9).udp(1, 2, 3).build()));
        assertEquals(VERDICT_DROP, kernel.send(frame().ip(A, B).icmp(ICMP, 8, 0, 1).build()), "echo request");
        assertEquals(VERDICT_PASS, kernel.send(frame().ip(A, B).icmp(ICMP, 3, 4, 0).build()), "fragmentation needed");
        assertEquals(4, quarantine.drops(RULE, 1));
    }

    @Test
    void shouldPassUdpWhoseExchangeWasAnswered()
    {
        final byte[] answered = frame().ip(A, B).udp(1000, 53, 3).build();
        kernel.send(answered);
        kernel.send(frame().ip(B, A).udp(53, 1000, 3).build());
        final byte[] unanswered = frame().ip(A, B).udp(1001, 53, 3).build();
        kernel.send(unanswered);
        kernel.send(frame().ip(B, A).udp(7, 1002, 3).build());

        contain(Quarantine.MODE_OPENINGS, 0, 0);
        assertEquals(VERDICT_PASS, kernel.send(answered));
        assertEquals(VERDICT_DROP, kernel.send(unanswered));
        assertEquals(VERDICT_PASS, kernel.send(frame().ip(A, B).udp(1002, 7, 3).build()), "an answer to B");
        assertEquals(VERDICT_DROP, kernel.send(frame().ip(A, B).udp(1003, 7, 3).build()));
    }

    @Test
    void shouldPassEchoWhoseExchangeWasAnsweredInBothFamilies()
    {
        final String a6 = "2001:2::1";
        final String b6 = "2001:2:0:1::2";
        final byte[] echo = frame().ip(a6, b6).icmp(ICMPV6, 128, 0, 77).build();
        kernel.send(echo);
        kernel.send(frame().ip(b6, a6).icmp(ICMPV6, 129, 0, 77).build());
        assertEquals(0, quarantine.contain(QuarantineRule.source(IpAddress.parse(a6)),
            System.nanoTime() + HOUR_NS, 1, Quarantine.MODE_OPENINGS, 0, 0));
        assertEquals(VERDICT_PASS, kernel.send(echo));
        assertEquals(VERDICT_DROP, kernel.send(frame().ip(a6, b6).icmp(ICMPV6, 128, 0, 78).build()));
        assertEquals(VERDICT_PASS, kernel.send(frame().ip(a6, b6).icmp(ICMPV6, 135, 0, 0).build()), "solicitation");
    }

    @Test
    void shouldApplyStrictestOfSeveralBuckets()
    {
        contain(Quarantine.MODE_RATE_LIMIT, 1, 5);
        assertEquals(0, quarantine.contain(
            RULE, System.nanoTime() + HOUR_NS, 2, Quarantine.MODE_OPENINGS, 1, 2));
        final byte[] data = frame().ip(A, B).tcp(40000, 80, ACK, 1, 1).build();
        assertEquals(VERDICT_PASS, kernel.send(syn(A)));
        assertEquals(VERDICT_PASS, kernel.send(syn(A)));
        assertEquals(VERDICT_DROP, kernel.send(syn(A)), "openings");
        assertEquals(VERDICT_PASS, kernel.send(data));
        assertEquals(VERDICT_PASS, kernel.send(data));
        assertEquals(VERDICT_DROP, kernel.send(data), "rate");
        assertEquals(1, quarantine.drops(RULE, 1));
        assertEquals(1, quarantine.drops(RULE, 2));
    }

    @Test
    void shouldDropNothingWhileHalted() throws KernelException
    {
        contain(Quarantine.MODE_OPENINGS, 0, 0);
        kernel.sensor().killSwitch().halt();
        assertEquals(VERDICT_PASS, kernel.send(syn(A)));
        assertEquals(1, kernel.count(SensorCounter.OBSERVED_PACKETS));
        assertEquals(0, quarantine.drops(RULE, 1));
        kernel.sensor().killSwitch().resume();
        assertEquals(VERDICT_DROP, kernel.send(syn(A)));
        assertEquals(1, kernel.count(SensorCounter.OBSERVED_PACKETS));
    }

    @Test
    void shouldRefuseBucketThatCanNotBe()
    {
        for (final int mode : BUCKET_MODES)
        {
            assertEquals(Errno.EINVAL.asResult(), quarantine.contain(RULE, 1, 1, mode, -1, 1));
            assertEquals(Errno.EINVAL.asResult(), quarantine.contain(RULE, 1, 1, mode, 1, 0));
            assertEquals(Errno.EINVAL.asResult(),
                quarantine.contain(RULE, 1, 1, mode, Quarantine.PACKETS_PER_SECOND_MAX + 1, 1));
        }
        assertEquals(Errno.EINVAL.asResult(), quarantine.contain(RULE, 0, 1, Quarantine.MODE_DROP, 0, 0));
        assertEquals(Errno.EINVAL.asResult(), quarantine.contain(RULE, 1, 1, 6, 0, 0));
    }

    @Test
    void shouldProveEachModeWithoutTouchingItsBucket() throws KernelException
    {
        final ProbePacket subject = ProbePacket.of(RULE, B_ADDRESS);
        final ProbePacket control = ProbePacket.of(QuarantineRule.source(B_ADDRESS), A_ADDRESS);
        for (final int mode : BUCKET_MODES)
        {
            contain(mode, 1, 1);
            final boolean isRate = mode == Quarantine.MODE_RATE_LIMIT;
            for (int i = 0; i < 3; i++)
            {
                assertEquals(VERDICT_PASS, probe.run(subject, 0));
                assertEquals(VERDICT_DROP, probe.run(subject, ASSUME_BUCKETS_EMPTY));
                assertEquals(isRate ? VERDICT_DROP : VERDICT_PASS,
                    probe.run(subject, ASSUME_BUCKETS_EMPTY | ASSUME_ESTABLISHED));
                assertEquals(mode == Quarantine.MODE_GUARD ? VERDICT_PASS : VERDICT_DROP,
                    probe.run(subject, ASSUME_BUCKETS_EMPTY | ASSUME_ON_LINK));
                assertEquals(VERDICT_PASS, probe.run(control, ASSUME_BUCKETS_EMPTY));
            }
            assertEquals(0, quarantine.release(RULE, 1));
            contain(mode, 1, 1);
            probe.run(subject, 0);
            assertEquals(VERDICT_PASS, kernel.send(syn(A)), "the token is still there");
            assertEquals(0, quarantine.drops(RULE, 1));
            assertEquals(0, quarantine.release(RULE, 1));
        }
        assertEquals(0, kernel.count(SensorCounter.QUARANTINED_PACKETS));
    }

    @Test
    void shouldProveRulesOfEveryShape()
    {
        final IpAddress b6 = IpAddress.parse("2001:2:0:1::2");
        for (final QuarantineRule rule : List.of(
            QuarantineRule.source(IpPrefix.parse("198.18.0.0/24")).service(UDP, 53).on(5),
            QuarantineRule.aim(A_ADDRESS).service(TCP, 443),
            QuarantineRule.aim(A_ADDRESS).service(ICMP, QuarantineRule.ANY),
            QuarantineRule.source(IpAddress.parse("2001:2::1")).service(ICMPV6, QuarantineRule.ANY),
            QuarantineRule.source(IpPrefix.parse("2001:2::/64")).service(TCP, 22),
            QuarantineRule.source(A_ADDRESS).service(TCP, 22).on(QuarantineRule.vni(0xabcdef)),
            QuarantineRule.source(IpPrefix.parse("2001:2::/64")).on(QuarantineRule.vni(7)),
            QuarantineRule.source(A_ADDRESS).service(50, QuarantineRule.ANY)))
        {
            final IpAddress peer = rule.prefix().address().isV4() ? B_ADDRESS : b6;
            final ProbePacket packet = ProbePacket.of(rule, peer);
            assertEquals(VERDICT_PASS, probe.run(packet, 0), rule::toString);
            assertEquals(0, quarantine.contain(
                rule, System.nanoTime() + HOUR_NS, 1, Quarantine.MODE_DROP, 0, 0), rule::toString);
            assertEquals(VERDICT_DROP, probe.run(packet, 0), rule::toString);
            assertEquals(0, quarantine.contain(
                rule, System.nanoTime() + HOUR_NS, 1, Quarantine.MODE_OPENINGS, 1, 1), rule::toString);
            assertEquals(VERDICT_DROP, probe.run(packet, ASSUME_BUCKETS_EMPTY), rule::toString);
            assertEquals(VERDICT_PASS, probe.run(packet, ASSUME_BUCKETS_EMPTY | ASSUME_ESTABLISHED), rule::toString);
            assertEquals(0, quarantine.release(rule, 1), rule::toString);
        }
    }

    private void contain(final int mode, final int packetsPerSecond, final int burst)
    {
        assertEquals(0, quarantine.contain(RULE, System.nanoTime() + HOUR_NS, 1, mode, packetsPerSecond, burst));
    }

    private static byte[] syn(final String source)
    {
        return frame().ip(source, B).tcp(40000, 80, SYN, 1, 0).build();
    }
}
