package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.IpPrefix;
import io.aswarm.ebpf.ProbePacket;
import io.aswarm.ebpf.QuarantineRule;

/**
 * How quarantine rules lie to each other, and which packets prove them. Pure.
 */
final class Rules
{
    private static final int ADDRESS_BITS = 128;
    /** Synthetic peers, of the documentation ranges (RFC 5737, RFC 3849): never a host of the site. */
    private static final IpAddress PEER_V4 = IpAddress.parse("192.0.2.254");
    private static final IpAddress PEER_V6 = IpAddress.parse("2001:db8::fe");

    private Rules()
    {
    }

    /** Does the wide rule describe every packet that the other one describes? */
    static boolean covers(final QuarantineRule wide, final QuarantineRule narrow)
    {
        return wide.role() == narrow.role() && wide.prefix().lengthBits() <= narrow.prefix().lengthBits() &&
            wide.prefix().contains(narrow.prefix().address()) &&
            isAnyOrSame(wide.protocol(), narrow.protocol()) && isAnyOrSame(wide.port(), narrow.port()) &&
            isAnyOrSame(wide.vlan(), narrow.vlan());
    }

    /** Is there a packet that both rules describe? */
    static boolean overlap(final QuarantineRule one, final QuarantineRule other)
    {
        return one.role() == other.role() &&
            (one.prefix().contains(other.prefix().address()) || other.prefix().contains(one.prefix().address())) &&
            isAnyOrSame(one.protocol(), other.protocol(), QuarantineRule.ANY) &&
            isAnyOrSame(one.port(), other.port(), QuarantineRule.ANY) &&
            isAnyOrSame(one.vlan(), other.vlan(), QuarantineRule.ANY);
    }

    /** The same rule about another address. */
    static QuarantineRule at(final QuarantineRule rule, final IpAddress address)
    {
        return new QuarantineRule(
            new IpPrefix(address, ADDRESS_BITS), rule.role(), rule.protocol(), rule.port(), rule.vlan());
    }

    /** A packet that the rule describes. */
    static ProbePacket packet(final QuarantineRule rule)
    {
        return ProbePacket.of(rule, rule.prefix().address().isV4() ? PEER_V4 : PEER_V6);
    }

    private static boolean isAnyOrSame(final int wide, final int narrow)
    {
        return QuarantineRule.ANY == wide || wide == narrow;
    }

    private static boolean isAnyOrSame(final int one, final int other, final int any)
    {
        return any == one || any == other || one == other;
    }
}
