package io.aswarm.quorum;

import io.aswarm.quorum.codec.DepositDecoder;
import io.aswarm.quorum.codec.MessageHeaderDecoder;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.concurrent.TimeUnit;

/**
 * This node's own messages on their way to the mesh, within the budget of bytes: deposits, sealed where there are
 * sessions and signed afterwards, and presences. News goes before repetition.
 */
final class DepositSender
{
    /** Bytes that a signed deposit takes on the wire: aligned Aeron data frame, UDP, IPv6 and Ethernet headers. */
    static final int DEPOSIT_COST = wireBytes(DepositDescriptor.LENGTH);
    /** Likewise a presence. */
    static final int PRESENCE_COST = wireBytes(DepositDescriptor.PRESENCE_LENGTH);

    private static final int SENDS_LIMIT = 4;
    private static final int FOLLOW_UPS_MAX = 64;
    /** The signed form leaves so long after the last sealed one, or when half of the room is taken. */
    private static final long FOLLOW_UP_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long RESEAL_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int HALF_LIVES_WORTH_SENDING = 8;

    private final QuorumConfig config;
    private final MeshLink link;
    private final QuorumHandler handler;
    private final Tally tally;
    private final OwnMessages messages;
    private final SealedChannel sealed;
    private final TokenBucket budget;
    /** Part of the burst that more of what is known may not use, so that news never waits behind it. */
    private final int newsReserve;
    private final Outbox outbox = new Outbox();
    private final DepositRing unsigned = new DepositRing(FOLLOW_UPS_MAX);
    private final UnsafeBuffer presence = new UnsafeBuffer(new byte[DepositDescriptor.PRESENCE_LENGTH]);
    private final DepositDecoder decoder = new DepositDecoder();
    private long sealedNs;

    DepositSender(
        final QuorumConfig config,
        final MeshLink link,
        final QuorumHandler handler,
        final OwnMessages messages,
        final SealedChannel sealed,
        final Tally tally,
        final long nowNs)
    {
        this.config = config;
        this.link = link;
        this.handler = handler;
        this.messages = messages;
        this.sealed = sealed;
        this.tally = tally;
        budget = new TokenBucket(config.budgetBytesPerSecond(), config.burstBytes(), nowNs);
        newsReserve = Math.min(config.burstBytes() / 2, config.burstBytes() - DEPOSIT_COST);
    }

    /** Take in a composed deposit; where it stands until the next call, with a signature if it left signed. */
    int put(final DirectBuffer composed, final long nowNs, final long nowEpochNs)
    {
        final int slot = outbox.put(composed, 0);
        tally.set(QuorumCounter.DEPOSITS_SUPPRESSED, outbox.suppressed());
        flush(nowNs, nowEpochNs);
        return outbox.wireOffset(slot);
    }

    DirectBuffer wire()
    {
        return outbox.wire();
    }

    /** Say again what was said, because somebody may have missed it. */
    void sayAgain()
    {
        outbox.sayAgain();
    }

