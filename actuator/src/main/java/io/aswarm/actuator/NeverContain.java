package io.aswarm.actuator;

import io.aswarm.ebpf.IpPrefix;

import java.util.ArrayList;
import java.util.List;

/**
 * Addresses that no act may ever touch.
 *
 * @param prefix of the addresses.
 * @param reason for people: whose they are.
 */
public record NeverContain(IpPrefix prefix, String reason)
{
    /**
     * What no catalog needs to say: addresses that can not be the source of a routed packet, or without which the
     * link itself stops working (neighbour discovery, RFC 4861, speaks from link-local addresses).
     */
    static final List<NeverContain> BUILT_IN = List.of(
        of("0.0.0.0/8", "this network, RFC 1122"),
        of("127.0.0.0/8", "loopback, RFC 1122"),
        of("169.254.0.0/16", "link-local, RFC 3927"),
        of("224.0.0.0/4", "multicast, RFC 5771"),
        of("255.255.255.255/32", "broadcast, RFC 919"),
        of("::/128", "unspecified, RFC 4291"),
        of("::1/128", "loopback, RFC 4291"),
        of("fe80::/10", "link-local, RFC 4291"),
        of("ff00::/8", "multicast, RFC 4291"));

    /**
     * An entry from text.
     *
     * @param prefix such as {@code 198.18.0.0/24}, or one address.
     * @param reason for people.
     * @return the entry.
     * @throws IllegalArgumentException saying what is wrong with the prefix.
     */
    public static NeverContain of(final String prefix, final String reason)
    {
        return new NeverContain(IpPrefix.parse(prefix), reason);
    }

    static List<NeverContain> all(final List<NeverContain> ofCatalog, final List<NeverContain> ofSite)
    {
        final List<NeverContain> all = new ArrayList<>(BUILT_IN);
        all.addAll(ofCatalog);
        all.addAll(ofSite);
        return List.copyOf(all);
    }
}
