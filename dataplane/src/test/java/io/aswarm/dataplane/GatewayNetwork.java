package io.aswarm.dataplane;

import io.aswarm.ebpf.NamespaceLab;
import io.aswarm.ebpf.NetworkNamespace;

import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

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

    private static final String GW = "gw";
    private static final String OUT = "out";
    private static final String SRV = "srv";

    private final NamespaceLab lab = new NamespaceLab("dp");
    private final List<Closeable> opened = new ArrayList<>();
    private NetworkNamespace gateway;
    private NetworkNamespace outside;

    /** Make it; what is made before a failure is removed by {@link #close()}. */
    void make() throws IOException
    {
        lab.add(GW);
        lab.add(OUT);
        lab.add(SRV);
        wire(GW, "spine0", GATEWAY + "/24", OUT, "eth0", ATTACKER + "/24");
        lab.ip(OUT, "addr", "add", CLIENT + "/24", "dev", "eth0");
        wire(GW, "port1", "198.18.78.1/24", SRV, "eth0", SERVER + "/24");
        wire(GW, "mesh0", MESH_GATEWAY + "/24", OUT, "mesh0", MESH_STRANGER + "/24");
        lab.ip(OUT, "route", "add", "198.18.78.0/24", "via", GATEWAY);
        lab.ip(SRV, "route", "add", "default", "via", "198.18.78.1");
        lab.exec(GW, "sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
        gateway = lab.enter(GW);
        outside = lab.enter(OUT);
        serve(lab.enter(SRV));
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
        lab.exec(GW, "nft",
            "add table inet asw; add chain inet asw pre { type filter hook prerouting priority 0; };" +
            "add rule inet asw pre ct state new accept");
        lab.exec(GW, "sysctl", "-q", "-w", "net.netfilter.nf_conntrack_acct=1");
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
            lab.close();
        }
    }

    private void wire(
        final String left, final String leftName, final String leftAddress,
        final String right, final String rightName, final String rightAddress) throws IOException
    {
        lab.wire(left, leftName, right, rightName);
        lab.ip(left, "addr", "add", leftAddress, "dev", leftName);
        lab.ip(right, "addr", "add", rightAddress, "dev", rightName);
        lab.ip(left, "link", "set", leftName, "up");
        lab.ip(right, "link", "set", rightName, "up");
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
}
