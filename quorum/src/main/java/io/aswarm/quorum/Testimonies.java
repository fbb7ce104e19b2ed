package io.aswarm.quorum;

import io.aswarm.quorum.codec.DepositDecoder;
import io.aswarm.quorum.codec.MessageHeaderDecoder;
import io.aswarm.trust.PublicKey;
import io.aswarm.trust.Roster;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Makes deposits that were believed under session keys into evidence for third parties. A sender says each deposit
 * sealed at once, and signed as soon as it has nothing better to do; the signed form has the same sequence, so to whom
 * the sealed one came it is no news. It is put aside here and its signature checked when the thread is idle, or when
 * an elevation waits for it.
 * <p>
 * An elevation is handed on for action at once, and as evidence when all its witnesses' deposits are signed. Nothing is
 * signed or checked for it until {@link #CALM_NS} later: on a machine with few cores the act, and other nodes that
 * still decide, would wait for that. Who does not sign within {@link #PATIENCE_NS} is left without deposit in that
 * evidence, and is believed by signature only for {@link #DISTRUST_NS}: whoever holds a stolen key can spoil one
 * certificate with it, not the next.
 * <p>
 * <b>Price.</b> Each deposit is sent twice, 163 and 170 bytes in a site of four; the signature (28 microseconds) is
 * made after the sealed form left, the check (55) is made after the decision. For that the way from deposit to
 * elevation has neither.
 */
final class Testimonies
{
    /** How long an elevation waits for signatures before it goes into the journal without them. */
    static final long PATIENCE_NS = 250_000_000L;
    /** How long a sender that did not sign is believed by signature only. */
    static final long DISTRUST_NS = 600_000_000_000L;
    /** How long after an elevation its evidence begins to be worked on, unless deposits are signed when they leave. */
    static final long CALM_NS = 5_000_000L;

    private static final int WAITING_MAX = 64;
    private static final int PENDING_MAX = 256;
    private static final byte[] NO_DEPOSIT = new byte[0];

    /** An elevation some of whose witnesses have not signed yet. */
    private record Pending(Elevation elevation, long elevatedNs)
    {
    }

    private final QuorumHandler handler;
    private final Tally tally;
    private final Fusion fusion;
    private final Seal seal;
    private final OwnMessages messages;
    private final int ownNodeId;
    private final long calmNs;
    private final DepositRing unchecked = new DepositRing(PENDING_MAX);
    private final List<Pending> waiting = new ArrayList<>();
    private final DepositDecoder decoder = new DepositDecoder();
    private final UnsafeBuffer own = new UnsafeBuffer();
    private Roster roster;
    private long[] distrustedUntilNs;
    private boolean[] isDistrusted;

    Testimonies(
        final QuorumConfig config,
        final Fusion fusion,
        final Seal seal,
        final OwnMessages messages,
        final QuorumHandler handler,
        final Tally tally)
    {
        this.fusion = fusion;
        this.seal = seal;
        this.messages = messages;
        this.handler = handler;
        this.tally = tally;
        ownNodeId = config.nodeId();
        calmNs = null == config.sessions() && config.roster().nodes().size() > 1 ? 0 : CALM_NS;
        onRoster(config.roster());
    }

    void onRoster(final Roster next)
    {
        roster = next;
        distrustedUntilNs = new long[next.nodes().size()];
        isDistrusted = new boolean[next.nodes().size()];
    }

    /** Must this sender sign to be believed? */
    boolean mustSign(final int nodeId, final long nowNs)
    {
        final int place = roster.indexOf(nodeId);
        if (place >= 0 && isDistrusted[place] && distrustedUntilNs[place] - nowNs <= 0)
        {
            isDistrusted[place] = false;
        }
        return place >= 0 && isDistrusted[place];
    }

    /**
     * Take a signed deposit, if it is the signed form of one that is held or waited for without a signature.
     *
     * @return false if it is news, to be admitted like any other.
     */
    boolean take(final DirectBuffer buffer, final int offset)
    {
        if (!fusion.isHeldUnsigned(buffer, offset) && !isWaitedFor(buffer, offset))
        {
            return false;
        }
        tally.increment(unchecked.offer(buffer, offset) ? QuorumCounter.TESTIMONIES :
            QuorumCounter.TESTIMONIES_DROPPED);
        return true;
    }

    /** Hand an elevation on as evidence when its witnesses have signed, this node too. */
    void onElevation(final Elevation elevation, final long nowNs)
    {
        if (WAITING_MAX == waiting.size())
        {
            tally.increment(QuorumCounter.EVIDENCE_INCOMPLETE);
            handler.onEvidence(complete(elevation));
        }
        else
        {
            // signatures are written into these copies; what was handed on for action does not change
            final List<Witness> copies = new ArrayList<>(elevation.witnesses().size());
            for (final Witness witness : elevation.witnesses())
            {
                copies.add(witness.with(witness.deposit().clone()));
            }
            waiting.add(new Pending(elevation.with(copies), nowNs));
        }
    }

    /**
     * Check signatures: one when the thread is idle or the room is short, all when an elevation has waited long enough.
     *
     * @return work done.
     */
    int doWork(final boolean isIdle, final long nowNs)
    {
        final boolean isDue = !waiting.isEmpty() &&
            (nowNs - waiting.get(0).elevatedNs >= calmNs || 2 * waiting.size() > WAITING_MAX);
        int work = 0;
        while (!unchecked.isEmpty() &&
            (isDue || (0 == work && (unchecked.isCrowded() || (isIdle && waiting.isEmpty())))))
        {
            check(unchecked.bytes(), unchecked.firstOffset());
            unchecked.removeFirst();
            work++;
        }
        return isDue ? work + signOwn() + release(nowNs) : work;
    }

    private int signOwn()
    {
        int work = 0;
        for (int i = 0; i < waiting.size(); i++)
        {
            for (final Witness witness : waiting.get(i).elevation.witnesses())
            {
                if (ownNodeId == witness.nodeId() && !isSigned(witness))
                {
                    own.wrap(witness.deposit());
                    messages.sign(own, 0);
                    believe(own, 0);
                    work++;
                }
            }
        }
        return work;
    }

    private void check(final DirectBuffer buffer, final int offset)
    {
        decoder.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH,
            DepositDecoder.BLOCK_LENGTH, DepositDecoder.SCHEMA_VERSION);
        final Roster.Node node = roster.node(decoder.nodeId());
        final PublicKey key = null == node ? null : node.publicKey();
        if (null == key || !seal.verify(buffer, offset, DepositDescriptor.LENGTH, key))
        {
            tally.count(Verdict.BAD_SIGNATURE);
            return;
        }
        believe(buffer, offset);
    }

    /** Wherever this deposit is held or waited for, from now on it is there with its signature. */
    private void believe(final DirectBuffer buffer, final int offset)
    {
        fusion.sign(buffer, offset);
        for (int i = 0; i < waiting.size(); i++)
        {
            final Pending pending = waiting.get(i);
            for (final Witness witness : pending.elevation.witnesses())
            {
                if (isSame(witness, buffer, offset))
                {
                    buffer.getBytes(offset, witness.deposit());
                }
            }
        }
    }

    private int release(final long nowNs)
    {
        int work = 0;
        for (final Iterator<Pending> each = waiting.iterator(); each.hasNext(); )
        {
            final Pending pending = each.next();
            final boolean isComplete = isComplete(pending.elevation);
            if (isComplete || nowNs - pending.elevatedNs >= PATIENCE_NS)
            {
                each.remove();
                if (!isComplete)
                {
                    tally.increment(QuorumCounter.EVIDENCE_INCOMPLETE);
                    distrust(pending.elevation, nowNs);
                }
                handler.onEvidence(complete(pending.elevation));
                work++;
            }
        }
        return work;
    }

    private void distrust(final Elevation elevation, final long nowNs)
    {
        for (final Witness witness : elevation.witnesses())
        {
            final int place = roster.indexOf(witness.nodeId());
            if (place >= 0 && !isSigned(witness))
            {
                isDistrusted[place] = true;
                distrustedUntilNs[place] = nowNs + DISTRUST_NS;
            }
        }
    }

    private boolean isWaitedFor(final DirectBuffer buffer, final int offset)
    {
        for (int i = 0; i < waiting.size(); i++)
        {
            for (final Witness witness : waiting.get(i).elevation.witnesses())
            {
                if (ownNodeId != witness.nodeId() && !isSigned(witness) && isSame(witness, buffer, offset))
                {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isSame(final Witness witness, final DirectBuffer buffer, final int offset)
    {
        final byte[] deposit = witness.deposit();
        for (int i = 0; i < DepositDescriptor.SIGNED_LENGTH; i++)
        {
            if (deposit[i] != buffer.getByte(offset + i))
            {
                return false;
            }
        }
        return true;
    }

    private static boolean isComplete(final Elevation elevation)
    {
        for (final Witness witness : elevation.witnesses())
        {
            if (!isSigned(witness))
            {
                return false;
            }
        }
        return true;
    }

    private static boolean isSigned(final Witness witness)
    {
        return DepositDescriptor.isSealed(witness.deposit());
    }

    /** What is not signed proves nothing, so it is left out. */
    private static Elevation complete(final Elevation elevation)
    {
        return elevation.with(elevation.witnesses().stream()
            .map((witness) -> isSigned(witness) ? witness : witness.with(NO_DEPOSIT))
            .toList());
    }
}
