package io.aswarm.actuator;

/**
 * An elevation that asks for the act which the catalog holds against it.
 *
 * @param elevationId   of the elevation.
 * @param scenario      by name, for example {@code port-scan}.
 * @param subjectHigh   upper 64 bits of the subject's IPv6 or v4-mapped address.
 * @param subjectLow    lower 64 bits.
 * @param evidenceNats  at the elevation.
 * @param elevatedNs    CLOCK_MONOTONIC.
 */
public record ActRequest(
    long elevationId, String scenario, long subjectHigh, long subjectLow, double evidenceNats, long elevatedNs)
{
}
