package io.aswarm.quorum;

import io.aswarm.quorum.codec.DepositDecoder;
import io.aswarm.quorum.codec.MessageHeaderDecoder;
import io.aswarm.trust.Roster;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * The quorum thread: takes signals from the ring, deposits them in its own fusion at once and with the others within
 * its budget of bytes, takes in what the others deposit, and hands on what is elevated. Also drives the embedded media
 * driver and its client.
 */
public final class QuorumAgent implements Agent
{
    /**
     * Bytes that a deposit takes on the wire: aligned Aeron data frame, UDP, IPv6 and Ethernet headers.
     */
    static final int DEPOSIT_COST = wireBytes(DepositDescriptor.LENGTH);
    /** Likewise a presence. */
    static final int PRESENCE_COST = wireBytes(DepositDescriptor.PRESENCE_LENGTH);

    private static final int SIGNALS_LIMIT = 16;
    private static final int MESSAGES_LIMIT = 16;
    private static final int SENDS_LIMIT = 4;
    private static final long RESEAL_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int HALF_LIVES_WORTH_SENDING = 8;
    private static final int LIVENESS_INTERVALS = 3;
    /** Milliseconds since 1970 need 41 bits until 2039 and 47 until the year 6429. */
    private static final int ID_COUNT_BITS = 47;

    private final QuorumConfig config;
    private final MeshLink link;
    private final QuorumProxy proxy;
    private final QuorumHandler handler;
    private final NanoClock clock;
    private final EpochNanoClock epochClock;
    private final Map<QuorumCounter, AtomicCounter> counters = new EnumMap<>(QuorumCounter.class);
    private final AtomicCounter[] counterByVerdict = new AtomicCounter[Verdict.values().length];
    private final MessageHandler onSignal = this::onSignal;
    private final MeshLink.Receiver onMessage = this::onMessage;
    private final AtomicReference<Roster> nextRoster = new AtomicReference<>();
    private final Outbox outbox = new Outbox();
    private final UnsafeBuffer composed = new UnsafeBuffer(new byte[DepositDescriptor.LENGTH]);
    private final UnsafeBuffer presence = new UnsafeBuffer(new byte[DepositDescriptor.PRESENCE_LENGTH]);
    private final DepositDecoder decoder = new DepositDecoder();
    private final OwnMessages messages;
    private final Admission admission;
    private final Membership membership;
    private final Fusion fusion;
    private final TokenBucket budget;
    /** Part of the burst that more of what is known may not use, so that news never waits behind it. */
    private final int newsReserve;
    private final AtomicCounter cycleLongest;
    private long nowNs;
    private long nowEpochNs;
    private long lastCycleNs;
    private boolean hasCycled;
    private long presenceDueNs;
    private int joinsSeen;
    private boolean isDegraded;
    private long elevations;

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
        this.proxy = proxy;
        this.handler = handler;
        this.clock = clock;
        this.epochClock = epochClock;
        for (final QuorumCounter counter : QuorumCounter.values())
        {
            if (QuorumCounter.SIGNALS_DROPPED != counter && QuorumCounter.ERRORS != counter)
            {
                this.counters.put(counter, counters.apply(counter));
            }
        }
        for (final Verdict verdict : Verdict.values())
        {
            counterByVerdict[verdict.ordinal()] =
                null == verdict.counter() ? null : this.counters.get(verdict.counter());
        }
        cycleLongest = this.counters.get(QuorumCounter.CYCLE_LONGEST);

