package io.aswarm.quorum;

import io.aswarm.quorum.codec.MessageHeaderDecoder;
import io.aswarm.quorum.codec.MessageHeaderEncoder;
import io.aswarm.quorum.codec.OrderDecoder;
import io.aswarm.quorum.codec.OrderEncoder;
import io.aswarm.trust.OrderBook;
import io.aswarm.trust.OrderVerdict;
import io.aswarm.trust.Roster;
import io.aswarm.trust.SignedOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.concurrent.TimeUnit;

/**
 * Spreads the orders of the operators: suspend enforcement on the whole site, or resume it. An order is given to any
 * node, which says it to all. It proves itself, so whoever has it may pass it on: each presence tells the number of the
 * order that its sender goes by, and who hears an older one than its own says the order again, those of lower place in
 * the roster first, the others not if they hear it meanwhile. So it also reaches who was away, who joined, and who
 * hears some of the nodes only. Replays change nothing: of two orders the one issued later holds.
 * <p>
 * Orders are not counted against the budget of bytes; one node says one at most once in {@link #PAUSE_NS}.
 */
final class Orders
{
    /** Least time between two sayings of the order by one node. */
    static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(500);
    /** By which each place in the roster lets those before it go first. */
    static final long TURN_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final int TURNS_MAX = 100;
    private static final int PREFIX_LENGTH =
        MessageHeaderDecoder.ENCODED_LENGTH + OrderDecoder.BLOCK_LENGTH + OrderDecoder.orderHeaderLength();
    /** Orders verified a second, some 0.4 ms each, from streams by which a member proved itself, and from others. */
    private static final int CHECKS_PER_SECOND = 20;
    private static final int CHECKS_PER_SECOND_UNPROVEN = 10;

