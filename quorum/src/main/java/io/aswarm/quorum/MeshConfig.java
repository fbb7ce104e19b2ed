package io.aswarm.quorum;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Where the mesh lives.
 *
 * @param directory   of the embedded media driver, this node's own; best on a tmpfs. Made anew at each start.
 * @param group       multicast group, IPv4 or IPv6, last octet odd; null for a site of one, which opens no socket.
 * @param port        UDP.
 * @param localAddress of the interface for the mesh, in the form of the group's family; null for a site of one.
 * @param hopsMax     TTL of multicast, 1 to 255.
 * @param streamId    on the channel.
 * @param sessionsMax streams received at once; more are refused, so that strangers cannot fill the memory.
 */
public record MeshConfig(
    Path directory, String group, int port, String localAddress, int hopsMax, int streamId, int sessionsMax)
{
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /**
     * A mesh that can be.
     *
     * @throws IllegalArgumentException naming the value that cannot.
     */
    public MeshConfig
    {
        if ((null == group) != (null == localAddress))
        {
            throw new IllegalArgumentException(
                "group=" + group + " interface=" + localAddress + "; allowed: both or none");
        }
        if (null != group)
        {
            final InetAddress groupAddress = literal("group", group);
            final InetAddress local = literal("interface", localAddress);
            require(groupAddress.isMulticastAddress(), "group=" + group + "; allowed: a multicast address");
            require(0 != (groupAddress.getAddress()[groupAddress.getAddress().length - 1] & 1),
                "group=" + group + "; allowed: an odd last octet, the next even one carries Aeron's control");
            require(!local.isAnyLocalAddress() && local.getAddress().length == groupAddress.getAddress().length,
                "interface=" + localAddress + "; allowed: an address of the mesh's interface, of the group's family");
            require(port > 0 && port <= 65_535, "port=" + port + "; allowed: 1 to 65535");
            require(hopsMax > 0 && hopsMax <= 255, "ttl=" + hopsMax + "; allowed: 1 to 255");
        }
        require(sessionsMax > 0, "sessionsMax=" + sessionsMax + "; allowed: at least 1");
    }

    /**
     * The mesh of a site of one: counters, but no socket.
     *
     * @param directory of the embedded media driver.
     * @return its configuration.
     */
    public static MeshConfig alone(final Path directory)
    {
        return new MeshConfig(directory, null, 0, null, 0, 1, 1);
    }

    boolean isAlone()
    {
        return null == group;
    }

    private static void require(final boolean isAllowed, final String what)
    {
        if (!isAllowed)
        {
            throw new IllegalArgumentException(what);
        }
    }

    private static InetAddress literal(final String name, final String text)
    {
        try
        {
            if (LITERAL.matcher(text).matches())
            {
                return InetAddress.getByName(text);
            }
        }
        catch (final UnknownHostException ignore)
        {
            // said below
        }
        throw new IllegalArgumentException(name + "=" + text + "; allowed: an IPv4 or IPv6 address, no host name");
    }
}
