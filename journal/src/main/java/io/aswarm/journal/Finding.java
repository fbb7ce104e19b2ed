package io.aswarm.journal;

import java.util.List;

/**
 * An elevation as the journal needs it: why something was done. Offered before the act is requested, so that it is
 * always there when the deed arrives. Immutable.
 *
 * @param elevationId       joins the deed; also the certificate's run id.
 * @param scenario          for example {@code port-scan}.
 * @param subject           address as text.
 * @param evidenceNats      summed over the witnesses.
 * @param thresholdNats     that it had to reach.
 * @param witnessesRequired that it had to have.
 * @param local             whether this node elevated on its own evidence.
 * @param witnesses         with their signed deposits.
 * @param count             of observations.
 * @param distinctHosts     touched.
 * @param distinctPorts     touched.
 * @param aimPort           the one port aimed at, 0 for many.
 * @param aim               the one address aimed at as text, empty for many.
 * @param firstSeenNs       monotonic clock of the first observation.
 * @param firstSeenEpochNs  the same on the wall clock.
 * @param elevatedNs        monotonic clock of the elevation.
 * @param elevatedEpochNs   the same on the wall clock.
 */
public record Finding(
    long elevationId,
    String scenario,
    String subject,
    double evidenceNats,
    double thresholdNats,
    int witnessesRequired,
    boolean local,
    List<WitnessStatement> witnesses,
    int count,
    int distinctHosts,
    int distinctPorts,
    int aimPort,
    String aim,
    long firstSeenNs,
    long firstSeenEpochNs,
    long elevatedNs,
    long elevatedEpochNs)
{
}
