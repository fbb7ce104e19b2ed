package io.aswarm.quorum;

import io.aswarm.trust.OrderVerdict;
import io.aswarm.trust.Roster;
import io.aswarm.trust.SessionCounter;
import io.aswarm.trust.SessionKeys;
import io.aswarm.trust.SessionWarmUp;
import io.aswarm.trust.SignedOrder;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The quorum thread, which is whichever thread has this agent's turn: takes signals from the ring, deposits them in its
 * own fusion at once and with the others within its budget of bytes, takes in what the others deposit, and hands on
 * what is elevated. Also drives the embedded media driver and its client.
 */
public final class QuorumAgent implements Agent
{
    /** After so many half-lives nothing is left of the most that a deposit can state, 2^32 thousandths of a nat. */
    public static final int EVIDENCE_HALF_LIVES = 32;

    private static final int SIGNALS_LIMIT = 16;
    private static final int MESSAGES_LIMIT = 16;
    private static final int LIVENESS_INTERVALS = 3;
    private static final int ORDERS_MAX = 16;

    /** An order of an operator of this node. */
    private record GivenOrder(SignedOrder order, Consumer<OrderVerdict> onResult)
    {
    }

    private final QuorumConfig config;
    private final MeshLink link;
    private final QuorumProxy proxy;
    private final NanoClock clock;
    private final EpochNanoClock epochClock;
    private final boolean hasPeers;
    private final Tally tally;
    private final MessageHandler onSignal = this::onSignal;
    private final AtomicReference<Roster> nextRoster = new AtomicReference<>();
    private final ManyToOneConcurrentArrayQueue<GivenOrder> givenOrders =
        new ManyToOneConcurrentArrayQueue<>(ORDERS_MAX);
    private final UnsafeBuffer composed = new UnsafeBuffer(new byte[DepositDescriptor.LENGTH]);
    private final OwnMessages messages;
    private final DepositSender sender;
    private final SealedChannel sealed;
    private final SessionKeys.Outlet handshakes;
    private final Admission admission;
    private final Membership membership;
    private final Fusion fusion;
    private final Testimonies testimonies;
    private final Decider decider;
    private final Orders orders;
    private final PresenceTurn turn;
    private final Reception reception;
    private long nowNs;
    private long nowEpochNs;
    private long lastCycleNs;
    private boolean hasCycled;
    private int joinsSeen;
    private int reach;

    /**
     * An agent that has not started.
     *
     * @param config     of this node.
     * @param link       to the other nodes.
     * @param proxy      by which signals come.
     * @param handler    of what comes out.
     * @param clock      monotonic.
     * @param epochClock wall clock.
     * @param counters   asked once for each counter of this module but those that the proxy and the mesh own.
     */
    public QuorumAgent(
        final QuorumConfig config,
        final MeshLink link,
        final QuorumProxy proxy,
        final QuorumHandler handler,
        final NanoClock clock,
        final EpochNanoClock epochClock,
        final Function<QuorumCounter, AtomicCounter> counters)
    {
        this.config = config;
        this.link = link;
        this.hasPeers = link.hasPeers();
        this.proxy = proxy;
        this.clock = clock;
        this.epochClock = epochClock;
        tally = new Tally(counters);

        nowNs = clock.nanoTime();
        final Roster roster = config.roster();
        final Seal seal = new Seal(roster.site(), config.signatureCheck());
        messages = new OwnMessages(config);
        messages.wrap(composed);
        sealed = null == config.sessions() ? null : new SealedChannel(config.sessions());
        sender = new DepositSender(config, link, handler, messages, sealed, tally, nowNs);
        final UnsafeBuffer handshake = new UnsafeBuffer();
        handshakes = (message, offset, length) ->
        {
            handshake.wrap(message, offset, length);
            return sender.offerOther(handshake, 0, length, nowNs);
        };
        admission = new Admission(config, seal, nowNs);
        membership = new Membership(roster, config.nodeId(), LIVENESS_INTERVALS * config.presenceIntervalNs());
        fusion = new Fusion(
            roster, config.nodeId(), config.elevationTable(), config.halfLifeNs(), config.depositsMax(),
            config.hashSeed());
        testimonies = new Testimonies(config, fusion, seal, messages, handler, tally);
        decider = new Decider(config, fusion, testimonies, handler, clock, epochClock, tally);
        orders = new Orders(roster, config.nodeId(), handler, tally, nowNs);
        turn = new PresenceTurn(config.presenceIntervalNs(), nowNs);
        reception = new Reception(
            sealed, testimonies, orders, admission, decider, turn, this::onHeard, tally);
        tally.set(QuorumCounter.MEMBERS_EXPECTED, roster.nodes().size());
        onMembership();
    }

