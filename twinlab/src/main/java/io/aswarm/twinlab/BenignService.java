package io.aswarm.twinlab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * The server's side of one TCP exchange: read how many bytes are wanted, write them, wait for the client to close.
 * Driven by the selector loop of {@link BenignTraffic}; never blocks.
 */
final class BenignService
{
    private final SocketChannel channel;
    private final ByteBuffer request = ByteBuffer.allocate(BenignExchange.REQUEST_LENGTH);
    private long remaining;

    BenignService(final SocketChannel channel)
    {
        this.channel = channel;
    }

    /** Do what the channel is ready for. Whether the exchange failed is for its client to say. */
    void advance(final SelectionKey key, final ByteBuffer scratch) throws IOException
    {
        try
        {
            if (key.isWritable())
            {
                respond(key, scratch);
            }
            else if (channel.read(request.hasRemaining() ? request : scratch.clear()) < 0)
            {
                channel.close();
            }
            else if (!request.hasRemaining() && 0 == remaining)
            {
                remaining = request.getLong(0);
                key.interestOps(SelectionKey.OP_WRITE);
            }
        }
        catch (final IOException ex)
        {
            channel.close();
        }
    }

    private void respond(final SelectionKey key, final ByteBuffer scratch) throws IOException
    {
        scratch.clear().limit((int)Math.min(scratch.capacity(), remaining));
        remaining -= channel.write(scratch);
        if (0 == remaining)
        {
            key.interestOps(SelectionKey.OP_READ);
        }
    }
}
