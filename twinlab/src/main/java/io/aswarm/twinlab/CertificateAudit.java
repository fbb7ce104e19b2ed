package io.aswarm.twinlab;

import io.aswarm.dataplane.DepositWitnessVerifier;
import io.aswarm.journal.Certificate;
import io.aswarm.journal.CertificateReport;
import io.aswarm.journal.CertificateVerifier;
import io.aswarm.journal.JournalException;
import io.aswarm.journal.JournalReader;
import io.aswarm.journal.VerifierConfig;
import io.aswarm.journal.VerifierSession;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.Roster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Verifies every certificate in the journals of a site, with the product's own verifier, as {@code aswarm certs verify}
 * does. A certificate counts as verified when it has no fault and claims the tier that it was made in.
 */
final class CertificateAudit
{
    private static final int BATCH = 1_000;

    private final String tier;
    private final List<String> faults = new ArrayList<>();
    private int written;
    private int verified;

    private CertificateAudit(final String tier)
    {
        this.tier = tier;
    }

    /**
     * Verify all journals.
     *
     * @param files of the site.
     * @param tier  that every certificate must claim, neither more nor less.
     * @return what was found.
     * @throws IOException when a journal cannot be read at all.
     */
    static CertificateAudit of(final SiteFiles files, final String tier) throws IOException
    {
        final CertificateAudit audit = new CertificateAudit(tier);
        try
        {
            final Roster roster = Roster.read(files.roster());
            final VerifierSession session = new CertificateVerifier(
                VerifierConfig.of(roster, new DepositWitnessVerifier(roster))).session();
            for (int rack = 1; rack <= files.nodesCount(); rack++)
            {
                audit.verify(RackPlan.gatewayName(rack), files.journal(rack), session);
            }
            return audit;
        }
        catch (final DocumentException | JournalException ex)
        {
            throw new IOException(ex.getMessage(), ex);
        }
    }

    private void verify(final String node, final Path directory, final VerifierSession session)
        throws JournalException
    {
        try (JournalReader reader = JournalReader.open(directory))
        {
            while (reader.poll((entry) -> verify(node + " #" + entry.sequence(), entry.envelope(), session), BATCH) > 0)
            {
                Thread.onSpinWait();
            }
            reader.damages().forEach((damage) -> faults.add("journal of " + node + ": " + damage));
        }
    }

    private void verify(final String place, final byte[] envelope, final VerifierSession session)
    {
        written++;
        final CertificateReport report = session.verify(place, envelope);
        report.faults().forEach((fault) -> faults.add("certificate " + place + ": " + fault));
        final String claimed = tier(place, envelope);
        if (!tier.equals(claimed))
        {
            faults.add("certificate " + place + " claims tier \"" + claimed + "\"");
        }
        else if (report.isSound())
        {
            verified++;
        }
    }

    private static String tier(final String place, final byte[] envelope)
    {
        try
        {
            final Certificate certificate = Certificate.parse(place, envelope);
            return certificate.text("tier");
        }
        catch (final DocumentException ex)
        {
            return "";
        }
    }

    int written()
    {
        return written;
    }

    int verified()
    {
        return verified;
    }

    /** One line for each fault. */
    List<String> faults()
    {
        return faults;
    }
}
