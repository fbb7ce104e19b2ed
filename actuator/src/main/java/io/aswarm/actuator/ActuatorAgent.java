package io.aswarm.actuator;

import io.aswarm.ebpf.QuarantineRule;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Owns every act from request to proven end. One thread at a time calls it, others speak through {@link #proxy()}.
 * Outcomes are handed on in the same duty cycle.
 * <p>
 * A request for what is already contained as strictly is refused with the act that holds it; it does not move the
 * deadline. When that act has ended, new evidence starts a new act with its own id and certificate, and with a longer
 * time to live where the catalog lists one for what comes back.
 */
public final class ActuatorAgent implements Agent
{
    private static final int ORDERS_LIMIT = 4;
    private static final int REQUESTS_LIMIT = 16;
    /** Requests come between: a proof takes some hundred microseconds. */
    private static final int ACTS_LIMIT = 4;
    /** A probe of a subject whose deadline comes during the probe would prove nothing. */
    private static final long PROBE_MARGIN_NS = 50_000_000L;

    private final Catalog catalog;
    private final Control control;
    private final NanoClock clock;
    private final OutcomeHandler handler;
    private final ActuatorProxy proxy;
    private final Guardrails guardrails;
    private final Prober prober;
    private final ActIds actIds;
    private final KillSwitchKeeper killSwitch;
    private final Map<ActuatorCounter, AtomicCounter> counters = new EnumMap<>(ActuatorCounter.class);
    private final Escalation escalation = new Escalation();
    private final ActBook book = new ActBook();

    /**
     * An actuator that has not started yet.
     *
     * @param config     catalog, own addresses, size of the queue.
     * @param control    which enforces and measures.
     * @param clock      CLOCK_MONOTONIC, the same that deadlines in the control are compared with.
     * @param epochClock wall clock, read once to number the acts.
     * @param handler    of outcomes, called on the actuator's thread.
     * @param counters   one for each member of {@link ActuatorCounter}.
     */
    public ActuatorAgent(
        final ActuatorConfig config,
        final Control control,
        final NanoClock clock,
        final EpochClock epochClock,
        final OutcomeHandler handler,
        final Function<ActuatorCounter, AtomicCounter> counters)
    {
        this(config, control, clock, epochClock, handler, counters,
            new ActuatorProxy(config.requestsMax(), counters.apply(ActuatorCounter.QUEUE_FULL)));
    }

    /** As above, spoken to through a proxy that is there already. */
    ActuatorAgent(
        final ActuatorConfig config,
        final Control control,
        final NanoClock clock,
        final EpochClock epochClock,
        final OutcomeHandler handler,
        final Function<ActuatorCounter, AtomicCounter> counters,
        final ActuatorProxy proxy)
    {
        for (final ActuatorCounter counter : ActuatorCounter.values())
        {
            this.counters.put(counter, counters.apply(counter));
        }
        this.catalog = config.catalog();
        this.control = control;
        this.clock = clock;
        this.handler = handler;
        this.proxy = proxy;
        this.guardrails = new Guardrails(NeverContain.all(catalog.neverContain(), config.neverContain()),
            catalog.activeMax(), catalog.perMinuteMax());
        this.prober = new Prober(
            control, book::holds, clock, counter(ActuatorCounter.PROBES), counter(ActuatorCounter.PROBES_FAILED));
        this.actIds = new ActIds(epochClock.time());
        this.killSwitch = new KillSwitchKeeper(
            control, prober, actIds, catalog.versionHash(), this::emit, this.counters::get);
    }

    /**
     * How other threads speak to this actuator.
     *
     * @return the proxy; always the same.
     */
    public ActuatorProxy proxy()
    {
        return proxy;
    }

    @Override
    public String roleName()
    {
        return "actuator";
    }

    /**
     * Rehearses an act, so that the first real one is not slow, and adopts what an earlier run left in the control.
     */
    @Override
    public void onStart()
    {
        Rehearsal.perform(catalog, control);
        start();
    }

    void start()
    {
        final long nowNs = clock.nanoTime();
        adopt(nowNs);
        counter(ActuatorCounter.ACTIVE).setRelease(book.size());
        killSwitch.onStart(held(nowNs), nowNs);
    }

    @Override
    public int doWork()
    {
        final long nowNs = clock.nanoTime();
        final int count = doOrders(nowNs) + doKillSwitch(nowNs) + doRequests();
        return count + doActs(clock.nanoTime());
    }

    /**
     * Make the entries that are asked for, and leave their proof to the next duty cycle. By any thread, while no other
     * is in this agent. Nothing is done before the word of a person that waits.
     *
     * @return true if nothing is due in the next duty cycle that was not before.
     */
    public boolean contain()
    {
        return !proxy.hasOrders() && 0 == doRequests();
    }

    private int doOrders(final long nowNs)
    {
        int count = 0;
        ActuatorProxy.Order order;
        while (count < ORDERS_LIMIT && null != (order = proxy.pollOrder()))
        {
            killSwitch.onOrder(order, held(nowNs), nowNs);
            failWhatIsProving(nowNs);
            count++;
        }
        return count;
    }

    private int doKillSwitch(final long nowNs)
    {
        if (killSwitch.isRefreshDue(nowNs))
        {
            refreshKillSwitch(nowNs);
        }
        if (killSwitch.isReportDue(nowNs))
        {
            killSwitch.reportUnexplained();
            return 1;
        }
        return 0;
    }

    /** The clock is read for each: a request may have come after this cycle began. */
    private int doRequests()
    {
        int count = 0;
        ActRequest request;
        while (count < REQUESTS_LIMIT && null != (request = proxy.pollRequest()))
        {
            onRequest(request, clock.nanoTime());
            count++;
        }
        return count;
    }

    private int doActs(final long nowNs)
    {
        int count = 0;
        ActAutomaton automaton;
        while (count < ACTS_LIMIT && null != (automaton = book.pollDue(nowNs)))
        {
            advance(automaton, nowNs);
            count++;
        }
        return count;
    }

    private void onRequest(final ActRequest request, final long nowNs)
    {
        counter(ActuatorCounter.REQUESTS).increment();
        refreshKillSwitch(nowNs);
        final ActAutomaton automaton = proposed(request, nowNs);
        final String refusal = guardrails.refusal(
            automaton, null == automaton.containment() ? null : book.covering(automaton.containment()), book.size(),
            killSwitch.refusal(), nowNs);
        if (null != refusal)
        {
            automaton.refuse(refusal, nowNs);
            emit(automaton, Outcome.Kind.REFUSED);
            return;
        }

        counter(ActuatorCounter.STARTED).increment();
        guardrails.onStarted(nowNs);
        book.enter(automaton);
        begin(automaton, nowNs);
    }

    /** The entry first; what is due after it comes in its turn. */
    private void begin(final ActAutomaton automaton, final long nowNs)
    {
        try
        {
            perform(automaton.next(nowNs), automaton, nowNs);
        }
        finally
        {
            settle(automaton, nowNs);
        }
    }

    private ActAutomaton proposed(final ActRequest request, final long nowNs)
    {
        final CompiledAct act = catalog.actFor(request);
        final QuarantineRule rule = null == act ? null : act.kind().rule(request);
        return ActAutomaton.proposed(
            actIds.next(), request, act, null == rule ? 0 : escalation.step(act, rule, nowNs), nowNs);
    }

    /** Perform every step that is due; whatever happens, the automaton will be found at its next time. */
    private void advance(final ActAutomaton automaton, final long nowNs)
    {
        try
        {
            ActAutomaton.Step step;
            while (ActAutomaton.Step.WAIT != (step = automaton.next(nowNs)) && ActAutomaton.Step.DONE != step)
            {
                perform(step, automaton, nowNs);
            }
        }
        finally
        {
            settle(automaton, nowNs);
        }
    }

    private void settle(final ActAutomaton automaton, final long nowNs)
    {
        if (automaton.isEnded())
        {
            book.strike(automaton);
            if (null != automaton.act() && automaton.wasEffective())
            {
                escalation.onEnded(
                    automaton.act(), automaton.containment().rule(), automaton.step(), nowNs);
            }
        }
        else
        {
            book.schedule(automaton);
        }
        counter(ActuatorCounter.ACTIVE).setRelease(book.size());
        if (automaton.isEnded())
        {
            emit(automaton, ActAutomaton.State.REVERTED == automaton.state() ?
                Outcome.Kind.REVERTED : Outcome.Kind.FAILED);
        }
    }

    private void perform(final ActAutomaton.Step step, final ActAutomaton automaton, final long nowNs)
    {
        final Containment containment = automaton.containment();
        final QuarantineRule rule = containment.rule();
        if (automaton.isRetrying())
        {
            counter(ActuatorCounter.RETRIES).increment();
        }

        switch (step)
        {
            case CONTAIN:
                automaton.onContained(counted(control.contain(
                    containment, automaton.deadlineNs(), automaton.actId())), nowNs);
                break;

            case PROVE:
                automaton.onProved(
                    prober.prove(automaton.act().probes(), containment), control.drops(rule, automaton.actId()),
                    nowNs);
                if (ActAutomaton.State.EFFECTIVE == automaton.state())
                {
                    emit(automaton, Outcome.Kind.EFFECTIVE);
                }
                break;

            case RELEASE:
                // read first: the count goes with the entry, and past its deadline the kernel adds nothing to it
                final long drops = control.drops(rule, automaton.actId());
                automaton.onReleased(counted(control.release(rule, automaton.actId())), drops, nowNs);
                if (automaton.isFaultUnreported())
                {
                    final Outcome failed =
                        automaton.outcome(Outcome.Kind.FAILED, catalog.versionHash(), control.tier());
                    automaton.onFaultReported();
                    emit(failed);
                }
                break;

            case PROVE_RELEASED:
                automaton.onReleaseProved(prober.proveReleased(
                    containment, automaton.actId(), book.isAlone(automaton)), nowNs);
                break;

            default:
                throw new IllegalStateException("nothing to perform for " + step);
        }
    }

    private void adopt(final long nowNs)
    {
        final List<ActAutomaton> found = new ArrayList<>();
        control.forEach((containment, deadlineNs, actId, drops) ->
            found.add(ActAutomaton.adopted(actId, containment, deadlineNs, nowNs)));
        found.sort(Comparator.comparingLong(ActAutomaton::deadlineNs).thenComparingLong(ActAutomaton::actId));
        for (final ActAutomaton automaton : found)
        {
            actIds.onSeen(automaton.actId());
            book.enter(automaton);
        }
        for (final ActAutomaton automaton : found)
        {
            final Containment containment = automaton.containment();
            final String protection = guardrails.protection(containment.rule().prefix().address());
            if (automaton.deadlineNs() - nowNs <= 0)
            {
                automaton.endEarly("found at start, its time was over", nowNs);
            }
            else if (null != protection)
            {
                automaton.endEarly("found at start, " + protection, nowNs);
            }
            else
            {
                automaton.onProved(
                    prober.prove(ActKind.of(containment).probes(containment.mode()), containment),
                    control.drops(containment.rule(), automaton.actId()), nowNs);
                emit(automaton, Outcome.Kind.ADOPTED);
            }
            advance(automaton, nowNs);
        }
    }

    private void refreshKillSwitch(final long nowNs)
    {
        if (killSwitch.refresh(nowNs))
        {
            killSwitch.onMoved(held(nowNs), nowNs);
            failWhatIsProving(nowNs);
        }
    }

    /** While halted no effect can be proven: what has not been proven yet is undone at once. */
    private void failWhatIsProving(final long nowNs)
    {
        if (!killSwitch.isHalted())
        {
            return;
        }
        for (final ActAutomaton automaton : book.all())
        {
            if (automaton.isProving())
            {
                book.unschedule(automaton);
                automaton.fail("halted before its effect was proven", nowNs);
                advance(automaton, nowNs);
            }
        }
    }

    private ActAutomaton held(final long nowNs)
    {
        return book.heldUntil(nowNs + PROBE_MARGIN_NS);
    }

    private int counted(final int result)
    {
        if (result < 0)
        {
            counter(ActuatorCounter.CONTROL_ERRORS).increment();
        }
        return result;
    }

    private void emit(final ActAutomaton automaton, final Outcome.Kind kind)
    {
        emit(automaton.outcome(kind, catalog.versionHash(), control.tier()));
    }

    private void emit(final Outcome outcome)
    {
        counter(ActuatorCounter.of(outcome.kind())).increment();
        handler.onOutcome(outcome);
    }

    private AtomicCounter counter(final ActuatorCounter counter)
    {
        return counters.get(counter);
    }
}
