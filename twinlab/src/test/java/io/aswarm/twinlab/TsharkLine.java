package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.KernelDecoder;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What tshark's fields say of a frame, in the form in which the kernel's decoder is written down here: protocol, then
 * the innermost addresses and ports. Fields hold one value for each layer, in order; the list of protocols says which
 * layers there are. An ICMP message ends the walk: what an error quotes is not the packet.
 */
final class TsharkLine
{
    private static final String NOT_TOLD = "-";
    private static final List<String> FIELDS = List.of(
        "frame.protocols", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport", "tcp.dstport", "udp.srcport",
        "udp.dstport", "sctp.srcport", "sctp.dstport", "ip.frag_offset", "ipv6.fraghdr.offset", "ip.proto", "ipv6.nxt");
    private static final int IP_PROTOCOL = FIELDS.indexOf("ip.proto");
    private static final int IPV6_NEXT_HEADER = FIELDS.indexOf("ipv6.nxt");
    /** Those with ports, those with a case of their own here, tunnels, and extension headers of IPv6. */
    private static final Set<String> NOT_PORTLESS = Set.of(
        "?", "6", "17", "132", "1", "58", "4", "41", "47", "0", "43", "44", "51", "59", "60", "255");

    private final String[] values;
    private final String text;

    TsharkLine(final String line)
    {
        values = line.split("\t", -1);
        text = walk();
    }

    static List<String> command(final Path capture)
    {
        final List<String> command = new ArrayList<>(List.of(
            "tshark", "-n", "-r", capture.toString(), "-T", "fields", "-E", "separator=/t", "-E", "occurrence=a",
            "-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE", "-o", "tcp.desegment_tcp_streams:FALSE"));
        FIELDS.forEach((field) -> command.addAll(List.of("-e", field)));
        return command;
    }

    /** The same of our decoder: a packet that was decoded to its ports, an ICMP message, or nothing, and why. */
    static String ofKernel(final KernelDecoder kernel)
    {
        final int protocol = kernel.byteOf("protocol");
        final boolean isPorted =
            CaptureDecoder.TCP == protocol || CaptureDecoder.UDP == protocol || CaptureDecoder.SCTP == protocol;
        if (0 == kernel.byteOf("decoded") || 0 != kernel.byteOf("later_fragment") ||
            CaptureDecoder.NEIGHBOUR_DISCOVERY == protocol)
        {
            return NOT_TOLD + " fault=" + kernel.byteOf("fault") + " protocol=" + protocol;
        }
        return protocol + " " + IpAddress.format(kernel.highOf("source"), kernel.lowOf("source")) + " > " +
            IpAddress.format(kernel.highOf("destination"), kernel.lowOf("destination")) +
            (isPorted ? " " + kernel.shortOf("source_port") + " > " + kernel.shortOf("destination_port") : "");
    }

    boolean agreesWith(final String ours)
    {
        if (ours.startsWith(NOT_TOLD))
        {
            // No fault: what it is has no ports, or is neighbour discovery, which tshark calls ICMPv6.
            return NOT_TOLD.equals(text) || ours.endsWith("protocol=" + CaptureDecoder.NEIGHBOUR_DISCOVERY);
        }
        return text.equals(ours);
    }

    /** Why they may differ, or null. */
    String reason(final String ours, final Map<String, String> reasons)
    {
        for (final String word : (values[0] + ":" + ours.replace(' ', ':')).split(":"))
        {
            if (reasons.containsKey(word))
            {
                return word;
            }
        }
        return null;
    }

    @Override
    public String toString()
    {
        return text + " (" + values[0] + ")";
    }

    private String walk()
    {
        String addresses = null;
        String result = NOT_TOLD;
        int v4 = 0;
        int v6 = 0;
        int tcp = 0;
        int udp = 0;
        int sctp = 0;
        for (final String layer : values[0].split(":"))
        {
            switch (layer)
            {
                case "ip":
                    addresses = pair(1, v4);
                    result = portless(value(IP_PROTOCOL, v4++), addresses);
                    break;

                case "ipv6":
                    addresses = pair(3, v6);
                    result = portless(value(IPV6_NEXT_HEADER, v6++), addresses);
                    break;

                case "tcp":
                    result = "6 " + addresses + " " + pair(5, tcp++);
                    break;

                case "udp":
                    result = "17 " + addresses + " " + pair(7, udp++);
                    break;

                case "sctp":
                    result = "132 " + addresses + " " + pair(9, sctp++);
                    break;

                case "icmp":
                    return "1 " + addresses;

                case "icmpv6":
                    return "58 " + addresses;

                default:
                    break;
            }
        }
        return result;
    }

    private static String portless(final String protocol, final String addresses)
    {
        return NOT_PORTLESS.contains(protocol) ? NOT_TOLD : protocol + " " + addresses;
    }

    private String pair(final int field, final int layer)
    {
        return value(field, layer) + " > " + value(field + 1, layer);
    }

    private String value(final int field, final int layer)
    {
        final String[] all = values[field].split(",");
        return layer < all.length ? all[layer] : "?";
    }
}
