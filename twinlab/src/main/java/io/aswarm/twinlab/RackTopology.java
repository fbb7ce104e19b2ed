package io.aswarm.twinlab;

import io.aswarm.ebpf.NetworkNamespace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static io.aswarm.twinlab.RackPlan.RACKS;
import static io.aswarm.twinlab.RackPlan.SERVERS_PER_RACK;

/**
 * Builds the racks of a {@link RackPlan} in network namespaces, all links inside them, none in the machine's own.
 * <p>
 * Everything is written into the manifest before it is made, so that what a killed drill leaves behind can be removed
 * by the next. One thread builds; the namespaces' own threads may then be used by any.
 */
final class RackTopology implements AutoCloseable
{
    private static final Path IPV4 = Path.of("/proc/sys/net/ipv4");
    private static final Path IPV6 = Path.of("/proc/sys/net/ipv6/conf");

    private final RackPlan plan;
    private final Map<String, NetworkNamespace> namespaces = new HashMap<>();

    private RackTopology(final RackPlan plan)
    {
        this.plan = plan;
    }

    /**
     * Build the racks.
     *
     * @param plan     of names and addresses.
     * @param manifest that gets every namespace before it exists.
     * @return the topology, up and with its routes.
     * @throws IOException when the kernel or iproute2 refuses; what was built so far is in the manifest.
     */
    static RackTopology build(final RackPlan plan, final RunManifest manifest) throws IOException
    {
        final RackTopology topology = new RackTopology(plan);
        try
        {
            topology.createNamespaces(manifest);
            topology.createLinks();
            topology.configureSpineAndMesh();
            topology.configureAttacker();
            for (int rack = 1; rack <= RACKS; rack++)
            {
                topology.configureGateway(rack);
                for (int server = 1; server <= SERVERS_PER_RACK; server++)
                {
                    topology.configureServer(rack, server);
                }
            }
            return topology;
        }
        catch (final IOException ex)
        {
            topology.close();
            throw ex;
        }
    }

    RackPlan plan()
    {
        return plan;
    }

    NetworkNamespace namespace(final String name)
    {
        return namespaces.get(name);
    }

    /**
     * End the threads that live in the namespaces. The namespaces are removed by the manifest.
     */
    @Override
    public void close()
    {
        namespaces.values().forEach(NetworkNamespace::close);
    }

    private void createNamespaces(final RunManifest manifest) throws IOException
    {
        final List<String> lines = new ArrayList<>();
        for (final String name : plan.namespaces())
        {
            manifest.namespace(name);
            lines.add("netns add " + name);
        }
        Subprocess.ipBatch(null, lines);

        for (final String name : plan.namespaces())
        {
            final NetworkNamespace namespace = NetworkNamespace.open(name);
            namespaces.put(name, namespace);
            namespace.call(
                () ->
                {
                    setKernelParameters();
                    return null;
                });
        }
    }

    /** In the namespace's own thread: /proc/sys/net shows the namespace of whoever opens it. */
    private static void setKernelParameters() throws IOException
    {
        for (final String scope : List.of("all", "default"))
        {
            final Path ipv6 = IPV6.resolve(scope);
            // addresses are usable at once and nothing but the plan configures them
            Files.writeString(ipv6.resolve("accept_dad"), "0");
            Files.writeString(ipv6.resolve("dad_transmits"), "0");
            Files.writeString(ipv6.resolve("accept_ra"), "0");
            Files.writeString(ipv6.resolve("autoconf"), "0");
            Files.writeString(ipv6.resolve("router_solicitations"), "0");
            // sources of the attack are routed, not on link
            Files.writeString(IPV4.resolve("conf").resolve(scope).resolve("rp_filter"), "0");
        }
    }

    private void createLinks() throws IOException
    {
        final List<String> lines = new ArrayList<>();
        for (int rack = 1; rack <= RACKS; rack++)
        {
            final String gateway = plan.gateway(rack);
            lines.add(veth(RackPlan.SPINE_INTERFACE, gateway, RackPlan.gatewayName(rack), plan.spine()));
            lines.add(veth(RackPlan.MESH_INTERFACE, gateway, RackPlan.gatewayName(rack), plan.mesh()));
            for (int server = 1; server <= SERVERS_PER_RACK; server++)
            {
                lines.add(veth(
                    RackPlan.portName(server), gateway, RackPlan.SERVER_INTERFACE, plan.server(rack, server)));
            }
        }
        lines.add(veth(RackPlan.SERVER_INTERFACE, plan.attacker(), "attacker", plan.spine()));
        Subprocess.ipBatch(null, lines);
    }

