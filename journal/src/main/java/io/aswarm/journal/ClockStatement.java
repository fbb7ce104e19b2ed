package io.aswarm.journal;

/**
 * What is known of the wall clock at the time of a certificate.
 *
 * @param source  by name, for example {@code CLOCK_REALTIME}.
 * @param boundNs largest error against UTC, or -1 where nobody measured it; it is then written as "unknown".
 */
public record ClockStatement(String source, long boundNs)
{
    /** The system's clock, about whose error nothing was measured. */
    public static final ClockStatement UNMEASURED = new ClockStatement("CLOCK_REALTIME", -1);
}
