package io.aswarm.quorum;

import io.aswarm.trust.Roster;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which nodes of the roster were heard of late, by messages that were believed. Pure: the clock is an argument. Changed
 * by one thread; {@link #members(long)} may be asked by any.
 */
final class Membership
{
    private static final long NEVER = Long.MIN_VALUE;

    /** By place in the roster; replaced as a whole when the roster is. */
    private record Heard(Roster roster, AtomicLongArray atNs)
    {
    }

    private final int ownNodeId;
    private final long timeoutNs;
    private volatile Heard heard;
    private boolean[] isLive;
    private int live;

    Membership(final Roster roster, final int ownNodeId, final long timeoutNs)
    {
        this.ownNodeId = ownNodeId;
        this.timeoutNs = timeoutNs;
        this.heard = nobodyOf(roster);
        this.isLive = new boolean[roster.nodes().size()];
        this.isLive[roster.indexOf(ownNodeId)] = true;
        this.live = 1;
    }

    /** Nodes that stay keep their time; those that joined were never heard, those that left are forgotten. */
    void onRoster(final Roster roster)
    {
        final Heard before = heard;
        final Heard after = nobodyOf(roster);
        final boolean[] isLiveAfter = new boolean[roster.nodes().size()];
        live = 0;
        for (int i = 0; i < isLiveAfter.length; i++)
        {
            final int was = before.roster.indexOf(roster.nodes().get(i).id());
            if (was >= 0)
            {
                after.atNs.setPlain(i, before.atNs.getPlain(was));
                isLiveAfter[i] = isLive[was];
                live += isLive[was] ? 1 : 0;
            }
        }
        isLive = isLiveAfter;
        heard = after;
    }

    /** Note a believed message; true when its sender was not live before. */
    boolean onHeard(final int nodeId, final long nowNs)
    {
        final Heard current = heard;
        final int index = current.roster.indexOf(nodeId);
        current.atNs.setRelease(index, nowNs);
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
        final Heard current = heard;
        final int ownIndex = current.roster.indexOf(ownNodeId);
        for (int i = 0; i < isLive.length; i++)
        {
            if (isLive[i] && i != ownIndex && nowNs - current.atNs.getPlain(i) > timeoutNs)
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

    /** All nodes of the roster and how long ago each was heard; any thread. */
    List<Member> members(final long nowNs)
    {
        final Heard current = heard;
        final List<Member> members = new ArrayList<>();
        for (int i = 0; i < current.atNs.length(); i++)
        {
            final Roster.Node node = current.roster.nodes().get(i);
            final long atNs = current.atNs.getAcquire(i);
            final boolean isOwn = node.id() == ownNodeId;
            final long agoNs = isOwn ? 0 : NEVER == atNs ? Member.NEVER_HEARD : Math.max(0, nowNs - atNs);
            members.add(new Member(
                node.id(), node.name(), isOwn || (agoNs >= 0 && agoNs <= timeoutNs), agoNs));
        }
        return members;
    }

    private static Heard nobodyOf(final Roster roster)
    {
        final AtomicLongArray atNs = new AtomicLongArray(roster.nodes().size());
        for (int i = 0; i < atNs.length(); i++)
        {
            atNs.setPlain(i, NEVER);
        }
        return new Heard(roster, atNs);
    }
}
