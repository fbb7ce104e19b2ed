package io.aswarm.dataplane;

import io.aswarm.journal.ExplanationStatement;

/**
 * A signal that this node gave, as it is remembered. Instants are CLOCK_MONOTONIC.
 *
 * @param tNs           when it was given.
 * @param scenario      code.
 * @param role          of the subject, code.
 * @param verification  of the subject, bits.
 * @param subjectHigh   first eight bytes of the subject's address.
 * @param subjectLow    last eight.
 * @param count         of observations.
 * @param distinctHosts touched, an estimate.
 * @param distinctPorts touched, an estimate.
 * @param aimPort       the one port, or 0.
 * @param aimHigh       first eight bytes of the one aim, or 0.
 * @param aimLow        last eight.
 * @param firstSeenNs   first observation.
 * @param lastSeenNs    latest observation.
 * @param explanation   what made the evidence.
 */
record SignalNote(
    long tNs, int scenario, int role, int verification, long subjectHigh, long subjectLow, int count,
    int distinctHosts, int distinctPorts, int aimPort, long aimHigh, long aimLow, long firstSeenNs, long lastSeenNs,
    ExplanationStatement explanation)
{
}
