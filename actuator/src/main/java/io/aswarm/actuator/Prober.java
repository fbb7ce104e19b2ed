package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.KernelException;
import io.aswarm.ebpf.QuarantineRule;
import io.aswarm.ebpf.VerdictProbe;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

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
    private final Predicate<IpAddress> isHeld;
    private final NanoClock clock;
    private final AtomicCounter made;
    private final AtomicCounter failed;

    /**
     * A prober.
     *
     * @param isHeld whether an act holds an address, which then is no control.
     */
    Prober(
        final Control control,
        final Predicate<IpAddress> isHeld,
        final NanoClock clock,
        final AtomicCounter made,
        final AtomicCounter failed)
    {
        this.control = control;
        this.isHeld = isHeld;
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
            probes.add(measure(kind, containment));
        }
        return probes;
    }

    private Probe measure(final ProbeKind kind, final Containment containment)
    {
        switch (kind)
        {
            case ATTACHED:
                return attached();

            case SUBJECT_BLOCKED:
            case OPENINGS_LIMITED:
                return blocked(containment);

            case ESTABLISHED_PASSES:
                return verdict(kind.label(), Control.VERDICT_PASS, containment.rule(),
                    VerdictProbe.ASSUME_BUCKETS_EMPTY | VerdictProbe.ASSUME_ESTABLISHED);

            case NEIGHBOUR_PASSES:
                return verdict(kind.label(), Control.VERDICT_PASS, containment.rule(),
                    VerdictProbe.ASSUME_BUCKETS_EMPTY | VerdictProbe.ASSUME_ON_LINK);

            case CONTROL_PASSES:
                return controlPasses(containment);

            default:
                throw new IllegalStateException("no measurement for " + kind);
        }
    }

    /** A packet that the containment stops while it is enforced passes. */
    Probe passes(final Containment containment)
    {
        return verdict(SUBJECT_PASSES, Control.VERDICT_PASS, containment.rule(), stopped(containment));
    }

    /** A packet that the containment has to stop is dropped. */
    Probe blocked(final Containment containment)
    {
        final ProbeKind kind =
            Mode.DROP == containment.mode() ? ProbeKind.SUBJECT_BLOCKED : ProbeKind.OPENINGS_LIMITED;
        return verdict(kind.label(), Control.VERDICT_DROP, containment.rule(), stopped(containment));
    }

    /**
     * An end is proven by both: a verdict alone would also pass while the kill switch is set. Where another act still
     * holds some of the same packets, a verdict would say nothing about this one, and is not asked for.
     */
    List<Probe> proveReleased(final Containment containment, final long actId, final boolean isAlone)
    {
        final long atNs = clock.nanoTime();
        final long drops = control.drops(containment.rule(), actId);
        final String observed = Control.NO_ENTRY == drops ? "no entry" :
            drops < 0 ? KernelException.describe((int)drops) : "an entry";
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
     * The control is the nearest address that no act holds: it differs from the subject in one low bit, so it would
     * also show an act that reaches further than its subject.
     */
    private Probe controlPasses(final Containment containment)
    {
        final IpAddress address = containment.rule().prefix().address();
        for (int bit = 0; bit < CONTROL_BITS; bit++)
        {
            final IpAddress neighbour = new IpAddress(address.high(), address.low() ^ 1L << bit);
            if (!isHeld.test(neighbour))
            {
                return verdict(ProbeKind.CONTROL_PASSES.label(), Control.VERDICT_PASS,
                    Rules.at(containment.rule(), neighbour), stopped(containment));
            }
        }
        return probe(ProbeKind.CONTROL_PASSES.label(), verdictName(Control.VERDICT_PASS),
            "no address near the subject is free of quarantine", clock.nanoTime());
    }

    /** Under which assumptions a containment has to stop a packet: an opening that finds the bucket empty. */
    private static int stopped(final Containment containment)
    {
        return containment.mode().isLimit() ? VerdictProbe.ASSUME_BUCKETS_EMPTY : 0;
    }

    private Probe verdict(
        final String name, final int expected, final QuarantineRule rule, final int assumptions)
    {
        final long atNs = clock.nanoTime();
        final int observed = control.verdict(Rules.packet(rule), assumptions);
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
        return state < 0 ? KernelException.describe(state) : Control.SWITCH_RUNNING == state ? "running" : "halted";
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
                return verdict < 0 ? KernelException.describe(verdict) : "XDP action " + verdict;
        }
    }
}
