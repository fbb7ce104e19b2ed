package io.aswarm.quorum;

import io.aswarm.quorum.codec.DepositDecoder;
import io.aswarm.quorum.codec.MessageHeaderDecoder;
import io.aswarm.quorum.codec.PresenceDecoder;
import io.aswarm.trust.Roster;
import org.agrona.DirectBuffer;

import java.util.function.LongSupplier;

/**
 * Decides whether a message from the mesh is believed. Pure: the clocks are arguments. Cheap checks come first, and
 * nothing is remembered of a message whose signature did not verify, so forged ones change nothing but counters.
 * <p>
 * A signature check costs some 55 to 90 microseconds, so checks are bounded: each sender has a budget of its own on the
 * Aeron session by which it last proved itself, all other sessions share one. Whoever floods the port from a session of
 * its own cannot use up what a proven sender needs; who can also guess a sender's 32-bit session id can delay that one.
 * <p>
 * Two clocks are compared, so age limits widen by what either may be wrong by: what the sender says of its own and what
 * this node knows of its own. Each counts up to {@link #CLOCK_ERROR_MAX_NS}, since they also widen the time in which a
 * message can be replayed to a receiver that restarted. Whether a sender is in its time is a question to this node's
 * clock alone, at the moment of receipt: what a stolen key says of the past does not count.
 * <p>
 * A boot epoch newer than the last starts a new sequence; an older one is refused, which also refuses replays across a
 * restart of the sender. A receiver that restarted has an empty window: what it can be made to believe again is bounded
 * by the age limit, and it is only what the sender did say.
 * <p>
 * What is kept of a sender is allocated when its first signature verifies: a roster may name ten thousand nodes.
 */
final class Admission
{
    /** Clock error beyond the limits below of a sender, and of this node; a greater one is cut to this. */
    static final long CLOCK_ERROR_MAX_NS = 1_000_000_000L;
    /** Signature checks a second for each proven sender, and as many at once. */
    static final int CHECKS_PER_SECOND = 1_000;
    /** Signature checks a second for all sessions that proved nothing yet. */
    static final int CHECKS_PER_SECOND_UNPROVEN = 500;

    private static final class Sender
    {
        private final ReplayWindow window = new ReplayWindow();
        private final TokenBucket checks;
        private long bootEpoch;
        private int provenSessionId;

        private Sender(final long nowNs)
        {
            this.checks = new TokenBucket(CHECKS_PER_SECOND, CHECKS_PER_SECOND, nowNs);
        }
    }

    private final int ownNodeId;
    private final long ownBootEpoch;
    private final long staleNs;
    private final long futureNs;
    private final LongSupplier ownClockErrorNs;
    private final Seal seal;
    private final TokenBucket unprovenChecks;
    private Roster roster;
    /** By place in the roster; null for one that was never believed. */
    private Sender[] senders;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final DepositDecoder deposit = new DepositDecoder();
    private final PresenceDecoder presence = new PresenceDecoder();

    /**
     * @param roster       of the site.
     * @param ownNodeId    whose messages are only echoes, or 0 for none.
     * @param ownBootEpoch of this node.
     * @param staleNs      oldest message accepted.
     * @param futureNs     farthest into the future that a message is accepted.
     * @param nowNs        at which the budgets start full.
     */
    Admission(
        final Roster roster,
        final int ownNodeId,
        final long ownBootEpoch,
        final long staleNs,
        final long futureNs,
        final long nowNs)
    {
        this(roster, new Seal(roster.site()), ownNodeId, ownBootEpoch, staleNs, futureNs, () -> 0, nowNs);
    }

    /** As a node's configuration says. */
    Admission(final QuorumConfig config, final Seal seal, final long nowNs)
    {
        this(config.roster(), seal, config.nodeId(), config.bootEpoch(), config.staleNs(), config.futureNs(),
            config.clockErrorNs(), nowNs);
    }

    private Admission(
        final Roster roster,
        final Seal seal,
        final int ownNodeId,
        final long ownBootEpoch,
        final long staleNs,
        final long futureNs,
        final LongSupplier ownClockErrorNs,
        final long nowNs)
    {
        this.roster = roster;
        this.ownClockErrorNs = ownClockErrorNs;
        this.senders = new Sender[roster.nodes().size()];
        this.ownNodeId = ownNodeId;
        this.ownBootEpoch = ownBootEpoch;
        this.staleNs = staleNs;
        this.futureNs = futureNs;
        this.seal = seal;
        this.unprovenChecks = new TokenBucket(CHECKS_PER_SECOND_UNPROVEN, CHECKS_PER_SECOND_UNPROVEN, nowNs);
    }

    /** Believe whom this roster names. Who stays with the same key goes on where it was. */
    void onRoster(final Roster next)
    {
        final Sender[] after = new Sender[next.nodes().size()];
        for (int i = 0; i < after.length; i++)
        {
            final int was = roster.indexOf(next.nodes().get(i).id());
            if (was >= 0 && roster.nodes().get(was).publicKey().equals(next.nodes().get(i).publicKey()))
            {
                after[i] = senders[was];
            }
        }
        roster = next;
        senders = after;
    }

    /**
     * Decide on one message, and remember it when it is accepted.
     *
     * @param buffer     with the message.
     * @param offset     of its first byte.
     * @param length     in bytes, any.
     * @param sessionId  of the Aeron image it came by.
     * @param nowNs      monotonic.
     * @param nowEpochNs wall clock.
     * @return the verdict.
     */
    Verdict admit(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final int sessionId,
        final long nowNs,
        final long nowEpochNs)
    {
        if (!DepositDescriptor.isWhole(header, buffer, offset, length))
        {
            return Verdict.MALFORMED;
        }
        return admit(buffer, offset, length, true, sessionId, nowNs, nowEpochNs);
    }

