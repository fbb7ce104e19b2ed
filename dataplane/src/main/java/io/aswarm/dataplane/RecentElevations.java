package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import io.aswarm.journal.Certificate;
import io.aswarm.journal.JournalEntry;
import io.aswarm.journal.JournalException;
import io.aswarm.journal.JournalReader;
import io.aswarm.quorum.QuorumAgent;
import io.aswarm.quorum.SubjectRole;
import io.aswarm.trust.DocumentException;
import org.agrona.ErrorHandler;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Tells a quorum agent, before it starts, what it elevated in the life before, from the certificates of late: evidence
 * that was acted upon must not lead to a second act because the process was restarted in between.
 */
final class RecentElevations
{
    /** The journal begins a file a day, and evidence lives for less. */
    private static final int FILES = 2;
    private static final int BATCH = 256;

    /** Takes a witness's deposit; see {@link QuorumAgent#recall}. */
    @FunctionalInterface
    interface Recall
    {
        boolean recall(byte[] deposit, int subjectRole, long elevatedEpochNs);
    }

    private final Recall recall;
    private final long sinceEpochNs;
    private final ErrorHandler errorHandler;
    private int deposits;

    RecentElevations(final Recall recall, final long sinceEpochNs, final ErrorHandler errorHandler)
    {
        this.recall = recall;
        this.sinceEpochNs = sinceEpochNs;
        this.errorHandler = errorHandler;
    }

    /** Read a journal; what cannot be read is an error, and no reason not to start. How many deposits were taken. */
    int read(final Path journal)
    {
        try (JournalReader reader = JournalReader.open(journal))
        {
            reader.skipToLastFiles(FILES);
            int count;
            do
            {
                count = reader.poll(this::onEntry, BATCH);
            }
            while (count > 0);
        }
        catch (final JournalException ex)
        {
            errorHandler.onError(ex);
        }
        return deposits;
    }

    private void onEntry(final JournalEntry entry)
    {
        try
        {
            onCertificate(Certificate.parse(entry.segment(), entry.envelope()));
        }
        catch (final DocumentException ex)
        {
            errorHandler.onError(ex);
        }
    }

    private void onCertificate(final Certificate certificate)
    {
        final long elevatedEpochNs = certificate.epochNs("detect_elevated");
        if (elevatedEpochNs < sinceEpochNs)
        {
            return;
        }
        final JsonNode elevation = certificate.predicate().path("elevation_context");
        final int role = "aim".equals(elevation.path("subject_role").asText()) ? SubjectRole.AIM : SubjectRole.SOURCE;
        for (final JsonNode witness : elevation.path("witness_nodes"))
        {
            onDeposit(witness.path("deposit"), role, elevatedEpochNs);
        }
    }

    private void onDeposit(final JsonNode deposit, final int role, final long elevatedEpochNs)
    {
        try
        {
            deposits += recall.recall(deposit.binaryValue(), role, elevatedEpochNs) ? 1 : 0;
        }
        catch (final IOException ex)
        {
            errorHandler.onError(ex);
        }
    }
}
