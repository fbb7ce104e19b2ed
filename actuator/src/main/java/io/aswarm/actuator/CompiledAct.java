package io.aswarm.actuator;

import io.aswarm.ebpf.QuarantineRule;

import java.util.List;

/**
 * One act of the catalog after its checks: everything an automaton needs, nothing left to parse.
 *
 * @param id               of the policy, used in outcomes and certificates.
 * @param ring             0 observes, 1 acts and reverts by itself, 2 waits for a person's signed approval.
 * @param when             it applies.
 * @param kind             of act.
 * @param mode             of the kind.
 * @param packetsPerSecond that a limit lets through; 0 where the mode is none.
 * @param burst            that a limit lets through at once; 0 where the mode is none.
 * @param ttlsNs           after which the kernel ignores the entry, in nanoseconds: of the first act against a rule,
 *                         and of each that follows before {@code decayNs} of quiet. Ascending.
 * @param decayNs          quiet after which the next act is one step shorter again; 0 where there is one step.
 * @param inverse          by which it is undone, known to the kind.
 * @param probes           that must all pass before the act counts as effective, in the order of {@link ProbeKind}.
 * @param acceptForged     whether it may drop a source that was merely shown, in the operator's own words.
 */
public record CompiledAct(
    String id, int ring, When when, ActKind kind, Mode mode, int packetsPerSecond, int burst, List<Long> ttlsNs,
    long decayNs, String inverse, List<ProbeKind> probes, boolean acceptForged)
{
    /**
     * Copies its lists.
     */
    public CompiledAct
    {
        ttlsNs = List.copyOf(ttlsNs);
        probes = List.copyOf(probes);
    }

    /** What it would put into force for this request, or null where the request names no single aim. */
    Containment containment(final ActRequest request)
    {
        final QuarantineRule rule = kind.rule(request);
        return null == rule ? null : new Containment(rule, mode, packetsPerSecond, burst);
    }

    long ttlLongestNs()
    {
        return ttlsNs.get(ttlsNs.size() - 1);
    }
}
