package io.aswarm.actuator;

import io.aswarm.ebpf.KernelException;
import io.aswarm.ebpf.KernelSensor;
import io.aswarm.ebpf.KernelSensorConfig;
import io.aswarm.ebpf.KernelSupport;
import io.aswarm.ebpf.NetworkNamespace;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
    private static final String PREFIX = "asw-act-";
    private static final String INTERFACE = "gate";
    private static final int PORT = 9_000;
    private static final int RECEIVE_TIMEOUT_MS = 300;
    private static final Path NAMESPACES = Path.of("/run/netns");

    private final String gatewayName = PREFIX + ProcessHandle.current().pid() + "-gw";
    private final String hostName = PREFIX + ProcessHandle.current().pid() + "-host";
    private final String forgerName = PREFIX + ProcessHandle.current().pid() + "-forger";
    private final Path mountPoint;
    private final NetworkNamespace gateway;
    private final NetworkNamespace host;
    private final NetworkNamespace forger;
    private final DatagramSocket receiver;

    GatewayFixture() throws KernelException, IOException
    {
        removeOfTheDead();
        mountPoint = KernelSupport.mountBpfFs();
        try
        {
            build();
            gateway = NetworkNamespace.open(gatewayName);
            host = NetworkNamespace.open(hostName);
            forger = NetworkNamespace.open(forgerName);
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
        return gatewayName;
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
        gateway.close();
        host.close();
        forger.close();
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
        ip("netns", "add", gatewayName);
        ip("netns", "add", hostName);
        ip("netns", "add", forgerName);
        ip("-n", gatewayName, "link", "add", INTERFACE, "type", "veth", "peer", "name", "wire", "netns", hostName);
        for (final String address : List.of(GATEWAY + "/24", GATEWAY_V6 + "/64"))
        {
            add(gatewayName, INTERFACE, address);
        }
        for (final String address : List.of(SUBJECT + "/24", BYSTANDER + "/24", SUBJECT_V6 + "/64"))
        {
            add(hostName, "wire", address);
        }
        ip("-n", gatewayName, "link", "set", INTERFACE, "up");
        // without forwarding the kernel's routing answers no question about neighbours
        ip("netns", "exec", gatewayName, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
        ip("-n", hostName, "link", "set", "wire", "up");
        ip("-n", gatewayName, "route", "add", BEHIND + "/32", "via", SUBJECT);
        ip("-n", hostName, "addr", "add", BEHIND + "/32", "dev", "lo");
        ip("-n", hostName, "link", "set", "lo", "up");
        buildForger();
    }

    /** Another MAC on the same wire, which answers no question about the address it shows. */
    private void buildForger() throws IOException
    {
        ip("-n", hostName, "link", "add", "link", "wire", "name", "forge", "type", "macvlan", "mode", "private");
        ip("-n", hostName, "link", "set", "forge", "netns", forgerName);
        ip("-n", forgerName, "link", "set", "forge", "arp", "off", "up");
        for (final String address : List.of(SUBJECT + "/24", BEHIND + "/32", SUBJECT_V6 + "/64"))
        {
            add(forgerName, "forge", address);
        }
        final String gatewayMac = macOf(gatewayName, INTERFACE);
        for (final String address : List.of(GATEWAY, GATEWAY_V6))
        {
            ip("-n", forgerName, "neigh", "replace", address, "lladdr", gatewayMac, "dev", "forge", "nud", "permanent");
        }
    }

    private static String macOf(final String namespace, final String name) throws IOException
    {
        final Matcher matcher = MAC.matcher(ip("-n", namespace, "-o", "link", "show", "dev", name));
        if (!matcher.find())
        {
            throw new IOException(name + " has no MAC");
        }
        return matcher.group(1);
    }

    private void remove() throws IOException
    {
        for (final String name : List.of(gatewayName, hostName, forgerName))
        {
            if (Files.exists(NAMESPACES.resolve(name)))
            {
                ip("netns", "del", name);
            }
        }
        KernelSupport.unmount(mountPoint);
    }

    private static void add(final String namespace, final String name, final String address) throws IOException
    {
        if (address.indexOf(':') < 0)
        {
            ip("-n", namespace, "addr", "add", address, "dev", name);
        }
        else
        {
            ip("-n", namespace, "addr", "add", address, "dev", name, "nodad");
        }
    }

    /** What a run that was killed left behind. */
    private static void removeOfTheDead() throws IOException
    {
        if (!Files.isDirectory(NAMESPACES))
        {
            return;
        }
        final List<String> names;
        try (Stream<Path> files = Files.list(NAMESPACES))
        {
            names = files.map((file) -> file.getFileName().toString()).filter((n) -> n.startsWith(PREFIX)).toList();
        }
        for (final String name : names)
        {
            final String pid = name.substring(PREFIX.length()).replaceFirst("-.*", "");
            if (pid.matches("\\d{1,10}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty())
            {
                ip("netns", "del", name);
            }
        }
    }

    private static String ip(final String... arguments) throws IOException
    {
        final Process process = new ProcessBuilder(
            Stream.concat(Stream.of("ip"), Stream.of(arguments)).toList()).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try
        {
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0)
            {
                throw new IOException("ip " + String.join(" ", arguments) + ": " + output);
            }
            return output;
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ex);
        }
    }
}
