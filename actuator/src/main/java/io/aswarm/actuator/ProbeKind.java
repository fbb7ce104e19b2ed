package io.aswarm.actuator;

import java.util.Arrays;

/**
 * The measurements by which an act is proven, in the order in which they are made.
 */
public enum ProbeKind
{
    /** The program is linked to its interfaces: without it a verdict is true of no real packet. */
    ATTACHED("attached"),
    /** A packet from the subject, run through the loaded program, is dropped. */
    SUBJECT_BLOCKED("subject_blocked"),
    /** An opening that finds the bucket empty, in a frame that is bound to no neighbour, is dropped. */
    OPENINGS_LIMITED("openings_limited"),
    /** A packet of an established conversation that the limit matches passes. */
    ESTABLISHED_PASSES("established_passes"),
    /** An opening that finds the bucket empty passes in a frame that is bound to the neighbour who has the address. */
    NEIGHBOUR_PASSES("neighbour_passes"),
    /** A packet of an address that is not quarantined passes: the act stops its target and not the network. */
    CONTROL_PASSES("control_passes");

    private final String label;

    ProbeKind(final String label)
    {
        this.label = label;
    }

    /**
     * The probe's name in catalogs, outcomes and certificates.
     *
     * @return the probe's name.
     */
    public String label()
    {
        return label;
    }

    static ProbeKind ofLabel(final String label)
    {
        return Arrays.stream(values()).filter((kind) -> kind.label.equals(label)).findFirst().orElseThrow();
    }
}
