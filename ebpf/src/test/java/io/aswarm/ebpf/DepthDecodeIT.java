package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.aswarm.ebpf.PacketBuilder.SYN;
import static io.aswarm.ebpf.PacketBuilder.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Built frame in, what the decoder makes of it out: shims, tunnels, fragments, and how deep it looks. */
class DepthDecodeIT
{
    private static final String A = "198.18.0.1";
    private static final String B = "198.18.1.2";
    private static final String A6 = "2001:2::1";
    private static final String B6 = "2001:2:0:1::2";
    private static final String VTEP_A = "198.19.0.1";
    private static final String VTEP_B = "198.19.0.2";
    private static final String PLAIN = "6 198.18.0.1 40000 > 198.18.1.2 80";
    private static final String TUNNELLED = "198.19.0.1 > 198.19.0.2 tunnels=1 : " + PLAIN;
    private static final int ETHERNET_LENGTH = 14;
    private static final int FAULT_LABEL_DEPTH = 10;
    private static final int FAULT_BAD_TUNNEL = 11;
    private static final int FAULT_TUNNEL_DEPTH = 12;
    private static final int FAULT_BAD_ARP = 13;

    @AutoClose
    private static KernelDecoder decoder;

    @BeforeAll
    static void load() throws KernelException
    {
        KernelSupport.require();
        decoder = new KernelDecoder();
    }

    @Test
    void shouldSkipLabelsWhenIpIsBelowThem()
    {
        assertEquals(PLAIN, decode(shim(0x8847, "000640ff000c81ff", 0)));
        assertEquals("fault=0", decode(shim(0x8847, "0006410000000000", 0)));
        assertEquals("fault=" + FAULT_LABEL_DEPTH, decode(shim(0x8847, "00064000".repeat(8), 0)));
    }

    @Test
    void shouldSkipSessionWhenPppCarriesIp()
    {
        assertEquals(PLAIN, decode(shim(0x8864, "1100000100000021", 0)));
        assertEquals("fault=0", decode(shim(0x8864, "110000010000c021", 0)));
    }

    @Test
    void shouldReadEtherTypeWhenLengthAndSnapStandInItsPlace()
    {
        assertEquals(PLAIN, decode(shim(60, "aaaa030000000800", 0)));
        assertEquals("fault=0", decode(shim(60, "4242030000000800", 0)));
    }

    @Test
    void shouldLookInsideWhenProtocolIsIp()
    {
        assertEquals(TUNNELLED, decode(frame().ip(VTEP_A, VTEP_B).protocol(4).bytes(syn(), ETHERNET_LENGTH).build()));
        assertEquals("2001:2::1 > 2001:2:0:1::2 tunnels=1 : " + PLAIN,
            decode(frame().ip(A6, B6).protocol(4).bytes(syn(), ETHERNET_LENGTH).build()));
        assertEquals("198.19.0.1 > 198.19.0.2 tunnels=1 : 6 2001:2::1 40000 > 2001:2:0:1::2 80",
            decode(frame().ip(VTEP_A, VTEP_B).protocol(41).bytes(syn6(), ETHERNET_LENGTH).build()));
    }

