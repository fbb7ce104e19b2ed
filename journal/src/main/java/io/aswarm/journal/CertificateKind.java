package io.aswarm.journal;

/**
 * What a certificate certifies.
 */
public enum CertificateKind
{
    /** An act whose effect was measured. */
    CONTAINMENT("containment", "EFFECTIVE", "contained"),
    /** An act that was tried and had no proven effect. */
    FAILURE("failure", "FAILED", "failed"),
    /** The end of a containment, by deadline or by order. */
    REVERT("revert", "REVERTED", "reverted"),
    /** An act that the guardrails refused. */
    REFUSAL("refusal", "REFUSED", "refused"),
    /** A containment found in the kernel at start and kept with the time that remained. */
    ADOPTION("adoption", "ADOPTED", "adopted"),
    /** The kill switch was thrown. */
    HALT("halt", "HALTED", "halted"),
    /** The kill switch was released. */
    RESUME("resume", "RESUMED", "resumed");

    private static final CertificateKind[] KINDS = values();

    private final String label;
    private final String outcome;
    private final String status;

    CertificateKind(final String label, final String outcome, final String status)
    {
        this.label = label;
        this.outcome = outcome;
        this.status = status;
    }

    /**
     * The word in the certificate's {@code kind}.
     *
     * @return lower case.
     */
    public String label()
    {
        return label;
    }

    /**
     * The word in the certificate's {@code outcome.status}, as in the published certificates.
     *
     * @return lower case.
     */
    public String status()
    {
        return status;
    }

    /**
     * Find a kind by its label, by its status or by the name of the actuator's outcome.
     *
     * @param word in any case.
     * @return the kind or null if there is none of that name.
     */
    public static CertificateKind of(final String word)
    {
        for (final CertificateKind kind : KINDS)
        {
            if (kind.label.equalsIgnoreCase(word) || kind.outcome.equalsIgnoreCase(word) ||
                kind.status.equalsIgnoreCase(word))
            {
                return kind;
            }
        }
        return null;
    }
}
