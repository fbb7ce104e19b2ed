package io.aswarm.ebpf;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import static io.aswarm.ebpf.PacketBuilder.ACK;
import static io.aswarm.ebpf.PacketBuilder.ICMP;
import static io.aswarm.ebpf.PacketBuilder.SYN;
import static io.aswarm.ebpf.PacketBuilder.TCP;
import static io.aswarm.ebpf.PacketBuilder.UDP;
import static io.aswarm.ebpf.PacketBuilder.frame;
import static io.aswarm.ebpf.VerdictProbe.VERDICT_DROP;
import static io.aswarm.ebpf.VerdictProbe.VERDICT_PASS;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Which packets a rule describes, and what several acts make of one packet. */
class QuarantineRuleIT
{
    private static final long HOUR_NS = 3_600_000_000_000L;
    private static final String A = "198.18.0.1";
    private static final String B = "198.18.1.2";
    private static final IpAddress A_ADDRESS = IpAddress.parse(A);

    @RegisterExtension
    private final KernelFixture kernel = new KernelFixture();
    private Quarantine quarantine;

    @BeforeEach
    void open()
    {
        quarantine = kernel.sensor().quarantine();
    }

    @Test
    void shouldDropWhatComesFromNetwork()
    {
        drop(QuarantineRule.source(IpPrefix.parse("198.18.0.0/25")), 1);
        drop(QuarantineRule.source(IpPrefix.parse("2001:2:0:8::/62")), 2);
        assertEquals(VERDICT_DROP, kernel.send(syn("198.18.0.0", B, 80)));
        assertEquals(VERDICT_DROP, kernel.send(syn("198.18.0.127", B, 80)));
        assertEquals(VERDICT_PASS, kernel.send(syn("198.18.0.128", B, 80)));
        assertEquals(VERDICT_PASS, kernel.send(syn(B, "198.18.0.1", 80)));
        assertEquals(VERDICT_DROP, kernel.send(syn("2001:2:0:b:ffff:ffff:ffff:ffff", "2001:2::1", 80)));
        assertEquals(VERDICT_PASS, kernel.send(syn("2001:2:0:c::", "2001:2::1", 80)));
        assertEquals(2, quarantine.drops(QuarantineRule.source(IpPrefix.parse("198.18.0.0/25")), 1));
    }

    @Test
    void shouldDropWhatGoesToAim()
    {
        drop(QuarantineRule.aim(IpAddress.parse(B)), 1);
        assertEquals(VERDICT_DROP, kernel.send(syn(A, B, 80)));
        assertEquals(VERDICT_PASS, kernel.send(syn(B, A, 80)));
        final QuarantineRule net = new QuarantineRule(IpPrefix.parse("2001:2::/48"), QuarantineRule.AIM, 0, 0, 0);
        drop(net, 2);
        assertEquals(VERDICT_DROP, kernel.send(syn("2001:2:1::1", "2001:2::1", 80)));
        assertEquals(VERDICT_PASS, kernel.send(syn("2001:2::1", "2001:2:1::1", 80)));
    }

