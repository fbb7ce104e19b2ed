package io.aswarm.actuator;

import java.util.Arrays;
import java.util.List;

/**
 * What an act can do, each with its known inverse, its modes and the probes that can prove it. A catalog chooses from
 * this table; it can not add to it.
 */
public enum ActKind
{
    /** The source's packets are dropped in XDP until a deadline that the kernel itself checks. */
    XDP_QUARANTINE("xdp_quarantine", List.of("drop"), List.of("release"), List.of(ProbeKind.values()));

    private final String label;
    private final List<String> modes;
    private final List<String> inverses;
    private final List<ProbeKind> probes;

    ActKind(
        final String label, final List<String> modes, final List<String> inverses, final List<ProbeKind> probes)
    {
        this.label = label;
        this.modes = modes;
        this.inverses = inverses;
        this.probes = probes;
    }

    /**
     * The kind's name in catalogs, outcomes and certificates.
     *
     * @return the kind's name.
     */
    public String label()
    {
        return label;
    }

    List<String> modes()
    {
        return modes;
    }

    List<String> inverses()
    {
        return inverses;
    }

    List<ProbeKind> probes()
    {
        return probes;
    }

    static ActKind ofLabel(final String label)
    {
        return Arrays.stream(values()).filter((kind) -> kind.label.equals(label)).findFirst().orElseThrow();
    }

    static List<String> labels()
    {
        return Arrays.stream(values()).map(ActKind::label).toList();
    }
}
