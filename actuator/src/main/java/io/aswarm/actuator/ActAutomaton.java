package io.aswarm.actuator;

import io.aswarm.ebpf.KernelException;
import io.aswarm.ebpf.QuarantineRule;

import java.util.ArrayList;
import java.util.List;

/**
 * The life of one act, as decisions only: {@link #next(long)} says which step is due, the agent performs it on the
 * control and reports what happened by an {@code on…} method. No clock, no IO, no thread.
 * <pre>
 *  PROPOSED ─► CONTAINING ─► PROVING ─► EFFECTIVE ─► REVERTING ─► REVERTED
 *     │            │            │                     ▲      │
 *     ▼            ▼            └── proof fails ──────┤      ▼
 *  REFUSED       FAILED                    ADOPTED ───┘    FAILED
 * </pre>
 * The deadline is fixed when the act begins: start + ttl. Nothing moves it, so it cannot drift and what the first
 * certificate grants is what holds. At the deadline the kernel ignores the entry by itself; the automaton then removes
 * it and proves that the subject's packets pass.
 */
final class ActAutomaton
{
    /** Attempts at each step before it counts as failed. */
    static final int ATTEMPTS_MAX = 3;
    /** Between two attempts. */
    static final long RETRY_NS = 1_000_000L;

    enum State
    {
        PROPOSED, CONTAINING, PROVING, EFFECTIVE, ADOPTED, REVERTING, REVERTED, FAILED, REFUSED
    }

    enum Step
    {
        WAIT, CONTAIN, PROVE, RELEASE, PROVE_RELEASED, DONE
    }

    private final long actId;
    private final ActRequest request;
    private final CompiledAct act;
    private final Containment containment;
    private final int step;
    private final long startedNs;
    private final long deadlineNs;
    private final List<Probe> probes = new ArrayList<>();
    private State state;
    private long dueNs;
    private int attempts;
    private boolean released;
    private boolean faulted;
    private boolean unreported;
    private String reason = "";
    private long effectiveNs;
    private long endedNs;
    private long packetsDropped;

    private ActAutomaton(
        final State state,
        final long actId,
        final ActRequest request,
        final CompiledAct act,
        final Containment containment,
        final int step,
        final long startedNs,
        final long deadlineNs)
    {
        this.state = state;
        this.actId = actId;
        this.request = request;
        this.act = act;
        this.containment = containment;
        this.step = step;
        this.startedNs = startedNs;
        this.deadlineNs = deadlineNs;
        this.dueNs = startedNs;
    }

    /**
     * An act that somebody asks for.
     *
     * @param act  of the catalog, or null when it has none for the request.
     * @param step in the act's times to live.
     */
    static ActAutomaton proposed(
        final long actId, final ActRequest request, final CompiledAct act, final int step, final long nowNs)
    {
        return null == act ? new ActAutomaton(State.PROPOSED, actId, request, null, null, 0, nowNs, nowNs) :
            new ActAutomaton(
                State.PROPOSED, actId, request, act, act.containment(request), step, nowNs,
                nowNs + act.ttlsNs().get(step));
    }

    /** An entry that an earlier run left; it is held to the deadline that the kernel already enforces. */
    static ActAutomaton adopted(
        final long actId, final Containment containment, final long deadlineNs, final long nowNs)
    {
        final QuarantineRule rule = containment.rule();
        final ActAutomaton automaton = new ActAutomaton(
            State.ADOPTED, actId,
            new ActRequest(
                0, "", rule.prefix().address(), Role.ofCode(rule.role()), ActRequest.VERIFICATION_UNKNOWN, Aim.MANY, 0,
                0),
            null, containment, 0, nowNs, deadlineNs);
        automaton.dueNs = deadlineNs;
        return automaton;
    }

    /** The step that is due now; PROPOSED and times that have come move on to their next state here. */
    Step next(final long nowNs)
    {
        switch (state)
        {
            case PROPOSED:
                state = State.CONTAINING;
                return Step.CONTAIN;

            case CONTAINING:
            case PROVING:
                if (deadlineNs - nowNs <= 0)
                {
                    fail("its time was over before its effect was proven", nowNs);
                    return next(nowNs);
                }
                return dueNs - nowNs > 0 ? Step.WAIT : State.PROVING == state ? Step.PROVE : Step.CONTAIN;

            case EFFECTIVE:
            case ADOPTED:
                if (dueNs - nowNs > 0)
                {
                    return Step.WAIT;
                }
                beginRevert(nowNs);
                return Step.RELEASE;

            case REVERTING:
                return dueNs - nowNs > 0 ? Step.WAIT : released ? Step.PROVE_RELEASED : Step.RELEASE;

            default:
                return Step.DONE;
        }
    }

    void refuse(final String why, final long nowNs)
    {
        end(State.REFUSED, why, nowNs);
    }

    void onContained(final int result, final long nowNs)
    {
        if (0 == result)
        {
            state = State.PROVING;
            attempts = 0;
        }
        else if (Control.OTHER_OWNER == result)
        {
            end(State.FAILED, "another act owns an entry for this subject", nowNs);
        }
        else if (!retry(nowNs))
        {
            end(State.FAILED, refused("entry", result), nowNs);
        }
    }

