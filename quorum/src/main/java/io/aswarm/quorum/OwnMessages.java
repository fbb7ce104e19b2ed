package io.aswarm.quorum;

import io.aswarm.quorum.codec.DepositEncoder;
import io.aswarm.quorum.codec.MessageHeaderDecoder;
import io.aswarm.quorum.codec.MessageHeaderEncoder;
import io.aswarm.quorum.codec.PresenceEncoder;
import io.aswarm.trust.Signer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

import java.nio.ByteOrder;
import java.util.function.LongSupplier;

/**
 * Writes this node's messages. A deposit is first composed and fused, and sealed when it is sent or becomes part of an
 * elevation: a signature costs more than all else in its way, and most deposits of a storm are replaced before they are
 * due.
 */
final class OwnMessages
{
    private static final long UNSIGNED_INT_MAX = 0xFFFF_FFFFL;

    private final int nodeId;
    private final long bootEpoch;
    private final Signer signer;
    private final Seal seal;
    private final LongSupplier clockErrorNs;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final DepositEncoder deposit = new DepositEncoder();
    private final PresenceEncoder presence = new PresenceEncoder();
    private long sequence;

    OwnMessages(final QuorumConfig config)
    {
        nodeId = config.nodeId();
        bootEpoch = config.bootEpoch();
        signer = config.signer();
        seal = new Seal(config.roster().site());
        clockErrorNs = config.clockErrorNs();
    }

    /** Deposits will be written here: so the first one takes no branch that those after it do not take. */
    void wrap(final MutableDirectBuffer to)
    {
        deposit.wrapAndApplyHeader(to, 0, header);
    }

    /** Write a deposit without signature from a signal. */
    void compose(
        final MutableDirectBuffer to,
        final int offset,
        final DirectBuffer signal,
        final int signalOffset,
        final long nowNs,
        final long nowEpochNs)
    {
        final long lastSeenNs = signal.getLong(signalOffset + SignalDescriptor.LAST_SEEN_OFFSET);
        final long firstSeenNs = signal.getLong(signalOffset + SignalDescriptor.FIRST_SEEN_OFFSET);
        final long lastSeenEpochNs = nowEpochNs - Math.max(0, nowNs - lastSeenNs);
        final double evidence = signal.getDouble(signalOffset + SignalDescriptor.EVIDENCE_OFFSET);

        to.setMemory(offset, DepositDescriptor.LENGTH, (byte)0);
        deposit.wrapAndApplyHeader(to, offset, header)
            .nodeId(nodeId)
            .scenario(signal.getInt(signalOffset + SignalDescriptor.SCENARIO_OFFSET))
            .clockErrorUs(clockErrorUs())
            .bootEpoch(bootEpoch)
            .sequence(++sequence)
            .evidenceMilliNats(Math.min(UNSIGNED_INT_MAX, (long)(evidence * 1000)))
            .count(Math.max(0, signal.getInt(signalOffset + SignalDescriptor.COUNT_OFFSET)))
            .distinctHosts(Math.max(0, signal.getInt(signalOffset + SignalDescriptor.HOSTS_OFFSET)))
            .distinctPorts(Math.min(65_535, signal.getInt(signalOffset + SignalDescriptor.PORTS_OFFSET)))
            .aimPort(signal.getInt(signalOffset + SignalDescriptor.AIM_PORT_OFFSET))
            .firstSeenEpochNs(lastSeenEpochNs - Math.max(0, lastSeenNs - firstSeenNs))
            .lastSeenEpochNs(lastSeenEpochNs)
            .sentEpochNs(nowEpochNs)
            .subjectRole(signal.getShort(signalOffset + SignalDescriptor.ROLE_OFFSET))
            .verification(signal.getShort(signalOffset + SignalDescriptor.VERIFICATION_OFFSET));
        address(
            to, offset + DepositDescriptor.SUBJECT_OFFSET, signal, signalOffset + SignalDescriptor.SUBJECT_HIGH_OFFSET);
        address(
            to, offset + DepositDescriptor.AIM_OFFSET, signal, signalOffset + SignalDescriptor.AIM_HIGH_OFFSET);
    }

    /** Give a composed deposit its sequence and time of sending, and sign it. */
    void seal(final MutableDirectBuffer buffer, final int offset, final long nowEpochNs)
    {
        stamp(buffer, offset, nowEpochNs);
        sign(buffer, offset);
    }

    /** Give a composed deposit its sequence and time of sending, without a signature. */
    void stamp(final MutableDirectBuffer buffer, final int offset, final long nowEpochNs)
    {
        deposit.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH);
        final long lastSeenEpochNs = buffer.getLong(
            offset + MessageHeaderDecoder.ENCODED_LENGTH + DepositEncoder.lastSeenEpochNsEncodingOffset(),
            DepositEncoder.BYTE_ORDER);
        deposit.sequence(++sequence).clockErrorUs(clockErrorUs()).sentEpochNs(Math.max(nowEpochNs, lastSeenEpochNs));
        buffer.setMemory(offset + DepositDescriptor.SIGNED_LENGTH, Signer.SIGNATURE_LENGTH, (byte)0);
    }

    /** Sign a deposit as it stands. */
    void sign(final MutableDirectBuffer buffer, final int offset)
    {
        seal.sign(buffer, offset, DepositDescriptor.LENGTH, signer);
    }

    /** Write a signed presence. */
    void presence(
        final MutableDirectBuffer to,
        final int offset,
        final int membersHeard,
        final long standingOrder,
        final long nowEpochNs)
    {
        presence.wrapAndApplyHeader(to, offset, header)
            .nodeId(nodeId)
            .membersHeard(membersHeard)
            .clockErrorUs(clockErrorUs())
            .bootEpoch(bootEpoch)
            .sequence(++sequence)
            .sentEpochNs(nowEpochNs)
            .standingOrder(standingOrder);
        seal.sign(to, offset, DepositDescriptor.PRESENCE_LENGTH, signer);
    }

    private long clockErrorUs()
    {
        return Math.min(UNSIGNED_INT_MAX, Math.max(0, clockErrorNs.getAsLong() / 1000));
    }

    private static void address(
        final MutableDirectBuffer to, final int offset, final DirectBuffer signal, final int signalOffset)
    {
        to.putLong(offset, signal.getLong(signalOffset), ByteOrder.BIG_ENDIAN);
        to.putLong(offset + Long.BYTES, signal.getLong(signalOffset + Long.BYTES), ByteOrder.BIG_ENDIAN);
    }
}
