package io.aswarm.dataplane;

import io.aswarm.dataplane.Machine.Finding;
import io.aswarm.dataplane.Machine.Level;
import io.aswarm.ebpf.AttachMode;
import io.aswarm.ebpf.ClockQuality;
import io.aswarm.ebpf.EgressMode;
import io.aswarm.ebpf.InterfaceState;
import io.aswarm.ebpf.KernelException;
import io.aswarm.ebpf.KernelFeature;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the running kernel offers and what is attached to it, found by asking and trying, and what to do about each.
 */
final class KernelFindings
{
    private static final long CLOCK_ERROR_MAX_US = 1_000_000;
    private static final long US_PER_MS = 1000;

    private KernelFindings()
    {
    }

    /** One finding for each feature, tried on this kernel, and what they mean for what this host sends. */
    static List<Finding> features(final EgressMode egress)
    {
        final List<Finding> findings = new ArrayList<>();
        try
        {
            final List<KernelFeature.Trial> trials = KernelFeature.probeAll();
            trials.forEach((trial) -> findings.add(feature(trial)));
            findings.add(egress(egress, trials));
        }
        catch (final KernelException | LinkageError ex)
        {
            findings.add(new Finding("kernel features", Level.FAIL, "can not be tried: " + ex.getMessage(),
                "apt-get install libbpf1 where the library is missing; else run as root"));
        }
        return findings;
    }

    /** A refusal says what it costs, and what to do. */
    static Finding feature(final KernelFeature.Trial trial)
    {
        if (trial.isOffered())
        {
            return Finding.ok(trial.feature().label(), "offered");
        }
        switch (trial.feature())
        {
            case RING_BUFFER:
                return refused(trial, Level.FAIL, "no event can be told", "Linux 5.15 or newer offers it");
            case XDP:
                return refused(trial, Level.WARN, "containment is left to tc, which is slower",
                    "let interfaces have mode: tc, or mode: auto");
            case TC_LINK:
                return refused(trial, Level.WARN,
                    "filters of clsact take its place, and whoever may run tc can take those off",
                    "Linux 6.6 or newer offers it");
            case TC_FILTER:
                return refused(trial, Level.OK, "costs nothing where tcx is offered",
                    "else CONFIG_NET_SCH_INGRESS and CONFIG_NET_CLS_BPF, or Linux 6.6");
            case TIMER:
                return refused(trial, Level.WARN, "what is weighed in a flood is told late, with the next event",
                    "Linux 6.7 or newer offers all of it");
            case RAW_TRACEPOINT:
                return refused(trial, Level.WARN, "no lineage of processes",
                    "sensors.processes: false, or CAP_PERFMON and CONFIG_BPF_EVENTS=y");
            default:
                return refused(trial, Level.OK, "costs nothing, the node does without", "nothing needs to be done");
        }
    }

    private static Finding refused(
        final KernelFeature.Trial trial, final Level level, final String cost, final String advice)
    {
        return new Finding(trial.feature().label(), level, "refused: " + trial.refusal() + "; " + cost, advice);
    }

    /** Whether attacks on this host itself can be seen. */
    static Finding egress(final EgressMode mode, final List<KernelFeature.Trial> trials)
    {
        final KernelFeature way = trials.stream().filter(KernelFeature.Trial::isOffered)
            .map(KernelFeature.Trial::feature)
            .filter((each) -> each == KernelFeature.TC_LINK || each == KernelFeature.TC_FILTER)
            .findFirst().orElse(null);
        if (mode == EgressMode.OFF)
        {
            return new Finding("egress", Level.WARN, "off; attacks on this host itself are not detected here",
                "sensors.egress: auto" + (null == way ? ", on a kernel that offers tcx or clsact" : ""));
        }
        return null != way ?
            Finding.ok("egress", "what this host sends is seen, by " + way.label()) :
            new Finding("egress", mode == EgressMode.ON ? Level.FAIL : Level.WARN,
            "neither tcx nor clsact; attacks on this host itself are not detected here",
            "Linux 6.6, or CONFIG_NET_SCH_INGRESS and CONFIG_NET_CLS_BPF; sensors.egress: off silences this");
    }

    /** Where a program is on an interface, and in which mode. */
    static Finding attachment(final String interfaceName, final Path pins)
    {
        final String name = "attached to " + interfaceName;
        try
        {
            return attachment(name, InterfaceState.read(interfaceName, pins));
        }
        catch (final KernelException ex)
        {
            return new Finding(name, Level.WARN, ex.getMessage(),
                "without it nothing is seen or contained there; 'ip link' lists those of this network namespace");
        }
    }

    static Finding attachment(final String name, final InterfaceState state)
    {
        final String driver = "; the driver " + (state.driver() == InterfaceState.DriverXdp.OFFERED ? "takes XDP" :
            state.driver() == InterfaceState.DriverXdp.REFUSED ? "takes no XDP" : "does not say whether it takes XDP");
        final String outward = state.isOutward() ? ", and what goes out is seen" : "";
        if (state.isOurs())
        {
            final boolean isSlow = state.xdp() == AttachMode.GENERIC &&
                state.driver() == InterfaceState.DriverXdp.OFFERED;
            return new Finding(name, isSlow ? Level.WARN : Level.OK,
                (state.xdp() == AttachMode.NATIVE ? "in the driver" : "in the generic path") + outward + driver,
                isSlow ? "mode: native saves the cost of a socket buffer for each packet that is dropped" : "");
        }
        if (state.isInTc())
        {
            return Finding.ok(name, "in tc" + outward + driver);
        }
        return state.xdp() == AttachMode.AUTO ?
            Finding.ok(name, "nothing" + driver) :
            new Finding(name, Level.WARN, "an XDP program of somebody else" + driver,
            "mode: auto goes to tc behind it; or remove it: ip link set dev NAME xdp off");
    }

    /** Whether times of certificates can be compared with those of other hosts. */
    static Finding clock()
    {
        try
        {
            return clock(ClockQuality.read());
        }
        catch (final KernelException | LinkageError ex)
        {
            return new Finding("wall clock", Level.WARN, ex.getMessage() + "; certificates say that it is unmeasured",
                "let the node call adjtimex: a filter of system calls forbids it");
        }
    }

    static Finding clock(final ClockQuality quality)
    {
        final String what = (quality.synchronised() ? "synchronised" : "not synchronised") +
            ", error at most " + quality.maxErrorUs() / US_PER_MS + " ms, estimated " +
            quality.errorUs() / US_PER_MS + " ms";
        return quality.synchronised() && quality.maxErrorUs() <= CLOCK_ERROR_MAX_US ?
            Finding.ok("wall clock", what) :
            new Finding("wall clock", Level.WARN,
            what + "; detection and deadlines do not use it, certificates state it",
            "run chrony or another NTP client, and look at 'chronyc tracking'");
    }
}
