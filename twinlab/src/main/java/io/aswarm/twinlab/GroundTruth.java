package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;

/**
 * What is known of a recording before anybody looks at it.
 *
 * @param kind      of the attack: scan, flood, lateral, beacon, exfil, bruteforce; or {@link #BENIGN}.
 * @param attackers who attacks.
 * @param victims   who is attacked.
 * @param beginNs   the attack's first packet, on the recording's clock; {@link Long#MIN_VALUE} where its first packet
 *                  is the first between attackers and victims.
 */
record GroundTruth(String kind, AddressSet attackers, AddressSet victims, long beginNs)
{
    static final String BENIGN = "benign";

    /** Nothing in it is an attack. */
    static GroundTruth benign()
    {
        return new GroundTruth(BENIGN, AddressSet.parse(""), AddressSet.parse(""), Long.MIN_VALUE);
    }

    /** The same, told later by so much. */
    GroundTruth shifted(final long shiftNs)
    {
        return new GroundTruth(
            kind, attackers, victims, Long.MIN_VALUE == beginNs ? beginNs : beginNs + shiftNs);
    }

    boolean isBenign()
    {
        return BENIGN.equals(kind);
    }

    /** Whether a packet is the attack's: from an attacker to a victim, not before the attack begins. */
    boolean isAttack(final IpAddress source, final IpAddress destination, final long timeNs)
    {
        return !isBenign() && timeNs >= beginNs && attackers.contains(source) && victims.contains(destination) &&
            (attackers.names(source) || victims.names(destination));
    }

    /**
     * Whether a signal accuses the right one: an attacker as source, or the victim where the scenario's subject is the
     * aim. Where sources are forged or too many to be named, the victim stands for the attack.
     */
    boolean isRight(final IpAddress subject, final boolean isAim)
    {
        return isAim ? victims.names(subject) || attackers.names(subject) :
            attackers.names(subject);
    }

    /** Whether somebody takes part in the attack, on either side; the others are bystanders. */
    boolean takesPart(final IpAddress address)
    {
        return attackers.names(address) || victims.names(address);
    }
}
