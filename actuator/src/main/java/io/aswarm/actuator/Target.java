package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.IpPrefix;

/**
 * The packets that an act is about: those whose address on the side of {@code role} lies in the prefix, narrowed by
 * protocol, responder's port and VLAN where these are given.
 *
 * @param prefix   of the address.
 * @param role     whether source or destination addresses are matched.
 * @param protocol of the IP header; 0 for any.
 * @param port     of the responder; 0 for any.
 * @param vlan     VLAN id; 0 for any.
 */
public record Target(IpPrefix prefix, Role role, int protocol, int port, int vlan)
{
    private static final int ADDRESS_BITS = 128;

    /**
     * Everything on one side of one address.
     *
     * @param address of the target.
     * @param role    whether it is matched as source or as destination.
     * @return the target.
     */
    public static Target of(final IpAddress address, final Role role)
    {
        return new Target(new IpPrefix(address, ADDRESS_BITS), role, 0, 0, 0);
    }

    /**
     * Everything that comes from one address.
     *
     * @param address of the source.
     * @return the target.
     */
    public static Target source(final IpAddress address)
    {
        return of(address, Role.SOURCE);
    }

    /**
     * What is sent to one service.
     *
     * @param address  of the aim.
     * @param protocol of the IP header; 0 for any.
     * @param port     of the service; 0 for any.
     * @return the target.
     */
    public static Target aim(final IpAddress address, final int protocol, final int port)
    {
        return new Target(new IpPrefix(address, ADDRESS_BITS), Role.AIM, protocol, port, 0);
    }

    IpAddress address()
    {
        return prefix.address();
    }

    /** The same packets of another address: how an act is shown to reach no further than its target. */
    Target at(final IpAddress other)
    {
        return new Target(new IpPrefix(other, ADDRESS_BITS), role, protocol, port, vlan);
    }

    /** Does it match every packet that the other one matches? */
    boolean covers(final Target other)
    {
        return role == other.role && prefix.lengthBits() <= other.prefix.lengthBits() &&
            prefix.contains(other.address()) &&
            isAnyOrSame(protocol, other.protocol) && isAnyOrSame(port, other.port) && isAnyOrSame(vlan, other.vlan);
    }

    /** Is there a packet that both match? */
    boolean overlaps(final Target other)
    {
        return role == other.role && (prefix.contains(other.address()) || other.prefix.contains(address())) &&
            (isAnyOrSame(protocol, other.protocol) || 0 == other.protocol) &&
            (isAnyOrSame(port, other.port) || 0 == other.port) &&
            (isAnyOrSame(vlan, other.vlan) || 0 == other.vlan);
    }

    /**
     * For certificates and people, for example {@code aim 198.18.0.7/32 protocol 6 port 443}.
     *
     * @return one line.
     */
    @Override
    public String toString()
    {
        return role.label() + " " + prefix + (0 == protocol ? "" : " protocol " + protocol) +
            (0 == port ? "" : " port " + port) + (0 == vlan ? "" : " vlan " + Integer.toUnsignedString(vlan));
    }

    private static boolean isAnyOrSame(final int own, final int other)
    {
        return 0 == own || own == other;
    }
}
