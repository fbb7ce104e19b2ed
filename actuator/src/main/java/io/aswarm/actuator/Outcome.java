package io.aswarm.actuator;

import java.util.List;

/**
 * What became of a request, an order or an entry that was found. Every one of them ends in at least one outcome.
 * Instants are CLOCK_MONOTONIC nanoseconds, 0 where there is none.
 *
 * @param kind           of outcome.
 * @param actId          unique for this node, also across its restarts; kept when an entry is adopted.
 * @param elevationId    that asked for it; 0 for orders and adopted entries.
 * @param policyId       of the catalog's act; empty where the catalog has none.
 * @param catalogHash    version of the catalog that governed it.
 * @param ring           of the act; -1 where there is none.
 * @param actKind        for example {@code drop_source}, or {@code halt}, {@code resume}.
 * @param subjectHigh    upper 64 bits of the subject's address.
 * @param subjectLow     lower 64 bits.
 * @param role           of the subject; null for orders.
 * @param verification   of the subject, bits; {@link ActRequest#VERIFICATION_UNKNOWN} where nobody says.
 * @param containment    which packets, and what happens to them; null where there is none.
 * @param ttlNs          granted; for an adopted entry the time that remained.
 * @param startedNs      when the node began with it.
 * @param effectiveNs    when the proof of effect was complete.
 * @param deadlineNs     after which the kernel ignores the entry.
 * @param endedNs        when the end was proven, or known.
 * @param probes         measured for this outcome.
 * @param packetsDropped of the subject's real packets so far.
 * @param tier           of enforcement, as the control declares it.
 * @param reason         for people; empty where all went as the catalog says.
 */
public record Outcome(
    Kind kind, long actId, long elevationId, String policyId, String catalogHash, int ring, String actKind,
    long subjectHigh, long subjectLow, Role role, int verification, Containment containment, long ttlNs,
    long startedNs, long effectiveNs, long deadlineNs, long endedNs, List<Probe> probes, long packetsDropped,
    String tier, String reason)
{
    /**
     * Kinds of outcome.
     */
    public enum Kind
    {
        /** The act holds, and probes have proven it. */
        EFFECTIVE,
        /** It could not be done, proven or undone; the reason says which. */
        FAILED,
        /** Its entry is gone, and a probe has proven that the subject's packets pass. */
        REVERTED,
        /** A guardrail forbade it. */
        REFUSED,
        /** An entry of an earlier run was found and is held to its deadline. */
        ADOPTED,
        /** The kill switch was set: nothing is enforced, nothing starts. */
        HALTED,
        /** The kill switch was cleared. */
        RESUMED
    }

    /**
     * Copies its list.
     */
    public Outcome
    {
        probes = List.copyOf(probes);
    }
}
