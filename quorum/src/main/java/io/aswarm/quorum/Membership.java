package io.aswarm.quorum;

import io.aswarm.trust.Roster;
import org.agrona.collections.Int2IntHashMap;

/**
 * Which nodes of the roster were heard of late, by messages that were believed. Pure: the clock is an argument.
 */
final class Membership
{
    private final Int2IntHashMap indexById;
    private final long[] heardNs;
    private final boolean[] isLive;
    private final long timeoutNs;
    private final int ownIndex;
    private int live;

    Membership(final Roster roster, final int ownNodeId, final long timeoutNs)
    {
        final int nodes = roster.nodes().size();
        this.indexById = new Int2IntHashMap(nodes * 2, 0.5f, -1);
        this.heardNs = new long[nodes];
        this.isLive = new boolean[nodes];
        this.timeoutNs = timeoutNs;
        for (int i = 0; i < nodes; i++)
        {
            indexById.put(roster.nodes().get(i).id(), i);
        }
        this.ownIndex = indexById.get(ownNodeId);
        this.isLive[ownIndex] = true;
        this.live = 1;
    }

    void onHeard(final int nodeId, final long nowNs)
    {
        final int index = indexById.get(nodeId);
        heardNs[index] = nowNs;
        if (!isLive[index])
        {
            isLive[index] = true;
            live++;
        }
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

    /** Nodes heard of late, this one included. */
    int live()
    {
        return live;
    }
}
