package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.util.ArrayList;
import java.util.List;

import static io.aswarm.ebpf.PacketBuilder.ACK;
import static io.aswarm.ebpf.PacketBuilder.SYN;
import static io.aswarm.ebpf.PacketBuilder.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Built frame in, verdict and event or reasoned count out. */
class PacketDecodeIT
{
    private static final String A = "198.18.0.1";
    private static final String B = "198.18.1.2";
    private static final String A6 = "2001:2::1";
    private static final String B6 = "2001:2:0:1::2";
    private static final String OPENED = "OPENED 6 198.18.0.1 40000 > 198.18.1.2 80";
    private static final String OPENED6 = "OPENED 6 2001:2::1 40000 > 2001:2:0:1::2 80";

    @RegisterExtension
    private final KernelFixture kernel = new KernelFixture();

    @Test
    void shouldReportOpeningWhenSynIsPlain()
    {
        assertEvent(OPENED, frame().ip(A, B).tcp(40000, 80, SYN, 1, 0).build());
        assertEvent(OPENED6, frame().ip(A6, B6).tcp(40000, 80, SYN, 1, 0).build());
    }

    @Test
    void shouldStampEventWithClockOfThisMachine()
    {
        final byte[] syn = frame().ip(A, B).tcp(40000, 80, SYN, 1, 0).build();
        final long beforeNs = System.nanoTime();
        kernel.send(syn);
        final long afterNs = System.nanoTime();
        kernel.sensor().poll((c) ->
        {
            assertEquals(true, c.timeNs() - beforeNs >= 0 && afterNs - c.timeNs() >= 0);
            assertEquals(syn.length, c.lengthBytes());
            assertEquals(SYN, c.tcpFlags());
            assertEquals(1, c.interfaceIndex());
        }, 1);
    }

    @Test
    void shouldTellLengthOfTcpHeaderWhenConversationIsOpened()
    {
        final byte[] inner = frame().ip(A6, B6).tcp(40001, 80, SYN, 1, 0).tcpOptions(20).build();
        final List<byte[]> frames = List.of(
            frame().ip(A, B).tcp(1, 80, SYN, 1, 0).build(),
            frame().ip(A, B).tcp(1, 80, SYN, 1, 0).tcpOptions(4).build(),
            frame().ip(A, B).options(8).tcp(2, 80, SYN, 1, 0).tcpOptions(20).build(),
            frame().ip(A6, B6).extension(0, 8, 0).tcp(3, 80, SYN, 1, 0).tcpOptions(40).build(),
            frame().vlan(7).ip(A6, B6).tcp(4, 80, SYN, 1, 0).tcpOptions(4).build(),
            frame().ip(A, B).tcp(5, 80, 0, 1, 0).build(),
            frame().ip(A, B).udp(6, 53, 0).build(),
            frame().ip(A, B).protocol(41).bytes(inner, 14).build(),
            frame().ip(B, A).tcp(80, 1, SYN | ACK, 9, 2).tcpOptions(20).build());
        frames.forEach(kernel::send);

        final List<String> told = new ArrayList<>();
        kernel.sensor().poll((c) -> told.add(ConversationKind.name(c.kind()) + " " + c.quantity()), 100);
        told.removeIf((record) -> record.startsWith("VOLUME"));
        assertEquals(
            List.of(
                "OPENED 20", "OPENED 24", "OPENED 40", "OPENED 60", "OPENED 24", "OPENED 20", "OPENED 0", "OPENED 40",
                "ACCEPTED 0"),
            told);
    }

    @Test
    void shouldReportOutermostTagWhenFrameIsTagged()
    {
        assertEvent(OPENED + " vlan 7", frame().vlan(7).ip(A, B).tcp(40000, 80, SYN, 1, 0).build());
        assertEvent(OPENED6 + " vlan 4094",
            frame().vlan(0x88a8, 4094).vlan(9).ip(A6, B6).tcp(40000, 80, SYN, 1, 0).build());
    }

    @Test
    void shouldCountTagsWhenThereAreMoreThanTwo() throws KernelException
    {
        assertFault(SensorCounter.FAULT_VLAN_DEPTH,
            frame().vlan(1).vlan(2).vlan(3).ip(A, B).tcp(40000, 80, SYN, 1, 0).build());
    }

    @Test
    void shouldFindPortsBehindOptionsWhenIpv4HasThem()
    {
        assertEvent(OPENED, frame().ip(A, B).options(40).tcp(40000, 80, SYN, 1, 0).build());
    }

    @Test
    void shouldFindPortsBehindExtensionsWhenIpv6HasThem()
    {
        assertEvent(OPENED6, frame().ip(A6, B6)
            .extension(0, 8, 0).extension(60, 24, 0).extension(43, 16, 0).tcp(40000, 80, SYN, 1, 0).build());
        assertEvent("OPENED 17 2001:2::1 5 > 2001:2:0:1::2 53", frame().ip(A6, B6)
            .extension(44, 8, 1).udp(5, 53, 8).build());
    }

    @Test
    void shouldCountExtensionsWhenTheyAreTooMany() throws KernelException
    {
        final PacketBuilder packet = frame().ip(A6, B6);
        for (int i = 0; i < 7; i++)
        {
            packet.extension(60, 8, 0);
        }
        assertFault(SensorCounter.FAULT_EXTENSION_DEPTH, packet.tcp(40000, 80, SYN, 1, 0).build());
    }

    @Test
    void shouldReadPortsFromFirstFragmentOnly() throws KernelException
    {
        assertEvent(OPENED, frame().ip(A, B).fragment(0x2000).tcp(40000, 80, SYN, 1, 0).build());
        assertFault(SensorCounter.FRAGMENTS,
            frame().ip(A, B).fragment(0x2001).tcp(40000, 80, SYN, 1, 0).build());
        assertFault(SensorCounter.FRAGMENTS,
            frame().ip(A6, B6).extension(44, 8, 8).tcp(40000, 80, SYN, 1, 0).build());
    }

