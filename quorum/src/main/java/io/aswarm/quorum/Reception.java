package io.aswarm.quorum;

import io.aswarm.quorum.codec.DepositDecoder;
import io.aswarm.quorum.codec.MessageHeaderDecoder;
import io.aswarm.quorum.codec.PresenceDecoder;
import org.agrona.DirectBuffer;

import java.util.function.IntConsumer;

/**
 * What comes in over the mesh: a sealed message is opened, a handshake, a signature that was awaited or an order goes
 * where it belongs, all else must be admitted, and of what is believed a deposit is decided on. Quorum thread.
 */
final class Reception
{
    private final SealedChannel sealed;
    private final Testimonies testimonies;
    private final Orders orders;
    private final Admission admission;
    private final Decider decider;
    private final PresenceTurn turn;
    private final IntConsumer onHeard;
    private final Tally tally;
    private final MeshLink.Receiver onMessage = this::onMessage;
    private final DepositDecoder deposit = new DepositDecoder();
    private final PresenceDecoder presence = new PresenceDecoder();
    private long nowNs;
    private long nowEpochNs;

    /**
     * @param sealed      messages under session keys, or null where the site has none.
     * @param testimonies that wait for signatures.
     * @param orders      of the operators.
     * @param admission   of what is not sealed.
     * @param decider     of deposits that are believed.
     * @param turn        moved by what others should know of this node.
     * @param onHeard     told the node of each message that is believed, before the message is acted on.
     * @param tally       of verdicts.
     */
    Reception(
        final SealedChannel sealed,
        final Testimonies testimonies,
        final Orders orders,
        final Admission admission,
        final Decider decider,
        final PresenceTurn turn,
        final IntConsumer onHeard,
        final Tally tally)
    {
        this.sealed = sealed;
        this.testimonies = testimonies;
        this.orders = orders;
        this.admission = admission;
        this.decider = decider;
        this.turn = turn;
        this.onHeard = onHeard;
        this.tally = tally;
    }

    /** Take in so many messages at most; the number of those there were. */
    int poll(final MeshLink link, final int limit, final long atNs, final long atEpochNs)
    {
        nowNs = atNs;
        nowEpochNs = atEpochNs;
        return link.poll(onMessage, limit);
    }

    private void onMessage(final DirectBuffer buffer, final int offset, final int length, final int sessionId)
    {
        if (null != sealed)
        {
            if (sealed.isSealed(buffer, offset, length))
            {
                onSealed(buffer, offset, length, sessionId);
                return;
            }
            if (sealed.isHandshake(buffer, offset, length))
            {
                sealed.onHandshake(buffer, offset, length, sessionId, nowNs, nowEpochNs);
                return;
            }
            if (DepositDescriptor.LENGTH == length && testimonies.take(buffer, offset))
            {
                return;
            }
        }
        if (orders.isOrder(buffer, offset, length))
        {
            if (orders.onMessage(buffer, offset, length, admission.isProven(sessionId), nowNs, nowEpochNs))
            {
                turn.atOnce(nowNs);
            }
            return;
        }
        onAdmitted(
            admission.admit(buffer, offset, length, sessionId, nowNs, nowEpochNs), buffer, offset,
            DepositDescriptor.LENGTH == length);
    }

    private void onSealed(final DirectBuffer buffer, final int offset, final int length, final int sessionId)
    {
        Verdict verdict = sealed.open(buffer, offset, length);
        if (Verdict.UNKNOWN_KEY == verdict)
        {
            sealed.onHeard(sealed.senderId(), nowNs);
        }
        else if (Verdict.ACCEPTED == verdict)
        {
            verdict = testimonies.mustSign(sealed.senderId(), nowNs) ? Verdict.MUST_SIGN : admission.admitProven(
                sealed.opened(), sealed.senderId(), sealed.senderBootEpoch(), sessionId, nowNs, nowEpochNs);
        }
        onAdmitted(verdict, sealed.opened(), 0, true);
    }

    private void onAdmitted(
        final Verdict verdict, final DirectBuffer buffer, final int offset, final boolean isDeposit)
    {
        tally.count(verdict);
        if (Verdict.ACCEPTED != verdict)
        {
            return;
        }

        // node ids stand at the same place in both messages
        deposit.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH,
            DepositDecoder.BLOCK_LENGTH, DepositDecoder.SCHEMA_VERSION);
        onHeard.accept(deposit.nodeId());
        if (isDeposit)
        {
            decider.accept(buffer, offset, nowNs, nowEpochNs);
        }
        else
        {
            presence.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH,
                PresenceDecoder.BLOCK_LENGTH, PresenceDecoder.SCHEMA_VERSION);
            if (orders.onPresence(presence.standingOrder(), nowNs))
            {
                // whoever has the order hears by this that it is missing here
                turn.soon(nowNs);
            }
        }
    }
}
