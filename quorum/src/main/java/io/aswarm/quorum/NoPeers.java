package io.aswarm.quorum;

import org.agrona.DirectBuffer;

/**
 * The link of a site of one. Who has no peers neither offers nor polls: that is a defect, and said.
 */
public final class NoPeers implements MeshLink
{
    private static final String NOBODY = "nobody is there";

    @Override
    public int invoke()
    {
        return 0;
    }

    @Override
    public boolean hasPeers()
    {
        return false;
    }

    @Override
    public boolean isConnected()
    {
        return false;
    }

    @Override
    public int joins()
    {
        return 0;
    }

    @Override
    public boolean offer(final DirectBuffer buffer, final int offset, final int length)
    {
        throw new IllegalStateException(NOBODY);
    }

    @Override
    public int poll(final Receiver receiver, final int limit)
    {
        throw new IllegalStateException(NOBODY);
    }
}
