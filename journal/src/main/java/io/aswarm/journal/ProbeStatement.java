package io.aswarm.journal;

/**
 * One measurement of an act's effect.
 *
 * @param name       of the probe.
 * @param expected   outcome.
 * @param observed   outcome.
 * @param passed     whether the probe held.
 * @param atNs       monotonic clock.
 * @param durationNs of the measurement.
 */
public record ProbeStatement(
    String name, String expected, String observed, boolean passed, long atNs, long durationNs)
{
}