    @Override
    public void onStart()
    {
        if (hasPeers)
        {
            WarmUp.run(config, clock, epochClock.nanoTime());
        }
        WarmUp.runOrders(config, clock, epochClock.nanoTime());
        if (null != sealed)
        {
            SessionWarmUp.run(WarmUp.TIME_MAX_NS, clock::nanoTime);
        }
    }

    @Override
    public void onClose()
    {
        if (null != sealed)
        {
            sealed.keys().close();
        }
    }

    @Override
    public String roleName()
    {
        return "quorum";
    }

    @Override
    public int doWork()
    {
        nowNs = clock.nanoTime();
        nowEpochNs = epochClock.nanoTime();
        measureCycle();

        // before the driver has its turn, which comes with each signal anyway
        int work = proxy.read(onSignal, SIGNALS_LIMIT);
        work += link.invoke();
        work += changeRoster();
        work += takeOrders();
        if (hasPeers)
        {
            work += reception.poll(link, MESSAGES_LIMIT, nowNs, nowEpochNs);
            work += sender.followUp(membership.live() - 1, nowNs);
            work += greetNewcomers();
            work += sender.flush(nowNs, nowEpochNs);
            work += beat();
            work += agreeOnKeys();
        }
        return work + testimonies.doWork(0 == work, nowNs);
    }

    /**
     * In a site of one, decide on the signals that wait; nothing else of a duty cycle is urgent there. By any thread,
     * while no other is in this agent.
     *
     * @return false in a site with others, where nothing is done: they hear of a signal first.
     */
    public boolean decideAlone()
    {
        if (hasPeers)
        {
            return false;
        }
        nowNs = clock.nanoTime();
        nowEpochNs = epochClock.nanoTime();
        proxy.read(onSignal, SIGNALS_LIMIT);
        return true;
    }

    /**
     * Nodes heard within the liveness limit, this one included. On the quorum thread; others read the counter.
     *
     * @return number of live members.
     */
    public int membersHeard()
    {
        return membership.live();
    }

    /**
     * All nodes of the roster and whether they live. Any thread.
     *
     * @return one for each node, in the order of the roster.
     */
    public List<Member> members()
    {
        return membership.members(clock.nanoTime());
    }

    /**
     * Take evidence for spent that led to an elevation before this process began, so that a node which was restarted
     * does not act on it again. Before the agent starts.
     *
     * @param deposit         of a witness of the elevation, as certified; one that is not authentic is passed over.
     * @param subjectRole     of the elevation.
     * @param elevatedEpochNs wall clock of the elevation; what lies in the future is taken for now.
     * @return whether it was taken.
     */
    public boolean recall(final byte[] deposit, final int subjectRole, final long elevatedEpochNs)
    {
        final DepositVerifier.Result result = DepositVerifier.verify(deposit, config.roster());
        if (result.isAuthentic())
        {
            fusion.recall(new UnsafeBuffer(deposit), 0, subjectRole != result.deposit().subjectRole(),
                Math.min(elevatedEpochNs, epochClock.nanoTime()));
        }
        return result.isAuthentic();
    }

    /**
     * Go by another roster of the same site from the next duty cycle on: who joined may speak, who left is neither
     * believed nor counted any more, and the size of the site chooses the rows of the elevation table. Any thread.
     *
     * @param roster verified and no older than the one in force, which the caller sees to.
     * @throws IllegalArgumentException when it is of another site, or has not this node with this node's key.
     */
    public void offerRoster(final Roster roster)
    {
        config.requireOwn(roster);
        nextRoster.set(roster);
    }

    /**
     * Take an order of the operators, which then goes to all nodes. Any thread.
     *
     * @param order    as read, verified by the quorum thread.
     * @param onResult told on the quorum thread what became of it; must not block.
     * @return false if too many wait already.
     */
    public boolean offerOrder(final SignedOrder order, final Consumer<OrderVerdict> onResult)
    {
        return givenOrders.offer(new GivenOrder(order, onResult));
    }

