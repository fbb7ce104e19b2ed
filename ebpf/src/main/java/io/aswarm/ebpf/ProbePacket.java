package io.aswarm.ebpf;

/**
 * What a {@link VerdictProbe} asks about: a packet between two addresses of one family.
 *
 * @param source      of the packet.
 * @param destination of the packet.
 * @param protocol    6 TCP, 17 UDP, 1 ICMP or 58 ICMPv6 (an echo request), or another, which has no header then.
 * @param port        destination port of TCP and UDP.
 * @param vlan        VLAN id, or {@link QuarantineRule#vni(int)} for a packet inside VXLAN, or 0 for neither.
 */
public record ProbePacket(IpAddress source, IpAddress destination, int protocol, int port, int vlan)
{
    /** The discard service (RFC 863). */
    static final int DISCARD_PORT = 9;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int ICMP = 1;
    static final int ICMPV6 = 58;

    /**
     * A packet that a rule describes.
     *
     * @param rule that is to describe it.
     * @param peer the address that the rule says nothing of; of the rule's family.
     * @return the packet; TCP where the rule leaves the protocol open.
     */
    public static ProbePacket of(final QuarantineRule rule, final IpAddress peer)
    {
        final IpAddress subject = rule.prefix().address();
        final boolean isSource = rule.role() == QuarantineRule.SOURCE;
        return new ProbePacket(
            isSource ? subject : peer,
            isSource ? peer : subject,
            rule.protocol() == QuarantineRule.ANY ? TCP : rule.protocol(),
            rule.port() == QuarantineRule.ANY ? DISCARD_PORT : rule.port(),
            rule.vlan());
    }
}
