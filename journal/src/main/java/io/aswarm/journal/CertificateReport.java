package io.aswarm.journal;

import java.util.List;

/**
 * What verifying one certificate found.
 *
 * @param source        file or place in the journal.
 * @param certificateId empty where it could not be read.
 * @param kind          null where it could not be read.
 * @param isEnveloped   whether it came in an envelope.
 * @param faults        in the order of the checks; none when it holds.
 */
public record CertificateReport(
    String source, String certificateId, CertificateKind kind, boolean isEnveloped, List<Fault> faults)
{
    /**
     * Does the certificate hold?
     *
     * @return true if nothing is wrong with it.
     */
    public boolean isSound()
    {
        return faults.isEmpty();
    }
}
