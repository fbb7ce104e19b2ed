package io.aswarm.journal;

/**
 * Writes a certificate as one line for systems that collect events.
 */
@FunctionalInterface
public interface EventFormat
{
    /**
     * Format a certificate.
     *
     * @param certificate as the journal holds it.
     * @return one line without a line end.
     */
    String format(Certificate certificate);
}
