package io.aswarm.actuator;

import java.util.List;

/**
 * One act of the catalog after its checks: everything an automaton needs, nothing left to parse.
 *
 * @param id        of the policy, used in outcomes and certificates.
 * @param ring      0 observes, 1 acts and reverts by itself, 2 waits for a person's signed approval.
 * @param scenarios that it answers, sorted.
 * @param kind      of act.
 * @param mode      of the kind, for example {@code drop}.
 * @param ttlNs     after which the kernel ignores the entry, in nanoseconds.
 * @param inverse   by which it is undone, known to the kind.
 * @param probes    that must all pass before the act counts as effective, in the order of {@link ProbeKind}.
 */
public record CompiledAct(
    String id, int ring, List<String> scenarios, ActKind kind, String mode, long ttlNs, String inverse,
    List<ProbeKind> probes)
{
    /**
     * Copies its lists.
     */
    public CompiledAct
    {
        scenarios = List.copyOf(scenarios);
        probes = List.copyOf(probes);
    }
}
