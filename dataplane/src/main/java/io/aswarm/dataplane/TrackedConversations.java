package io.aswarm.dataplane;

import io.aswarm.ebpf.ConntrackFlyweight;
import io.aswarm.ebpf.ConntrackHandler;
import io.aswarm.ebpf.Routes;
import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;
import io.aswarm.sketch.LocalPolicy;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.function.Consumer;

/**
 * Tells detection of ends and volumes that connection tracking knows and no program sees, so that nothing is counted
 * twice. The rule, for each direction of a connection: its packets come in from where the kernel would send to their
 * sender, and go out to where it would send to their receiver; they are seen by a program if they come in by a watched
 * interface, or if this host itself sends them by one whose way out is watched. The bytes of a direction that is seen
 * are left to the samples of {@code VOLUME}; the end of a connection is left to the programs if both directions are.
 * Openings are left to them always.
 * <p>
 * What this host itself began is kept back as in {@link HostTraffic}. Owned by the sensor thread; allocates nothing.
 */
final class TrackedConversations implements ConntrackHandler, Conversation
{
    private final OwnAddresses own;
    private final WatchedInterfaces watched;
    private final RouteLookup routes;
    private final AtomicCounter told;
    private final AtomicCounter seen;
    private final Consumer<Conversation> next;
    private ConntrackFlyweight connection;
    private int kind;
    private int flags;
    private long quantity;
    private int interfaceIndex;

    /** By which interface this host sends to an address. */
    interface RouteLookup
    {
        int interfaceTo(long high, long low, long nowNs);
    }

    /**
     * Stand before a policy.
     *
     * @param own     addresses of this host.
     * @param watched interfaces and what is seen there.
     * @param routes  {@link Routes#interfaceTo}.
     * @param told    counts ends and volumes handed on.
     * @param seen    counts those left to the programs.
     * @param next    {@link LocalPolicy#onConversation}.
     */
    TrackedConversations(
        final OwnAddresses own,
        final WatchedInterfaces watched,
        final RouteLookup routes,
        final AtomicCounter told,
        final AtomicCounter seen,
        final Consumer<Conversation> next)
    {
        this.own = own;
        this.watched = watched;
        this.routes = routes;
        this.told = told;
        this.seen = seen;
        this.next = next;
    }

    @Override
    public void onConnection(final ConntrackFlyweight tracked)
    {
        final boolean isNews = tracked.isEnd() || tracked.newBytesOut() > 0 || tracked.newBytesBack() > 0;
        if (!isNews || own.contains(tracked.initiatorHigh(), tracked.initiatorLow()))
        {
            return;
        }
        connection = tracked;
        final int initiatorSide =
            routes.interfaceTo(tracked.initiatorHigh(), tracked.initiatorLow(), tracked.timeNs());
        final int responderSide =
            routes.interfaceTo(tracked.responderHigh(), tracked.responderLow(), tracked.timeNs());
        final boolean isOutSeen = isSeen(initiatorSide, responderSide);
        final boolean isBackSeen = isSeen(responderSide, initiatorSide);
        if (tracked.newBytesOut() > 0)
        {
            tell(isOutSeen, ConversationKind.VOLUME, 0, tracked.newBytesOut(), initiatorSide);
        }
        if (tracked.newBytesBack() > 0)
        {
            tell(isBackSeen, ConversationKind.VOLUME, FLAG_FROM_RESPONDER, tracked.newBytesBack(), responderSide);
        }
        if (tracked.isEnd())
        {
            tell(isOutSeen && isBackSeen, ConversationKind.ENDED, 0, tracked.durationMs(), initiatorSide);
        }
    }

    private boolean isSeen(final int from, final int to)
    {
        return from == Routes.LOCAL ? watched.seesSent(to) : watched.seesIncoming(from);
    }

    private void tell(
        final boolean isSeen, final int ofKind, final int withFlags, final long ofQuantity, final int cameInBy)
    {
        if (isSeen)
        {
            seen.incrementRelease();
            return;
        }
        told.incrementRelease();
        kind = ofKind;
        flags = withFlags;
        quantity = ofQuantity;
        interfaceIndex = cameInBy;
        next.accept(this);
    }

    @Override
    public int kind()
    {
        return kind;
    }

    @Override
    public long timeNs()
    {
        return connection.timeNs();
    }

    @Override
    public long initiatorHigh()
    {
        return connection.initiatorHigh();
    }

    @Override
    public long initiatorLow()
    {
        return connection.initiatorLow();
    }

    @Override
    public long responderHigh()
    {
        return connection.responderHigh();
    }

    @Override
    public long responderLow()
    {
        return connection.responderLow();
    }

    @Override
    public int initiatorPort()
    {
        return connection.initiatorPort();
    }

    @Override
    public int responderPort()
    {
        return connection.responderPort();
    }

    @Override
    public int protocol()
    {
        return connection.protocol();
    }

    @Override
    public int weight()
    {
        return 1;
    }

    @Override
    public int flags()
    {
        return flags;
    }

    @Override
    public long quantity()
    {
        return quantity;
    }

    @Override
    public int interfaceIndex()
    {
        return interfaceIndex;
    }
}
