package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes measurements on a control and writes down what was seen, when and how long it took.
 */
final class Prober
{
    /** Name of the probe that the subject's packets pass again. */
    static final String SUBJECT_PASSES = "subject_passes";
    /** Name of the probe that looks for the entry that was removed. */
    static final String ENTRY_GONE = "entry_gone";
    /** Name of the probe that reads the kill switch back. */
    static final String KILL_SWITCH = "kill_switch";
    private static final int CONTROL_BITS = 24;

    private final Control control;
    private final NanoClock clock;
    private final AtomicCounter made;
    private final AtomicCounter failed;

    Prober(final Control control, final NanoClock clock, final AtomicCounter made, final AtomicCounter failed)
    {
        this.control = control;
        this.clock = clock;
        this.made = made;
        this.failed = failed;
    }

    /**
     * All measurements of a list, in its order.
     *
     * @param kinds       of probes.
     * @param containment whose effect is measured.
     * @return one probe for each kind.
     */
    List<Probe> prove(final List<ProbeKind> kinds, final Containment containment)
    {
        final List<Probe> probes = new ArrayList<>(kinds.size());
        for (final ProbeKind kind : kinds)
        {
            switch (kind)
            {
                case ATTACHED:
                    probes.add(attached());
                    break;

                case SUBJECT_BLOCKED:
                case OPENINGS_LIMITED:
                    probes.add(blocked(containment));
                    break;

                case ESTABLISHED_PASSES:
                    probes.add(verdict(kind.label(), Control.VERDICT_PASS, SyntheticPacket.of(
                        SyntheticPacket.Kind.ESTABLISHED, containment.target())));
                    break;

                case CONTROL_PASSES:
                    probes.add(controlPasses(containment));
                    break;

                default:
                    throw new IllegalStateException("no measurement for " + kind);
            }
        }
        return probes;
    }

    /** A packet that the containment stops while it is enforced passes. */
    Probe passes(final Containment containment)
    {
        return verdict(SUBJECT_PASSES, Control.VERDICT_PASS, SyntheticPacket.of(
            stopped(containment), containment.target()));
    }

    /** A packet that the containment has to stop is dropped. */
    Probe blocked(final Containment containment)
    {
        final ProbeKind kind =
            Mode.DROP == containment.mode() ? ProbeKind.SUBJECT_BLOCKED : ProbeKind.OPENINGS_LIMITED;
        return verdict(kind.label(), Control.VERDICT_DROP, SyntheticPacket.of(
            stopped(containment), containment.target()));
    }

    /**
     * An end is proven by both: a verdict alone would also pass while the kill switch is set. Where another act still
     * holds some of the same packets, a verdict would say nothing about this one, and is not asked for.
     */
    List<Probe> proveReleased(final Containment containment, final long actId, final boolean isAlone)
    {
        final long atNs = clock.nanoTime();
        final long drops = control.drops(containment.target(), actId);
        final String observed = Control.NO_ENTRY == drops ? "no entry" : drops < 0 ? "errno=" + -drops : "an entry";
        final Probe entryGone = probe(ENTRY_GONE, "no entry", observed, atNs);
        return isAlone ? List.of(entryGone, passes(containment)) : List.of(entryGone);
    }

    Probe killSwitch(final boolean expected)
    {
        final long atNs = clock.nanoTime();
        final int observed = control.switchState();
        return probe(KILL_SWITCH,
            switchName(expected ? Control.SWITCH_HALTED : Control.SWITCH_RUNNING), switchName(observed), atNs);
    }

    private Probe attached()
    {
        final long atNs = clock.nanoTime();
        return probe(ProbeKind.ATTACHED.label(), "attached", control.attached() ? "attached" : "detached", atNs);
    }

    /**
     * The control is the nearest address that the kernel's own map does not hold: it differs from the target in one
     * low bit, so it would also show an act that reaches further than its target.
     */
    private Probe controlPasses(final Containment containment)
    {
        final Target target = containment.target();
        final IpAddress address = target.address();
        for (int bit = 0; bit < CONTROL_BITS; bit++)
        {
            final Target neighbour = target.at(new IpAddress(address.high(), address.low() ^ 1L << bit));
            if (!control.isHeld(neighbour))
            {
                return verdict(ProbeKind.CONTROL_PASSES.label(), Control.VERDICT_PASS,
                    SyntheticPacket.of(stopped(containment), neighbour));
            }
        }
        return probe(ProbeKind.CONTROL_PASSES.label(), verdictName(Control.VERDICT_PASS),
            "no address near the subject is free of quarantine", clock.nanoTime());
    }

    private static SyntheticPacket.Kind stopped(final Containment containment)
    {
        return Mode.DROP == containment.mode() ? SyntheticPacket.Kind.OPENING : SyntheticPacket.Kind.SURPLUS_OPENING;
    }

    private Probe verdict(final String name, final int expected, final SyntheticPacket packet)
    {
        final long atNs = clock.nanoTime();
        final int observed = control.verdict(packet);
        return probe(name, verdictName(expected), verdictName(observed), atNs);
    }

    private Probe probe(final String name, final String expected, final String observed, final long atNs)
    {
        final long durationNs = clock.nanoTime() - atNs;
        final boolean passed = expected.equals(observed);
        made.increment();
        if (!passed)
        {
            failed.increment();
        }
        return new Probe(name, expected, observed, passed, atNs, durationNs);
    }

    private static String switchName(final int state)
    {
        return state < 0 ? "errno=" + -state : Control.SWITCH_RUNNING == state ? "running" : "halted";
    }

    /** Names of linux/bpf.h, enum xdp_action. */
    private static String verdictName(final int verdict)
    {
        switch (verdict)
        {
            case 0:
                return "XDP_ABORTED";
            case Control.VERDICT_DROP:
                return "XDP_DROP";
            case Control.VERDICT_PASS:
                return "XDP_PASS";
            case 3:
                return "XDP_TX";
            case 4:
                return "XDP_REDIRECT";
            default:
                return verdict < 0 ? "errno=" + -verdict : "XDP action " + verdict;
        }
    }
}
