package io.aswarm.dataplane;

import io.aswarm.dataplane.Machine.Finding;
import io.aswarm.dataplane.Machine.Level;
import io.aswarm.ebpf.AttachMode;
import io.aswarm.ebpf.ClockQuality;
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

    /** One finding for each feature, tried on this kernel. */
    static List<Finding> features()
    {
        final List<Finding> findings = new ArrayList<>();
        try
        {
            KernelFeature.probeAll().forEach((trial) -> findings.add(feature(trial)));
        }
        catch (final KernelException | LinkageError ex)
        {
            findings.add(new Finding("kernel features", Level.FAIL, "can not be tried: " + ex.getMessage(),
                "apt-get install libbpf1 where the library is missing; else run as root"));
        }
        return findings;
    }

    static Finding feature(final KernelFeature.Trial trial)
    {
        final KernelFeature feature = trial.feature();
        if (trial.isOffered())
        {
            return Finding.ok(feature.label(), "offered");
        }
        final String what = "refused: " + trial.refusal();
        switch (feature)
        {
            case RING_BUFFER:
                return new Finding(feature.label(), Level.FAIL, what, "Linux 5.15 or newer tells events by it");
            case XDP:
                return new Finding(feature.label(), Level.WARN, what + "; containment is left to tc, which is slower",
                    "let interfaces have mode: tc, or mode: auto");
            case TC_LINK:
                return new Finding(feature.label(), Level.WARN,
                    what + "; what this host sends is not seen, and no interface can do without XDP",
                    "Linux 6.6 or newer offers it");
            case RAW_TRACEPOINT:
                return new Finding(feature.label(), Level.WARN, what + "; no lineage of processes",
                    "sensors.processes: false, or CAP_PERFMON and CONFIG_BPF_EVENTS=y");
            default:
                return Finding.ok(feature.label(), what + "; the node does without");
        }
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
            return new Finding(name, Level.WARN, ex.getMessage(), "");
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
            return new Finding("wall clock", Level.WARN, ex.getMessage(), "");
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