        nowNs = clock.nanoTime();
        presenceDueNs = nowNs;
        messages = new OwnMessages(config);
        admission = new Admission(
            config.roster(), new Seal(config.roster().site(), config.signatureCheck()), config.nodeId(),
            config.bootEpoch(), config.staleNs(), config.futureNs(), nowNs);
        membership = new Membership(
            config.roster(), config.nodeId(), LIVENESS_INTERVALS * config.presenceIntervalNs());
        fusion = new Fusion(
            config.roster(), config.nodeId(), config.elevationTable(), config.halfLifeNs(), config.depositsMax(),
            config.hashSeed());
        budget = new TokenBucket(config.budgetBytesPerSecond(), config.burstBytes(), nowNs);
        newsReserve = Math.min(config.burstBytes() / 2, config.burstBytes() - DEPOSIT_COST);
        set(QuorumCounter.MEMBERS_EXPECTED, config.roster().nodes().size());
        onMembership();
    }

    @Override
    public void onStart()
    {
        WarmUp.run(config, clock, epochClock.nanoTime());
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

        int work = link.invoke();
        work += changeRoster();
        work += proxy.read(onSignal, SIGNALS_LIMIT);
        if (link.hasPeers())
        {
            work += link.poll(onMessage, MESSAGES_LIMIT);
            work += greetNewcomers();
            work += flush();
            work += beat();
        }
        return work;
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
     * Does this node hear no majority of the roster, so that it contains by its own evidence only? On the quorum
     * thread; others read the counter.
     *
     * @return true in a minority or in half of the site.
     */
    public boolean isDegraded()
    {
        return isDegraded;
    }

    private void onSignal(final int typeId, final MutableDirectBuffer buffer, final int index, final int length)
    {
        increment(QuorumCounter.SIGNALS_RECEIVED);
        messages.compose(composed, 0, buffer, index, nowNs, nowEpochNs);
        if (!link.hasPeers())
        {
            fuse(composed, 0);
            return;
        }

        final int slot = outbox.put(composed, 0);
        set(QuorumCounter.DEPOSITS_SUPPRESSED, outbox.suppressed());
        // sent first, so that where the budget allows the signature on the wire is also the one in the certificate
        flush();
        fuse(outbox.wire(), outbox.wireOffset(slot));
    }

    private void onMessage(final DirectBuffer buffer, final int offset, final int length, final int sessionId)
    {
        final Verdict verdict = admission.admit(buffer, offset, length, sessionId, nowNs, nowEpochNs);
        final AtomicCounter counter = counterByVerdict[verdict.ordinal()];
        if (null != counter)
        {
            counter.incrementRelease();
        }
        if (Verdict.ACCEPTED != verdict)
        {
            return;
        }

        // node ids stand at the same place in both messages
        decoder.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH,
            DepositDecoder.BLOCK_LENGTH, DepositDecoder.SCHEMA_VERSION);
        if (membership.onHeard(decoder.nodeId(), nowNs))
        {
            onMembership();
            // it may have missed what was said while it was away, though its stream never broke
            outbox.sayAgain();
        }
        if (DepositDescriptor.LENGTH == length)
        {
            handler.onDepositAccepted(
                decoder.nodeId(), decoder.scenario(),
                DepositDescriptor.high(buffer, offset + DepositDescriptor.SUBJECT_OFFSET),
                DepositDescriptor.low(buffer, offset + DepositDescriptor.SUBJECT_OFFSET),
                decoder.evidenceMilliNats() / 1000.0, nowNs);
            fuse(buffer, offset);
        }
    }

    private void fuse(final DirectBuffer buffer, final int offset)
    {
        final int slot = fusion.hold(buffer, offset);
        if (DepositTable.OVERTAKEN == slot)
        {
            increment(QuorumCounter.DEPOSITS_OVERTAKEN);
        }
        decide(slot);
        decide(fusion.holdFace(buffer, offset));
        set(QuorumCounter.DEPOSITS_EVICTED, fusion.evictions());
    }

    private void decide(final int slot)
    {
        final Fusion.Decision decision =
            slot < 0 ? Fusion.Decision.NONE : fusion.decide(slot, nowEpochNs, isDegraded);
        if (Fusion.Decision.NONE != decision)
        {
            elevate(slot, decision);
        }
    }

    private void elevate(final int onSlot, final Fusion.Decision decision)
    {
        final int own = fusion.ownSlot(onSlot);
        if (own >= 0 && !DepositDescriptor.isSealed(fusion.wire(), fusion.wireOffset(own)))
        {
            // the same statement, now signed: the decision stays, the certificate can be checked
            messages.sign(fusion.wire(), fusion.wireOffset(own));
        }
        final long elevatedNs = clock.nanoTime();
        final long elevatedEpochNs = epochClock.nanoTime();
        for (final int slot : fusion.subjects(onSlot, decision))
        {
            increment(Fusion.Decision.LOCAL == decision ? QuorumCounter.ELEVATIONS_LOCAL : QuorumCounter.ELEVATIONS);
            handler.onElevation(fusion.state(
                slot, decision, isDegraded, nowEpochNs, nextId(), elevatedNs, elevatedEpochNs));
        }
        fusion.spend(onSlot, decision, nowEpochNs);
    }

    private long nextId()
    {
        final long count = TimeUnit.NANOSECONDS.toMillis(config.bootEpoch()) + elevations++;
        return ((long)config.nodeId() << ID_COUNT_BITS) | (count & ((1L << ID_COUNT_BITS) - 1));
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
        set(QuorumCounter.MEMBERS_EXPECTED, next.nodes().size());
        onMembership();
        return 1;
    }

    private int greetNewcomers()
    {
        final int joins = link.joins();
        if (joins == joinsSeen)
        {
            return 0;
        }
        joinsSeen = joins;
        outbox.sayAgain();
        presenceDueNs = nowNs;
        return 1;
    }

    private int flush()
    {
        int sent = 0;
        int slot = outbox.next();
        while (Outbox.NIL != slot && sent < SENDS_LIMIT && link.isConnected())
        {
            final int offset = outbox.wireOffset(slot);
            decoder.wrap(outbox.wire(), offset + MessageHeaderDecoder.ENCODED_LENGTH,
                DepositDecoder.BLOCK_LENGTH, DepositDecoder.SCHEMA_VERSION);
            if (nowEpochNs - decoder.lastSeenEpochNs() > HALF_LIVES_WORTH_SENDING * config.halfLifeNs())
            {
                outbox.suppress(slot);
                set(QuorumCounter.DEPOSITS_SUPPRESSED, outbox.suppressed());
            }
            else if (!send(slot, offset))
            {
                break;
            }
            else
            {
                sent++;
            }
            slot = outbox.next();
        }
        return sent;
    }

    private boolean send(final int slot, final int offset)
    {
        if (!outbox.isSealedWithin(slot, RESEAL_NS, nowEpochNs))
        {
            if (!budget.tryTake(DEPOSIT_COST, outbox.isNews(slot) ? 0 : newsReserve, nowNs))
            {
                return false;
            }
            messages.seal(outbox.wire(), offset, nowEpochNs);
            outbox.onSealed(slot, nowEpochNs);
        }
        if (!link.offer(outbox.wire(), offset, DepositDescriptor.LENGTH))
        {
            increment(QuorumCounter.SEND_REFUSED);
            return false;
        }
        outbox.onSent(slot);
        increment(QuorumCounter.DEPOSITS_SENT);
        counters.get(QuorumCounter.BYTES_SENT).getAndAddRelease(DEPOSIT_COST);
        handler.onDepositSent(
            decoder.scenario(),
            DepositDescriptor.high(outbox.wire(), offset + DepositDescriptor.SUBJECT_OFFSET),
            DepositDescriptor.low(outbox.wire(), offset + DepositDescriptor.SUBJECT_OFFSET),
            decoder.evidenceMilliNats() / 1000.0, nowNs);
        return true;
    }

    private int beat()
    {
        if (presenceDueNs - nowNs > 0)
        {
            return 0;
        }
        membership.onTick(nowNs);
        onMembership();
        presenceDueNs = nowNs + config.presenceIntervalNs();
        if (!link.isConnected() || !budget.tryTake(PRESENCE_COST, nowNs))
        {
            return 1;
        }
        messages.presence(presence, 0, membership.live(), 0, nowEpochNs);
        if (link.offer(presence, 0, DepositDescriptor.PRESENCE_LENGTH))
        {
            increment(QuorumCounter.PRESENCES_SENT);
            counters.get(QuorumCounter.BYTES_SENT).getAndAddRelease(PRESENCE_COST);
        }
        else
        {
            increment(QuorumCounter.SEND_REFUSED);
        }
        return 1;
    }

    private void onMembership()
    {
        isDegraded = !membership.isMajority();
        set(QuorumCounter.MEMBERS_HEARD, membership.live());
        set(QuorumCounter.DEGRADED, isDegraded ? 1 : 0);
    }

    private void measureCycle()
    {
        final long cycleNs = nowNs - lastCycleNs;
        lastCycleNs = nowNs;
        if (hasCycled)
        {
            cycleLongest.proposeMaxRelease(cycleNs);
            if (cycleNs > config.stallNs())
            {
                increment(QuorumCounter.CYCLE_STALLS);
            }
        }
        hasCycled = true;
    }

    private void increment(final QuorumCounter counter)
    {
        counters.get(counter).incrementRelease();
    }

    private void set(final QuorumCounter counter, final long value)
    {
        counters.get(counter).setRelease(value);
    }

    private static int wireBytes(final int messageLength)
    {
        final int aeronHeader = 32;
        final int udp = 8;
        final int ipv6 = 40;
        final int ethernet = 14;
        return BitUtil.align(messageLength + aeronHeader, 32) + udp + ipv6 + ethernet;
    }
}
