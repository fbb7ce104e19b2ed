package io.aswarm.twinlab;

/**
 * Why the decoding of a frame stopped; the reasons of the kernel side (ebpf, enum fault in packet.h), in its order.
 */
enum DecodeFault
{
    NONE,
    TRUNCATED_LINK,
    VLAN_DEPTH,
    TRUNCATED_IP,
    BAD_IP,
    EXTENSION_DEPTH,
    MAPPED_SOURCE,
    TRUNCATED_TRANSPORT,
    BAD_TRANSPORT,
    BAD_QUOTE,
    LABEL_DEPTH,
    BAD_TUNNEL,
    TUNNEL_DEPTH,
    BAD_ARP
}
