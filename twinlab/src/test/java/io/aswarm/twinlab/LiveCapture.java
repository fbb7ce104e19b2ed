package io.aswarm.twinlab;

import io.aswarm.ebpf.PacketSocket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes what passes a {@link LiveLink} into a file, both ways. One thread of its own.
 */
final class LiveCapture implements AutoCloseable
{
    private static final int SNAP_LENGTH = 192;
    private static final int FRAME_LENGTH_MAX = 65_536;
    private static final int POLL_MS = 10;
    /** Between two looks at whether to stop, however much comes. */
    private static final int FRAMES_MAX = 65_536;

    private final PacketSocket socket;
    private final CaptureWriter writer;
    private final long wallMinusMonotonicNs;
    private final ByteBuffer frame = ByteBuffer.allocateDirect(FRAME_LENGTH_MAX);
    private final Thread thread = new Thread(this::read, "live-capture");
    private volatile boolean stopped;
    private volatile IOException failure;
    private long lost;

    private LiveCapture(final PacketSocket socket, final CaptureWriter writer)
    {
        this.socket = socket;
        this.writer = writer;
        this.wallMinusMonotonicNs = System.currentTimeMillis() * 1_000_000L - System.nanoTime();
        thread.setDaemon(true);
    }

    /** Begin. */
    static LiveCapture start(final LiveLink link, final Path file) throws IOException
    {
        final LiveCapture capture = new LiveCapture(
            link.inside().call(() -> PacketSocket.receiver(LiveLink.INTERFACE, null)), new CaptureWriter(file));
        capture.thread.start();
        return capture;
    }

    /** The wall clock, as the capture's stamps have it. */
    long epochNs()
    {
        return System.nanoTime() + wallMinusMonotonicNs;
    }

    /** Frames that were not taken in time. */
    long lost()
    {
        return lost;
    }

    private void read()
    {
        try
        {
            while (!stopped)
            {
                PacketSocket.poll(List.of(socket), POLL_MS);
                int length;
                for (int frames = 0; frames < FRAMES_MAX && (length = socket.receive(frame)) > 0; frames++)
                {
                    final byte[] bytes = new byte[Math.min(length, SNAP_LENGTH)];
                    frame.get(0, bytes);
                    writer.write(socket.timeNs() + wallMinusMonotonicNs, bytes, length);
                }
            }
        }
        catch (final IOException ex)
        {
            failure = ex;
        }
    }

    @Override
    public void close() throws IOException
    {
        stopped = true;
        try
        {
            // to its end: the ring that it reads is unmapped below
            thread.join();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            return;
        }
        lost = socket.lost();
        socket.close();
        writer.close();
        if (null != failure)
        {
            throw failure;
        }
    }
}
