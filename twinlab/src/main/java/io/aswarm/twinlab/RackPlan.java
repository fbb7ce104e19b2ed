package io.aswarm.twinlab;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Names and addresses of the drill's racks: pure arithmetic on the numbers of rack and server, both from 1.
 * <pre>
 *            spine  198.18.0.0/24  2001:2::/64                 attack sources: routed to the attacker, on no interface
 *   attacker .66 ──┬───────┬────────┬────────┐                 198.18.200.0/24  2001:2:0:c8::/64
 *             spine0│.1     │.2      │.3      │.4
 *                 gw1     gw2      gw3      gw4 ── mesh0  198.18.250.0/24  2001:2:0:fa::/64
 *          rack0 .1 │   198.18.RACK.0/24  2001:2:0:RACK::/64
 *      port1 port2 port3
 *       s11   s12   s13    .10 .20 .30 and seven further addresses each (.11 to .17 …)
 * </pre>
 * Addresses are of the benchmarking ranges of RFC 2544 and RFC 5180.
 */
final class RackPlan
{
    static final int RACKS = 4;
    static final int SERVERS_PER_RACK = 3;
    static final int ADDRESSES_PER_SERVER = 8;
    static final int ATTACK_SOURCES_MAX = 200;
    static final String NAMESPACE_PREFIX = "asw-";
    static final String SPINE_INTERFACE = "spine0";
    static final String MESH_INTERFACE = "mesh0";
    static final String RACK_BRIDGE = "rack0";
    static final String SERVER_INTERFACE = "eth0";

    private static final int ATTACKER_HOST = 66;
    private static final int ATTACK_SUBNET = 200;
    private static final int MESH_SUBNET = 250;

    private final String runId;

    RackPlan(final String runId)
    {
        this.runId = runId;
    }

    String runId()
    {
        return runId;
    }

    String spine()
    {
        return namespace("spine");
    }

    String mesh()
    {
        return namespace("mesh");
    }

    String attacker()
    {
        return namespace("attacker");
    }

    String gateway(final int rack)
    {
        return namespace(gatewayName(rack));
    }

    String server(final int rack, final int server)
    {
        return namespace("s" + rack + server);
    }

    static String gatewayName(final int rack)
    {
        return "gw" + rack;
    }

    static String portName(final int server)
    {
        return "port" + server;
    }

    List<String> namespaces()
    {
        final List<String> names = new ArrayList<>(List.of(spine(), mesh(), attacker()));
        for (int rack = 1; rack <= RACKS; rack++)
        {
            names.add(gateway(rack));
            for (int server = 1; server <= SERVERS_PER_RACK; server++)
            {
                names.add(server(rack, server));
            }
        }
        return names;
    }

    static String gatewayMac(final int rack)
    {
        return String.format("02:a5:00:00:%02x:01", rack);
    }

    static String attackerMac()
    {
        return "02:a5:00:00:00:42";
    }

    static byte[] macBytes(final String mac)
    {
        final byte[] bytes = new byte[6];
        for (int i = 0; i < bytes.length; i++)
        {
            bytes[i] = (byte)Integer.parseInt(mac.substring(3 * i, 3 * i + 2), 16);
        }
        return bytes;
    }

    static String address(final int family, final int subnet, final int host)
    {
        return 4 == family ? "198.18." + subnet + "." + host :
            String.format("2001:2:0:%x::%x", subnet, host);
    }

    static String gatewaySpineAddress(final int family, final int rack)
    {
        return address(family, 0, rack);
    }

    static String gatewayMeshAddress(final int rack)
    {
        return address(4, MESH_SUBNET, rack);
    }

    static String gatewayRackAddress(final int family, final int rack)
    {
        return address(family, rack, 1);
    }

    static String attackerAddress(final int family)
    {
        return address(family, 0, ATTACKER_HOST);
    }

    /** The k-th address of a server, k from 0. */
    static String serverAddress(final int family, final int rack, final int server, final int k)
    {
        return address(family, rack, 10 * server + k);
    }

    /** A source that no drill of this topology has used before, n from 0. */
    static String attackSource(final int family, final int n)
    {
        return address(family, ATTACK_SUBNET, 1 + n % ATTACK_SOURCES_MAX);
    }

    static String subnet(final int family, final int subnet)
    {
        return 4 == family ? address(4, subnet, 0) + "/24" : String.format("2001:2:0:%x::/64", subnet);
    }

    static String meshSubnet(final int family)
    {
        return subnet(family, MESH_SUBNET);
    }

    static String attackSubnet(final int family)
    {
        return subnet(family, ATTACK_SUBNET);
    }

    static byte[] bytes(final String address)
    {
        try
        {
            return InetAddress.getByName(address).getAddress();
        }
        catch (final UnknownHostException ex)
        {
            throw new IllegalArgumentException("not an address: " + address, ex);
        }
    }

    private String namespace(final String role)
    {
        return NAMESPACE_PREFIX + runId + "-" + role;
    }
}
