package io.aswarm.ebpf;

/**
 * What the packets look like that an act contains. Every part that is not {@link #ANY} must fit.
 * <p>
 * A port is the one that a packet is sent to. Fragments after the first have that of their first; one that came before
 * its first has none, and no rule with a port describes it.
 * <p>
 * A packet in a tunnel is described by its innermost addresses and service, or by its outer addresses alone: a rule
 * with a protocol or a port says nothing about the outer ones.
 *
 * @param prefix   of addresses; a single address is a prefix of 128 bits.
 * @param role     {@link #SOURCE} or {@link #AIM}: which address of the packet the prefix is about.
 * @param protocol number of the transport protocol (6 TCP, 17 UDP), or {@link #ANY}.
 * @param port     destination port, or {@link #ANY}.
 * @param vlan     outer VLAN id, or {@link #vni(int)}, or {@link #ANY}.
 */
public record QuarantineRule(IpPrefix prefix, int role, int protocol, int port, int vlan)
{
    /** The rule is about packets from its addresses. */
    public static final int SOURCE = 1;
    /** The rule is about packets to its addresses. */
    public static final int AIM = 2;
    /** Protocol, port or VLAN: whatever it is. */
    public static final int ANY = 0;

    static final int ADDRESS_BITS = 128;
    private static final int VNI = 0x8000_0000;
    private static final int VNI_MAX = 0xff_ffff;
    private static final int VLAN_MAX = 4094;
    private static final int PORT_MAX = 0xffff;
    private static final int PROTOCOL_MAX = 0xff;
    private static final int V4_BITS = 96;
    private static final IpAddress V4_ADDRESS = IpAddress.parse("0.0.0.0");

    /**
     * Check the ranges.
     *
     * @throws IllegalArgumentException when one is not in its range, or the prefix holds addresses of both families;
     *                                  the message names it.
     */
    public QuarantineRule
    {
        if (role != SOURCE && role != AIM)
        {
            throw new IllegalArgumentException("role=" + role + ": allowed are 1 (source) and 2 (aim)");
        }
        if (prefix.lengthBits() < V4_BITS && prefix.contains(V4_ADDRESS))
        {
            throw new IllegalArgumentException("prefix=" + prefix + ": holds IPv4 and IPv6 addresses");
        }
        requireRange("protocol", protocol, PROTOCOL_MAX);
        requireRange("port", port, PORT_MAX);
        requireRange("vlan", vlan & ~VNI, isVni(vlan) ? VNI_MAX : VLAN_MAX);
    }

    /**
     * Everything that an address sends.
     *
     * @param address of the sender.
     * @return the rule.
     */
    public static QuarantineRule source(final IpAddress address)
    {
        return source(new IpPrefix(address, ADDRESS_BITS));
    }

    /**
     * Everything that a network sends.
     *
     * @param prefix of the senders.
     * @return the rule.
     */
    public static QuarantineRule source(final IpPrefix prefix)
    {
        return new QuarantineRule(prefix, SOURCE, ANY, ANY, ANY);
    }

    /**
     * Everything that is sent to an address.
     *
     * @param address of the receiver.
     * @return the rule.
     */
    public static QuarantineRule aim(final IpAddress address)
    {
        return new QuarantineRule(new IpPrefix(address, ADDRESS_BITS), AIM, ANY, ANY, ANY);
    }

    /**
     * The same rule for one service only.
     *
     * @param newProtocol number of the transport protocol.
     * @param newPort     destination port, or {@link #ANY}.
     * @return the narrower rule.
     */
    public QuarantineRule service(final int newProtocol, final int newPort)
    {
        return new QuarantineRule(prefix, role, newProtocol, newPort, vlan);
    }

    /**
     * The same rule on one VLAN or in one overlay network only.
     *
     * @param newVlan VLAN id, or {@link #vni(int)}.
     * @return the narrower rule.
     */
    public QuarantineRule on(final int newVlan)
    {
        return new QuarantineRule(prefix, role, protocol, port, newVlan);
    }

    /**
     * An overlay network, in the place of a VLAN.
     *
     * @param identifier VXLAN or Geneve network identifier, 24 bits.
     * @return value for {@code vlan}.
     */
    public static int vni(final int identifier)
    {
        requireRange("vni", identifier, VNI_MAX);
        return VNI | identifier;
    }

    static boolean isVni(final int vlan)
    {
        return (vlan & VNI) != 0;
    }

    @Override
    public String toString()
    {
        return (role == SOURCE ? "from " : "to ") + (prefix.lengthBits() == ADDRESS_BITS ? prefix.address() : prefix) +
            (protocol == ANY ? "" : " protocol " + protocol) + (port == ANY ? "" : " port " + port) +
            (vlan == ANY ? "" : isVni(vlan) ? " vni " + (vlan & ~VNI) : " vlan " + vlan);
    }

    private static void requireRange(final String name, final int value, final int max)
    {
        if (value < 0 || value > max)
        {
            throw new IllegalArgumentException(name + "=" + value + ": allowed is 0 to " + max);
        }
    }
}
