package io.aswarm.twinlab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * The client's side of one TCP exchange: connect, ask for a number of bytes, read them, close. Driven by the selector
 * loop of {@link BenignTraffic}; never blocks.
 */
final class BenignExchange
{
    /** A request is the number of bytes wanted, nothing else. */
    static final int REQUEST_LENGTH = 8;

    private final SocketChannel channel;
    private final String description;
    private final boolean paced;
    private final ByteBuffer request = ByteBuffer.allocate(REQUEST_LENGTH);
    private long remaining;
    private long progressNs;

    /**
     * An exchange that is about to connect.
     *
     * @param channel     not blocking, not connected.
     * @param description for messages.
     * @param length      bytes to ask for.
     * @param paced       whether its reads are rationed: a bulk flow that must not take the whole machine.
     * @param nowNs       of its start.
     */
    BenignExchange(
        final SocketChannel channel, final String description, final long length, final boolean paced,
        final long nowNs)
    {
        this.channel = channel;
        this.description = description;
        this.paced = paced;
        this.remaining = length;
        this.progressNs = nowNs;
        request.putLong(length).flip();
    }

    /** Do what the channel is ready for; true when all was received. */
    boolean advance(final SelectionKey key, final ByteBuffer scratch, final long nowNs) throws IOException
    {
        if (key.isConnectable() && channel.finishConnect())
        {
            progressNs = nowNs;
            key.interestOps(SelectionKey.OP_WRITE);
        }
        else if (key.isWritable())
        {
            channel.write(request);
            if (!request.hasRemaining())
            {
                key.interestOps(SelectionKey.OP_READ);
            }
        }
        else if (key.isReadable())
        {
            scratch.clear();
            final int count = channel.read(scratch);
            if (count < 0)
            {
                throw new IOException("closed with " + remaining + " bytes missing");
            }
            remaining -= count;
            progressNs = nowNs;
            if (paced)
            {
                key.interestOps(0);
            }
        }
        return remaining <= 0;
    }

    /** Let a paced exchange read once more. */
    void admit(final SelectionKey key)
    {
        if (paced && key.isValid() && 0 == key.interestOps())
        {
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    boolean stalled(final long nowNs, final long timeoutNs)
    {
        return nowNs - progressNs > timeoutNs;
    }

    boolean isPaced()
    {
        return paced;
    }

    @Override
    public String toString()
    {
        return description;
    }
}
