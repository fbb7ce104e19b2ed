package io.aswarm.journal;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Says of a certificate which rules it breaks. Takes what the journal holds and files from elsewhere: DSSE envelopes,
 * bare statements, and bare certificates in the published forms. Never throws for what a file contains. Not
 * thread-safe.
 */
public final class CertificateVerifier
{
    private record Placed(long sequence, CertificateFile file)
    {
    }

    private final EnvelopeCheck envelopeCheck;
    private final ContentCheck contentCheck;
    private final CoherenceCheck coherenceCheck;
    private final WitnessCheck witnessCheck;

    /**
     * A verifier.
     *
     * @param config what to verify against.
     */
    public CertificateVerifier(final VerifierConfig config)
    {
        envelopeCheck = new EnvelopeCheck(config.roster());
        contentCheck = new ContentCheck(config.roster().site());
        coherenceCheck = new CoherenceCheck(config.freshMaxNs(), config.ringMax());
        witnessCheck = new WitnessCheck(config.witnesses());
    }

    /**
     * Verify one certificate by itself.
     *
     * @param source named in the report.
     * @param bytes  of the file.
     * @return what was found.
     */
    public CertificateReport verify(final String source, final byte[] bytes)
    {
        final FaultList faults = new FaultList();
        return report(source, examine(source, bytes, faults), faults);
    }

    /**
     * Begin to verify certificates that come one after the other, and together.
     *
     * @return a session without memory.
     */
    public VerifierSession session()
    {
        return new VerifierSession(this);
    }

    /**
     * Verify certificates together, in whichever order they are given.
     *
     * @param files all certificates.
     * @return one report for each, in the order of the chains they belong to.
     */
    public List<CertificateReport> verifyTogether(final List<CertificateFile> files)
    {
        final List<Placed> placed = new ArrayList<>();
        files.forEach((file) -> placed.add(new Placed(sequence(file), file)));
        placed.sort(Comparator.comparingLong(Placed::sequence).thenComparing((place) -> place.file.source()));
        final VerifierSession session = session();
        return placed.stream().map((place) -> session.verify(place.file.source(), place.file.bytes())).toList();
    }

    /**
     * The report on a file that could not even be read.
     *
     * @param source named in the report.
     * @param reason why not.
     * @return a report with that one fault.
     */
    public static CertificateReport unreadable(final String source, final String reason)
    {
        return new CertificateReport(source, "", null, false, List.of(new Fault(FaultCode.UNREADABLE, reason)));
    }

    Opened examine(final String source, final byte[] bytes, final FaultList faults)
    {
        final Opened opened = envelopeCheck.open(source, bytes, faults);
        if (null == opened.predicate() || !opened.predicate().isObject())
        {
            if (null != opened.statement())
            {
                faults.add(FaultCode.NOT_A_STATEMENT, "it has no predicate");
            }
            return new Opened(null, opened.statement(), opened.isEnveloped(), opened.sha256());
        }
        contentCheck.check(opened, faults);
        coherenceCheck.check(opened.predicate(), kind(opened.predicate()), faults);
        witnessCheck.check(opened.predicate(), faults);
        return opened;
    }

    static CertificateReport report(final String source, final Opened opened, final FaultList faults)
    {
        final JsonNode predicate = opened.predicate();
        return new CertificateReport(source, null == predicate ? "" : predicate.path("certificate_id").asText(),
            null == predicate ? null : kind(predicate), opened.isEnveloped(), faults.faults());
    }

    /** The published certificates have no kind of their own, only a status. */
    static CertificateKind kind(final JsonNode predicate)
    {
        return CertificateKind.of(predicate.has("kind") ? predicate.get("kind").asText() :
            predicate.path("outcome").path("status").asText());
    }

    private long sequence(final CertificateFile file)
    {
        final Opened opened = envelopeCheck.open(file.source(), file.bytes(), new FaultList());
        return null == opened.predicate() ? 0 : opened.predicate().path("chain").path("sequence").asLong();
    }
}
