package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;

/**
 * A packet as its sender sent it, or a flow that stands for its packets.
 *
 * @param timeNs          virtual.
 * @param source          who sent it.
 * @param destination     who was to get it.
 * @param protocol        IANA number, or that of neighbour discovery.
 * @param sourcePort      of TCP, UDP and SCTP; the identifier of an echo; else 0.
 * @param destinationPort of TCP, UDP and SCTP; else 0.
 * @param lengthBytes     on the wire.
 * @param isOpening       whether it opens a TCP or SCTP conversation.
 */
record CapturedPacket(
    long timeNs,
    IpAddress source,
    IpAddress destination,
    int protocol,
    int sourcePort,
    int destinationPort,
    int lengthBytes,
    boolean isOpening)
{
}