    /**
     * Does this node hear no majority of the roster, so that it contains by its own evidence only? On the quorum
     * thread; others read the counter.
     *
     * @return true in a minority or in half of the site.
     */
    public boolean isDegraded()
    {
        return decider.isDegraded();
    }

    private void onSignal(final int typeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        tally.increment(QuorumCounter.SIGNALS_RECEIVED);
        messages.compose(composed, 0, buffer, index, nowNs, nowEpochNs);
        if (hasPeers)
        {
            // sent first, so that where the budget allows the statement on the wire is also the one in the certificate;
            // and out of the socket before this node turns to its own conclusions
            final int offset = sender.put(composed, nowNs, nowEpochNs);
            link.invoke();
            decider.fuse(sender.wire(), offset, nowNs, nowEpochNs);
        }
        else
        {
            decider.fuse(composed, 0, nowNs, nowEpochNs);
        }
    }

    private void onHeard(final int nodeId)
    {
        if (membership.onHeard(nodeId, nowNs))
        {
            onMembership();
            // it may have missed what was said while it was away, though its stream never broke
            sender.sayAgain();
        }
        if (null != sealed)
        {
            sealed.onHeard(nodeId, nowNs);
        }
    }

    private int changeRoster()
    {
        final Roster next = nextRoster.getAcquire();
        if (null == next)
        {
            return 0;
        }
        nextRoster.compareAndSet(next, null);
        admission.onRoster(next);
        fusion.onRoster(next);
        membership.onRoster(next);
        testimonies.onRoster(next);
        orders.onRoster(next);
        if (null != sealed)
        {
            sealed.onRoster(next, nowNs, nowEpochNs);
        }
        tally.set(QuorumCounter.MEMBERS_EXPECTED, next.nodes().size());
        onMembership();
        decider.decideAll(nowNs, nowEpochNs);
        return 1;
    }

    private int takeOrders()
    {
        final GivenOrder given = givenOrders.poll();
        if (null != given)
        {
            given.onResult.accept(orders.give(given.order, nowNs, nowEpochNs));
            // so that all learn at once who goes by it
            turn.atOnce(nowNs);
        }
        return orders.doWork(link, nowNs, nowEpochNs) + (null == given ? 0 : 1);
    }

    private int greetNewcomers()
    {
        final int joins = link.joins();
        if (joins == joinsSeen)
        {
            return 0;
        }
        joinsSeen = joins;
        sender.sayAgain();
        turn.atOnce(nowNs);
        return 1;
    }

    private int beat()
    {
        if (!turn.isDue(nowNs))
        {
            return 0;
        }
        membership.onTick(nowNs);
        onMembership();
        turn.onSaid(nowNs);
        sender.beat(membership.live(), orders.standing(), nowNs, nowEpochNs);
        return 1;
    }

    private int agreeOnKeys()
    {
        if (null == sealed || !link.isConnected())
        {
            return 0;
        }
        if (reach != sealed.reach())
        {
            reach = sealed.reach();
            tally.set(QuorumCounter.SESSION_REACH, reach);
        }
        return sealed.onTick(handshakes, nowNs, nowEpochNs);
    }

    private void onMembership()
    {
        final boolean isMajority = membership.isMajority();
        tally.set(QuorumCounter.MEMBERS_HEARD, membership.live());
        tally.set(QuorumCounter.DEGRADED, isMajority ? 0 : 1);
        if (null != sealed)
        {
            final SessionKeys keys = sealed.keys();
            tally.set(QuorumCounter.SESSION_AGREED, keys.count(SessionCounter.AGREED));
            tally.set(QuorumCounter.SESSION_REKEYS, keys.count(SessionCounter.REKEYS));
            tally.set(QuorumCounter.SESSION_REFUSED, sealed.refused());
        }
        decider.onMajority(isMajority, nowNs, nowEpochNs);
    }

    private void measureCycle()
    {
        final long cycleNs = nowNs - lastCycleNs;
        lastCycleNs = nowNs;
        if (hasCycled)
        {
            tally.proposeMax(QuorumCounter.CYCLE_LONGEST, cycleNs);
            if (cycleNs > config.stallNs())
            {
                tally.increment(QuorumCounter.CYCLE_STALLS);
            }
        }
        hasCycled = true;
    }
}