    void onProved(final List<Probe> observed, final long drops, final long nowNs)
    {
        probes.clear();
        probes.addAll(observed);
        packetsDropped = Math.max(packetsDropped, drops);
        if (Probe.allPassed(observed))
        {
            effectiveNs = Probe.endNs(observed, nowNs);
            if (State.PROVING == state)
            {
                state = State.EFFECTIVE;
                dueNs = deadlineNs;
            }
        }
        else if (State.PROVING == state && !retry(nowNs))
        {
            fail("effect is not proven after " + attempts + " attempts: " + Probe.failures(observed), nowNs);
        }
    }

    void onReleased(final int result, final long drops, final long nowNs)
    {
        packetsDropped = Math.max(packetsDropped, drops);
        // An entry that is gone already is what was wanted; the probe that follows tells.
        if (0 == result || Control.NO_ENTRY == result)
        {
            released = true;
            attempts = 0;
        }
        else if (Control.OTHER_OWNER == result)
        {
            end(State.FAILED, join(reason, "another act owns the subject's entry now; it is left alone"), nowNs);
        }
        else if (retry(nowNs))
        {
            return;
        }
        else if (deadlineNs - nowNs > 0)
        {
            // The entry holds until then whatever we do: say so now, and keep the act in the books until then.
            reason = join(reason, refused("release", result) + "; the entry holds until its deadline");
            unreported = true;
            dueNs = deadlineNs;
            attempts = 0;
        }
        else
        {
            end(State.FAILED, join(reason, refused("release", result) +
                "; the kernel ignores the entry since its deadline"), nowNs);
        }
    }

    void onReleaseProved(final List<Probe> observed, final long nowNs)
    {
        final boolean passed = Probe.allPassed(observed);
        if (!passed && retry(nowNs))
        {
            return;
        }

        if (!faulted)
        {
            probes.clear();
        }
        probes.addAll(observed);
        final long endNs = Probe.endNs(observed, nowNs);
        if (passed)
        {
            end(faulted ? State.FAILED : State.REVERTED, reason, endNs);
        }
        else
        {
            end(State.FAILED, join(reason, "the release is not proven after " + attempts + " attempts: " +
                Probe.failures(observed)), endNs);
        }
    }

    /** Undo the act now, for a reason that is no fault of the act itself. */
    void endEarly(final String why, final long nowNs)
    {
        reason = why;
        beginRevert(nowNs);
    }

    /** Give up proving: undo what may have been done and end as FAILED. */
    void fail(final String why, final long nowNs)
    {
        reason = why;
        faulted = true;
        beginRevert(nowNs);
    }

    /** Has it failed in a way that must be told although it has not ended? */
    boolean isFaultUnreported()
    {
        return unreported;
    }

    /** The fault has been told: from here on it is an act that is undone at its deadline. */
    void onFaultReported()
    {
        unreported = false;
        faulted = false;
        reason = "";
    }

    boolean isEnded()
    {
        return State.REVERTED == state || State.FAILED == state || State.REFUSED == state;
    }

    boolean isProving()
    {
        return State.CONTAINING == state || State.PROVING == state;
    }

    /** Does the kernel drop the subject's packets on behalf of this act at this time? */
    boolean holds(final long nowNs)
    {
        return (State.EFFECTIVE == state || State.ADOPTED == state) && deadlineNs - nowNs > 0;
    }

    long actId()
    {
        return actId;
    }

    ActRequest request()
    {
        return request;
    }

    CompiledAct act()
    {
        return act;
    }

    /** Null when no act answers the request, or when the request names no single aim for it. */
    Containment containment()
    {
        return containment;
    }

    /** Which of the act's times to live it has. */
    int step()
    {
        return step;
    }

    boolean wasEffective()
    {
        return 0 != effectiveNs;
    }

    State state()
    {
        return state;
    }

    long deadlineNs()
    {
        return deadlineNs;
    }

    long dueNs()
    {
        return dueNs;
    }

    boolean isRetrying()
    {
        return attempts > 0;
    }

    Outcome outcome(final Outcome.Kind kind, final String catalogHash, final String tier)
    {
        final boolean isAdopted = null == act && 0 == request.elevationId() && State.REFUSED != state;
        return new Outcome(
            kind,
            actId,
            request.elevationId(),
            null == act ? isAdopted ? "adopted" : "" : act.id(),
            catalogHash,
            null == act ? -1 : act.ring(),
            null == act ? isAdopted ? ActKind.of(containment).label() : "" : act.kind().label(),
            request.subject().high(),
            request.subject().low(),
            request.role(),
            request.verification(),
            containment,
            deadlineNs - startedNs,
            startedNs,
            effectiveNs,
            deadlineNs,
            endedNs,
            probes,
            packetsDropped,
            tier,
            reason);
    }

    private void beginRevert(final long nowNs)
    {
        state = State.REVERTING;
        dueNs = nowNs;
        attempts = 0;
    }

    private boolean retry(final long nowNs)
    {
        attempts++;
        dueNs = nowNs + RETRY_NS;
        return attempts < ATTEMPTS_MAX;
    }

    private void end(final State last, final String why, final long atNs)
    {
        state = last;
        reason = why;
        endedNs = atNs;
    }

    private String refused(final String what, final int result)
    {
        return "the " + what + " was refused: " + KernelException.describe(result) + " after " + attempts + " attempts";
    }

    private static String join(final String first, final String second)
    {
        return first.isEmpty() ? second : first + "; " + second;
    }
}
