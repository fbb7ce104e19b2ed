package io.aswarm.twinlab;

import io.aswarm.ebpf.NetworkNamespace;
import io.aswarm.ebpf.PacketSocket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Watches every server's interface for attack frames: what a gateway let through, seen from behind it and by nobody
 * that the gateway could influence. Kernel stamps.
 * <p>
 * One thread of its own reads all sockets.
 */
final class ServerCapture implements AutoCloseable
{
    private static final int POLL_MS = 20;
    private static final int FRAME_LENGTH_MAX = 256;

    /** Classic BPF: source in the attack subnets, either family; see {@link PacketSocket#receiver}. */
    static final long[] ATTACK_FILTER = {
        instruction(0x28, 0, 0, 12),
        instruction(0x15, 0, 3, TcpFrame.TYPE_IPV4),
        instruction(0x20, 0, 0, 26),
        instruction(0x54, 0, 0, 0xFFFFFF00),
        instruction(0x15, 5, 6, word(4, 0) & 0xFFFFFF00),
        instruction(0x15, 0, 5, TcpFrame.TYPE_IPV6),
        instruction(0x20, 0, 0, 22),
        instruction(0x15, 0, 3, word(6, 0)),
        instruction(0x20, 0, 0, 26),
        instruction(0x15, 0, 1, word(6, 4)),
        instruction(0x06, 0, 0, FRAME_LENGTH_MAX),
        instruction(0x06, 0, 0, 0)};

    /** What to look for: replaced as one when a run begins. */
    private record Watch(byte[] source, ProbeLog log)
    {
    }

    private final List<PacketSocket> sockets = new ArrayList<>();
    private final ByteBuffer frame = ByteBuffer.allocateDirect(FRAME_LENGTH_MAX);
    private final byte[] source4 = new byte[4];
    private final byte[] source6 = new byte[16];
    private final Thread thread = new Thread(this::read, "server-capture");
    private volatile Watch watch;
    private volatile boolean stopped;
    private volatile IOException failure;
    private volatile long lost;

    private ServerCapture()
    {
        thread.setDaemon(true);
    }

    /** Open a socket in each server's namespace and start the reading thread. */
    static ServerCapture open(final RackTopology topology) throws IOException
    {
        final ServerCapture capture = new ServerCapture();
        for (int rack = 1; rack <= RackPlan.RACKS; rack++)
        {
            for (int server = 1; server <= RackPlan.SERVERS_PER_RACK; server++)
            {
                final NetworkNamespace namespace = topology.namespace(topology.plan().server(rack, server));
                capture.sockets.add(namespace.call(
                    () -> PacketSocket.receiver(RackPlan.SERVER_INTERFACE, ATTACK_FILTER)));
            }
        }
        capture.thread.start();
        return capture;
    }

    /** From now on write arrivals of frames from this source into this log. */
    void watch(final byte[] source, final ProbeLog log)
    {
        watch = new Watch(source, log);
    }

    /** Frames that the sockets lost, so that their absence says nothing; must be 0 for a judgement. */
    long lost()
    {
        return lost;
    }

    /** Whether the capture still works. */
    void check() throws IOException
    {
        if (null != failure)
        {
            throw failure;
        }
    }

    @Override
    public void close()
    {
        stopped = true;
        try
        {
            thread.join(1_000);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        sockets.forEach(PacketSocket::close);
    }

    private void read()
    {
        try
        {
            long measureDueNs = System.nanoTime();
            while (!stopped)
            {
                if (System.nanoTime() - measureDueNs >= 0)
                {
                    measure();
                    measureDueNs += 1_000_000_000L;
                }
                PacketSocket.poll(sockets, POLL_MS);
                for (int i = 0; i < sockets.size(); i++)
                {
                    drain(sockets.get(i));
                }
            }
        }
        catch (final IOException ex)
        {
            failure = ex;
        }
    }

    private void measure() throws IOException
    {
        long lostNow = lost;
        for (final PacketSocket socket : sockets)
        {
            socket.measureClocks();
            lostNow += socket.lost();
        }
        lost = lostNow;
    }

    private void drain(final PacketSocket socket) throws IOException
    {
        int length = socket.receive(frame);
        while (length > 0)
        {
            final Watch current = watch;
            if (null != current && !socket.outgoing())
            {
                match(current, length, socket.timeNs());
            }
            length = socket.receive(frame);
        }
    }

    private void match(final Watch current, final int length, final long timeNs)
    {
        final boolean isV4 = TcpFrame.TYPE_IPV4 == (frame.getShort(12) & 0xFFFF);
        final byte[] source = isV4 ? source4 : source6;
        final int tcp = TcpFrame.ETHERNET_LENGTH + (isV4 ? TcpFrame.IPV4_LENGTH : TcpFrame.IPV6_LENGTH);
        if (length < tcp + TcpFrame.TCP_LENGTH)
        {
            return;
        }
        frame.get(TcpFrame.ETHERNET_LENGTH + (isV4 ? 12 : 8), source);
        if (java.util.Arrays.equals(source, current.source))
        {
            current.log.arrived(frame.getInt(tcp + 4), timeNs);
        }
    }

    private static int word(final int family, final int offset)
    {
        return ByteBuffer.wrap(RackPlan.bytes(RackPlan.attackSource(family, 0))).getInt(offset);
    }

    private static long instruction(final int code, final int jumpTrue, final int jumpFalse, final int operand)
    {
        return (long)code << 48 | (long)jumpTrue << 40 | (long)jumpFalse << 32 | (operand & 0xFFFF_FFFFL);
    }
}
