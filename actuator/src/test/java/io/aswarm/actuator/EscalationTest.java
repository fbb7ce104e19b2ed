package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

class EscalationTest
{
    private static final long DECAY_NS = 1_000;
    private static final Target TARGET = Target.source(IpAddress.parse("198.18.0.7"));
    private final Escalation escalation = new Escalation();

    @Test
    void shouldGoOneStepUpBeforeTheDecayAndNotBeyondTheLast()
    {
        final CompiledAct act = act("a", DECAY_NS);
        assertEquals(0, escalation.step(act, TARGET, 50));
        escalation.onEnded(act, TARGET, 0, 100);
        assertEquals(1, escalation.step(act, TARGET, 100));
        assertEquals(1, escalation.step(act, TARGET, 100 + DECAY_NS - 1));
        assertEquals(0, escalation.step(act, TARGET, 100 + DECAY_NS));
        escalation.onEnded(act, TARGET, 2, 5_000);
        assertEquals(2, escalation.step(act, TARGET, 5_000));
    }

    @Test
    void shouldTakeOneStepBackForEachQuietPeriod()
    {
        final CompiledAct act = act("a", DECAY_NS);
        escalation.onEnded(act, TARGET, 2, 0);
        assertEquals(2, escalation.step(act, TARGET, 2 * DECAY_NS - 1));
        assertEquals(1, escalation.step(act, TARGET, 2 * DECAY_NS));
        assertEquals(1, escalation.step(act, TARGET, 3 * DECAY_NS - 1));
        assertEquals(0, escalation.step(act, TARGET, 3 * DECAY_NS));
    }

    @Test
    void shouldKeepTargetsAndPoliciesApart()
    {
        escalation.onEnded(act("a", DECAY_NS), TARGET, 0, 0);
        assertEquals(0, escalation.step(act("b", DECAY_NS), TARGET, 1));
        assertEquals(0, escalation.step(
            act("a", DECAY_NS), Target.aim(TARGET.address(), 6, 22), 1));
    }

    @Test
    void shouldForgetTheOldestBeyondItsBound()
    {
        final CompiledAct act = act("a", DECAY_NS);
        for (int i = 0; i <= Escalation.TARGETS_MAX; i++)
        {
            escalation.onEnded(act, target(i), 0, 0);
        }
        assertEquals(0, escalation.step(act, target(0), 1));
        assertEquals(1, escalation.step(act, target(1), 1));
        assertEquals(1, escalation.step(act, target(Escalation.TARGETS_MAX), 1));
    }

    private static Target target(final int number)
    {
        return Target.source(new IpAddress(1, number));
    }

    private static CompiledAct act(final String id, final long decayNs)
    {
        return new CompiledAct(
            id, 1, new When(List.of("sweep"), Role.SOURCE, true), ActKind.DROP_SOURCE, Mode.DROP, 0, 0,
            List.of(10L, 60L, 300L), decayNs, "release", List.of(ProbeKind.SUBJECT_BLOCKED), false);
    }
}
