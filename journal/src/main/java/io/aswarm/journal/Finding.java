package io.aswarm.journal;

import java.util.ArrayList;
import java.util.List;

/**
 * An elevation as the journal needs it: why something was done. Offered when its witnesses have signed, before or soon
 * after the act is requested; a deed waits for it. Immutable.
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
 * @param subjectRole       1 the subject sends the bad traffic, 2 it is what that is sent to.
 * @param verification      bits: 1 completed an exchange, 2 bound on its link, 4 answered a challenge; 0 merely shown.
 * @param degraded          whether this node heard no majority of the site and went by its own evidence.
 * @param explanation       of this node's own evidence; null where it has none, or none that is still known.
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
    long elevatedEpochNs,
    int subjectRole,
    int verification,
    boolean degraded,
    ExplanationStatement explanation)
{
    /** How a source is known to have sent what is held against it, in the order of the bits. */
    public static final List<String> VERIFICATIONS = List.of("exchange", "on_link", "challenge");

    /** A finding about a source that was merely shown, by a node that hears the others. */
    @SuppressWarnings("checkstyle:ParameterNumber") // the components of the record, in their order
    public Finding(
        final long elevationId,
        final String scenario,
        final String subject,
        final double evidenceNats,
        final double thresholdNats,
        final int witnessesRequired,
        final boolean local,
        final List<WitnessStatement> witnesses,
        final int count,
        final int distinctHosts,
        final int distinctPorts,
        final int aimPort,
        final String aim,
        final long firstSeenNs,
        final long firstSeenEpochNs,
        final long elevatedNs,
        final long elevatedEpochNs)
    {
        this(elevationId, scenario, subject, evidenceNats, thresholdNats, witnessesRequired, local, witnesses, count,
            distinctHosts, distinctPorts, aimPort, aim, firstSeenNs, firstSeenEpochNs, elevatedNs, elevatedEpochNs,
            1, 0, false, null);
    }

    /**
     * The words for bits of {@link #verification()}.
     *
     * @param bits of the verification.
     * @return of {@link #VERIFICATIONS}, those whose bit is set.
     */
    public static List<String> verificationWords(final int bits)
    {
        final List<String> words = new ArrayList<>(VERIFICATIONS.size());
        for (int bit = 0; bit < VERIFICATIONS.size(); bit++)
        {
            if ((bits & 1 << bit) != 0)
            {
                words.add(VERIFICATIONS.get(bit));
            }
        }
        return words;
    }
}
