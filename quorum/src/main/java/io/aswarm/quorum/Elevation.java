package io.aswarm.quorum;

import java.util.List;

/**
 * A subject against which the evidence suffices.
 * <p>
 * The id is this node's own: nodes hear the witnesses in different order and elevate on different sets of them, so an
 * id computed from the contents would pretend an agreement that does not exist. It is the node's number and a count
 * that starts at the milliseconds of its boot epoch; across nodes, elevations belong together by scenario, subject and
 * the signed deposits in them.
 *
 * @param id                not negative, unique in the site over restarts.
 * @param scenario          code.
 * @param subjectHigh       first eight bytes of the subject's address in network order.
 * @param subjectLow        last eight.
 * @param evidenceNats      sum of what the witnesses counted for.
 * @param thresholdNats     that was to be reached.
 * @param witnessesRequired that were needed.
 * @param local             true when this node's own evidence alone passed the stricter local bar.
 * @param witnesses         distinct, by ascending node id.
 * @param count             events seen by all witnesses, saturating.
 * @param distinctHosts     sum of the witnesses' estimates, saturating: exact where they guard different hosts.
 * @param distinctPorts     likewise a sum, so that hosts and ports keep the proportion each witness saw; 1 with an aim.
 * @param aimPort           the one port that all witnesses saw aimed at, or 0.
 * @param aimHigh           first eight bytes of the one host that all witnesses saw aimed at, or 0.
 * @param aimLow            last eight.
 * @param firstSeenNs       earliest event of any witness on this node's monotonic clock, by way of wall clocks where
 *                          another node saw it.
 * @param firstSeenEpochNs  the same on the wall clock of the node that saw it.
 * @param elevatedNs        when it was decided, monotonic.
 * @param elevatedEpochNs   the same, wall clock.
 * @param subjectRole       {@link SubjectRole#SOURCE} or {@link SubjectRole#AIM}.
 * @param verification      bits of {@link Verification} that this node's own deposit states, or as many witnesses as
 *                          are required: what fewer say may be a lie that is to have a third party contained.
 * @param degraded          true when this node heard no majority of the roster and went by its own evidence against the
 *                          bar for that.
 */
public record Elevation(
    long id,
    int scenario,
    long subjectHigh,
    long subjectLow,
    double evidenceNats,
    double thresholdNats,
    int witnessesRequired,
    boolean local,
    List<Witness> witnesses,
    int count,
    int distinctHosts,
    int distinctPorts,
    int aimPort,
    long aimHigh,
    long aimLow,
    long firstSeenNs,
    long firstSeenEpochNs,
    long elevatedNs,
    long elevatedEpochNs,
    int subjectRole,
    int verification,
    boolean degraded)
{
    Elevation with(final List<Witness> otherWitnesses)
    {
        return new Elevation(
            id, scenario, subjectHigh, subjectLow, evidenceNats, thresholdNats, witnessesRequired, local,
            otherWitnesses, count, distinctHosts, distinctPorts, aimPort, aimHigh, aimLow, firstSeenNs,
            firstSeenEpochNs, elevatedNs, elevatedEpochNs, subjectRole, verification, degraded);
    }

    /** An elevation of a source that was merely shown, by a node that hears the others. */
    @SuppressWarnings("checkstyle:ParameterNumber") // the components of the record, in their order
    public Elevation(
        final long id,
        final int scenario,
        final long subjectHigh,
        final long subjectLow,
        final double evidenceNats,
        final double thresholdNats,
        final int witnessesRequired,
        final boolean local,
        final List<Witness> witnesses,
        final int count,
        final int distinctHosts,
        final int distinctPorts,
        final int aimPort,
        final long aimHigh,
        final long aimLow,
        final long firstSeenNs,
        final long firstSeenEpochNs,
        final long elevatedNs,
        final long elevatedEpochNs)
    {
        this(id, scenario, subjectHigh, subjectLow, evidenceNats, thresholdNats, witnessesRequired, local, witnesses,
            count, distinctHosts, distinctPorts, aimPort, aimHigh, aimLow, firstSeenNs, firstSeenEpochNs, elevatedNs,
            elevatedEpochNs, SubjectRole.SOURCE, Verification.NONE, false);
    }
}
