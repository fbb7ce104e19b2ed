package io.aswarm.quorum;

import io.aswarm.trust.Roster;

/**
 * Which nodes of the roster were heard of late, by messages that were believed. Pure: the clock is an argument.
 */
final class Membership
{
    private final Roster roster;
    private final long[] heardNs;
    private final boolean[] isLive;
    private final long timeoutNs;
    private final int ownIndex;
    private int live;

    Membership(final Roster roster, final int ownNodeId, final long timeoutNs)
    {
        final int nodes = roster.nodes().size();
        this.roster = roster;
        this.heardNs = new long[nodes];
        this.isLive = new boolean[nodes];
        this.timeoutNs = timeoutNs;
        this.ownIndex = roster.indexOf(ownNodeId);
        this.isLive[ownIndex] = true;
        this.live = 1;
    }

    /** Note a believed message; true when its sender was not live before. */
    boolean onHeard(final int nodeId, final long nowNs)
    {
        final int index = roster.indexOf(nodeId);
        heardNs[index] = nowNs;
        final boolean isNew = !isLive[index];
        if (isNew)
        {
            isLive[index] = true;
            live++;
        }
        return isNew;
    }

    /** Forget who was not heard within the timeout. */
    void onTick(final long nowNs)
    {
        for (int i = 0; i < isLive.length; i++)
        {
            if (isLive[i] && i != ownIndex && nowNs - heardNs[i] > timeoutNs)
            {
                isLive[i] = false;
                live--;
            }
        }
    }

    /** Are more than half of the roster's nodes live? Two halves of a site both say no. */
    boolean isMajority()
    {
        return 2 * live > isLive.length;
    }

    /** Nodes heard of late, this one included. */
    int live()
    {
        return live;
    }
}
