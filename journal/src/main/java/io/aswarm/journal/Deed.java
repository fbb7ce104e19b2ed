package io.aswarm.journal;

import java.util.List;

/**
 * The outcome of an act as the journal needs it. Instants are of the monotonic clock; 0 means that it did not happen.
 * Immutable.
 *
 * @param kind           a word that {@link CertificateKind#of(String)} knows.
 * @param actId          of the act; of the order for a halt or a resume.
 * @param elevationId    that led to it, 0 for none.
 * @param policyId       in the catalog; empty for none.
 * @param catalogHash    SHA-256 of the catalog's canonical form in hexadecimal; empty for none.
 * @param ring           of the act.
 * @param actKind        for example {@code drop_source}.
 * @param subject        address as text; empty for a halt or a resume.
 * @param rule           put into force; null where there is none.
 * @param ttlNs          of the containment.
 * @param startedNs      when the act began.
 * @param effectiveNs    when its effect was proven.
 * @param deadlineNs     when the kernel ends it by itself.
 * @param endedNs        when it ended or was refused.
 * @param probes         that were run.
 * @param packetsDropped of real traffic.
 * @param tier           as measured: {@code simulated}, {@code daemon_enforced}, {@code linux_kernel_enforced},
 *                       {@code linux_kernel_attested}.
 * @param reason         of a failure, a refusal, a revert or an order; empty for none.
 */
public record Deed(
    String kind,
    long actId,
    long elevationId,
    String policyId,
    String catalogHash,
    int ring,
    String actKind,
    String subject,
    RuleStatement rule,
    long ttlNs,
    long startedNs,
    long effectiveNs,
    long deadlineNs,
    long endedNs,
    List<ProbeStatement> probes,
    long packetsDropped,
    String tier,
    String reason)
{
}
