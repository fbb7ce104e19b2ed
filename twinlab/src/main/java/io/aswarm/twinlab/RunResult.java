package io.aswarm.twinlab;

import java.util.List;

/**
 * What came of one attack.
 *
 * @param number      from 1.
 * @param scenario    of the attack.
 * @param family      4 or 6.
 * @param source      of the attack.
 * @param firstNs     kernel stamp of the first attack packet, CLOCK_MONOTONIC.
 * @param gateways    that should have detected it, by rack.
 * @param probesSent  attack frames sent.
 * @param problems    why this run did not meet its targets, beyond what the figures say.
 */
record RunResult(
    int number, Scenario scenario, int family, String source, long firstNs, List<Gateway> gateways, int probesSent,
    List<String> problems)
{
    /**
     * What came of it at one gateway. Instants are CLOCK_MONOTONIC nanoseconds, 0 where it did not happen.
     *
     * @param rack           of the gateway.
     * @param witnesses      of the elevation.
     * @param pattern        that the gateway named.
     * @param elevatedNs     when it was sure.
     * @param effectiveNs    when the effect was proven.
     * @param revertedNs     when the node had proven that the containment is over.
     * @param packetsDropped by its own count.
     * @param certificates   written for this run.
     * @param forwarding     what it let through.
     */
    record Gateway(
        int rack, int witnesses, String pattern, long elevatedNs, long effectiveNs, long revertedNs,
        long packetsDropped, int certificates, Forwarding forwarding)
    {
        static Gateway of(final int rack, final RunObserver observer, final ProbeLog log)
        {
            return new Gateway(rack, observer.witnesses(rack), observer.pattern(rack),
                observer.elevatedNs(rack), observer.effectiveNs(rack), observer.revertedNs(rack),
                observer.packetsDropped(rack), observer.certificates(rack),
                Forwarding.of(log, rack, observer.effectiveNs(rack), observer.deadlineNs(rack)));
        }

        boolean detected()
        {
            return 0 != elevatedNs;
        }

        /** The node says so, and packets were seen behind it. */
        boolean reverted()
        {
            return 0 != revertedNs && 0 != forwarding.flowsAgainNs();
        }
    }
}
