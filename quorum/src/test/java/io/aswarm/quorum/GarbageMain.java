package io.aswarm.quorum;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.util.Random;

/**
 * Floods the mesh's port with garbage, half of it with the head of an Aeron frame. Arguments: address, port, seconds.
 * Says {@code sent N} at its end.
 */
final class GarbageMain
{
    private static final int LENGTH_MAX = 1_400;
    private static final int STREAM_ID = 4_117;

    private GarbageMain()
    {
    }

    public static void main(final String[] args) throws IOException
    {
        final InetSocketAddress to = new InetSocketAddress(InetAddress.getByName(args[0]), Integer.parseInt(args[1]));
        final long untilNs = System.nanoTime() + Long.parseLong(args[2]) * 1_000_000_000L;
        final Random random = new Random(9);
        final byte[] bytes = new byte[LENGTH_MAX];
        final ByteBuffer datagram = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long sent = 0;
        try (DatagramChannel channel = DatagramChannel.open())
        {
            channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1);
            while (System.nanoTime() - untilNs < 0)
            {
                random.nextBytes(bytes);
                final int length = 32 + random.nextInt(LENGTH_MAX - 32);
                if (random.nextBoolean())
                {
                    // frame length, version, flags, type (data, setup, status, NAK), term offset, session, stream, term
                    datagram.putInt(0, length).put(4, (byte)0).put(5, (byte)0xC0)
                        .putShort(6, (short)(1 + random.nextInt(6))).putInt(8, random.nextInt(1 << 16) & ~31)
                        .putInt(12, random.nextInt(64)).putInt(16, STREAM_ID).putInt(20, random.nextInt(4));
                }
                datagram.clear().limit(length);
                channel.send(datagram, to);
                sent++;
            }
        }
        System.out.println("sent " + sent);
    }
}