    private final int ownNodeId;
    private final QuorumHandler handler;
    private final Tally tally;
    private final OrderBook book = new OrderBook();
    private final TokenBucket checks;
    private final TokenBucket unprovenChecks;
    private final byte[] bytes = new byte[SignedOrder.LENGTH_MAX];
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[PREFIX_LENGTH + SignedOrder.LENGTH_MAX]);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final OrderDecoder decoder = new OrderDecoder();
    private Roster roster;
    private long standing;
    private boolean isSuspended;
    private int messageLength;
    private boolean isDue;
    private long dueNs;
    private long saidNs;

    Orders(
        final Roster roster, final int ownNodeId, final QuorumHandler handler, final Tally tally, final long nowNs)
    {
        this.ownNodeId = ownNodeId;
        this.handler = handler;
        this.tally = tally;
        this.checks = new TokenBucket(CHECKS_PER_SECOND, CHECKS_PER_SECOND, nowNs);
        this.unprovenChecks = new TokenBucket(CHECKS_PER_SECOND_UNPROVEN, CHECKS_PER_SECOND_UNPROVEN, nowNs);
        this.saidNs = nowNs - PAUSE_NS;
        onRoster(roster);
    }

    void onRoster(final Roster next)
    {
        roster = next;
    }

    /** Number of the order in force, or 0; greater is later. */
    long standing()
    {
        return standing;
    }

    boolean isOrder(final DirectBuffer buffer, final int offset, final int length)
    {
        if (length < PREFIX_LENGTH)
        {
            return false;
        }
        header.wrap(buffer, offset);
        return OrderDecoder.TEMPLATE_ID == header.templateId() && OrderDecoder.SCHEMA_ID == header.schemaId() &&
            OrderDecoder.SCHEMA_VERSION == header.version() && OrderDecoder.BLOCK_LENGTH == header.blockLength();
    }

    /** Take in what says it is an order; true if it is in force from now on. */
    boolean onMessage(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final boolean isProven,
        final long nowNs,
        final long nowEpochNs)
    {
        decoder.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, OrderDecoder.BLOCK_LENGTH,
            OrderDecoder.SCHEMA_VERSION);
        final int orderLength = decoder.orderLength();
        if (PREFIX_LENGTH + orderLength != length || orderLength > SignedOrder.LENGTH_MAX)
        {
            tally.increment(QuorumCounter.REFUSED_MALFORMED);
            return false;
        }
        final boolean isStanding = isStanding(buffer, offset, length);
        if (isStanding || (0 != standing && decoder.issuedEpochNs() < standing))
        {
            // who repeats what is in force spares this node from repeating it
            saidNs = isStanding ? nowNs : saidNs;
            tally.increment(QuorumCounter.ORDERS_REPEATED);
            return false;
        }
        if (!(isProven ? checks : unprovenChecks).tryTake(1, nowNs))
        {
            tally.increment(QuorumCounter.REFUSED_CHECK_BUDGET);
            return false;
        }
        decoder.getOrder(bytes, 0, orderLength);
        final boolean isAccepted = OrderVerdict.ACCEPTED ==
            accept(SignedOrder.fromBytes(bytes, 0, orderLength), nowEpochNs);
        saidNs = isAccepted ? nowNs : saidNs;
        return isAccepted;
    }

    /** Take in an order from an operator of this node, or the one kept from before its start. */
    OrderVerdict give(final SignedOrder order, final long nowNs, final long nowEpochNs)
    {
        final OrderVerdict verdict = accept(order, nowEpochNs);
        if (OrderVerdict.ACCEPTED == verdict || OrderVerdict.REPEATED == verdict)
        {
            isDue = true;
            dueNs = nowNs;
            saidNs = nowNs - PAUSE_NS;
        }
        return verdict;
    }

    /**
     * A peer goes by this order.
     *
     * @return true if it is later than this node's own, so that this node should tell what it lacks.
     */
    boolean onPresence(final long itsStanding, final long nowNs)
    {
        if (itsStanding < standing && !isDue)
        {
            isDue = true;
            dueNs = nowNs + Math.min(TURNS_MAX, roster.indexOf(ownNodeId)) * TURN_NS;
        }
        return itsStanding > standing;
    }

    /** Say what is due, and notice the end of an order. */
    int doWork(final MeshLink link, final long nowNs, final long nowEpochNs)
    {
        if (0 == standing)
        {
            return 0;
        }
        final SignedOrder inForce = book.standing(nowEpochNs);
        if (null == inForce)
        {
            standing = 0;
            isDue = false;
            suspend(false, null);
            return 1;
        }
        if (!isDue || dueNs - nowNs > 0)
        {
            return 0;
        }
        if (nowNs - saidNs < PAUSE_NS)
        {
            isDue = false;
            return 0;
        }
        if (!link.hasPeers() || !link.isConnected() || !link.offer(message, 0, messageLength))
        {
            return 0;
        }
        isDue = false;
        saidNs = nowNs;
        tally.increment(QuorumCounter.ORDERS_SAID);
        return 1;
    }

    private boolean isStanding(final DirectBuffer buffer, final int offset, final int length)
    {
        if (0 == standing || length != messageLength)
        {
            return false;
        }
        for (int i = 0; i < length; i++)
        {
            if (message.getByte(i) != buffer.getByte(offset + i))
            {
                return false;
            }
        }
        return true;
    }

    private OrderVerdict accept(final SignedOrder order, final long nowEpochNs)
    {
        final OrderVerdict verdict = book.accept(order, roster, nowEpochNs);
        if (OrderVerdict.ACCEPTED == verdict)
        {
            tally.increment(QuorumCounter.ORDERS_ACCEPTED);
            standing = order.issuedEpochNs();
            write(order);
            suspend(SignedOrder.Action.SUSPEND == order.action(), order);
        }
        else
        {
            tally.increment(OrderVerdict.REPEATED == verdict ? QuorumCounter.ORDERS_REPEATED :
                QuorumCounter.ORDERS_REFUSED);
        }
        return verdict;
    }

    private void suspend(final boolean isSuspendedNow, final SignedOrder order)
    {
        final boolean hasEnded = null == order;
        if (!hasEnded || isSuspended)
        {
            isSuspended = isSuspendedNow;
            tally.set(QuorumCounter.SUSPENDED, isSuspended ? 1 : 0);
            handler.onOrder(order, isSuspended);
        }
    }

    private void write(final SignedOrder order)
    {
        final byte[] wire = order.toBytes();
        new OrderEncoder().wrapAndApplyHeader(message, 0, new MessageHeaderEncoder())
            .issuedEpochNs(order.issuedEpochNs()).putOrder(wire, 0, wire.length);
        messageLength = PREFIX_LENGTH + wire.length;
    }
}
