package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;

/**
 * An elevation that asks for the act which the catalog holds against it.
 *
 * @param elevationId  of the elevation.
 * @param scenario     by name, for example {@code port-scan}.
 * @param subject      of the elevation.
 * @param role         of the subject in the scenario.
 * @param verification how the subject is known to have sent what is held against it: bits, of which any one suffices;
 *                     0 where its address was merely shown, {@link #VERIFICATION_UNKNOWN} where nobody says.
 * @param aim          of the subject's traffic.
 * @param evidenceNats at the elevation.
 * @param elevatedNs   CLOCK_MONOTONIC.
 */
public record ActRequest(
    long elevationId, String scenario, IpAddress subject, Role role, int verification, Aim aim, double evidenceNats,
    long elevatedNs)
{
    /** Nobody says how the subject was verified: an entry of an earlier run. */
    public static final int VERIFICATION_UNKNOWN = -1;

    /** Is the subject a source that is known to have sent what is held against it? */
    boolean isVerified()
    {
        return Role.SOURCE == role && verification > 0;
    }

    /** How the subject is described where it matters that nobody verified it. */
    String describeSubject()
    {
        return Role.AIM == role ? "aim" : isVerified() ? "verified source" : "source that may be forged";
    }
}
