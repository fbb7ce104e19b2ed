package io.aswarm.twinlab;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came of one recording.
 *
 * @param path      as given.
 * @param kind      of its ground truth.
 * @param scenario  in the words of whoever labelled it.
 * @param packets   with addresses.
 * @param attackPackets those of the attack.
 * @param windows   benign host-windows of ten seconds in it.
 * @param verdict   whether the attack could be decided from this recording.
 * @param signal    the first right signal.
 * @param elevation the first right elevation.
 * @param wrongSignals    host-windows in which an innocent was signalled.
 * @param wrongElevations host-windows in which an innocent was elevated.
 * @param suspected who was wrongly signalled, first of each.
 * @param wrong     who was wrongly elevated, first of each.
 * @param references what came of it with each reference, by its label.
 * @param breakOff  where and why it broke off, though what came before counts; else null.
 * @param error     why it could not be read, or holds nothing to look at; else null.
 * @param isFault   whether that error is the file's fault.
 */
record FileResult(
    String path,
    String kind,
    String scenario,
    long packets,
    long attackPackets,
    long windows,
    Decidability.Verdict verdict,
    Latency signal,
    Latency elevation,
    int wrongSignals,
    int wrongElevations,
    List<Accusation> suspected,
    List<Accusation> wrong,
    Map<String, Reference> references,
    String breakOff,
    String error,
    boolean isFault)
{
    /**
     * What a reference made of the same recording.
     *
     * @param alert       its first right one, or null.
     * @param wrongAlerts host-windows in which it accused an innocent.
     */
    record Reference(Latency alert, int wrongAlerts)
    {
    }

    /**
     * How long it took.
     *
     * @param scenario that was named.
     * @param subject  that was accused.
     * @param packets  of the attack, the deciding one included.
     * @param ns       from the attack's first packet.
     */
    record Latency(String scenario, String subject, long packets, long ns)
    {
        private static Latency of(final Optional<Accusation> detection, final long beginNs)
        {
            return detection.map((accusation) -> new Latency(
                accusation.scenario(), accusation.subject().toString(), accusation.attackPackets(),
                accusation.timeNs() - beginNs)).orElse(null);
        }
    }

    /**
     * The result of a finished run.
     *
     * @param entry of the manifest.
     * @param run   over it.
     * @return the result.
     */
    static FileResult of(final CorpusManifest.Entry entry, final EvaluationRun run)
    {
        final Map<String, Reference> references = new LinkedHashMap<>();
        run.references().forEach((label, its) -> references.put(
            label, new Reference(Latency.of(its.detection(), run.attackBeginNs()), its.wrongWindows())));
        return new FileResult(
            entry.path(), entry.truth().kind(), entry.scenario(), run.packets(), run.attackPackets(),
            entry.windows10s() >= 0 ? entry.windows10s() : run.hostWindows(), run.verdict(),
            Latency.of(run.signals().detection(), run.attackBeginNs()),
            Latency.of(run.elevations().detection(), run.attackBeginNs()),
            run.signals().wrongWindows(), run.elevations().wrongWindows(),
            run.signals().wrong(), run.elevations().wrong(), references, run.breakOff(), null,
            false);
    }

    /**
     * A recording without a result.
     *
     * @param entry   of the manifest.
     * @param error   in a sentence.
     * @param isFault whether it could not be read; else there is nothing in it that a sensor would see.
     * @return the result.
     */
    static FileResult without(final CorpusManifest.Entry entry, final String error, final boolean isFault)
    {
        return new FileResult(
            entry.path(), entry.truth().kind(), entry.scenario(), 0, 0, 0,
            Decidability.Verdict.no("not read"), null, null, 0, 0, List.of(), List.of(), Map.of(), null,
            error, isFault);
    }

    boolean isBenign()
    {
        return GroundTruth.BENIGN.equals(kind);
    }
}
