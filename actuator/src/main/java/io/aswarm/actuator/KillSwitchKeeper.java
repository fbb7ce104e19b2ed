package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.KernelException;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Carries out orders on the kill switch and notices when somebody else has moved it: it is one value in the kernel,
 * which the command line sets without asking any process. Such a move counts and is measured at once; its outcome waits
 * a moment for the order that explains it, so that it is certified once and with who ordered it.
 */
final class KillSwitchKeeper
{
    static final long POLL_NS = 10_000_000L;
    static final long EXPLANATION_NS = 250_000_000L;

    private static final IpAddress NO_ADDRESS = new IpAddress(0, 0);

    private final Control control;
    private final Prober prober;
    private final ActIds actIds;
    private final String catalogHash;
    private final Consumer<Outcome> outcomes;
    private final AtomicCounter haltedGauge;
    private final AtomicCounter controlErrors;
    private boolean halted;
    private boolean readable = true;
    private Outcome unexplained;
    private boolean unexplainedHalt;
    private long polledNs;
    private long movedNs;

    KillSwitchKeeper(
        final Control control,
        final Prober prober,
        final ActIds actIds,
        final String catalogHash,
        final Consumer<Outcome> outcomes,
        final Function<ActuatorCounter, AtomicCounter> counters)
    {
        this.control = control;
        this.prober = prober;
        this.actIds = actIds;
        this.catalogHash = catalogHash;
        this.outcomes = outcomes;
        this.haltedGauge = counters.apply(ActuatorCounter.HALTED);
        this.controlErrors = counters.apply(ActuatorCounter.CONTROL_ERRORS);
    }

    boolean isHalted()
    {
        return halted;
    }

    /** Why nothing may start, or null. A switch that can not be read might be set. */
    String refusal()
    {
        return halted ? "the kill switch is set" : readable ? null : "the kill switch can not be read";
    }

    /** Take over the state that an earlier run or the command line left. */
    void onStart(final ActAutomaton held, final long nowNs)
    {
        polledNs = nowNs;
        if (read())
        {
            outcomes.accept(outcome(true, "found set at start", held, nowNs));
        }
    }

    /** Look at the switch; returns true when it has moved. */
    boolean refresh(final long nowNs)
    {
        polledNs = nowNs;
        final boolean before = halted;
        return before != read();
    }

    /** It has moved by no order: measured now, while it is so, and told when no order explains it. */
    void onMoved(final ActAutomaton held, final long nowNs)
    {
        reportUnexplained();
        unexplainedHalt = halted;
        unexplained = outcome(halted, halted ? "found set, by no order to this node" :
            "found cleared, by no order to this node", held, nowNs);
        movedNs = nowNs;
    }

    boolean isRefreshDue(final long nowNs)
    {
        return nowNs - polledNs >= POLL_NS;
    }

    boolean isReportDue(final long nowNs)
    {
        return null != unexplained && nowNs - movedNs >= EXPLANATION_NS;
    }

    /** Say what nobody explained. */
    void reportUnexplained()
    {
        final Outcome outcome = unexplained;
        unexplained = null;
        if (null != outcome)
        {
            outcomes.accept(outcome);
        }
    }

    void onOrder(final ActuatorProxy.Order order, final ActAutomaton held, final long nowNs)
    {
        if (null != unexplained && unexplainedHalt == order.halt())
        {
            unexplained = null;
        }
        reportUnexplained();

        final String why = "ordered by " + order.by() + ", order " + order.orderId();
        final int result = control.halt(order.halt());
        if (result < 0)
        {
            controlErrors.increment();
        }
        read();
        outcomes.accept(outcome(order.halt(),
            result < 0 ? why + "; the kernel refused it: " + KernelException.describe(result) : why, held, nowNs));
    }

    /** The state as it is now; the last known where the kernel does not tell. */
    private boolean read()
    {
        final int state = control.switchState();
        readable = state >= 0;
        if (readable)
        {
            halted = Control.SWITCH_RUNNING != state;
            haltedGauge.setRelease(halted ? 1 : 0);
        }
        else
        {
            controlErrors.increment();
        }
        return halted;
    }

    private Outcome outcome(final boolean halt, final String why, final ActAutomaton held, final long nowNs)
    {
        final List<Probe> probes = new ArrayList<>();
        probes.add(prober.killSwitch(halt));
        if (null != held)
        {
            probes.add(halt ? prober.passes(held.containment()) : prober.blocked(held.containment()));
        }

        final List<Probe> failed = probes.stream().filter((probe) -> !probe.passed()).toList();
        final Outcome.Kind kind = !failed.isEmpty() ? Outcome.Kind.FAILED :
            halt ? Outcome.Kind.HALTED : Outcome.Kind.RESUMED;
        final String reason = failed.isEmpty() ? why : why + "; not proven: " + failed.stream()
            .map((probe) -> probe.name() + " observed " + probe.observed()).collect(Collectors.joining(", "));
        final long effectiveNs = failed.isEmpty() ? probes.get(probes.size() - 1).endedNs() : 0;
        final IpAddress subject = null == held ? NO_ADDRESS : held.request().subject();
        return new Outcome(
            kind, actIds.next(), 0, "", catalogHash, -1, halt ? "halt" : "resume", subject.high(), subject.low(),
            null, ActRequest.VERIFICATION_UNKNOWN, null, 0, nowNs, effectiveNs, 0, 0, probes, 0, control.tier(),
            reason);
    }
}
