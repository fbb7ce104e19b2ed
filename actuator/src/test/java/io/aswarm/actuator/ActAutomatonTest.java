package io.aswarm.actuator;

import io.aswarm.actuator.ActAutomaton.State;
import io.aswarm.actuator.ActAutomaton.Step;
import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.QuarantineRule;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ActAutomatonTest
{
    private static final long T0_NS = 5_000;
    private static final long TTL_NS = 30_000_000_000L;
    private static final long DEADLINE_NS = T0_NS + TTL_NS;
    private static final IpAddress SUBJECT = new IpAddress(1, 2);
    private static final Containment DROP = Containment.drop(QuarantineRule.source(SUBJECT));
    private static final CompiledAct ACT = new CompiledAct(
        "quarantine-source", 1, new When(List.of("port-scan"), Role.SOURCE, true), ActKind.DROP_SOURCE, Mode.DROP, 0, 0,
        List.of(TTL_NS), 0, "release", List.of(ProbeKind.SUBJECT_BLOCKED), false);
    private static final Probe GOOD = new Probe("subject_blocked", "XDP_DROP", "XDP_DROP", true, 5_100, 20);
    private static final Probe BAD = new Probe("subject_blocked", "XDP_DROP", "XDP_PASS", false, 5_100, 20);
    private static final Probe FREE = new Probe("subject_passes", "XDP_PASS", "XDP_PASS", true, DEADLINE_NS + 5, 7);
    private static final Probe STUCK = new Probe("subject_passes", "XDP_PASS", "XDP_DROP", false, DEADLINE_NS + 5, 7);

    private final ActAutomaton automaton =
        ActAutomaton.proposed(42, new ActRequest(
            7, "port-scan", SUBJECT, Role.SOURCE, Bench.VERIFIED, Aim.MANY, 9.5, 4_000), ACT, 0, T0_NS);

    @Test
    void shouldHoldFromProofToDeadlineAndRevertOneNanosecondLaterNotEarlier()
    {
        assertEquals(Step.CONTAIN, automaton.next(T0_NS));
        assertEquals(State.CONTAINING, automaton.state());
        automaton.onContained(0, T0_NS);
        assertEquals(Step.PROVE, automaton.next(T0_NS));
        assertFalse(automaton.holds(T0_NS));
        automaton.onProved(List.of(GOOD), 3, T0_NS);
        assertEquals(State.EFFECTIVE, automaton.state());
        assertTrue(automaton.holds(T0_NS));

        final Outcome effective = outcome(Outcome.Kind.EFFECTIVE);
        assertEquals(5_120, effective.effectiveNs());
        assertEquals(DEADLINE_NS, effective.deadlineNs());
        assertEquals(TTL_NS, effective.ttlNs());
        assertEquals(T0_NS, effective.startedNs());
        assertEquals(0, effective.endedNs());
        assertEquals(3, effective.packetsDropped());

        assertEquals(Step.WAIT, automaton.next(DEADLINE_NS - 1));
        assertTrue(automaton.holds(DEADLINE_NS - 1));
        assertFalse(automaton.holds(DEADLINE_NS));
        assertEquals(Step.RELEASE, automaton.next(DEADLINE_NS));
        automaton.onReleased(0, 99, DEADLINE_NS);
        assertEquals(Step.PROVE_RELEASED, automaton.next(DEADLINE_NS));
        assertFalse(automaton.isEnded());
        automaton.onReleaseProved(List.of(FREE), DEADLINE_NS);
        assertEquals(State.REVERTED, automaton.state());
        assertEquals(Step.DONE, automaton.next(DEADLINE_NS));

        final Outcome reverted = outcome(Outcome.Kind.REVERTED);
        assertEquals(DEADLINE_NS + 12, reverted.endedNs());
        assertEquals(99, reverted.packetsDropped());
        assertEquals(List.of(FREE), reverted.probes());
        assertEquals("", reverted.reason());
    }

    @Test
    void shouldRetryTheProofThenUndoAndFail()
    {
        automaton.next(T0_NS);
        automaton.onContained(0, T0_NS);
        long nowNs = T0_NS;
        for (int attempt = 1; attempt < ActAutomaton.ATTEMPTS_MAX; attempt++)
        {
            assertEquals(Step.PROVE, automaton.next(nowNs));
            automaton.onProved(List.of(BAD), 0, nowNs);
            assertEquals(State.PROVING, automaton.state());
            assertEquals(Step.WAIT, automaton.next(nowNs + ActAutomaton.RETRY_NS - 1));
            nowNs += ActAutomaton.RETRY_NS;
        }
        assertEquals(Step.PROVE, automaton.next(nowNs));
        automaton.onProved(List.of(BAD), 0, nowNs);

        assertEquals(Step.RELEASE, automaton.next(nowNs));
        automaton.onReleased(0, 0, nowNs);
        assertEquals(Step.PROVE_RELEASED, automaton.next(nowNs));
        automaton.onReleaseProved(List.of(FREE), nowNs);
        assertEquals(State.FAILED, automaton.state());

        final Outcome failed = outcome(Outcome.Kind.FAILED);
        assertEquals("effect is not proven after 3 attempts: subject_blocked expected XDP_DROP and observed XDP_PASS",
            failed.reason());
        assertEquals(List.of(BAD, FREE), failed.probes());
        assertEquals(0, failed.effectiveNs());
    }

    @Test
    void shouldBecomeEffectiveWhenALaterAttemptProvesIt()
    {
        automaton.next(T0_NS);
        automaton.onContained(0, T0_NS);
        automaton.next(T0_NS);
        automaton.onProved(List.of(BAD), 0, T0_NS);
        automaton.next(T0_NS + ActAutomaton.RETRY_NS);
        automaton.onProved(List.of(GOOD), 0, T0_NS + ActAutomaton.RETRY_NS);

        assertEquals(State.EFFECTIVE, automaton.state());
        assertEquals(DEADLINE_NS, automaton.deadlineNs());
        assertEquals(List.of(GOOD), outcome(Outcome.Kind.EFFECTIVE).probes());
    }

    @Test
    void shouldUndoWhatIsNotProvenAtItsDeadline()
    {
        automaton.next(T0_NS);
        automaton.onContained(0, T0_NS);
        automaton.next(T0_NS);
        automaton.onProved(List.of(BAD), 0, T0_NS);

        assertEquals(Step.PROVE, automaton.next(DEADLINE_NS - 1));
        assertEquals(Step.RELEASE, automaton.next(DEADLINE_NS));
        automaton.onReleased(0, 0, DEADLINE_NS);
        automaton.onReleaseProved(List.of(FREE), DEADLINE_NS);
        assertEquals(State.FAILED, automaton.state());
        assertTrue(outcome(Outcome.Kind.FAILED).reason().contains("time was over"));
    }

    @Test
    void shouldFailWhenTheEntryIsRefusedAgainAndAgain()
    {
        automaton.next(T0_NS);
        automaton.onContained(-7, T0_NS);
        assertEquals(Step.WAIT, automaton.next(T0_NS));
        assertEquals(Step.CONTAIN, automaton.next(T0_NS + ActAutomaton.RETRY_NS));
        automaton.onContained(-7, T0_NS);
        automaton.onContained(-7, T0_NS);

        assertEquals(State.FAILED, automaton.state());
        assertEquals("the entry was refused: E2BIG (no room left in the map) after 3 attempts",
            outcome(Outcome.Kind.FAILED).reason());
    }

    @Test
    void shouldLeaveAnotherActsEntryAlone()
    {
        automaton.next(T0_NS);
        automaton.onContained(Control.OTHER_OWNER, T0_NS);
        assertEquals(State.FAILED, automaton.state());
        assertEquals(Step.DONE, automaton.next(T0_NS));

        final ActAutomaton adopted = ActAutomaton.adopted(9, DROP, DEADLINE_NS, T0_NS);
        assertEquals(Step.RELEASE, adopted.next(DEADLINE_NS));
        adopted.onReleased(Control.OTHER_OWNER, 0, DEADLINE_NS);
        assertEquals(State.FAILED, adopted.state());
    }

    @Test
    void shouldSayWhenAReleaseCanNotBeProven()
    {
        final ActAutomaton adopted = ActAutomaton.adopted(9, DROP, DEADLINE_NS, T0_NS);
        adopted.next(DEADLINE_NS);
        adopted.onReleased(Control.NO_ENTRY, 4, DEADLINE_NS);
        for (int i = 0; i < ActAutomaton.ATTEMPTS_MAX; i++)
        {
            assertFalse(adopted.isEnded());
            adopted.onReleaseProved(List.of(STUCK), DEADLINE_NS);
        }

        assertEquals(State.FAILED, adopted.state());
        final Outcome failed = adopted.outcome(Outcome.Kind.FAILED, "hash", "simulated");
        assertTrue(failed.reason().contains("subject_passes expected XDP_PASS and observed XDP_DROP"));
        assertEquals(4, failed.packetsDropped());
    }

    @Test
    void shouldAnswerForAnEntryThatTheKernelDoesNotLetGo()
    {
        automaton.next(T0_NS);
        automaton.onContained(0, T0_NS);
        automaton.fail("halted", T0_NS);
        for (int i = 0; i < ActAutomaton.ATTEMPTS_MAX; i++)
        {
            automaton.onReleased(-5, 0, T0_NS);
        }
        assertFalse(automaton.isEnded());
        assertTrue(automaton.isFaultUnreported());
        assertEquals("halted; the release was refused: EIO (input or output error) after 3 attempts; the entry " +
            "holds until its deadline",
            outcome(Outcome.Kind.FAILED).reason());
        automaton.onFaultReported();
        assertEquals(Step.WAIT, automaton.next(DEADLINE_NS - 1));
        assertEquals(Step.RELEASE, automaton.next(DEADLINE_NS));
        for (int i = 0; i < ActAutomaton.ATTEMPTS_MAX; i++)
        {
            assertFalse(automaton.isEnded());
            automaton.onReleased(-5, 0, DEADLINE_NS);
        }
        assertEquals(State.FAILED, automaton.state());
        assertEquals("the release was refused: EIO (input or output error) after 3 attempts; the kernel " +
            "ignores the entry since its deadline", outcome(Outcome.Kind.FAILED).reason());
    }

    @Test
    void shouldHoldAnAdoptedEntryToTheDeadlineItHad()
    {
        final ActAutomaton adopted = ActAutomaton.adopted(9, DROP, T0_NS + 1_000, T0_NS);
        assertEquals(State.ADOPTED, adopted.state());
        assertEquals(Step.WAIT, adopted.next(T0_NS + 999));
        assertTrue(adopted.holds(T0_NS + 999));
        assertEquals(Step.RELEASE, adopted.next(T0_NS + 1_000));

        final Outcome outcome = adopted.outcome(Outcome.Kind.ADOPTED, "hash", "simulated");
        assertEquals(9, outcome.actId());
        assertEquals(1_000, outcome.ttlNs());
        assertEquals("adopted", outcome.policyId());
        assertEquals("drop_source", outcome.actKind());
    }

    private Outcome outcome(final Outcome.Kind kind)
    {
        return automaton.outcome(kind, "hash", "simulated");
    }
}
