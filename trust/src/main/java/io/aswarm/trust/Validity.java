package io.aswarm.trust;

/**
 * From when until when an identity may be believed. What it signed within that time stays signed.
 *
 * @param notBeforeEpochNs wall clock, included.
 * @param notAfterEpochNs  wall clock, not included.
 */
public record Validity(long notBeforeEpochNs, long notAfterEpochNs)
{
    /** Without limits. */
    public static final Validity ALWAYS = new Validity(Long.MIN_VALUE, Long.MAX_VALUE);

    /**
     * Is this a time within?
     *
     * @param epochNs wall clock.
     * @return true if it is.
     */
    public boolean includes(final long epochNs)
    {
        return notBeforeEpochNs <= epochNs && epochNs < notAfterEpochNs;
    }
}
