package io.aswarm.quorum;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where the mesh lives: on a multicast group, or, where the network offers none, on a list of its members' addresses,
 * to each of which every message is sent (Aeron's multi-destination-cast).
 *
 * @param directory   of the embedded media driver, this node's own; best on a tmpfs. Made anew at each start.
 * @param group       multicast group, IPv4 or IPv6, last octet odd; null for unicast, and for a site of one, which
 *                    opens no socket.
 * @param port        UDP.
 * @param localAddress of the interface for the mesh, of the same family; null for a site of one.
 * @param hopsMax     TTL of multicast, 1 to 255.
 * @param streamId    on the channel.
 * @param sessionsMax streams received at once; more are refused, so that strangers cannot fill the memory.
 * @param members     addresses of all members for unicast, this node's own among them or not; else empty.
 */
public record MeshConfig(
    Path directory,
    String group,
    int port,
    String localAddress,
    int hopsMax,
    int streamId,
    int sessionsMax,
    List<String> members)
{
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /**
     * A mesh that can be.
     *
     * @throws IllegalArgumentException naming the value that cannot.
     */
    public MeshConfig
    {
        members = List.copyOf(members);
        if (null == localAddress)
        {
            require(null == group && members.isEmpty(), "group=" + group + " members=" + members +
                "; allowed: none without an interface");
        }
        else
        {
            final InetAddress local = literal("interface", localAddress);
            require((null == group) != members.isEmpty(), "group=" + group + " members=" + members +
                "; allowed: either of them");
            require(port > 0 && port < 65_535, "port=" + port + "; allowed: 1 to 65534");
            require(hopsMax > 0 && hopsMax <= 255, "ttl=" + hopsMax + "; allowed: 1 to 255");
            require(!local.isAnyLocalAddress() && !local.isMulticastAddress(),
                "interface=" + localAddress + "; allowed: an address of the mesh's interface");
            if (null != group)
            {
                final InetAddress groupAddress = literal("group", group);
                require(groupAddress.isMulticastAddress(), "group=" + group + "; allowed: a multicast address");
                require(0 != (groupAddress.getAddress()[groupAddress.getAddress().length - 1] & 1),
                    "group=" + group + "; allowed: an odd last octet, the next even one carries Aeron's control");
                requireFamily(local, "interface", localAddress, groupAddress);
            }
            for (final String member : members)
            {
                final InetAddress address = literal("members", member);
                require(!address.isMulticastAddress() && !address.isAnyLocalAddress(),
                    "members=" + member + "; allowed: a member's address");
                requireFamily(address, "members", member, local);
            }
        }
        require(sessionsMax > 0, "sessionsMax=" + sessionsMax + "; allowed: at least 1");
    }

    /**
     * A mesh by multicast.
     *
     * @param directory    of the embedded media driver.
     * @param group        multicast group.
     * @param port         UDP.
     * @param localAddress of the interface for the mesh.
     * @param hopsMax      TTL of multicast.
     * @param streamId     on the channel.
     * @param sessionsMax  streams received at once.
     */
    public MeshConfig(
        final Path directory,
        final String group,
        final int port,
        final String localAddress,
        final int hopsMax,
        final int streamId,
        final int sessionsMax)
    {
        this(directory, group, port, localAddress, hopsMax, streamId, sessionsMax, List.of());
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
        return null == localAddress;
    }

    private static void require(final boolean isAllowed, final String what)
    {
        if (!isAllowed)
        {
            throw new IllegalArgumentException(what);
        }
    }

    private static void requireFamily(
        final InetAddress address, final String name, final String text, final InetAddress like)
    {
        require(address.getAddress().length == like.getAddress().length,
            name + "=" + text + "; allowed: an address of the family of " + like.getHostAddress());
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
