package io.aswarm.quorum;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Random;

/**
 * A bad network in user space: stands between nodes that speak unicast, one address of its own for each, and passes
 * datagrams on several times and out of order. Answers go back the way the question came, one socket for each pair.
 * Arguments: port, copies of each datagram, percent that are held back behind later ones, then pairs of own address and
 * node's address. Says {@code ready}, then on each line of input how many datagrams it passed and held back.
 */
final class UdpRelayMain
{
    private static final int DATAGRAM_MAX = 2_048;
    private static final int HELD_MAX = 64;
    /** Datagrams that overtake one which is held back. */
    private static final int OVERTAKERS = 3;

    private final Selector selector = Selector.open();
    private final Map<String, Leg> legs = new HashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(DATAGRAM_MAX);
    private final Random random = new Random(7);
    private final Queue<Held> held = new ArrayDeque<>();
    private final int copies;
    private final int holdPercent;
    private long passed;
    private long heldBack;

    /** From one sender to one node, and back. */
    private record Leg(DatagramChannel channel, DatagramChannel front, SocketAddress sender, InetSocketAddress node)
    {
    }

    /** A front door of the relay and whom it stands for. */
    private record Door(InetSocketAddress node)
    {
    }

    private record Held(Leg leg, byte[] bytes, long afterPassed)
    {
    }

    private UdpRelayMain(final int copies, final int holdPercent) throws IOException
    {
        this.copies = copies;
        this.holdPercent = holdPercent;
    }

    public static void main(final String[] args) throws IOException
    {
        final int port = Integer.parseInt(args[0]);
        final UdpRelayMain relay = new UdpRelayMain(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        for (int i = 3; i + 1 < args.length; i += 2)
        {
            final DatagramChannel door = DatagramChannel.open();
            door.bind(new InetSocketAddress(InetAddress.getByName(args[i]), port)).configureBlocking(false);
            door.register(relay.selector, SelectionKey.OP_READ,
                new Door(new InetSocketAddress(InetAddress.getByName(args[i + 1]), port)));
        }
        System.out.println("ready");
        final Thread reporter = new Thread(relay::report);
        reporter.setDaemon(true);
        reporter.start();
        while (reporter.isAlive())
        {
            relay.selector.select(100);
            for (final SelectionKey key : relay.selector.selectedKeys())
            {
                relay.receive(key);
            }
            relay.selector.selectedKeys().clear();
        }
    }

    private void report()
    {
        try
        {
            while (System.in.read() >= 0)
            {
                System.out.println("passed " + passed + " held " + heldBack);
            }
        }
        catch (final IOException ignore)
        {
            // the same as the end of the input
        }
    }

    private void receive(final SelectionKey key) throws IOException
    {
        final DatagramChannel channel = (DatagramChannel)key.channel();
        buffer.clear();
        if (key.attachment() instanceof Leg)
        {
            final Leg leg = (Leg)key.attachment();
            while (null != channel.receive(buffer))
            {
                leg.front.send(buffer.flip(), leg.sender);
                buffer.clear();
            }
            return;
        }
        final InetSocketAddress node = ((Door)key.attachment()).node;
        for (SocketAddress from = channel.receive(buffer); null != from; from = channel.receive(buffer))
        {
            pass(leg(channel, from, node), buffer.flip());
            buffer.clear();
        }
    }

    private void pass(final Leg leg, final ByteBuffer datagram) throws IOException
    {
        passed++;
        if (held.size() < HELD_MAX && random.nextInt(100) < holdPercent)
        {
            final byte[] bytes = new byte[datagram.remaining()];
            datagram.get(bytes);
            held.add(new Held(leg, bytes, passed + OVERTAKERS));
            heldBack++;
            return;
        }
        for (int i = 0; i < copies; i++)
        {
            leg.channel.send(datagram.duplicate(), leg.node);
        }
        while (!held.isEmpty() && held.peek().afterPassed <= passed)
        {
            final Held late = held.remove();
            for (int i = 0; i < copies; i++)
            {
                late.leg.channel.send(ByteBuffer.wrap(late.bytes), late.leg.node);
            }
        }
    }

    private Leg leg(final DatagramChannel front, final SocketAddress sender, final InetSocketAddress node)
        throws IOException
    {
        final String name = sender + ">" + node;
        Leg leg = legs.get(name);
        if (null == leg)
        {
            // not connected: a node that has not started yet answers by ICMP, which must not end the relay
            final DatagramChannel channel = DatagramChannel.open();
            channel.bind(new InetSocketAddress(0)).configureBlocking(false);
            leg = new Leg(channel, front, sender, node);
            channel.register(selector, SelectionKey.OP_READ, leg);
            legs.put(name, leg);
        }
        return leg;
    }
}
