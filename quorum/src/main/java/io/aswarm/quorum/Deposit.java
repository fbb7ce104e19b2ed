package io.aswarm.quorum;

import io.aswarm.quorum.codec.DepositDecoder;
import io.aswarm.quorum.codec.MessageHeaderDecoder;
import org.agrona.DirectBuffer;

/**
 * What one node stated in one deposit.
 *
 * @param nodeId           of the sender.
 * @param bootEpoch        grows with each start of the sender.
 * @param sequence         of the message in its boot epoch, wraps.
 * @param scenario         code.
 * @param subjectHigh      first eight bytes of the subject's address in network order.
 * @param subjectLow       last eight.
 * @param evidenceNats     of the episode so far.
 * @param count            of events, saturating.
 * @param distinctHosts    aimed at, estimated.
 * @param distinctPorts    aimed at, estimated.
 * @param aimPort          the one port aimed at, or 0.
 * @param aimHigh          first eight bytes of the one host aimed at, or 0.
 * @param aimLow           last eight.
 * @param firstSeenEpochNs first event of the episode, sender's wall clock.
 * @param lastSeenEpochNs  last event, sender's wall clock.
 * @param sentEpochNs      when it was signed, sender's wall clock.
 * @param clockErrorNs     bound of the sender's wall clock error.
 * @param subjectRole      {@link SubjectRole#SOURCE} or {@link SubjectRole#AIM}.
 * @param verification     bits of {@link Verification}.
 */
public record Deposit(
    int nodeId,
    long bootEpoch,
    long sequence,
    int scenario,
    long subjectHigh,
    long subjectLow,
    double evidenceNats,
    long count,
    long distinctHosts,
    int distinctPorts,
    int aimPort,
    long aimHigh,
    long aimLow,
    long firstSeenEpochNs,
    long lastSeenEpochNs,
    long sentEpochNs,
    long clockErrorNs,
    int subjectRole,
    int verification)
{
    static Deposit of(final DirectBuffer buffer, final int offset)
    {
        final DepositDecoder decoder = new DepositDecoder().wrap(
            buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH, DepositDecoder.BLOCK_LENGTH,
            DepositDecoder.SCHEMA_VERSION);
        return new Deposit(
            decoder.nodeId(), decoder.bootEpoch(), decoder.sequence(), decoder.scenario(),
            DepositDescriptor.high(buffer, offset + DepositDescriptor.SUBJECT_OFFSET),
            DepositDescriptor.low(buffer, offset + DepositDescriptor.SUBJECT_OFFSET),
            decoder.evidenceMilliNats() / 1000.0, decoder.count(), decoder.distinctHosts(), decoder.distinctPorts(),
            decoder.aimPort(),
            DepositDescriptor.high(buffer, offset + DepositDescriptor.AIM_OFFSET),
            DepositDescriptor.low(buffer, offset + DepositDescriptor.AIM_OFFSET),
            decoder.firstSeenEpochNs(), decoder.lastSeenEpochNs(), decoder.sentEpochNs(),
            decoder.clockErrorUs() * 1000L, decoder.subjectRole(), decoder.verification());
    }
}