    @Test
    void shouldCountByReasonWhenFrameEndsTooSoon() throws KernelException
    {
        final PacketBuilder v4 = frame().ip(A, B).tcp(40000, 80, SYN, 1, 0);
        assertFault(SensorCounter.FAULT_TRUNCATED_LINK, frame().vlan(7).ip(A, B).cut(17));
        assertFault(SensorCounter.FAULT_TRUNCATED_IP, v4.cut(14 + 19));
        assertFault(SensorCounter.FAULT_BAD_IP, v4.cut(14 + 20 + 19));
        assertFault(SensorCounter.FAULT_TRUNCATED_TRANSPORT,
            frame().ip(A, B).tcp(40000, 80, SYN, 1, 0).claim(20 + 19).raw());

        final PacketBuilder v6 = frame().ip(A6, B6).tcp(40000, 80, SYN, 1, 0);
        assertFault(SensorCounter.FAULT_TRUNCATED_IP, v6.cut(14 + 39));
        assertFault(SensorCounter.FAULT_BAD_IP, v6.cut(14 + 40 + 19));
        assertFault(SensorCounter.FAULT_TRUNCATED_TRANSPORT,
            frame().ip(A6, B6).tcp(40000, 80, SYN, 1, 0).claim(19).raw());
        assertFault(SensorCounter.FAULT_TRUNCATED_TRANSPORT, frame().ip(A, B).udp(5, 53, 0).claim(27).raw());
        assertFault(SensorCounter.FAULT_TRUNCATED_TRANSPORT, frame().ip(A, B).icmp(1, 8, 0, 5).claim(27).raw());
    }

    @Test
    void shouldCountByReasonWhenHeaderLies() throws KernelException
    {
        final int ip = 14;
        assertFault(SensorCounter.FAULT_BAD_IP,
            frame().ip(A, B).tcp(40000, 80, SYN, 1, 0).byteAt(ip, 0x44).build());
        assertFault(SensorCounter.FAULT_BAD_IP,
            frame().ip(A, B).tcp(40000, 80, SYN, 1, 0).byteAt(ip, 0x65).build());
        assertFault(SensorCounter.FAULT_BAD_IP, frame().ip(A, B).tcp(40000, 80, SYN, 1, 0).claim(41).raw());
        assertFault(SensorCounter.FAULT_BAD_IP, frame().ip(A, B).tcp(40000, 80, SYN, 1, 0).claim(0).raw());
        assertFault(SensorCounter.FAULT_BAD_IP,
            frame().ip(A6, B6).tcp(40000, 80, SYN, 1, 0).byteAt(ip, 0x40).build());
        assertFault(SensorCounter.FAULT_BAD_IP,
            frame().ip(A6, B6).extension(60, 8, 0).tcp(1, 2, SYN, 1, 0).byteAt(ip + 41, 200).build());
        assertFault(SensorCounter.FAULT_BAD_TRANSPORT,
            frame().ip(A, B).tcp(40000, 80, SYN, 1, 0).byteAt(ip + 32, 4 << 4).build());
        assertFault(SensorCounter.FAULT_BAD_TRANSPORT,
            frame().ip(A, B).tcp(40000, 80, SYN, 1, 0).byteAt(ip + 32, 6 << 4).build());
        assertFault(SensorCounter.FAULT_BAD_TRANSPORT,
            frame().ip(A, B).udp(5, 53, 0).byteAt(ip + 25, 7).build());
        assertFault(SensorCounter.FAULT_BAD_TRANSPORT,
            frame().ip(A, B).udp(5, 53, 0).byteAt(ip + 25, 9).build());
    }

    @Test
    void shouldNotTakeIpv6ForIpv4WhenAddressIsMapped() throws KernelException
    {
        final PacketBuilder forged = frame().ip(A6, B6).tcp(40000, 80, SYN, 1, 0);
        for (int i = 0; i < 16; i++)
        {
            forged.byteAt(14 + 8 + i, i < 10 ? 0 : i < 12 ? 0xff : 1);
        }
        assertFault(SensorCounter.FAULT_MAPPED_SOURCE, forged.build());
    }

    @Test
    void shouldSayNothingWhenGroupIsAddressed() throws KernelException
    {
        kernel.send(frame().ip(A, "224.0.0.251").udp(5353, 5353, 4).build());
        kernel.send(frame().ip(A, "255.255.255.255").udp(68, 67, 4).build());
        kernel.send(frame().ip(A6, "ff02::fb").udp(5353, 5353, 4).build());
        assertEquals(List.of(), kernel.events());
        assertEquals(3, kernel.count(SensorCounter.PACKETS));
    }

    @Test
    void shouldPassWhatIsNotIp() throws KernelException
    {
        final byte[] arp = frame().ip(A, B).byteAt(12, 8).byteAt(13, 6).raw();
        assertEquals(VerdictProbe.VERDICT_PASS, kernel.send(arp));
        assertEquals(arp.length, kernel.count(SensorCounter.BYTES));
    }

    private void assertEvent(final String event, final byte[] packet)
    {
        assertEquals(VerdictProbe.VERDICT_PASS, kernel.send(packet));
        assertEquals(List.of(event), kernel.events());
    }

    private void assertFault(final SensorCounter reason, final byte[] packet) throws KernelException
    {
        final long before = kernel.count(reason);
        assertEquals(VerdictProbe.VERDICT_PASS, kernel.send(packet));
        assertEquals(List.of(), kernel.events());
        assertEquals(before + 1, kernel.count(reason));
    }
}