    private static String veth(final String name, final String namespace, final String peer, final String peerSpace)
    {
        return "link add " + name + " netns " + namespace + " type veth peer name " + peer + " netns " + peerSpace;
    }

    private void configureSpineAndMesh() throws IOException
    {
        final List<String> spine = bridge("spine");
        spine.add("link set attacker master spine up");
        final List<String> mesh = bridge("mesh");
        for (int rack = 1; rack <= RACKS; rack++)
        {
            spine.add("link set " + RackPlan.gatewayName(rack) + " master spine up");
            mesh.add("link set " + RackPlan.gatewayName(rack) + " master mesh up");
        }
        Subprocess.ipBatch(plan.spine(), spine);
        Subprocess.ipBatch(plan.mesh(), mesh);
    }

    private static List<String> bridge(final String name)
    {
        // forward at once, and flood multicast: no querier lives here that would keep snooped groups alive
        return new ArrayList<>(List.of(
            "link add " + name + " type bridge stp_state 0 forward_delay 0 mcast_snooping 0",
            "link set lo up",
            "link set " + name + " up"));
    }

    private void configureAttacker() throws IOException
    {
        final List<String> lines = new ArrayList<>();
        lines.add("link set lo up");
        lines.add("link set eth0 address " + RackPlan.attackerMac() + " up");
        for (final int family : new int[]{4, 6})
        {
            lines.add(addressLine(RackPlan.attackerAddress(family), family, RackPlan.SERVER_INTERFACE));
            for (int rack = 1; rack <= RACKS; rack++)
            {
                lines.add("route add " + RackPlan.subnet(family, rack) + " via " +
                    RackPlan.gatewaySpineAddress(family, rack));
            }
        }
        Subprocess.ipBatch(plan.attacker(), lines);
    }

    private void configureGateway(final int rack) throws IOException
    {
        final List<String> lines = bridge(RackPlan.RACK_BRIDGE);
        for (int server = 1; server <= SERVERS_PER_RACK; server++)
        {
            lines.add("link set " + RackPlan.portName(server) + " master " + RackPlan.RACK_BRIDGE + " up");
        }
        lines.add("link set spine0 address " + RackPlan.gatewayMac(rack) + " up");
        lines.add("link set mesh0 up");
        lines.add(addressLine(RackPlan.gatewayMeshAddress(rack), 4, RackPlan.MESH_INTERFACE));
        for (final int family : new int[]{4, 6})
        {
            lines.add(addressLine(RackPlan.gatewaySpineAddress(family, rack), family, RackPlan.SPINE_INTERFACE));
            lines.add(addressLine(RackPlan.gatewayRackAddress(family, rack), family, RackPlan.RACK_BRIDGE));
            lines.add("route add " + RackPlan.attackSubnet(family) + " via " + RackPlan.attackerAddress(family));
            for (int other = 1; other <= RACKS; other++)
            {
                if (other != rack)
                {
                    lines.add("route add " + RackPlan.subnet(family, other) + " via " +
                        RackPlan.gatewaySpineAddress(family, other));
                }
            }
        }
        Subprocess.ipBatch(plan.gateway(rack), lines);

        namespace(plan.gateway(rack)).call(
            () ->
            {
                Files.writeString(IPV4.resolve("ip_forward"), "1");
                Files.writeString(IPV6.resolve("all").resolve("forwarding"), "1");
                return null;
            });
    }

    private void configureServer(final int rack, final int server) throws IOException
    {
        final List<String> lines = new ArrayList<>();
        lines.add("link set lo up");
        lines.add("link set eth0 up");
        for (final int family : new int[]{4, 6})
        {
            for (int k = 0; k < RackPlan.ADDRESSES_PER_SERVER; k++)
            {
                lines.add(addressLine(
                    RackPlan.serverAddress(family, rack, server, k), family, RackPlan.SERVER_INTERFACE));
            }
            lines.add("route add " + (4 == family ? "0.0.0.0/0" : "::/0") + " via " +
                RackPlan.gatewayRackAddress(family, rack));
        }
        Subprocess.ipBatch(plan.server(rack, server), lines);
    }

    private static String addressLine(final String address, final int family, final String interfaceName)
    {
        return "address add " + address + (4 == family ? "/24" : "/64 nodad") + " dev " + interfaceName;
    }
}
