package io.aswarm.quorum;

import io.aswarm.quorum.codec.DepositDecoder;
import io.aswarm.quorum.codec.MessageHeaderDecoder;
import org.agrona.DirectBuffer;

/**
 * Under what a deposit is held, so that deposits of several racks on one culprit meet though each rack saw another face
 * of it. A mutable key, filled again for each deposit.
 * <pre>
 *  deposit                            meets under
 *  any, about a source                its scenario and the source's address
 *  any, about an aim                  its scenario and the victim's or the service's address
 *  lineage with a binary's hash       its scenario and the hash: the same program on several hosts
 *  scan of one host                   as well under distributed-scan and that host: several weak sources
 *  flood of one host                  as well under spread-flood and that host
 *  beacon to one host                 as well under call-home and that host: several infected hosts
 * </pre>
 * The second face of a scan, flood or beacon is one of evidence against a source; see {@link Fusion} for what it counts
 * for under the aim. The role is part of the key: what calls an address a source never meets what calls it a victim.
 */
final class Topic
{
    private final DepositDecoder decoder = new DepositDecoder();
    private int code;
    private long high;
    private long low;

    /** What the deposit says it is about. */
    Topic ofSubject(final DirectBuffer buffer, final int offset)
    {
        wrap(buffer, offset);
        final int scenario = decoder.scenario();
        final long aimHigh = DepositDescriptor.high(buffer, offset + DepositDescriptor.AIM_OFFSET);
        final boolean isByHash = ScenarioCode.LINEAGE == scenario && 0 != aimHigh;
        code = code(scenario, decoder.subjectRole());
        high = isByHash ? aimHigh : DepositDescriptor.high(buffer, offset + DepositDescriptor.SUBJECT_OFFSET);
        low = isByHash ? 0 : DepositDescriptor.low(buffer, offset + DepositDescriptor.SUBJECT_OFFSET);
        return this;
    }

    /** The aim's side of the same deposit, or null where it has none. */
    Topic ofAim(final DirectBuffer buffer, final int offset)
    {
        wrap(buffer, offset);
        final int scenario = seenFromTheAim(decoder.scenario());
        high = DepositDescriptor.high(buffer, offset + DepositDescriptor.AIM_OFFSET);
        low = DepositDescriptor.low(buffer, offset + DepositDescriptor.AIM_OFFSET);
        code = code(scenario, SubjectRole.AIM);
        return 0 != scenario && SubjectRole.SOURCE == decoder.subjectRole() && (0 != high || 0 != low) ? this : null;
    }

    int code()
    {
        return code;
    }

    long high()
    {
        return high;
    }

    long low()
    {
        return low;
    }

    static int scenario(final int code)
    {
        return code & 0xFFFF;
    }

    static int role(final int code)
    {
        return code >>> 16;
    }

    private void wrap(final DirectBuffer buffer, final int offset)
    {
        decoder.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH,
            DepositDecoder.BLOCK_LENGTH, DepositDecoder.SCHEMA_VERSION);
    }

    private static int code(final int scenario, final int role)
    {
        return role << 16 | scenario;
    }

    private static int seenFromTheAim(final int scenario)
    {
        switch (scenario)
        {
            case ScenarioCode.SCAN:
                return ScenarioCode.DISTRIBUTED_SCAN;

            case ScenarioCode.FLOOD:
                return ScenarioCode.SPREAD_FLOOD;

            case ScenarioCode.BEACON:
                return ScenarioCode.CALL_HOME;

            default:
                return 0;
        }
    }
}
