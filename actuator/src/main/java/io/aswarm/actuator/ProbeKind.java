package io.aswarm.actuator;

import java.util.Arrays;
import java.util.List;

/**
 * The measurements by which an act is proven, in the order in which they are made.
 */
public enum ProbeKind
{
    /** The program is linked to its interfaces: without it a verdict is true of no real packet. */
    ATTACHED("attached"),
    /** A packet from the subject, run through the loaded program, is dropped. */
    SUBJECT_BLOCKED("subject_blocked"),
    /** A packet from an address that is not quarantined passes: the act stops the subject and not the network. */
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

    static List<String> labels()
    {
        return Arrays.stream(values()).map(ProbeKind::label).toList();
    }
}
