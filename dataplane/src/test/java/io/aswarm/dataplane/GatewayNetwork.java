package io.aswarm.dataplane;

import io.aswarm.ebpf.NetworkNamespace;

import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * A gateway, a server behind it, and outside it an attacker and a client on one wire: three network namespaces, all
 * removed on close.
 * <pre>
 *   attacker .66, client .67 ── spine0 [gateway] port1 ── 198.18.78.10 server, one service on 8080
 *          198.18.77.0/24                198.18.78.0/24
 * </pre>
 */
final class GatewayNetwork implements AutoCloseable
{
    static final String ATTACKER = "198.18.77.66";
    static final String CLIENT = "198.18.77.67";
    static final String GATEWAY = "198.18.77.1";
    static final String SERVER = "198.18.78.10";
    static final String MESH_GATEWAY = "198.18.79.1";
    static final String MESH_STRANGER = "198.18.79.66";
    static final int SERVICE_PORT = 8080;

    /** What became of one attempt to connect. */
    enum Attempt
    {
        OPEN,
        REFUSED,
        SILENT
    }

    private final String prefix = "asw-dp" + ProcessHandle.current().pid() + "-";
    private final List<Closeable> opened = new ArrayList<>();
    private final List<String> namespaces = new ArrayList<>();
    private NetworkNamespace gateway;
    private NetworkNamespace outside;

    /** Make it; what is made before a failure is removed by {@link #close()}. */
    void make() throws IOException
    {
        final String gw = namespace("gw");
        final String out = namespace("out");
        final String srv = namespace("srv");
        wire(gw, "spine0", GATEWAY + "/24", out, "eth0", ATTACKER + "/24");
        ip(out, "addr", "add", CLIENT + "/24", "dev", "eth0");
        wire(gw, "port1", "198.18.78.1/24", srv, "eth0", SERVER + "/24");
        wire(gw, "mesh0", MESH_GATEWAY + "/24", out, "mesh0", MESH_STRANGER + "/24");
        ip(out, "route", "add", "198.18.78.0/24", "via", GATEWAY);
        ip(srv, "route", "add", "default", "via", "198.18.78.1");
        run("ip", "netns", "exec", gw, "sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
        gateway = enter(gw);
        outside = enter(out);
        serve(enter(srv));
    }

    NetworkNamespace gateway()
    {
        return gateway;
    }

    NetworkNamespace outside()
    {
        return outside;
    }

    /** The gateway tracks connections and counts their bytes. */
    void trackInGateway() throws IOException
    {
        final String gw = prefix + "gw";
        run("ip", "netns", "exec", gw, "nft",
            "add table inet asw; add chain inet asw pre { type filter hook prerouting priority 0; };" +
            "add rule inet asw pre ct state new accept");
        run("ip", "netns", "exec", gw, "sysctl", "-q", "-w", "net.netfilter.nf_conntrack_acct=1");
    }

    /** From one of the addresses outside. */
    Attempt connect(final String source, final String target, final int port, final int timeoutMs)
        throws IOException
    {
        return outside.call(() ->
        {
            try (Socket socket = new Socket())
            {
                socket.bind(new InetSocketAddress(source, 0));
                socket.connect(new InetSocketAddress(target, port), timeoutMs);
                return Attempt.OPEN;
            }
            catch (final SocketTimeoutException ex)
            {
                return Attempt.SILENT;
            }
            catch (final ConnectException ex)
            {
                return Attempt.REFUSED;
            }
        });
    }

    @Override
    public void close() throws IOException
    {
        try
        {
            for (final Closeable each : opened)
            {
                each.close();
            }
        }
        finally
        {
            for (final String name : namespaces)
            {
                run("ip", "netns", "delete", name);
            }
        }
    }

    private String namespace(final String role) throws IOException
    {
        final String name = prefix + role;
        run("ip", "netns", "add", name);
        namespaces.add(name);
        ip(name, "link", "set", "lo", "up");
        return name;
    }

    private NetworkNamespace enter(final String name) throws IOException
    {
        final NetworkNamespace namespace = NetworkNamespace.open(name);
        opened.add(namespace::close);
        return namespace;
    }

    private void wire(
        final String left, final String leftName, final String leftAddress,
        final String right, final String rightName, final String rightAddress) throws IOException
    {
        run("ip", "link", "add", leftName, "netns", left, "type", "veth", "peer", "name", rightName, "netns", right);
        ip(left, "addr", "add", leftAddress, "dev", leftName);
        ip(right, "addr", "add", rightAddress, "dev", rightName);
        ip(left, "link", "set", leftName, "up");
        ip(right, "link", "set", rightName, "up");
    }

    private void serve(final NetworkNamespace server) throws IOException
    {
        final ServerSocket socket = server.call(
            () -> new ServerSocket(SERVICE_PORT, 64, InetAddress.getByName(SERVER)));
        opened.add(socket);
        final Thread thread = new Thread(() -> accept(socket), "lab-service");
        thread.setDaemon(true);
        thread.start();
    }

    private static void accept(final ServerSocket socket)
    {
        while (!socket.isClosed())
        {
            try (Socket accepted = socket.accept())
            {
                accepted.setSoLinger(false, 0);
            }
            catch (final IOException ignore)
            {
                // closed with the network, or the client went away
            }
        }
    }

    private static void ip(final String namespace, final String... args) throws IOException
    {
        final List<String> command = new ArrayList<>(List.of("ip", "-n", namespace));
        command.addAll(List.of(args));
        run(command.toArray(new String[0]));
    }

    private static void run(final String... command) throws IOException
    {
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try
        {
            assertEquals(0, process.waitFor(), String.join(" ", command) + ": " + output);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IOException(ex);
        }
    }
}
