package io.aswarm.quorum;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A link that answers pings of others below everything of ours: what a round trip over plain Aeron costs, in the same
 * process, with the same driver and the same threads as the mesh.
 */
final class EchoLink implements MeshLink
{
    /** As long as a sealed deposit in a site of four. */
    private static final int LENGTH = 163;
    private static final int OFFERS_MAX = 10;
    /** Where other messages have the length of an SBE block, or the mark of a session. */
    private static final short PING = 0x5049;
    private static final short PONG = 0x504F;

    private final MeshLink link;
    private final int ownNodeId;
    private final int peers;
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[LENGTH]);
    private Receiver receiver;
    private long sequence;
    private long pingedNs;
    private int pongs;
    private long firstNs;
    private long offeredNs;
    private long receivedNs;
    private long sentNs;

    EchoLink(final MeshLink link, final int ownNodeId, final int peers)
    {
        this.link = link;
        this.ownNodeId = ownNodeId;
        this.peers = peers;
    }

    /** When a sealed deposit was last offered, before Aeron had it. */
    long offeredNs()
    {
        return offeredNs;
    }

    /** When the driver had had its turn after that. */
    long sentNs()
    {
        return sentNs;
    }

    /** When Aeron last handed one over. */
    long receivedNs()
    {
        return receivedNs;
    }

    void ping()
    {
        message.putShort(0, PING);
        message.putInt(4, ownNodeId);
        message.putLong(8, ++sequence);
        pongs = 0;
        pingedNs = System.nanoTime();
        offer();
    }

    /** At the end of a term an offer is refused once. */
    private void offer()
    {
        for (int i = 0; i < OFFERS_MAX && !link.offer(message, 0, LENGTH); i++)
        {
            Thread.onSpinWait();
        }
    }

    @Override
    public int invoke()
    {
        final boolean isSending = sentNs - offeredNs < 0;
        final int work = link.invoke();
        sentNs = isSending ? System.nanoTime() : sentNs;
        return work;
    }

    @Override
    public boolean hasPeers()
    {
        return link.hasPeers();
    }

    @Override
    public boolean isConnected()
    {
        return link.isConnected();
    }

    @Override
    public int joins()
    {
        return link.joins();
    }

    @Override
    public boolean offer(final DirectBuffer buffer, final int offset, final int length)
    {
        offeredNs = LENGTH == length ? System.nanoTime() : offeredNs;
        return link.offer(buffer, offset, length);
    }

    @Override
    public int poll(final Receiver to, final int limit)
    {
        receiver = to;
        return link.poll(this::onMessage, limit);
    }

    private void onMessage(final DirectBuffer buffer, final int offset, final int length, final int sessionId)
    {
        final short kind = LENGTH == length ? buffer.getShort(offset) : 0;
        if (PING == kind)
        {
            if (ownNodeId != buffer.getInt(offset + 4))
            {
                message.putBytes(0, buffer, offset, LENGTH);
                message.putShort(0, PONG);
                offer();
            }
        }
        else if (PONG == kind)
        {
            onPong(buffer.getInt(offset + 4), buffer.getLong(offset + 8));
        }
        else
        {
            receivedNs = LENGTH == length ? System.nanoTime() : receivedNs;
            receiver.onMessage(buffer, offset, length, sessionId);
        }
    }

    private void onPong(final int toNodeId, final long itsSequence)
    {
        if (toNodeId == ownNodeId && itsSequence == sequence)
        {
            final long nowNs = System.nanoTime();
            firstNs = 0 == pongs ? nowNs - pingedNs : firstNs;
            if (++pongs == peers)
            {
                System.out.println("pinged " + firstNs + " " + (nowNs - pingedNs));
            }
        }
    }
}
