package io.aswarm.ebpf;

import java.util.Arrays;
import java.util.SplittableRandom;

import static io.aswarm.ebpf.PacketBuilder.ACK;
import static io.aswarm.ebpf.PacketBuilder.FIN;
import static io.aswarm.ebpf.PacketBuilder.ICMP;
import static io.aswarm.ebpf.PacketBuilder.ICMPV6;
import static io.aswarm.ebpf.PacketBuilder.RST;
import static io.aswarm.ebpf.PacketBuilder.SYN;
import static io.aswarm.ebpf.PacketBuilder.frame;

/**
 * Frames of a few conversations, drawn from a seed, in any order: segments that fit and that do not, fragments cut
 * anywhere in the header, datagrams, echoes, protocols without ports, and errors that quote one of them.
 */
public final class FrameStory
{
    private static final int ETHERNET_LENGTH = 14;
    private static final int[] SEGMENT_FLAGS = {
        SYN, SYN, SYN | ACK, SYN | ACK, ACK, ACK, RST, RST | ACK, FIN | ACK, 0, FIN};
    private static final int[] FRAGMENT_BYTES = {7, 8, 13, 14, 16, 19};
    private static final int[] PROTOCOLS = {0, 50, 89, 175, 255};

    private final SplittableRandom random;
    private boolean isV6;
    private int ipLength;

    /**
     * A story.
     *
     * @param seed that gives the same again.
     */
    public FrameStory(final long seed)
    {
        random = new SplittableRandom(seed);
    }

    /**
     * The next frame.
     *
     * @return a new one.
     */
    public byte[] next()
    {
        isV6 = random.nextInt(4) == 0;
        ipLength = isV6 ? 40 : 20;
        final byte[] packet = packet();
        return random.nextInt(8) == 0 ? error(packet) : packet;
    }

    private byte[] packet()
    {
        final boolean isBack = random.nextBoolean();
        final PacketBuilder ip = isV6 ?
            frame().ip(isBack ? "2001:2::2" : "2001:2::1", isBack ? "2001:2::1" : "2001:2::2") :
            frame().ip(isBack ? "198.18.0.2" : "198.18.0.1", isBack ? "198.18.0.1" : "198.18.0.2");
        switch (random.nextInt(8))
        {
            case 0:
                return ip.udp(isBack ? 53 : 40000, isBack ? 40000 : 53, random.nextInt(32)).build();

            case 1:
                final int echo = isV6 ? 128 : 8;
                return ip.icmp(isV6 ? ICMPV6 : ICMP, random.nextBoolean() ? echo : isV6 ? 129 : 0, 0, 77).build();

            case 2:
            case 3:
                return ip.protocol(PROTOCOLS[random.nextInt(PROTOCOLS.length)]).hex("00".repeat(random.nextInt(9)))
                    .build();

            default:
                return cut(segment(ip, isBack));
        }
    }

    /** Numbers are near enough to each other that many answers fit. */
    private byte[] segment(final PacketBuilder ip, final boolean isBack)
    {
        final int flags = SEGMENT_FLAGS[random.nextInt(SEGMENT_FLAGS.length)];
        final int mine = (isBack ? 9_000_000 : 1_000_000) + random.nextInt(3);
        final int theirs = (isBack ? 1_000_000 : 9_000_000) + random.nextInt(3);
        return ip.tcp(isBack ? 80 : 40000, isBack ? 40000 : 80, flags, mine, theirs)
            .tcpOptions(4 * random.nextInt(3)).build();
    }

    /** Of IPv4, a first fragment sometimes, of a header that is whole or not. */
    private byte[] cut(final byte[] segment)
    {
        if (isV6 || random.nextInt(3) > 0)
        {
            return segment;
        }
        final int bytes = random.nextInt(4) == 0 ? 24 : FRAGMENT_BYTES[random.nextInt(FRAGMENT_BYTES.length)];
        final byte[] fragment = Arrays.copyOf(segment, ETHERNET_LENGTH + ipLength + bytes);
        fragment[ETHERNET_LENGTH + 3] = (byte)(ipLength + bytes);
        fragment[ETHERNET_LENGTH + 6] = random.nextInt(8) == 0 ? 0 : (byte)0x20;
        return fragment;
    }

    private byte[] error(final byte[] packet)
    {
        final int available = packet.length - ETHERNET_LENGTH;
        final int quoted = Math.min(available, ipLength + random.nextInt(12));
        final PacketBuilder ip = isV6 ? frame().ip("2001:2::2", "2001:2::1") : frame().ip("198.18.0.2", "198.18.0.1");
        final PacketBuilder error = isV6 ?
            ip.icmp(ICMPV6, random.nextBoolean() ? 1 : 4, random.nextInt(3), 0) :
            ip.icmp(ICMP, 3, random.nextInt(5), 0);
        return error.quote(packet, ETHERNET_LENGTH, quoted).build();
    }
}
