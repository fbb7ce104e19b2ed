package io.aswarm.twinlab;

import io.aswarm.ebpf.PacketSocket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Records what comes in at every port of every gateway, before XDP decides on it: the frames that the spine and the
 * servers hand to the gateway's cables. Headers only, and of each direction of a conversation its first frames and all
 * with SYN or RST, so that a recording stays small; the data of established conversations are counted by the program
 * in the kernel and decide nothing.
 * <p>
 * One thread of its own; the files are written at the end.
 */
final class CaptureRecorder implements AutoCloseable
{
    /** Most frames of one gateway; what comes after them is not recorded. */
    static final int FRAMES_MAX = 20_000;
    private static final int CONVERSATION_FRAMES_MAX = 2;
    private static final int SNAP_LENGTH = TcpFrame.LENGTH_MAX;
    private static final int POLL_MS = 10;
    /** Between two looks at whether to stop, however much comes. */
    private static final int TURN_FRAMES_MAX = 65_536;

    /** One frame, as recorded. */
    private record Frame(long timeNs, byte[] bytes, int wireLength)
    {
    }

    private final List<PacketSocket> sockets = new ArrayList<>();
    private final List<Integer> racks = new ArrayList<>();
    private final List<List<Frame>> framesByRack = new ArrayList<>();
    private final Map<String, Integer> framesByConversation = new HashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(2_048);
    private final CaptureDecoder decoder = new CaptureDecoder();
    private final Thread thread = new Thread(this::read, "recorder");
    private volatile boolean stopped;
    private volatile IOException failure;

    private CaptureRecorder()
    {
        for (int rack = 0; rack <= RackPlan.RACKS; rack++)
        {
            framesByRack.add(new ArrayList<>());
        }
        thread.setDaemon(true);
    }

    /** Open sockets at the far ends of all gateway ports, and begin. */
    static CaptureRecorder start(final RackTopology topology) throws IOException
    {
        final CaptureRecorder recorder = new CaptureRecorder();
        for (int rack = 1; rack <= RackPlan.RACKS; rack++)
        {
            recorder.add(topology, topology.plan().spine(), RackPlan.gatewayName(rack), rack);
            for (int server = 1; server <= RackPlan.SERVERS_PER_RACK; server++)
            {
                recorder.add(topology, topology.plan().server(rack, server), RackPlan.SERVER_INTERFACE, rack);
            }
        }
        recorder.thread.start();
        return recorder;
    }

    private void add(
        final RackTopology topology, final String namespace, final String interfaceName, final int rack)
        throws IOException
    {
        sockets.add(topology.namespace(namespace).call(() -> PacketSocket.receiver(interfaceName, null)));
        racks.add(rack);
    }

    /**
     * Stop, and write {@code gwN.pcap.gz} for each gateway.
     *
     * @param directory that exists.
     * @return frames written.
     */
    int write(final Path directory) throws IOException
    {
        close();
        if (null != failure)
        {
            throw failure;
        }
        int count = 0;
        final long wallMinusMonotonicNs = System.currentTimeMillis() * 1_000_000L - System.nanoTime();
        for (int rack = 1; rack <= RackPlan.RACKS; rack++)
        {
            final List<Frame> frames = framesByRack.get(rack);
            frames.sort(Comparator.comparingLong(Frame::timeNs));
            try (CaptureWriter writer = new CaptureWriter(directory.resolve(RackPlan.gatewayName(rack) + ".pcap.gz")))
            {
                for (final Frame frame : frames)
                {
                    writer.write(frame.timeNs + wallMinusMonotonicNs, frame.bytes, frame.wireLength);
                    count++;
                }
            }
        }
        return count;
    }

    @Override
    public void close()
    {
        stopped = true;
        try
        {
            // to its end: the rings that it reads are unmapped below
            thread.join();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            return;
        }
        sockets.forEach(PacketSocket::close);
        sockets.clear();
    }

    private void read()
    {
        try
        {
            while (!stopped)
            {
                PacketSocket.poll(sockets, POLL_MS);
                for (int i = 0; i < sockets.size(); i++)
                {
                    drain(sockets.get(i), racks.get(i));
                }
            }
        }
        catch (final IOException ex)
        {
            failure = ex;
        }
    }

    private void drain(final PacketSocket socket, final int rack) throws IOException
    {
        int length;
        for (int turn = 0; turn < TURN_FRAMES_MAX && (length = socket.receive(buffer)) > 0; turn++)
        {
            // outgoing here is incoming at the gateway
            final List<Frame> frames = framesByRack.get(rack);
            if (socket.outgoing() && frames.size() < FRAMES_MAX && isWanted(rack, length))
            {
                final byte[] bytes = new byte[Math.min(length, SNAP_LENGTH)];
                buffer.get(0, bytes);
                frames.add(new Frame(socket.timeNs(), bytes, length));
            }
        }
    }

    private boolean isWanted(final int rack, final int length)
    {
        if (!decoder.decode(buffer, Math.min(length, buffer.capacity()), length))
        {
            return false;
        }
        final int flags = decoder.tcpFlags();
        if (0 != (flags & (TcpFrame.SYN | TcpFrame.RST)))
        {
            return true;
        }
        final String conversation = String.join(" ", List.of(Integer.toString(rack),
            Long.toHexString(decoder.sourceHigh()), Long.toHexString(decoder.sourceLow()),
            Long.toHexString(decoder.destinationHigh()), Long.toHexString(decoder.destinationLow()),
            Integer.toString(decoder.sourcePort()), Integer.toString(decoder.destinationPort())));
        return framesByConversation.merge(conversation, 1, Integer::sum) <= CONVERSATION_FRAMES_MAX;
    }
}