    /**
     * Decide on a deposit that a session proved to be its sender's, so without its signature.
     *
     * @param buffer         with the deposit.
     * @param nodeId         whom the session proved to be the sender.
     * @param senderEpoch    the sender's start, likewise proven.
     * @param sessionId      of the Aeron image it came by.
     * @param nowNs          monotonic.
     * @param nowEpochNs     wall clock.
     * @return the verdict.
     */
    Verdict admitProven(
        final DirectBuffer buffer,
        final int nodeId,
        final long senderEpoch,
        final int sessionId,
        final long nowNs,
        final long nowEpochNs)
    {
        if (!DepositDescriptor.isWhole(header, buffer, 0, DepositDescriptor.LENGTH))
        {
            return Verdict.MALFORMED;
        }
        deposit.wrap(buffer, MessageHeaderDecoder.ENCODED_LENGTH, DepositDecoder.BLOCK_LENGTH,
            DepositDecoder.SCHEMA_VERSION);
        return deposit.nodeId() == nodeId && deposit.bootEpoch() == senderEpoch ?
            admit(buffer, 0, DepositDescriptor.LENGTH, false, sessionId, nowNs, nowEpochNs) : Verdict.MALFORMED;
    }

    private Verdict admit(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final boolean mustVerify,
        final int sessionId,
        final long nowNs,
        final long nowEpochNs)
    {
        final boolean isDeposit = DepositDecoder.TEMPLATE_ID == header.templateId();
        final int body = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        final long sentEpochNs;
        final long clockErrorUs;
        if (isDeposit)
        {
            deposit.wrap(buffer, body, DepositDecoder.BLOCK_LENGTH, DepositDecoder.SCHEMA_VERSION);
            sentEpochNs = deposit.sentEpochNs();
            clockErrorUs = deposit.clockErrorUs();
        }
        else
        {
            presence.wrap(buffer, body, PresenceDecoder.BLOCK_LENGTH, PresenceDecoder.SCHEMA_VERSION);
            sentEpochNs = presence.sentEpochNs();
            clockErrorUs = presence.clockErrorUs();
        }
        if ((isDeposit && !DepositDescriptor.isPossible(deposit)) || sentEpochNs <= 0)
        {
            return Verdict.MALFORMED;
        }

        final int nodeId = isDeposit ? deposit.nodeId() : presence.nodeId();
        final long bootEpoch = isDeposit ? deposit.bootEpoch() : presence.bootEpoch();
        final long sequence = isDeposit ? deposit.sequence() : presence.sequence();
        final int place = roster.indexOf(nodeId);
        final Verdict early = place >= 0 && !roster.nodes().get(place).validity().includes(nowEpochNs) ?
            Verdict.EXPIRED : beforeSignature(place, nodeId, bootEpoch, sequence, nowEpochNs - sentEpochNs,
            Math.min(CLOCK_ERROR_MAX_NS, clockErrorUs * 1000L) +
            Math.min(CLOCK_ERROR_MAX_NS, ownClockErrorNs.getAsLong()));
        if (Verdict.ACCEPTED != early)
        {
            return early;
        }

        final Sender sender = senders[place];
        if (mustVerify)
        {
            final TokenBucket checks =
                null != sender && sender.provenSessionId == sessionId ? sender.checks : unprovenChecks;
            if (!checks.tryTake(1, nowNs))
            {
                return Verdict.CHECK_BUDGET;
            }
            if (!seal.verify(buffer, offset, length, roster.nodes().get(place).publicKey()))
            {
                return Verdict.BAD_SIGNATURE;
            }
        }
        if (null == sender)
        {
            senders[place] = new Sender(nowNs);
        }
        remember(senders[place], bootEpoch, sequence, sessionId);
        return Verdict.ACCEPTED;
    }

    /** Did a member prove itself by this Aeron session? */
    boolean isProven(final int sessionId)
    {
        for (final Sender sender : senders)
        {
            if (null != sender && sender.provenSessionId == sessionId)
            {
                return true;
            }
        }
        return false;
    }

    private Verdict beforeSignature(
        final int place,
        final int nodeId,
        final long bootEpoch,
        final long sequence,
        final long ageNs,
        final long clockErrorsNs)
    {
        if (place < 0)
        {
            return Verdict.UNKNOWN_SENDER;
        }
        if (nodeId == ownNodeId)
        {
            return bootEpoch == ownBootEpoch ? Verdict.OWN : Verdict.OWN_IDENTITY;
        }
        final Sender sender = senders[place];
        final int newer = null == sender ? 1 : Long.compareUnsigned(bootEpoch, sender.bootEpoch);
        if (newer < 0)
        {
            return Verdict.OLD_BOOT;
        }
        if (ageNs > staleNs + clockErrorsNs)
        {
            return Verdict.STALE;
        }
        if (-ageNs > futureNs + clockErrorsNs)
        {
            return Verdict.FUTURE;
        }
        return newer > 0 ? Verdict.ACCEPTED : sender.window.check(sequence);
    }

    private static void remember(
        final Sender sender, final long bootEpoch, final long sequence, final int sessionId)
    {
        if (bootEpoch != sender.bootEpoch)
        {
            sender.bootEpoch = bootEpoch;
            sender.window.reset();
        }
        sender.window.accept(sequence);
        sender.provenSessionId = sessionId;
    }
}
