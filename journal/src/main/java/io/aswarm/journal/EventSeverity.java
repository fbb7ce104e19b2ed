package io.aswarm.journal;

/**
 * How much a certificate should disturb people, on the scales of those who are told.
 */
enum EventSeverity
{
    INFORMATIONAL(1, 3, 6),
    MEDIUM(3, 5, 4),
    HIGH(4, 8, 3);

    /** OCSF {@code severity_id}. */
    final int ocsf;
    /** CEF, 0 to 10. */
    final int cef;
    /** RFC 5424 table 2. */
    final int syslog;

    EventSeverity(final int ocsf, final int cef, final int syslog)
    {
        this.ocsf = ocsf;
        this.cef = cef;
        this.syslog = syslog;
    }

    /** A failed containment and a thrown kill switch leave the site open; a containment worked. */
    static EventSeverity of(final CertificateKind kind)
    {
        if (CertificateKind.FAILURE == kind || CertificateKind.HALT == kind || null == kind)
        {
            return HIGH;
        }
        return CertificateKind.CONTAINMENT == kind || CertificateKind.REFUSAL == kind ? MEDIUM : INFORMATIONAL;
    }
}
