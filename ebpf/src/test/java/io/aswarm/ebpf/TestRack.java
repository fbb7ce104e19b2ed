package io.aswarm.ebpf;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A gateway between a spine and a rack, three namespaces: the attacker has 198.18.0.2, the gateway 198.18.0.1 and
 * 198.18.1.1, the server 198.18.1.2; the same in 2001:2::/64 and 2001:2:0:1::/64. The sensor is to be on both of the
 * gateway's interfaces. One for all tests of a class, or for one of them, is had by {@link #open()}.
 */
final class TestRack extends KernelExtension
{
    static final String ATTACKER = "198.18.0.2";
    static final String SERVER = "198.18.1.2";
    static final String ATTACKER_V6 = "2001:2::2";
    static final String SERVER_V6 = "2001:2:0:1::2";
    static final List<String> INTERFACES = List.of("spine", "rack.7");

    TestNamespace attacker;
    TestNamespace gateway;
    TestNamespace server;
    private final List<ServerSocket> services = new ArrayList<>();

    /** One that is there at once, to be closed by who opens it. */
    static TestRack open() throws KernelException, IOException
    {
        return opened(new TestRack());
    }

    @Override
    void make() throws IOException
    {
        attacker = new TestNamespace("attacker");
        gateway = new TestNamespace("gateway");
        server = new TestNamespace("server");
        join();
    }

    private void join() throws IOException
    {
        gateway.sysctl("net.ipv4.ip_forward=1");
        gateway.sysctl("net.ipv6.conf.all.forwarding=1");
        joinAttacker();
        gateway.link("rack.7", "198.18.1.1/24", "2001:2:0:1::1/64", server, "eth0", SERVER + "/24", SERVER_V6 + "/64");
        server.ip("route", "add", "default", "via", "198.18.1.1");
        server.ip("-6", "route", "add", "default", "via", "2001:2:0:1::1");
    }

    /** Again, after the gateway's interface was deleted. */
    void joinAttacker() throws IOException
    {
        gateway.link("spine", "198.18.0.1/24", "2001:2::1/64", attacker, "eth0", ATTACKER + "/24", ATTACKER_V6 + "/64");
        attacker.ip("route", "add", "default", "via", "198.18.0.1");
        attacker.ip("-6", "route", "add", "default", "via", "2001:2::1");
    }

    Path pinDirectory()
    {
        return mountPoint().resolve("nodes").resolve("rack1");
    }

    KernelSensorConfig.Builder config()
    {
        return config(pinDirectory());
    }

    KernelSensorConfig.Builder config(final Path pins)
    {
        return KernelSensorConfig.builder("rack1", pins).interfaces(INTERFACES).ringBytes(1 << 16);
    }

    KernelSensor openSensor() throws Exception
    {
        return gateway.call(() -> KernelSensor.open(config().build()));
    }

    /** Have somebody listen on a port of the server, as long as there is one. */
    void serve(final int port) throws Exception
    {
        services.add(server.call(() -> new ServerSocket(port)));
    }

    /** Whether the attacker reaches a port of the server. */
    boolean connects(final String address, final int port, final int timeoutMs) throws Exception
    {
        return attacker.call(() ->
        {
            try (Socket socket = new Socket())
            {
                socket.connect(new InetSocketAddress(address, port), timeoutMs);
                return true;
            }
            catch (final IOException ex)
            {
                return false;
            }
        });
    }

    /** Wait for so many events of TCP, samples aside. */
    static List<String> tcpEvents(final KernelSensor sensor, final int expected)
    {
        final List<String> events = new ArrayList<>();
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (events.size() < expected)
        {
            assertTrue(System.nanoTime() - deadlineNs < 0, () -> "seen were " + events);
            sensor.await(TimeUnit.MILLISECONDS.toNanos(50));
            sensor.poll((c) ->
            {
                if (c.protocol() == PacketBuilder.TCP && c.kind() != ConversationKind.VOLUME)
                {
                    events.add(ConversationKind.name(c.kind()) + " " +
                        IpAddress.format(c.initiatorHigh(), c.initiatorLow()) + " > " +
                        IpAddress.format(c.responderHigh(), c.responderLow()) + " " + c.responderPort());
                }
            }, Integer.MAX_VALUE);
        }
        return events;
    }

    @Override
    void end() throws IOException
    {
        for (final ServerSocket each : services)
        {
            each.close();
        }
        for (final TestNamespace each : new TestNamespace[]{attacker, server, gateway})
        {
            if (each != null)
            {
                each.close();
            }
        }
    }
}
