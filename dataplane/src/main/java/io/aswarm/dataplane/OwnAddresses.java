package io.aswarm.dataplane;

import io.aswarm.actuator.NeverContain;
import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.IpPrefix;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The addresses of this host: of which it is no judge, and what it must never contain whatever its catalog says,
 * together with the network of the mesh, without which the site could not agree on anything any more.
 */
final class OwnAddresses
{
    private static final int BITS = 128;
    private static final int V4_OFFSET_BITS = 96;

    private final long[] high;
    private final long[] low;

    OwnAddresses(final List<IpAddress> addresses)
    {
        this.high = addresses.stream().mapToLong(IpAddress::high).toArray();
        this.low = addresses.stream().mapToLong(IpAddress::low).toArray();
    }

    /** Those of this network namespace's interfaces now. */
    static OwnAddresses read() throws IOException
    {
        return new OwnAddresses(NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .map(OwnAddresses::address)
            .toList());
    }

    boolean contains(final long addressHigh, final long addressLow)
    {
        for (int i = 0; i < low.length; i++)
        {
            if (low[i] == addressLow && high[i] == addressHigh)
            {
                return true;
            }
        }
        return false;
    }

    /**
     * Look at this network namespace.
     *
     * @param meshAddress of this node, or null.
     * @param members     addresses of the mesh's nodes where they are listed.
     * @return the protected prefixes.
     * @throws IOException when the interfaces cannot be listed.
     */
    static List<NeverContain> protectedPrefixes(final String meshAddress, final List<String> members)
        throws IOException
    {
        final InetAddress mesh = null == meshAddress ? null : InetAddress.getByName(meshAddress);
        final List<NeverContain> result = new ArrayList<>();
        for (final NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces()))
        {
            for (final InterfaceAddress address : each.getInterfaceAddresses())
            {
                final IpAddress own = address(address.getAddress());
                result.add(new NeverContain(new IpPrefix(own, BITS), "this node's own address on " + each.getName()));
                if (null != mesh && mesh.equals(address.getAddress()))
                {
                    result.add(new NeverContain(
                        network(own, address.getNetworkPrefixLength()), "the mesh on " + each.getName()));
                }
            }
        }
        for (final String member : members)
        {
            result.add(new NeverContain(
                new IpPrefix(address(InetAddress.getByName(member)), BITS), "a node of the mesh"));
        }
        return result;
    }

    /**
     * An address by which others know this host.
     *
     * @param meshAddress of this node, or null.
     * @return it, else the first that is of no single link; null where there is none.
     * @throws IOException when the interfaces cannot be listed.
     */
    static IpAddress host(final String meshAddress) throws IOException
    {
        if (null != meshAddress)
        {
            return address(InetAddress.getByName(meshAddress));
        }
        for (final NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces()))
        {
            for (final InterfaceAddress found : each.getInterfaceAddresses())
            {
                final InetAddress candidate = found.getAddress();
                if (!candidate.isLoopbackAddress() && !candidate.isLinkLocalAddress())
                {
                    return address(candidate);
                }
            }
        }
        return null;
    }

    static IpAddress address(final InetAddress address)
    {
        final byte[] bytes = address.getAddress();
        if (4 == bytes.length)
        {
            return new IpAddress(0, 0x0000_ffff_0000_0000L | Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt()));
        }
        final ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new IpAddress(buffer.getLong(), buffer.getLong());
    }

    static IpPrefix network(final IpAddress address, final int prefixLengthBits)
    {
        final int length = address.isV4() ? prefixLengthBits + V4_OFFSET_BITS : prefixLengthBits;
        return new IpPrefix(
            new IpAddress(address.high() & mask(Math.min(length, Long.SIZE)),
            address.low() & mask(Math.max(0, length - Long.SIZE))), length);
    }

    private static long mask(final int leadingBits)
    {
        return 0 == leadingBits ? 0 : -1L << (Long.SIZE - leadingBits);
    }
}
