package io.aswarm.journal;

import io.aswarm.trust.DocumentException;
import io.aswarm.trust.Roster;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Verifies what tests wrote; believes deposits of the form that {@link Samples} makes. */
final class Verification
{
    private static final String FORM = "deposit of gateway-";

    private Verification()
    {
    }

    static WitnessVerdict believe(final byte[] deposit)
    {
        final String text = new String(deposit, StandardCharsets.US_ASCII);
        if (!text.startsWith(FORM))
        {
            return WitnessVerdict.refused(WitnessVerdict.Status.INVALID, "not of the form that tests make");
        }
        final int nodeId = Integer.parseInt(text.substring(FORM.length()));
        return nodeId > 9 ? WitnessVerdict.refused(WitnessVerdict.Status.UNKNOWN, "node " + nodeId) :
            new WitnessVerdict(WitnessVerdict.Status.ACCEPTED, "", nodeId, "gateway-" + nodeId, Samples.SUBJECT,
            List.of("port-scan", "sweep"), 5.5);
    }

    static CertificateVerifier verifier(final Roster roster)
    {
        return new CertificateVerifier(VerifierConfig.of(roster, Verification::believe));
    }

    static List<JournalEntry> entries(final Path journal) throws JournalException
    {
        final List<JournalEntry> entries = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(journal))
        {
            reader.poll(entries::add, Integer.MAX_VALUE);
        }
        return entries;
    }

    static List<Certificate> certificates(final Path journal) throws JournalException, DocumentException
    {
        final List<Certificate> certificates = new ArrayList<>();
        for (final JournalEntry entry : entries(journal))
        {
            certificates.add(Certificate.parse(entry.segment(), entry.envelope()));
        }
        return certificates;
    }

    static List<CertificateReport> verifyJournal(final Path directory, final Roster roster) throws JournalException
    {
        final VerifierSession session = verifier(roster).session();
        return entries(directory.resolve("journal")).stream()
            .map((entry) -> session.verify("entry " + entry.sequence(), entry.envelope()))
            .toList();
    }
}
