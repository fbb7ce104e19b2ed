package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;

/**
 * What a subject's traffic was aimed at, as far as it was one thing.
 *
 * @param address  the one address, or null for many.
 * @param protocol the one protocol, or 0 for many.
 * @param port     the one port, or 0 for many.
 */
public record Aim(IpAddress address, int protocol, int port)
{
    /** Many addresses, protocols and ports. */
    public static final Aim MANY = new Aim(null, 0, 0);
}
