package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;

/**
 * What a detector first said of one subject in one recording, at one threshold.
 *
 * @param scenario      label.
 * @param subject       accused.
 * @param isAim         whether the subject is the victim, not the sender.
 * @param evidenceNats  when first said; 0 for detectors that know no evidence.
 * @param timeNs        virtual.
 * @param attackPackets of the attack until then; 0 when it had not begun.
 */
record Accusation(
    String scenario, IpAddress subject, boolean isAim, double evidenceNats, long timeNs, long attackPackets)
{
}
