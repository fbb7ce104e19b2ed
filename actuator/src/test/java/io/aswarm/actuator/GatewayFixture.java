package io.aswarm.actuator;

import io.aswarm.ebpf.KernelException;
import io.aswarm.ebpf.KernelSensor;
import io.aswarm.ebpf.KernelSensorConfig;
import io.aswarm.ebpf.KernelSupport;
import io.aswarm.ebpf.NamespaceLab;
import io.aswarm.ebpf.NetworkNamespace;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A gateway and a host in two network namespaces, joined by a veth pair, with a bpffs of their own. Real packets go
 * from the host's addresses to the gateway; the program sits on the gateway's end.
 */
final class GatewayFixture implements AutoCloseable
{
    static final String GATEWAY = "198.18.9.1";
    static final String GATEWAY_V6 = "2001:2:0:9::1";
    static final String SUBJECT = "198.18.9.7";
    static final String SUBJECT_V6 = "2001:2:0:9::7";
    static final String BYSTANDER = "198.18.9.6";

    /** An address of the host that the gateway reaches by way of {@link #SUBJECT}: not on its link. */
    static final String BEHIND = "198.18.10.9";

    private static final Pattern MAC = Pattern.compile("link/ether ([0-9a-f:]{17})");
    private static final String GATE = "gw";
    private static final String HOST = "host";
    private static final String FORGER = "forger";
    private static final String INTERFACE = "gate";
    private static final int PORT = 9_000;
    private static final int RECEIVE_TIMEOUT_MS = 300;

    private final NamespaceLab lab = new NamespaceLab("act");
    private final Path mountPoint;
    private final NetworkNamespace gateway;
    private final NetworkNamespace host;
    private final NetworkNamespace forger;
    private final DatagramSocket receiver;

    GatewayFixture() throws KernelException, IOException
    {
        mountPoint = KernelSupport.mountBpfFs();
        try
        {
            build();
            gateway = lab.enter(GATE);
            host = lab.enter(HOST);
            forger = lab.enter(FORGER);
            receiver = gateway.call(() -> new DatagramSocket(PORT));
            receiver.setSoTimeout(RECEIVE_TIMEOUT_MS);
        }
        catch (final IOException ex)
        {
            remove();
            throw ex;
        }
    }

    Path pinDirectory()
    {
        return mountPoint.resolve("node");
    }

    String gatewayName()
    {
        return lab.name(GATE);
    }

    KernelSensor openSensor() throws IOException
    {
        return gateway.call(() -> openSensor(pinDirectory()));
    }

    /** On the gateway's thread, where its interfaces are. */
    <T> T inside(final Callable<T> work) throws IOException
    {
        return gateway.call(work);
    }

    static KernelSensor openSensor(final Path pinDirectory) throws KernelException
    {
        return KernelSensor.open(KernelSensorConfig.builder("actuator-it", pinDirectory)
            .interfaces(List.of(INTERFACE)).ringBytes(1 << 16).quarantineEntriesMax(4).build());
    }

    /** Send real packets from one of the host's addresses to the gateway. */
    void send(final String source, final int count) throws IOException
    {
        final String destination = source.indexOf(':') < 0 ? GATEWAY : GATEWAY_V6;
        try (DatagramSocket socket = host.call(
            () -> new DatagramSocket(new InetSocketAddress(InetAddress.getByName(source), 0))))
        {
            final byte[] bytes = source.getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < count; i++)
            {
                socket.send(new DatagramPacket(bytes, bytes.length, new InetSocketAddress(destination, PORT)));
            }
        }
    }

    /** On the host's thread, where its addresses are. */
    <T> T onHost(final Callable<T> work) throws IOException
    {
        return host.call(work);
    }

    /** Send openings to the gateway with one of the host's addresses, in frames of another sender on the same link. */
    void forge(final String source, final int port, final int count) throws IOException
    {
        final InetSocketAddress gatewayAddress =
            new InetSocketAddress(source.indexOf(':') < 0 ? GATEWAY : GATEWAY_V6, port);
        forger.call(() ->
        {
            for (int i = 0; i < count; i++)
            {
                try (SocketChannel channel = SocketChannel.open())
                {
                    channel.bind(new InetSocketAddress(InetAddress.getByName(source), 0)).configureBlocking(false);

                    channel.connect(gatewayAddress);
                }
            }
            return null;
        });
    }

    /** Does one real packet from this address arrive? */
    boolean passes(final String source) throws IOException
    {
        send(source, 1);
        final DatagramPacket packet = new DatagramPacket(new byte[64], 64);
        try
        {
            receiver.receive(packet);
            return source.equals(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII));
        }
        catch (final SocketTimeoutException ex)
        {
            return false;
        }
    }

    @Override
    public void close() throws KernelException, IOException
    {
        receiver.close();
        try
        {
            KernelSensor.detach(pinDirectory());
        }
        finally
        {
            remove();
        }
    }

    private void build() throws IOException
    {
        lab.add(GATE);
        lab.add(HOST);
        lab.add(FORGER);
        lab.wire(GATE, INTERFACE, HOST, "wire");
        for (final String address : List.of(GATEWAY + "/24", GATEWAY_V6 + "/64"))
        {
            add(GATE, INTERFACE, address);
        }
        for (final String address : List.of(SUBJECT + "/24", BYSTANDER + "/24", SUBJECT_V6 + "/64"))
        {
            add(HOST, "wire", address);
        }
        lab.ip(GATE, "link", "set", INTERFACE, "up");
        // without forwarding the kernel's routing answers no question about neighbours
        lab.exec(GATE, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
        lab.ip(HOST, "link", "set", "wire", "up");
        lab.ip(GATE, "route", "add", BEHIND + "/32", "via", SUBJECT);
        lab.ip(HOST, "addr", "add", BEHIND + "/32", "dev", "lo");
        buildForger();
    }

    /** Another MAC on the same wire, which answers no question about the address it shows. */
    private void buildForger() throws IOException
    {
        lab.ip(HOST, "link", "add", "link", "wire", "name", "forge", "type", "macvlan", "mode", "private");
        lab.ip(HOST, "link", "set", "forge", "netns", lab.name(FORGER));
        lab.ip(FORGER, "link", "set", "forge", "arp", "off", "up");
        for (final String address : List.of(SUBJECT + "/24", BEHIND + "/32", SUBJECT_V6 + "/64"))
        {
            add(FORGER, "forge", address);
        }
        final String gatewayMac = macOf(GATE, INTERFACE);
        for (final String address : List.of(GATEWAY, GATEWAY_V6))
        {
            lab.ip(FORGER, "neigh", "replace", address, "lladdr", gatewayMac, "dev", "forge", "nud", "permanent");
        }
    }

    private String macOf(final String role, final String name) throws IOException
    {
        final Matcher matcher = MAC.matcher(lab.ip(role, "-o", "link", "show", "dev", name));
        if (!matcher.find())
        {
            throw new IOException(name + " has no MAC");
        }
        return matcher.group(1);
    }

    private void remove() throws IOException
    {
        try
        {
            lab.close();
        }
        finally
        {
            KernelSupport.unmount(mountPoint);
        }
    }

    private void add(final String role, final String name, final String address) throws IOException
    {
        if (address.indexOf(':') < 0)
        {
            lab.ip(role, "addr", "add", address, "dev", name);
        }
        else
        {
            lab.ip(role, "addr", "add", address, "dev", name, "nodad");
        }
    }
}
