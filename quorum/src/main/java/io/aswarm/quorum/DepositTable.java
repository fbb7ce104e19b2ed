package io.aswarm.quorum;

import io.aswarm.quorum.codec.DepositDecoder;
import io.aswarm.quorum.codec.MessageHeaderDecoder;
import io.aswarm.trust.Roster;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Int2IntCounterMap;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

/**
 * The live deposits: at most one for each topic and witness, in slots allocated once; {@link TopicChains} tells which
 * slots are on which topic. Where a witness deposits on several subjects of one topic, its strongest stands for it.
 * What does not fit pushes out the weakest, by a rank that does not change with time: the instant at which a deposit
 * will have evaporated to a thousandth of a nat.
 * <p>
 * No witness may hold more than its share of the slots, so one that floods the table pushes out its own deposits only;
 * with {@code depositsMax >= nodes * }{@link #SHARE_MIN} everybody's share fits at once and no evidence can be
 * displaced by another's.
 */
final class DepositTable
{
    /** The deposit came too late: a newer one of that witness is held. */
    static final int OVERTAKEN = -1;
    /** The deposit is weaker than all it competes with. */
    static final int TOO_WEAK = -2;
    /** Witnesses held for one topic. */
    static final int WITNESSES_MAX = 128;
    /** Least number of deposits that each witness may hold. */
    static final int SHARE_MIN = 64;

    /** An episode that begins so long after the spent one ended is another; clocks are read that differently. */
    static final long EPISODE_GAP_NS = 1_000_000_000L;

    private static final int NIL = TopicChains.NIL;
    private static final double LN_2 = StrictMath.log(2);

    private final int depositsMax;
    private final long halfLifeNs;
    private final TopicChains chains;
    private final int[] nodeId;
    private final long[] bootEpoch;
    private final long[] sequence;
    private final long[] evidenceMilliNats;
    private final long[] spentMilliNats;
    private final long[] spentLastSeenEpochNs;
    private final int[] verification;
    private final int[] spentVerification;
    private final long[] lastSeenEpochNs;
    private final long[] fadeEpochNs;
    private final UnsafeBuffer wire;
    private final Int2IntCounterMap heldByNode;
    private final DepositDecoder decoder = new DepositDecoder();
    private int share;
    private long evictions;

    DepositTable(final int depositsMax, final int nodes, final long halfLifeNs, final long seed)
    {
        this.depositsMax = depositsMax;
        this.share = share(nodes);
        this.halfLifeNs = halfLifeNs;
        chains = new TopicChains(depositsMax, seed);
        nodeId = new int[depositsMax];
        bootEpoch = new long[depositsMax];
        sequence = new long[depositsMax];
        evidenceMilliNats = new long[depositsMax];
        spentMilliNats = new long[depositsMax];
        spentLastSeenEpochNs = new long[depositsMax];
        verification = new int[depositsMax];
        spentVerification = new int[depositsMax];
        lastSeenEpochNs = new long[depositsMax];
        fadeEpochNs = new long[depositsMax];
        wire = new UnsafeBuffer(new byte[depositsMax * DepositDescriptor.LENGTH]);
        heldByNode = new Int2IntCounterMap(Math.min(nodes, depositsMax) * 2, 0.5f, 0);
    }

    /**
     * Take a deposit in.
     *
     * @param topic  under which.
     * @param buffer with a whole deposit.
     * @param offset of its first byte.
     * @return its slot, or OVERTAKEN, or TOO_WEAK.
     */
    int hold(final Topic topic, final DirectBuffer buffer, final int offset)
    {
        decoder.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH,
            DepositDecoder.BLOCK_LENGTH, DepositDecoder.SCHEMA_VERSION);

        int witnesses = 0;
        int weakest = NIL;
        for (int slot = chains.first(topic); NIL != slot; slot = chains.next(slot))
        {
            if (nodeId[slot] == decoder.nodeId())
            {
                return renew(slot, buffer, offset);
            }
            witnesses++;
            weakest = weaker(weakest, slot);
        }
        if (!makeRoom(fade(), witnesses >= WITNESSES_MAX ? weakest : NIL))
        {
            evictions++;
            return TOO_WEAK;
        }

