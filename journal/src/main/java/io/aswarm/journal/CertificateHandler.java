package io.aswarm.journal;

/**
 * Is told of each certificate once it is on the disk.
 */
@FunctionalInterface
public interface CertificateHandler
{
    /**
     * A certificate was appended and forced. Called on the journal's thread.
     *
     * @param certificateId of the certificate.
     * @param kind          of the certificate.
     * @param elevationId   behind it, 0 for none.
     * @param actId         behind it.
     * @param index         in the Chronicle Queue.
     * @param appendedNs    monotonic clock at the end of the force.
     */
    void onCertificate(
        String certificateId, CertificateKind kind, long elevationId, long actId, long index, long appendedNs);
}
