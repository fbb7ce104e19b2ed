package io.aswarm.quorum;

import io.aswarm.trust.Roster;
import io.aswarm.trust.Session;
import io.aswarm.trust.SessionCounter;
import io.aswarm.trust.SessionFault;
import io.aswarm.trust.SessionFrame;
import io.aswarm.trust.SessionKeys;
import io.aswarm.trust.Signer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Deposits under session keys. A sealed deposit is the deposit without its signature: the receiver is as sure of the
 * sender as by a signature, at a twentieth of the cost, but cannot convince anybody else. For that the signed form
 * follows, see {@link Testimonies}.
 */
final class SealedChannel
{
    /** Longest datagram that is opened; longer ones are no deposits. */
    private static final int DATAGRAM_LENGTH_MAX = 1_408;
    private static final int BODY_LENGTH = DepositDescriptor.LENGTH - Signer.SIGNATURE_LENGTH;
    private static final SessionCounter[] REFUSALS = {
        SessionCounter.REFUSED_MALFORMED, SessionCounter.REFUSED_UNKNOWN_SENDER, SessionCounter.REFUSED_OLD,
        SessionCounter.REFUSED_BUDGET, SessionCounter.REFUSED_FORGED, SessionCounter.REFUSED_REASSEMBLY};
    private static final Verdict[] VERDICTS = new Verdict[SessionFault.values().length];

    static
    {
        VERDICTS[SessionFault.MALFORMED.ordinal()] = Verdict.MALFORMED;
        VERDICTS[SessionFault.OWN.ordinal()] = Verdict.OWN;
        VERDICTS[SessionFault.UNKNOWN_SENDER.ordinal()] = Verdict.UNKNOWN_SENDER;
        VERDICTS[SessionFault.UNKNOWN_KEY.ordinal()] = Verdict.UNKNOWN_KEY;
        VERDICTS[SessionFault.NOT_ADDRESSED.ordinal()] = Verdict.NOT_ADDRESSED;
        VERDICTS[SessionFault.FORGED.ordinal()] = Verdict.FORGED;
    }

    private final SessionKeys keys;
    private final Session session;
    private final byte[] datagramBytes = new byte[DATAGRAM_LENGTH_MAX];
    private final byte[] messageBytes = new byte[DATAGRAM_LENGTH_MAX];
    private final byte[] frame = new byte[Integer.BYTES];
    private final UnsafeBuffer datagram = new UnsafeBuffer(datagramBytes);
    private final UnsafeBuffer opened = new UnsafeBuffer(messageBytes);

    SealedChannel(final SessionKeys keys)
    {
        this.keys = keys;
        this.session = keys.session();
    }

    /** Is there anybody to seal for? */
    boolean hasReach()
    {
        return session.reach() > 0;
    }

    /** Handshake messages refused since the start, for whatever reason. */
    long refused()
    {
        long refused = 0;
        for (final SessionCounter counter : REFUSALS)
        {
            refused += keys.count(counter);
        }
        return refused;
    }

    int reach()
    {
        return session.reach();
    }

    /** Length of the next sealed deposit. */
    int sealedLength()
    {
        return BODY_LENGTH + session.overhead();
    }

    /** Seal a deposit into {@link #datagram()}; its length, or a negative number when there is nobody to read it. */
    int seal(final DirectBuffer deposit, final int offset)
    {
        deposit.getBytes(offset, messageBytes, 0, BODY_LENGTH);
        return session.seal(messageBytes, 0, BODY_LENGTH, datagramBytes, 0);
    }

    DirectBuffer datagram()
    {
        return datagram;
    }

    /**
     * Open a sealed deposit into {@link #opened()}.
     *
     * @return ACCEPTED if it is a deposit that its sender sealed for this node; whether it is fresh is not asked here.
     */
    Verdict open(final DirectBuffer buffer, final int offset, final int length)
    {
        if (length > DATAGRAM_LENGTH_MAX)
        {
            return Verdict.MALFORMED;
        }
        buffer.getBytes(offset, datagramBytes, 0, length);
        final int openedLength = session.open(datagramBytes, 0, length, messageBytes, 0);
        if (openedLength < 0)
        {
            return VERDICTS[SessionFault.of(openedLength).ordinal()];
        }
        if (BODY_LENGTH != openedLength)
        {
            return Verdict.MALFORMED;
        }
        opened.setMemory(BODY_LENGTH, Signer.SIGNATURE_LENGTH, (byte)0);
        return Verdict.ACCEPTED;
    }

    /** A deposit without signature, after {@link #open} said ACCEPTED; valid until the next call. */
    DirectBuffer opened()
    {
        return opened;
    }

    int senderId()
    {
        return session.senderId();
    }

    long senderBootEpoch()
    {
        return session.senderBootEpoch();
    }

    void onHandshake(
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final int sessionId,
        final long nowNs,
        final long nowEpochNs)
    {
        if (length <= SessionKeys.MESSAGE_LENGTH_MAX)
        {
            buffer.getBytes(offset, datagramBytes, 0, length);
            keys.onMessage(datagramBytes, 0, length, sessionId, nowNs, nowEpochNs);
        }
    }

    void onHeard(final int nodeId, final long nowNs)
    {
        keys.onHeard(nodeId, nowNs);
    }

    void onRoster(final Roster roster, final long nowNs, final long nowEpochNs)
    {
        keys.onRoster(roster, nowNs, nowEpochNs);
    }

    int onTick(final SessionKeys.Outlet outlet, final long nowNs, final long nowEpochNs)
    {
        return keys.onTick(outlet, nowNs, nowEpochNs);
    }

    SessionKeys keys()
    {
        return keys;
    }

    /** Is this for {@link #open}? */
    boolean isSealed(final DirectBuffer buffer, final int offset, final int length)
    {
        return takeFrame(buffer, offset, length) && SessionFrame.isSealed(frame, 0, length);
    }

    /** Is this for {@link #onHandshake}? */
    boolean isHandshake(final DirectBuffer buffer, final int offset, final int length)
    {
        return takeFrame(buffer, offset, length) && SessionFrame.isHandshake(frame, 0, length);
    }

    private boolean takeFrame(final DirectBuffer buffer, final int offset, final int length)
    {
        if (length < frame.length)
        {
            return false;
        }
        buffer.getBytes(offset, frame);
        return true;
    }
}