    @Test
    void shouldLookInsideWhenGreCarriesIpOrFrames()
    {
        assertEquals(TUNNELLED, decode(gre("00000800").bytes(syn(), ETHERNET_LENGTH).build()));
        assertEquals(TUNNELLED,
            decode(gre("b0000800" + "00000000" + "0000002a" + "00000001").bytes(syn(), ETHERNET_LENGTH).build()));
        assertEquals(TUNNELLED, decode(gre("00006558").bytes(syn(), 0).build()));
        assertEquals(TUNNELLED, decode(gre("000088be").bytes(syn(), 0).build()));
        assertEquals(TUNNELLED,
            decode(gre("100088be" + "00000001" + "1000000000000000").bytes(syn(), 0).build()));
        assertEquals(TUNNELLED,
            decode(gre("100022eb" + "00000001" + "200000000000000000000000").bytes(syn(), 0).build()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"40000800", "00010800", "30008 80b", "00000842"})
    void shouldStayOutsideWhenGreIsOfAnotherKind(final String header)
    {
        assertEquals("47 198.19.0.1 0 > 198.19.0.2 0 undecoded",
            decode(gre(header.replace(" ", "")).bytes(syn(), ETHERNET_LENGTH).build()));
    }

    @Test
    void shouldTellNetworkWhenVxlanOrGeneveCarriesFrames()
    {
        final String expected = "198.19.0.1 > 198.19.0.2 tunnels=1 id=77 : " + PLAIN;
        assertEquals(expected, decode(vxlan(4789, syn()).build()));
        assertEquals(expected, decode(vxlan(8472, syn()).build()));
        assertEquals(expected, decode(frame().ip(VTEP_A, VTEP_B).udp(5, 6081, 0)
            .hex("020065580000" + "4d00" + "0000000000000000").bytes(syn(), 0).stretchUdp().build()));
        assertEquals(expected, decode(frame().ip(VTEP_A, VTEP_B).udp(5, 6081, 0)
            .hex("000008000000" + "4d00").bytes(syn(), ETHERNET_LENGTH).stretchUdp().build()));
    }

    /** An origin, an authentication of two lengths, and both. */
    @ParameterizedTest
    @ValueSource(strings = {"", "0000ffffc6130001", "00010000" + "000000000000000000",
        "00010203" + "ffffffffff" + "000000000000000000", "00010000" + "000000000000000000" + "0000ffffc6130001"})
    void shouldLookInsideWhenTeredoGoesToServer(final String indications)
    {
        final PacketBuilder carrier = frame().ip(VTEP_A, VTEP_B).udp(5, 3544, 0).hex(indications);
        assertEquals("198.19.0.1 > 198.19.0.2 tunnels=1 : 6 2001:2::1 40000 > 2001:2:0:1::2 80",
            decode(carrier.bytes(syn6(), ETHERNET_LENGTH).stretchUdp().build()));
    }

    @Test
    void shouldStayOutsideWhenTeredoComesFromServerOrHoldsAnotherPacket()
    {
        assertEquals("17 198.19.0.1 3544 > 198.19.0.2 5", decode(
            frame().ip(VTEP_A, VTEP_B).udp(3544, 5, 0).bytes(syn6(), ETHERNET_LENGTH).stretchUdp().build()));
        assertEquals("17 198.19.0.1 5 > 198.19.0.2 3544", decode(
            frame().ip(VTEP_A, VTEP_B).udp(5, 3544, 0).bytes(syn(), ETHERNET_LENGTH).stretchUdp().build()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"30ff002800000001", "32ff002c00000001" + "00070000",
        "34ff003000000001" + "00000085" + "01000000",
        "36ff003800000001" + "00070085" + "01000085" + "02aabbccddeeff00"})
    void shouldLookInsideWhenGtpCarriesUserData(final String header)
    {
        assertEquals(TUNNELLED, decode(gtp(header, syn())));
        assertEquals("198.19.0.1 > 198.19.0.2 tunnels=1 : 6 2001:2::1 40000 > 2001:2:0:1::2 80",
            decode(gtp(header, syn6())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3001002800000001", "10ff002800000001", "50ff002800000001",
        "34ff003000000001" + "00000085" + "00000000",
        "34ff004000000001" + "00000085" + "01000085" + "01000085" + "01000085" + "01000085" + "01000000"})
    void shouldStayOutsideWhenGtpIsOfAnotherKindOrTooDeep(final String header)
    {
        assertEquals("17 198.19.0.1 5 > 198.19.0.2 2152", decode(gtp(header, syn())));
    }

    @Test
    void shouldJudgeByOuterAddressesWhenNothingReadableIsInside()
    {
        final String outer = "17 198.19.0.1 5 > 198.19.0.2 4789";
        assertEquals(outer, decode(frame().ip(VTEP_A, VTEP_B).udp(5, 4789, 40).build()));
        assertEquals(outer + " fault=" + FAULT_BAD_TUNNEL, decode(vxlan(4789, new byte[13]).build()));
        final byte[] arp = frame().ip(A, B).byteAt(12, 8).byteAt(13, 6).raw();
        assertEquals(outer, decode(vxlan(4789, arp).build()));
    }

    @Test
    void shouldNotBelieveInnerLengthWhenItIsBeyondTheOuter()
    {
        final byte[] carrier = frame().ip(VTEP_A, VTEP_B).protocol(4).bytes(syn(), ETHERNET_LENGTH).build();
        carrier[ETHERNET_LENGTH + 3]--;
        assertEquals("198.19.0.1 > 198.19.0.2 tunnels=1 : 0 198.18.0.1 0 > 198.18.1.2 0 undecoded fault=4",
            decode(carrier));
    }

    @Test
    void shouldOpenFourTunnelsAndNoMore()
    {
        byte[] packet = syn();
        for (int depth = 1; depth <= 4; depth++)
        {
            packet = frame().ip(VTEP_A, VTEP_B).protocol(4).bytes(packet, ETHERNET_LENGTH).build();
        }
        assertEquals("198.19.0.1 > 198.19.0.2 tunnels=4 : " + PLAIN, decode(packet));
        packet = frame().ip(VTEP_A, VTEP_B).protocol(4).bytes(packet, ETHERNET_LENGTH).build();
        assertEquals("198.19.0.1 > 198.19.0.2 tunnels=4 : 4 198.19.0.1 0 > 198.19.0.2 0 undecoded fault=" +
            FAULT_TUNNEL_DEPTH, decode(packet));
    }

    @Test
    void shouldKeepOutermostTagWhenInnerFrameIsTaggedToo()
    {
        final byte[] inner = frame().vlan(9).ip(A, B).tcp(40000, 80, SYN, 1, 0).build();
        assertEquals("198.19.0.1 > 198.19.0.2 tunnels=1 id=77 : " + PLAIN + " vlan=7", decode(
            frame().vlan(7).ip(VTEP_A, VTEP_B).udp(5, 4789, 0).hex("0800000000004d00").bytes(inner, 0).stretchUdp()
                .build()));
    }

    @Test
    void shouldReadPastAuthenticationHeaderOfIpv4()
    {
        assertEquals(PLAIN, decode(
            frame().ip(A, B).protocol(51).hex("0604000000000000" + "00".repeat(16)).bytes(syn(), 34).build()));
    }

    @Test
    void shouldTellAssociationWhenProtocolIsSctp()
    {
        assertEquals("132 198.18.0.1 40000 > 198.18.1.2 3868", decode(
            frame().ip(A, B).protocol(132).hex("9c400f1c" + "00000000" + "00000000" + "01000014" + "0000beef")
                .hex("00".repeat(12)).build()));
        assertEquals(0xbeef, decoder.intOf("sequence"));
        assertEquals("132 198.18.0.1 0 > 198.18.1.2 0 undecoded fault=7",
            decode(frame().ip(A, B).protocol(132).hex("9c400f1c" + "00000000" + "00000000" + "010000").build()));
    }

    @Test
    void shouldTellWhoAsksForWhomWhenNeighboursAreSought()
    {
        final String addresses = "020000000001" + "c6120001" + "000000000000" + "c6120102";
        assertEquals("255 198.18.0.1 0 > 198.18.1.2 0", decode(arp("0001080006040001" + addresses)));
        assertEquals("fault=" + FAULT_BAD_ARP, decode(arp("0001080006040001" + addresses.substring(2))));
        assertEquals("255 2001:2::1 0 > 2001:2:0:1::2 0", decode(
            frame().ip(A6, "ff02::1:ff00:2").icmp(58, 135, 0, 0).hex("20010002000000010000000000000002").build()));
        assertEquals("255 2001:2:0:1::2 0 > 2001:2::1 0", decode(
            frame().ip(B6, A6).icmp(58, 136, 0, 0x4000).hex("20010002000000010000000000000002").build()));
        assertEquals(2, decoder.byteOf("type"));
    }

    @Test
    void shouldReadQuoteBehindExtensionHeaders()
    {
        final byte[] quoted = frame().ip(A6, B6).extension(60, 16, 0).udp(40000, 53, 8).build();
        decode(frame().ip(B6, A6).icmp(58, 1, 4, 0).quote(quoted, ETHERNET_LENGTH, 64).build());
        assertEquals("17 2001:2::1 40000 > 2001:2:0:1::2 53", decoder.describeQuote());
    }

    private static byte[] syn()
    {
        return frame().ip(A, B).tcp(40000, 80, SYN, 1, 0).build();
    }

    private static byte[] syn6()
    {
        return frame().ip(A6, B6).tcp(40000, 80, SYN, 1, 0).build();
    }

    private static PacketBuilder gre(final String header)
    {
        return frame().ip(VTEP_A, VTEP_B).protocol(47).hex(header);
    }

    private static byte[] gtp(final String header, final byte[] inner)
    {
        return frame().ip(VTEP_A, VTEP_B).udp(5, 2152, 0).hex(header).bytes(inner, ETHERNET_LENGTH).stretchUdp()
            .build();
    }

    private static PacketBuilder vxlan(final int port, final byte[] inner)
    {
        return frame().ip(VTEP_A, VTEP_B).udp(5, port, 0).hex("0800000000004d00").bytes(inner, 0).stretchUdp();
    }

    private static byte[] shim(final int etherType, final String header, final int from)
    {
        return frame().etherType(etherType).hex(header).bytes(syn(), ETHERNET_LENGTH + from).raw();
    }

    private static byte[] arp(final String body)
    {
        return frame().etherType(0x0806).hex(body).raw();
    }

    private static String decode(final byte[] packet)
    {
        assertEquals(VerdictProbe.VERDICT_PASS, decoder.decode(new UnsafeBuffer(packet), 0, packet.length));
        return decoder.describe();
    }
}
