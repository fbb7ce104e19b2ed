package io.aswarm.dataplane;

import io.aswarm.journal.Certificate;
import io.aswarm.journal.JournalEntry;
import io.aswarm.journal.JournalException;
import io.aswarm.journal.JournalReader;
import io.aswarm.trust.DocumentException;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Finds one certificate of a journal by its id or its sequence.
 */
final class CertificateFinder
{
    private static final int BATCH = 256;

    private final String id;
    private JournalEntry found;

    private CertificateFinder(final String id)
    {
        this.id = id;
    }

    /**
     * Find.
     *
     * @param journal directory.
     * @param id      of the certificate, or its sequence.
     * @return the entry or null.
     * @throws CommandException when the journal cannot be read.
     */
    static JournalEntry find(final Path journal, final String id) throws CommandException
    {
        final CertificateFinder finder = new CertificateFinder(id);
        try (JournalReader reader = JournalReader.open(journal))
        {
            int count;
            do
            {
                count = reader.poll(finder::onEntry, BATCH);
            }
            while (count > 0 && null == finder.found);
            return finder.found;
        }
        catch (final JournalException ex)
        {
            throw new CommandException(ExitCode.USAGE, ex.getMessage());
        }
    }

    static Certificate parse(final JournalEntry entry) throws CommandException
    {
        try
        {
            return Certificate.parse(entry.segment(), entry.envelope());
        }
        catch (final DocumentException ex)
        {
            throw new CommandException(ExitCode.NEGATIVE, ex.getMessage());
        }
    }

    private void onEntry(final JournalEntry entry)
    {
        if (null == found && (id.equals(Long.toString(entry.sequence())) || Objects.equals(id, idOf(entry))))
        {
            found = entry;
        }
    }

    private static String idOf(final JournalEntry entry)
    {
        try
        {
            return Certificate.parse(entry.segment(), entry.envelope()).id();
        }
        catch (final DocumentException ex)
        {
            return null;
        }
    }
}
