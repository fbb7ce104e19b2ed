package io.aswarm.twinlab;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/**
 * Writes a gzipped pcap file with nanoseconds, Ethernet. One thread.
 */
final class CaptureWriter implements AutoCloseable
{
    private static final int SNAP_LENGTH = 262_144;
    private static final long SECOND_NS = 1_000_000_000L;

    private final OutputStream out;
    private final ByteBuffer header = ByteBuffer.allocate(24);

    CaptureWriter(final Path file) throws IOException
    {
        out = new GZIPOutputStream(Files.newOutputStream(file), 64 * 1024);
        header.putInt(0xA1B23C4D).putShort((short)2).putShort((short)4).putLong(0).putInt(SNAP_LENGTH).putInt(1);
        out.write(header.array(), 0, 24);
    }

    /**
     * Write a frame.
     *
     * @param timeNs     since the epoch.
     * @param frame      bytes captured.
     * @param wireLength bytes it had on the wire.
     */
    void write(final long timeNs, final byte[] frame, final int wireLength) throws IOException
    {
        header.clear();
        header.putInt((int)(timeNs / SECOND_NS)).putInt((int)(timeNs % SECOND_NS)).putInt(frame.length)
            .putInt(wireLength);
        out.write(header.array(), 0, 16);
        out.write(frame);
    }

    @Override
    public void close() throws IOException
    {
        out.close();
    }
}
