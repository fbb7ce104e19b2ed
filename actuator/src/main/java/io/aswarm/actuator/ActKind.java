package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.QuarantineRule;

import java.util.Arrays;
import java.util.List;

/**
 * What an act can do, each with its known inverse, its modes, its longest time to live and the probes that can prove
 * it. A catalog chooses from this table; it can not add to it.
 */
public enum ActKind
{
    /** The source's packets are dropped. */
    DROP_SOURCE("drop_source", Role.SOURCE, List.of(Mode.DROP), 86_400_000_000_000L,
        List.of(ProbeKind.SUBJECT_BLOCKED), List.of(ProbeKind.ATTACHED, ProbeKind.CONTROL_PASSES)),

    /**
     * For a source that may be forged: its neighbour's own frames and established conversations pass, and for seconds
     * at most its new openings are limited. Who forges an address takes nothing else from its owner.
     */
    GUARD_SOURCE("guard_source", Role.SOURCE, List.of(Mode.GUARD), 10_000_000_000L,
        List.of(ProbeKind.OPENINGS_LIMITED, ProbeKind.ESTABLISHED_PASSES),
        List.of(ProbeKind.ATTACHED, ProbeKind.NEIGHBOUR_PASSES, ProbeKind.CONTROL_PASSES)),

    /** What is sent to the aim is limited, whoever sends it: for many sources, or forged ones. */
    LIMIT_AIM("limit_aim", Role.AIM, List.of(Mode.GUARD, Mode.OPENINGS, Mode.RATE_LIMIT), 86_400_000_000_000L,
        List.of(ProbeKind.OPENINGS_LIMITED),
        List.of(
            ProbeKind.ATTACHED, ProbeKind.ESTABLISHED_PASSES, ProbeKind.NEIGHBOUR_PASSES, ProbeKind.CONTROL_PASSES));

    /** All are undone by the removal of their entry. */
    static final String INVERSE = "release";

    private final String label;
    private final Role side;
    private final List<Mode> modes;
    private final long ttlMaxNs;
    private final List<ProbeKind> probesRequired;
    private final List<ProbeKind> probesOptional;

    ActKind(
        final String label,
        final Role side,
        final List<Mode> modes,
        final long ttlMaxNs,
        final List<ProbeKind> probesRequired,
        final List<ProbeKind> probesOptional)
    {
        this.label = label;
        this.side = side;
        this.modes = modes;
        this.ttlMaxNs = ttlMaxNs;
        this.probesRequired = probesRequired;
        this.probesOptional = probesOptional;
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

    List<Mode> modes()
    {
        return modes;
    }

    long ttlMaxNs()
    {
        return ttlMaxNs;
    }

    /** A source may be left no opening at all; what many use is limited and never shut off. */
    int packetsPerSecondMin()
    {
        return Role.AIM == side ? 1 : 0;
    }

    /** Without these nobody would have measured what the act promises. */
    List<ProbeKind> probesRequired()
    {
        return probesRequired;
    }

    /** All probes that are true of this kind in this mode, in the order in which they are made. */
    List<ProbeKind> probes(final Mode mode)
    {
        return Arrays.stream(ProbeKind.values())
            .filter((probe) -> probesRequired.contains(probe) || probesOptional.contains(probe))
            .filter((probe) -> Mode.RATE_LIMIT != mode || ProbeKind.ESTABLISHED_PASSES != probe)
            .filter((probe) -> Mode.GUARD == mode || ProbeKind.NEIGHBOUR_PASSES != probe)
            .toList();
    }

    /** The packets that this kind of act would be about, or null where the request names no single aim. */
    QuarantineRule rule(final ActRequest request)
    {
        if (Role.SOURCE == side)
        {
            return QuarantineRule.source(request.subject());
        }
        final Aim aim = request.aim();
        final IpAddress address = Role.AIM == request.role() ? request.subject() : aim.address();
        return null == address ? null : QuarantineRule.aim(address).service(aim.protocol(), aim.port());
    }

    /** The kind of act that an entry found in the kernel must come from. */
    static ActKind of(final Containment containment)
    {
        return Arrays.stream(values())
            .filter((kind) -> kind.side.code() == containment.rule().role())
            .filter((kind) -> kind.modes.contains(containment.mode()))
            .findFirst().orElse(DROP_SOURCE);
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
