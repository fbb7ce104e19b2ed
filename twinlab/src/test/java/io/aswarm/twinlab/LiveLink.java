package io.aswarm.twinlab;

import io.aswarm.ebpf.NamespaceLab;
import io.aswarm.ebpf.NetworkNamespace;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A wire between two namespaces, for traffic of programs that others wrote. Outside are an attacker and eight clients
 * that fetch something every few milliseconds; inside a server with two services, behind which there is nobody.
 * <pre>
 *   attacker 198.18.0.10, clients 198.18.1.1-8 ── 198.19.0.1, services at 198.19.0.10; 198.19.7.0/24 is silent
 * </pre>
 */
final class LiveLink implements AutoCloseable
{
    static final String ATTACKER = "198.18.0.10";
    static final String ATTACKER_6 = "2001:2:0:1::10";
    static final String SERVER = "198.19.0.10";
    static final String SERVER_6 = "2001:2:0:2::10";
    static final String INTERFACE = "eth0";
    static final int CLIENTS = 8;
    private static final int[] SERVICES = {80, 443};
    private static final int TIMEOUT_MS = 1_000;
    private static final int PAUSE_MS = 20;
    private static final int BACKLOG = 512;

    private final NamespaceLab lab = new NamespaceLab("live");
    private final List<Closeable> opened = new ArrayList<>();
    private NetworkNamespace inside;
    private volatile boolean stopped;
    private volatile int completed;

    private LiveLink()
    {
    }

    /** Make it, with its services and clients. */
    static LiveLink open() throws IOException
    {
        final LiveLink link = new LiveLink();
        try
        {
            link.build();
            link.serve();
            link.startClients();
            return link;
        }
        catch (final IOException ex)
        {
            link.close();
            throw ex;
        }
    }

    private void build() throws IOException
    {
        lab.add("out");
        lab.add("in");
        lab.wire("out", INTERFACE, "in", INTERFACE);
        final List<String> out = new ArrayList<>(List.of(
            "address add " + ATTACKER + "/16 dev " + INTERFACE,
            "address add " + ATTACKER_6 + "/64 dev " + INTERFACE + " nodad"));
        for (int i = 1; i <= CLIENTS; i++)
        {
            out.add("address add " + client(i) + "/16 dev " + INTERFACE);
        }
        out.addAll(List.of("link set " + INTERFACE + " up", "route add 198.19.0.0/16 via 198.18.0.1",
            "route add 2001:2:0:2::/64 via 2001:2:0:1::1"));
        Subprocess.ipBatch(lab.name("in"), List.of(
            "address add 198.18.0.1/16 dev " + INTERFACE, "address add " + SERVER + "/32 dev lo",
            "address add 2001:2:0:1::1/64 dev " + INTERFACE + " nodad", "address add " + SERVER_6 + "/128 dev lo",
            "link set " + INTERFACE + " up", "route add blackhole 198.19.7.0/24"));
        Subprocess.ipBatch(lab.name("out"), out);

        inside = lab.enter("in");
        inside.call(() -> Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1"));
    }

    private static String client(final int number)
    {
        return "198.18.1." + number;
    }

    private void serve() throws IOException
    {
        for (final int port : SERVICES)
        {
            final ServerSocket service = inside.call(() -> new ServerSocket(port, BACKLOG));
            opened.add(service);
            start("service-" + port, () ->
            {
                while (!stopped)
                {
                    try (Socket accepted = service.accept())
                    {
                        accepted.getOutputStream().write(new byte[200]);
                    }
                    catch (final IOException ignored)
                    {
                        // the client went away, or the test did
                    }
                }
            });
        }
    }

    private void startClients() throws IOException
    {
        final NetworkNamespace outside = lab.enter("out");
        start("clients", () ->
        {
            try
            {
                outside.enter();
                for (int i = 0; !stopped; i++)
                {
                    fetch(1 + i % CLIENTS, SERVICES[i % SERVICES.length]);
                    DrillSite.pause(PAUSE_MS);
                }
            }
            catch (final IOException ignored)
            {
                // the count of completed exchanges tells
            }
        });
    }

    private void fetch(final int number, final int port)
    {
        try (Socket socket = new Socket())
        {
            socket.bind(new InetSocketAddress(InetAddress.getByName(client(number)), 0));
            socket.connect(new InetSocketAddress(InetAddress.getByName(SERVER), port), TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getInputStream().readAllBytes();
            completed++;
        }
        catch (final IOException ignored)
        {
            // inside a flood some fail
        }
    }

    private static void start(final String name, final Runnable work)
    {
        final Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Exchanges of benign clients up to now. */
    int completed()
    {
        return completed;
    }

    /** Where to listen: everything that comes from outside passes here, and every answer. */
    NetworkNamespace inside()
    {
        return inside;
    }

    /** Run a tool as the attacker, to its end; what it says and how it ends is its own affair. */
    void attack(final List<String> tool) throws IOException
    {
        final List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", lab.name("out")));
        command.addAll(tool);
        try
        {
            Subprocess.run("", command.toArray(new String[0]));
        }
        catch (final IOException ex)
        {
            // hping3 ends with 1 where somebody stayed silent
            if (!ex.getMessage().contains("ended with status 1"))
            {
                throw ex;
            }
        }
    }

    @Override
    public void close() throws IOException
    {
        stopped = true;
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
}