    @Test
    void shouldDropOnlyServiceThatRuleNames()
    {
        drop(QuarantineRule.source(A_ADDRESS).service(TCP, 22), 1);
        assertEquals(VERDICT_DROP, kernel.send(syn(A, B, 22)));
        assertEquals(VERDICT_DROP, kernel.send(frame().ip(A, B).tcp(40000, 22, ACK, 1, 1).build()));
        assertEquals(VERDICT_PASS, kernel.send(syn(A, B, 23)));
        assertEquals(VERDICT_PASS, kernel.send(frame().ip(A, B).tcp(22, 40000, ACK, 1, 1).build()));
        assertEquals(VERDICT_PASS, kernel.send(frame().ip(A, B).udp(1, 22, 3).build()));

        drop(QuarantineRule.source(A_ADDRESS).service(QuarantineRule.ANY, 53), 2);
        assertEquals(VERDICT_DROP, kernel.send(frame().ip(A, B).udp(1, 53, 3).build()));
        assertEquals(VERDICT_DROP, kernel.send(frame().ip(A, B).options(8).udp(1, 53, 3).build()));
        assertEquals(VERDICT_PASS, kernel.send(frame().ip(A, B).fragment(0x00b9).udp(1, 53, 3).build()), "untied");
        assertEquals(VERDICT_DROP, kernel.send(frame().ip(A, B).fragment(0x2000).udp(1, 53, 3).build()));
        assertEquals(VERDICT_DROP, kernel.send(frame().ip(A, B).fragment(0x00b9).udp(1, 53, 3).build()), "tied");
        assertEquals(VERDICT_PASS, kernel.send(frame().ip(A, B).icmp(ICMP, 8, 0, 53).build()));

        drop(QuarantineRule.source(A_ADDRESS).service(ICMP, QuarantineRule.ANY), 3);
        assertEquals(VERDICT_DROP, kernel.send(frame().ip(A, B).icmp(ICMP, 8, 0, 53).build()));
        assertEquals(VERDICT_DROP, kernel.send(frame().ip(A, B).fragment(0x00b9).icmp(ICMP, 8, 0, 53).build()));
    }

    @Test
    void shouldDropOnlyOnVlanThatRuleNames()
    {
        drop(QuarantineRule.source(A_ADDRESS).on(5), 1);
        assertEquals(VERDICT_DROP, kernel.send(frame().vlan(5).ip(A, B).udp(1, 2, 3).build()));
        assertEquals(VERDICT_PASS, kernel.send(frame().vlan(6).ip(A, B).udp(1, 2, 3).build()));
        assertEquals(VERDICT_PASS, kernel.send(frame().vlan(6).vlan(5).ip(A, B).udp(1, 2, 3).build()));
        assertEquals(VERDICT_PASS, kernel.send(frame().ip(A, B).udp(1, 2, 3).build()));
    }

    @Test
    void shouldLookAtBothAddressesOfTunnel()
    {
        final byte[] inside = vxlan("198.18.9.1", 7, syn(A, B, 22));
        final byte[] outside = vxlan(A, 7, syn("198.18.9.1", B, 22));
        drop(QuarantineRule.source(A_ADDRESS), 1);
        assertEquals(VERDICT_DROP, kernel.send(inside));
        assertEquals(VERDICT_DROP, kernel.send(outside));
        assertEquals(0, quarantine.release(QuarantineRule.source(A_ADDRESS), 1));

        drop(QuarantineRule.source(A_ADDRESS).service(TCP, 22), 1);
        assertEquals(VERDICT_DROP, kernel.send(inside));
        assertEquals(VERDICT_PASS, kernel.send(outside), "the service is the inner source's");
        drop(QuarantineRule.source(A_ADDRESS).service(UDP, 4789), 2);
        assertEquals(VERDICT_PASS, kernel.send(outside), "a tunnel is no service");
    }

    @Test
    void shouldDropOnlyInOverlayThatRuleNames()
    {
        drop(QuarantineRule.source(A_ADDRESS).on(QuarantineRule.vni(7)), 1);
        assertEquals(VERDICT_DROP, kernel.send(vxlan("198.18.9.1", 7, syn(A, B, 22))));
        assertEquals(VERDICT_PASS, kernel.send(vxlan("198.18.9.1", 8, syn(A, B, 22))));
        assertEquals(VERDICT_PASS, kernel.send(syn(A, B, 22)));
        assertEquals(VERDICT_PASS, kernel.send(frame().vlan(7).ip(A, B).tcp(40000, 22, SYN, 1, 0).build()));
    }

    @Test
    void shouldNotLoosenWiderRuleByNarrowerOne()
    {
        drop(QuarantineRule.source(IpPrefix.parse("198.18.0.0/16")), 1);
        observe(QuarantineRule.source(IpPrefix.parse("198.18.0.0/24")), 2);
        observe(QuarantineRule.source(A_ADDRESS), 3);
        assertEquals(VERDICT_DROP, kernel.send(syn(A, B, 80)));
        assertEquals(1, quarantine.drops(QuarantineRule.source(IpPrefix.parse("198.18.0.0/16")), 1));
        assertEquals(0, quarantine.release(QuarantineRule.source(IpPrefix.parse("198.18.0.0/16")), 1));
        assertEquals(VERDICT_PASS, kernel.send(syn(A, B, 80)));
        assertEquals(2, quarantine.drops(QuarantineRule.source(IpPrefix.parse("198.18.0.0/24")), 2));
    }

