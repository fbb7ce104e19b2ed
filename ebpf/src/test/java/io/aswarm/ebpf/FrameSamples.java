package io.aswarm.ebpf;

import java.util.ArrayList;
import java.util.List;

import static io.aswarm.ebpf.PacketBuilder.ACK;
import static io.aswarm.ebpf.PacketBuilder.SYN;
import static io.aswarm.ebpf.PacketBuilder.frame;

/**
 * One frame of each kind that the decoder knows, whole and true; for tests that damage them.
 */
public final class FrameSamples
{
    /** Source of every IPv4 packet here, inner ones included, that is no tunnel's outside. */
    public static final String SOURCE = "198.18.0.1";
    /** Source of every IPv6 packet here. */
    public static final String SOURCE_V6 = "2001:2::1";
    private static final String TARGET = "198.18.1.2";
    private static final String TARGET_V6 = "2001:2:0:1::2";
    private static final String TUNNEL_FROM = "198.19.0.1";
    private static final String TUNNEL_TO = "198.19.0.2";
    private static final int ETHERNET_LENGTH = 14;

    private FrameSamples()
    {
    }

    /**
     * All of them.
     *
     * @return new copies, in an order that does not change.
     */
    public static List<byte[]> all()
    {
        final List<byte[]> frames = new ArrayList<>();
        final byte[] syn = frame().ip(SOURCE, TARGET).tcp(40000, 80, SYN, 1, 0).build();
        final byte[] syn6 = frame().ip(SOURCE_V6, TARGET_V6).tcp(40000, 80, SYN, 1, 0).build();
        final byte[] echo = frame().ip(SOURCE, TARGET).icmp(1, 8, 0, 7).hex("00".repeat(40)).build();
        frames.add(syn);
        frames.add(syn6);
        frames.add(echo);
        frames.add(frame().vlan(0x88a8, 7).vlan(9).ip(SOURCE, TARGET).tcp(40000, 80, ACK, 1, 1).build());
        frames.add(frame().ip(SOURCE, TARGET).options(12).udp(40000, 53, 30).build());
        frames.add(frame().ip(SOURCE, TARGET).fragment(0x2000).udp(40000, 53, 30).build());
        frames.add(frame().ip(SOURCE, TARGET).fragment(0x0007).hex("00".repeat(30)).build());
        frames.add(frame().ip(SOURCE_V6, TARGET_V6)
            .extension(0, 8, 0).extension(43, 24, 0).extension(60, 16, 0).udp(40000, 53, 30).build());
        frames.add(frame().ip(SOURCE_V6, TARGET_V6).extension(44, 8, 1).udp(40000, 53, 30).build());
        frames.add(frame().ip(SOURCE_V6, TARGET_V6).extension(44, 8, 64).hex("00".repeat(30)).build());
        addRare(frames);
        frames.add(frame().ip(SOURCE, TARGET).protocol(51).hex("0604" + "00".repeat(22)).bytes(syn, 34).build());
        frames.add(frame().ip(SOURCE, TARGET).protocol(132)
            .hex("9c400f1c" + "00000000" + "00000000" + "01000014" + "0000beef" + "00".repeat(12)).build());
        frames.add(frame().ip(SOURCE, TARGET).icmp(1, 3, 1, 0).quote(syn, ETHERNET_LENGTH, 28).build());
        frames.add(frame().ip(SOURCE_V6, TARGET_V6).icmp(58, 1, 4, 0).quote(syn6, ETHERNET_LENGTH, 60).build());
        frames.add(frame().ip(SOURCE_V6, "ff02::1:ff00:2").icmp(58, 135, 0, 0)
            .hex("20010002000000010000000000000002").build());
        frames.add(frame().ip(SOURCE_V6, TARGET_V6).icmp(58, 136, 0, 0x4000)
            .hex("20010002000000000000000000000001").build());
        frames.add(frame().etherType(0x0806)
            .hex("0001080006040001" + "020000000001" + "c6120001" + "000000000000" + "c6120102").raw());
        frames.add(frame().etherType(0x8847).hex("000640ff000c81ff").bytes(syn, ETHERNET_LENGTH).raw());
        frames.add(frame().etherType(0x8864).hex("1100000100000021").bytes(syn, ETHERNET_LENGTH).raw());
        frames.add(frame().etherType(60).hex("aaaa030000000800").bytes(syn, ETHERNET_LENGTH).raw());
        addTunnels(frames, syn, syn6);
        return frames;
    }

    /** First fragments of TCP that are cut, protocols without ports, and what refuses those. */
    private static void addRare(final List<byte[]> frames)
    {
        final byte[] ospf = frame().ip(SOURCE, TARGET).protocol(89).build();
        final byte[] ospf6 = frame().ip(SOURCE_V6, TARGET_V6).protocol(89).hex("00".repeat(4)).build();
        frames.add(frame().ip(SOURCE, TARGET).fragment(0x2000).protocol(6).hex("9c40005000000001").build());
        frames.add(frame().ip(SOURCE, TARGET).fragment(0x2000).protocol(6)
            .hex("9c40005000000001" + "000000006002faf0").build());
        frames.add(frame().ip(SOURCE_V6, TARGET_V6).extension(44, 8, 1).protocol(6)
            .hex("9c40005000000001" + "00000000a002faf0" + "0000000002040578").build());
        frames.add(ospf);
        frames.add(ospf6);
        frames.add(frame().ip(SOURCE, TARGET).icmp(1, 3, 2, 0).quote(ospf, ETHERNET_LENGTH, 20).build());
        frames.add(frame().ip(SOURCE_V6, TARGET_V6).icmp(58, 4, 1, 0).quote(ospf6, ETHERNET_LENGTH, 44).build());
    }

    private static void addTunnels(final List<byte[]> frames, final byte[] syn, final byte[] syn6)
    {
        frames.add(outside().protocol(4).bytes(syn, ETHERNET_LENGTH).build());
        frames.add(outside().protocol(41).bytes(syn6, ETHERNET_LENGTH).build());
        frames.add(outside().protocol(47).hex("00000800").bytes(syn, ETHERNET_LENGTH).build());
        frames.add(outside().protocol(47).hex("b0006558" + "00".repeat(12)).bytes(syn6, 0).build());
        frames.add(outside().protocol(47).hex("100088be" + "00000001" + "1000000000000000").bytes(syn, 0).build());
        frames.add(outside().protocol(47).hex("100022eb" + "00000001" + "20" + "00".repeat(11)).bytes(syn, 0).build());
        final byte[] vxlan = outside().udp(5, 4789, 0).hex("0800000000004d00").bytes(syn, 0).stretchUdp().build();
        frames.add(vxlan);
        frames.add(outside().udp(5, 6081, 0).hex("0200655800004d00" + "00".repeat(8)).bytes(syn6, 0).stretchUdp()
            .build());
        frames.add(outside().protocol(4).bytes(vxlan, ETHERNET_LENGTH).build());
        frames.add(outside().udp(5, 3544, 0).hex("00010000" + "00".repeat(9) + "0000" + "00".repeat(6))
            .bytes(syn6, ETHERNET_LENGTH).stretchUdp().build());
        frames.add(outside().udp(5, 2152, 0).hex("34ff002000000001" + "00000085" + "01000000")
            .bytes(syn, ETHERNET_LENGTH).stretchUdp().build());
    }

    private static PacketBuilder outside()
    {
        return frame().ip(TUNNEL_FROM, TUNNEL_TO);
    }
}