        final int slot = chains.add(topic);
        nodeId[slot] = decoder.nodeId();
        spentMilliNats[slot] = 0;
        heldByNode.incrementAndGet(nodeId[slot]);
        fill(slot, buffer, offset);
        return slot;
    }

    /** Forget the deposits of who left, and share the slots among who is there. */
    void onRoster(final Roster roster)
    {
        share = share(roster.nodes().size());
        for (int slot = 0; slot < depositsMax; slot++)
        {
            if (0 != nodeId[slot] && roster.indexOf(nodeId[slot]) < 0)
            {
                remove(slot);
            }
        }
    }

    /** The slot that holds exactly this deposit, signed or not; else a negative number. */
    int find(final Topic topic, final DirectBuffer buffer, final int offset)
    {
        int slot = chains.first(topic);
        while (NIL != slot && !holds(slot, buffer, offset))
        {
            slot = chains.next(slot);
        }
        return slot;
    }

    /** Put the signed form of the same deposit in a slot; a negative slot is none. */
    void sign(final int slot, final DirectBuffer buffer, final int offset)
    {
        if (slot >= 0)
        {
            wire.putBytes(wireOffset(slot), buffer, offset, DepositDescriptor.LENGTH);
        }
    }

    /** The first slot from this one on that stands for its whole topic, or a negative number. */
    int topicFrom(final int slot)
    {
        int from = slot;
        while (from < depositsMax && (0 == nodeId[from] || firstOnTopic(from) != from))
        {
            from++;
        }
        return from < depositsMax ? from : NIL;
    }

    /** First slot on the same topic as this one; the order means nothing. */
    int firstOnTopic(final int slot)
    {
        return chains.firstLike(slot);
    }

    /** Next slot on the same topic, or a negative number. */
    int nextOnTopic(final int slot)
    {
        return chains.next(slot);
    }

    int topicCode(final int slot)
    {
        return chains.code(slot);
    }

    long topicHigh(final int slot)
    {
        return chains.high(slot);
    }

    long topicLow(final int slot)
    {
        return chains.low(slot);
    }

    /** Scenario of the topic; that of the deposit may be another, see {@link #isFace(int)}. */
    int scenario(final int slot)
    {
        return Topic.scenario(chains.code(slot));
    }

    /** Role of the topic's subject. */
    int role(final int slot)
    {
        return Topic.role(chains.code(slot));
    }

    /** Is this a deposit against a source, held under what it aims at? */
    boolean isFace(final int slot)
    {
        return wire.getShort(wireOffset(slot) + DepositDescriptor.SCENARIO_OFFSET, ByteOrder.LITTLE_ENDIAN) !=
            (short)scenario(slot);
    }

    /** Subject of the topic: of the deposit itself, or for a face its aim. */
    long subjectHigh(final int slot)
    {
        return SubjectRole.AIM == role(slot) ? chains.high(slot) : depositedHigh(slot);
    }

    long subjectLow(final int slot)
    {
        return SubjectRole.AIM == role(slot) ? chains.low(slot) : depositedLow(slot);
    }

    /** Do two deposits name the same subject? Those of one topic need not. */
    boolean isSameDeposited(final int one, final int other)
    {
        return depositedHigh(one) == depositedHigh(other) && depositedLow(one) == depositedLow(other);
    }

    int nodeId(final int slot)
    {
        return nodeId[slot];
    }

    long lastSeenEpochNs(final int slot)
    {
        return lastSeenEpochNs[slot];
    }

    /** Evidence that has not led to an elevation yet. */
    long freshMilliNats(final int slot)
    {
        return evidenceMilliNats[slot] - spentMilliNats[slot];
    }

    /** From now on only what this episode adds is fresh, and all of it when its source is verified by more than now. */
    void spend(final int slot)
    {
        spentVerification[slot] = verification[slot];
        spentMilliNats[slot] = evidenceMilliNats[slot];
        spentLastSeenEpochNs[slot] = lastSeenEpochNs[slot];
    }

    MutableDirectBuffer wire()
    {
        return wire;
    }

    int wireOffset(final int slot)
    {
        return slot * DepositDescriptor.LENGTH;
    }

    long evictions()
    {
        return evictions;
    }

    private int share(final int nodes)
    {
        return Math.max(Math.min(SHARE_MIN, depositsMax), depositsMax / nodes);
    }

    private int renew(final int slot, final DirectBuffer buffer, final int offset)
    {
        final boolean isSameBoot = decoder.bootEpoch() == bootEpoch[slot];
        if (isSameBoot ? decoder.sequence() - sequence[slot] <= 0 :
            Long.compareUnsigned(decoder.bootEpoch(), bootEpoch[slot]) < 0)
        {
            return OVERTAKEN;
        }
        if (DepositDescriptor.high(buffer, offset + DepositDescriptor.SUBJECT_OFFSET) != depositedHigh(slot) ||
            DepositDescriptor.low(buffer, offset + DepositDescriptor.SUBJECT_OFFSET) != depositedLow(slot))
        {
            if (fade() <= fadeEpochNs[slot])
            {
                return TOO_WEAK;
            }
            spentMilliNats[slot] = 0;
        }
        // evidence of one episode only grows; less of it, or a later beginning, is another episode
        if (!isSameBoot || decoder.evidenceMilliNats() < spentMilliNats[slot] ||
            decoder.firstSeenEpochNs() - spentLastSeenEpochNs[slot] > EPISODE_GAP_NS ||
            (decoder.verification() & ~spentVerification[slot]) != 0)
        {
            spentMilliNats[slot] = 0;
        }
        fill(slot, buffer, offset);
        return slot;
    }

    private void fill(final int slot, final DirectBuffer buffer, final int offset)
    {
        bootEpoch[slot] = decoder.bootEpoch();
        sequence[slot] = decoder.sequence();
        evidenceMilliNats[slot] = decoder.evidenceMilliNats();
        lastSeenEpochNs[slot] = decoder.lastSeenEpochNs();
        verification[slot] = decoder.verification();
        fadeEpochNs[slot] = fade();
        wire.putBytes(wireOffset(slot), buffer, offset, DepositDescriptor.LENGTH);
    }

    private long fade()
    {
        return decoder.lastSeenEpochNs() +
            (long)(halfLifeNs * (StrictMath.log(Math.max(1, decoder.evidenceMilliNats())) / LN_2));
    }

    /** See that a slot is free for a newcomer; false where that is weaker than all it competes with. */
    private boolean makeRoom(final long newcomerFadeEpochNs, final int weakestOnFullSubject)
    {
        int victim = weakestOnFullSubject;
        if (NIL == victim && heldByNode.get(decoder.nodeId()) >= share)
        {
            victim = weakest(decoder.nodeId());
        }
        else if (NIL == victim && chains.isFull())
        {
            victim = weakest(NIL);
        }

        if (NIL != victim)
        {
            if (fadeEpochNs[victim] >= newcomerFadeEpochNs)
            {
                return false;
            }
            evictions++;
            remove(victim);
        }
        return true;
    }

    private int weakest(final int ofNodeId)
    {
        int weakest = NIL;
        for (int slot = 0; slot < nodeId.length; slot++)
        {
            if (0 != nodeId[slot] && (NIL == ofNodeId || nodeId[slot] == ofNodeId))
            {
                weakest = weaker(weakest, slot);
            }
        }
        return weakest;
    }

    private int weaker(final int one, final int other)
    {
        return NIL == one || fadeEpochNs[other] < fadeEpochNs[one] ? other : one;
    }

    private void remove(final int victim)
    {
        chains.remove(victim);
        heldByNode.decrementAndGet(nodeId[victim]);
        nodeId[victim] = 0;
    }

    private boolean holds(final int slot, final DirectBuffer buffer, final int offset)
    {
        final int at = wireOffset(slot);
        for (int i = 0; i < DepositDescriptor.SIGNED_LENGTH; i++)
        {
            if (wire.getByte(at + i) != buffer.getByte(offset + i))
            {
                return false;
            }
        }
        return true;
    }

    private long depositedHigh(final int slot)
    {
        return DepositDescriptor.high(wire, wireOffset(slot) + DepositDescriptor.SUBJECT_OFFSET);
    }

    private long depositedLow(final int slot)
    {
        return DepositDescriptor.low(wire, wireOffset(slot) + DepositDescriptor.SUBJECT_OFFSET);
    }
}