    @Test
    void shouldFollowEveryNestingOfPrefixes()
    {
        for (int bits = 1; bits < 32; bits++)
        {
            observe(QuarantineRule.source(IpPrefix.parse("128.0.0.0/" + bits)), bits);
        }
        final QuarantineRule widest = QuarantineRule.source(IpPrefix.parse("0.0.0.0/0"));
        drop(widest, 77);
        assertEquals(VERDICT_DROP, kernel.send(syn("128.0.0.1", B, 80)));
        assertEquals(0, quarantine.release(widest, 77));
        assertEquals(VERDICT_PASS, kernel.send(syn("128.0.0.1", B, 80)));
    }

    @Test
    void shouldKeepOtherActsWhenOneEnds()
    {
        final QuarantineRule rule = QuarantineRule.source(A_ADDRESS);
        drop(rule, 1);
        drop(rule, 2);
        observe(rule, 3);
        assertEquals(VERDICT_DROP, kernel.send(syn(A, B, 80)));
        assertEquals(0, quarantine.release(rule, 2));
        assertEquals(Errno.ESTALE.asResult(), quarantine.release(rule, 2));
        assertEquals(VERDICT_DROP, kernel.send(syn(A, B, 80)));
        assertEquals(0, quarantine.release(rule, 1));
        assertEquals(VERDICT_PASS, kernel.send(syn(A, B, 80)));
        assertEquals(1, quarantine.drops(rule, 3));
        assertEquals(0, quarantine.release(rule, 3));
        assertEquals(Errno.ENOENT.asResult(), quarantine.release(rule, 3));
        assertEquals(VERDICT_PASS, kernel.send(syn(A, B, 80)));
    }

    @Test
    void shouldGiveEachActItsOwnDeadline()
    {
        final QuarantineRule rule = QuarantineRule.source(A_ADDRESS);
        drop(rule, 1);
        assertEquals(0, quarantine.contain(rule, System.nanoTime() - 1, 2, Quarantine.MODE_DROP, 0, 0));
        assertEquals(VERDICT_DROP, kernel.send(syn(A, B, 80)));
        assertEquals(0, quarantine.contain(rule, System.nanoTime() - 1, 1, Quarantine.MODE_DROP, 0, 0));
        assertEquals(VERDICT_PASS, kernel.send(syn(A, B, 80)));
        assertEquals(1, quarantine.drops(rule, 1));
        assertEquals(0, quarantine.drops(rule, 2));
    }

    @Test
    void shouldCountEachPacketOnceWhereverItIsDropped() throws KernelException
    {
        drop(QuarantineRule.source(A_ADDRESS), 1);
        drop(QuarantineRule.source(A_ADDRESS).service(TCP, 80), 2);
        drop(QuarantineRule.source(IpPrefix.parse("198.18.0.0/24")), 3);
        drop(QuarantineRule.aim(IpAddress.parse(B)), 4);
        for (int i = 0; i < 10; i++)
        {
            kernel.send(syn(A, B, 80));
            kernel.send(syn("198.18.0.2", B, 80));
            kernel.send(syn("198.18.3.4", B, 80));
        }
        final long[] sum = new long[1];
        quarantine.forEachAct((rule, deadlineNs, actId, mode, perSecond, burst, drops) -> sum[0] += drops);
        assertEquals(30, sum[0]);
        assertEquals(30, kernel.count(SensorCounter.QUARANTINED_PACKETS));
    }