    /** Send what the budget allows. */
    int flush(final long nowNs, final long nowEpochNs)
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
                tally.set(QuorumCounter.DEPOSITS_SUPPRESSED, outbox.suppressed());
            }
            else if (!send(slot, offset, nowNs, nowEpochNs))
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

    /**
     * Sign and send what left sealed, when that has arrived: on a small machine a decision would wait for the CPU that
     * this takes. At once where somebody could not read the sealed form.
     *
     * @param peersLive who should be able to read it.
     */
    int followUp(final int peersLive, final long nowNs)
    {
        final boolean isDue =
            nowNs - sealedNs >= FOLLOW_UP_NS || unsigned.isCrowded() || (null != sealed && sealed.reach() < peersLive);
        int sent = 0;
        while (isDue && !unsigned.isEmpty() && sent < SENDS_LIMIT && link.isConnected())
        {
            final int offset = unsigned.firstOffset();
            if (!DepositDescriptor.isSealed(unsigned.bytes(), offset))
            {
                messages.sign(unsigned.bytes(), offset);
            }
            if (!offer(unsigned.bytes(), offset, DepositDescriptor.LENGTH, DEPOSIT_COST))
            {
                break;
            }
            unsigned.removeFirst();
            sent++;
        }
        return sent;
    }

    /** Say that this node lives; false when there was no budget or room. */
    boolean beat(final int membersHeard, final long standingOrder, final long nowNs, final long nowEpochNs)
    {
        if (!link.isConnected() || !budget.tryTake(PRESENCE_COST, nowNs))
        {
            return false;
        }
        messages.presence(presence, 0, membersHeard, standingOrder, nowEpochNs);
        final boolean isSent = offer(presence, 0, DepositDescriptor.PRESENCE_LENGTH, PRESENCE_COST);
        if (isSent)
        {
            tally.increment(QuorumCounter.PRESENCES_SENT);
        }
        return isSent;
    }

    /** Send what is no deposit, within the same budget; a message beyond the whole burst waits for a full one. */
    boolean offerOther(final DirectBuffer message, final int offset, final int length, final long nowNs)
    {
        final int cost = wireBytes(length);
        return link.isConnected() && budget.tryTake(Math.min(cost, config.burstBytes()), nowNs) &&
            offer(message, offset, length, cost);
    }

    private boolean send(final int slot, final int offset, final long nowNs, final long nowEpochNs)
    {
        final boolean isSealing = null != sealed && sealed.hasReach();
        if (!outbox.isSealedWithin(slot, RESEAL_NS, nowEpochNs))
        {
            final int cost = DEPOSIT_COST + (isSealing ? wireBytes(sealed.sealedLength()) : 0);
            if (!budget.tryTake(Math.min(cost, config.burstBytes()), outbox.isNews(slot) ? 0 : newsReserve, nowNs))
            {
                return false;
            }
            messages.stamp(outbox.wire(), offset, nowEpochNs);
            if (!isSealing)
            {
                messages.sign(outbox.wire(), offset);
            }
            outbox.onSealed(slot, nowEpochNs);
        }
        final boolean isUnsigned = isSealing && !DepositDescriptor.isSealed(outbox.wire(), offset);
        final boolean isOffered = isUnsigned ? offerSealed(offset, nowNs) : offerSigned(offset);
        if (!isOffered)
        {
            return false;
        }
        outbox.onSent(slot);
        tally.increment(QuorumCounter.DEPOSITS_SENT);
        handler.onDepositSent(
            decoder.scenario(),
            DepositDescriptor.high(outbox.wire(), offset + DepositDescriptor.SUBJECT_OFFSET),
            DepositDescriptor.low(outbox.wire(), offset + DepositDescriptor.SUBJECT_OFFSET),
            decoder.evidenceMilliNats() / 1000.0, nowNs);
        return true;
    }

    private boolean offerSigned(final int offset)
    {
        if (!DepositDescriptor.isSealed(outbox.wire(), offset))
        {
            // stamped when there still were sessions
            messages.sign(outbox.wire(), offset);
        }
        return offer(outbox.wire(), offset, DepositDescriptor.LENGTH, DEPOSIT_COST);
    }

    private boolean offerSealed(final int offset, final long nowNs)
    {
        final int length = sealed.seal(outbox.wire(), offset);
        if (length < 0 || !offer(sealed.datagram(), 0, length, wireBytes(length)))
        {
            return length < 0 && offerSigned(offset);
        }
        sealedNs = nowNs;
        tally.increment(QuorumCounter.DEPOSITS_SEALED);
        if (!unsigned.offer(outbox.wire(), offset))
        {
            tally.increment(QuorumCounter.TESTIMONIES_DROPPED);
        }
        return true;
    }

    private boolean offer(final DirectBuffer message, final int offset, final int length, final int cost)
    {
        if (!link.offer(message, offset, length))
        {
            tally.increment(QuorumCounter.SEND_REFUSED);
            return false;
        }
        tally.add(QuorumCounter.BYTES_SENT, cost);
        return true;
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
