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
    /** Synthetic destinations, of the documentation ranges (RFC 5737, RFC 3849): never a host of the site. */
    private static final IpAddress DESTINATION_V4 = IpAddress.parse("192.0.2.254");
    private static final IpAddress DESTINATION_V6 = IpAddress.parse("2001:db8::fe");
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
     * @param kinds of probes.
     * @param high  upper 64 bits of the subject.
     * @param low   lower 64 bits.
     * @return one probe for each kind.
     */
    List<Probe> prove(final List<ProbeKind> kinds, final long high, final long low)
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
                    probes.add(subjectBlocked(high, low));
                    break;

                case CONTROL_PASSES:
                    probes.add(controlPasses(high, low));
                    break;

                default:
                    throw new IllegalStateException("no measurement for " + kind);
            }
        }
        return probes;
    }

    Probe subjectPasses(final long high, final long low)
    {
        return verdict(SUBJECT_PASSES, Control.VERDICT_PASS, high, low);
    }

    /** An end is proven by both: a verdict alone would also pass while the kill switch is set. */
    List<Probe> proveReleased(final long high, final long low)
    {
        final long atNs = clock.nanoTime();
        final long drops = control.drops(high, low);
        final String observed = Control.NO_ENTRY == drops ? "no entry" : drops < 0 ? "errno=" + -drops : "an entry";
        return List.of(probe(ENTRY_GONE, "no entry", observed, atNs), subjectPasses(high, low));
    }

    Probe subjectBlocked(final long high, final long low)
    {
        return verdict(ProbeKind.SUBJECT_BLOCKED.label(), Control.VERDICT_DROP, high, low);
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
     * The control is the nearest address that the kernel's own map does not hold: it differs from the subject in one
     * low bit, so it would also show an act that reaches further than its subject.
     */
    private Probe controlPasses(final long high, final long low)
    {
        for (int bit = 0; bit < CONTROL_BITS; bit++)
        {
            final long neighbourLow = low ^ 1L << bit;
            if (Control.NO_ENTRY == control.drops(high, neighbourLow))
            {
                return verdict(ProbeKind.CONTROL_PASSES.label(), Control.VERDICT_PASS, high, neighbourLow);
            }
        }
        return probe(ProbeKind.CONTROL_PASSES.label(), verdictName(Control.VERDICT_PASS),
            "no address near the subject is free of quarantine", clock.nanoTime());
    }

    private Probe verdict(final String name, final int expected, final long high, final long low)
    {
        final IpAddress destination = IpAddress.isV4(high, low) ? DESTINATION_V4 : DESTINATION_V6;
        final long atNs = clock.nanoTime();
        final int observed = control.verdict(high, low, destination.high(), destination.low());
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