    @Test
    void shouldBoundActsOnOnePrefixAndMakeRoomFromExpired()
    {
        final QuarantineRule rule = QuarantineRule.source(A_ADDRESS);
        for (int act = 0; act < Quarantine.ACTS_PER_PREFIX_MAX; act++)
        {
            drop(rule.service(TCP, 1 + act), 1);
        }
        assertEquals(Errno.E2BIG.asResult(),
            quarantine.contain(rule, System.nanoTime() + HOUR_NS, 2, Quarantine.MODE_DROP, 0, 0));
        drop(QuarantineRule.source(IpAddress.parse("198.18.0.2")), 2);
        assertEquals(0,
            quarantine.contain(rule.service(TCP, 3), System.nanoTime() - 1, 1, Quarantine.MODE_DROP, 0, 0));
        drop(rule, 2);
        assertEquals(VERDICT_DROP, kernel.send(syn(A, B, 9999)));
        assertEquals(Errno.ENOENT.asResult(), quarantine.drops(rule.service(TCP, 3), 1));
    }

    @Test
    void shouldVisitActsOnAllRules()
    {
        final List<String> visited = new ArrayList<>();
        quarantine.contain(
            QuarantineRule.source(IpPrefix.parse("198.18.0.0/24")).service(UDP, 53).on(7), 1000, 1,
            Quarantine.MODE_RATE_LIMIT, 50, 10);
        quarantine.contain(QuarantineRule.aim(IpAddress.parse("2001:2::1")), 2000, 2, Quarantine.MODE_GUARD, 0, 0);
        quarantine.contain(QuarantineRule.source(A_ADDRESS), 3000, 3, Quarantine.MODE_DROP, 0, 0);
        quarantine.forEachAct((rule, deadlineNs, actId, mode, perSecond, burst, drops) ->
            visited.add(rule + " " + deadlineNs + " " + actId + " " + mode + " " + perSecond + " " + burst));
        visited.sort(null);
        assertEquals(
            List.of(
                "from 198.18.0.0/24 protocol 17 port 53 vlan 7 1000 1 3 50 10",
                "from 198.18.0.1 3000 3 1 0 0",
                "to 2001:2::1 2000 2 5 0 0"),
            visited);
    }

    @Test
    void shouldUsePlacesAgainWithoutWhatStoodThere() throws KernelException, IOException
    {
        try (KernelFixture small = KernelFixture.open((config) -> config.quarantineEntriesMax(2)))
        {
            final Quarantine few = small.sensor().quarantine();
            final QuarantineRule first = QuarantineRule.source(A_ADDRESS).service(TCP, 22);
            final QuarantineRule second = QuarantineRule.source(IpPrefix.parse("198.18.0.0/24"));
            for (int i = 0; i < 5; i++)
            {
                assertEquals(0, few.contain(first, System.nanoTime() + HOUR_NS, 1, Quarantine.MODE_DROP, 0, 0));
                assertEquals(VERDICT_PASS, small.send(syn(A, B, 80)));
                assertEquals(0, few.contain(second, System.nanoTime() + HOUR_NS, 1, Quarantine.MODE_DROP, 0, 0));
                assertEquals(VERDICT_DROP, small.send(syn(A, B, 80)));
                assertEquals(1, few.drops(second, 1));
                assertEquals(0, few.release(first, 1));
                assertEquals(VERDICT_DROP, small.send(syn(A, B, 80)));
                assertEquals(0, few.release(second, 1));
                assertEquals(VERDICT_PASS, small.send(syn(A, B, 80)));
            }
        }
    }

    private void drop(final QuarantineRule rule, final long actId)
    {
        assertEquals(0, quarantine.contain(rule, System.nanoTime() + HOUR_NS, actId, Quarantine.MODE_DROP, 0, 0));
    }

    private void observe(final QuarantineRule rule, final long actId)
    {
        assertEquals(0, quarantine.contain(rule, System.nanoTime() + HOUR_NS, actId, Quarantine.MODE_OBSERVE, 0, 0));
    }

    private static byte[] vxlan(final String source, final int vni, final byte[] inner)
    {
        return frame().ip(source, "198.18.9.2").udp(1, 4789, 0).hex(String.format("08000000%06x00", vni))
            .bytes(inner, 0).stretchUdp().build();
    }

    private static byte[] syn(final String source, final String destination, final int port)
    {
        return frame().ip(source, destination).tcp(40000, port, SYN, 1, 0).build();
    }
}
