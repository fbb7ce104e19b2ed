package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.QuarantineRule;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

class EscalationTest
{
    private static final long DECAY_NS = 1_000;
    private static final QuarantineRule RULE = QuarantineRule.source(IpAddress.parse("198.18.0.7"));
    private final Escalation escalation = new Escalation();

    @Test
    void shouldGoOneStepUpBeforeTheDecayAndNotBeyondTheLast()
    {
        final CompiledAct act = act("a", DECAY_NS);
        assertEquals(0, escalation.step(act, RULE, 50));
        escalation.onEnded(act, RULE, 0, 100);
        assertEquals(1, escalation.step(act, RULE, 100));
        assertEquals(1, escalation.step(act, RULE, 100 + DECAY_NS - 1));
        assertEquals(0, escalation.step(act, RULE, 100 + DECAY_NS));
        escalation.onEnded(act, RULE, 2, 5_000);
        assertEquals(2, escalation.step(act, RULE, 5_000));
    }

    @Test
    void shouldTakeOneStepBackForEachQuietPeriod()
    {
        final CompiledAct act = act("a", DECAY_NS);
        escalation.onEnded(act, RULE, 2, 0);
        assertEquals(2, escalation.step(act, RULE, 2 * DECAY_NS - 1));
        assertEquals(1, escalation.step(act, RULE, 2 * DECAY_NS));
        assertEquals(1, escalation.step(act, RULE, 3 * DECAY_NS - 1));
        assertEquals(0, escalation.step(act, RULE, 3 * DECAY_NS));
    }

    @Test
    void shouldKeepRulesAndPoliciesApart()
    {
        escalation.onEnded(act("a", DECAY_NS), RULE, 0, 0);
        assertEquals(0, escalation.step(act("b", DECAY_NS), RULE, 1));
        assertEquals(0, escalation.step(
            act("a", DECAY_NS), QuarantineRule.aim(RULE.prefix().address()).service(6, 22), 1));
    }

    @Test
    void shouldForgetTheOldestBeyondItsBound()
    {
        final CompiledAct act = act("a", DECAY_NS);
        for (int i = 0; i <= Escalation.RULES_MAX; i++)
        {
            escalation.onEnded(act, rule(i), 0, 0);
        }
        assertEquals(0, escalation.step(act, rule(0), 1));
        assertEquals(1, escalation.step(act, rule(1), 1));
        assertEquals(1, escalation.step(act, rule(Escalation.RULES_MAX), 1));
    }

    private static QuarantineRule rule(final int number)
    {
        return QuarantineRule.source(new IpAddress(1, number));
    }

    private static CompiledAct act(final String id, final long decayNs)
    {
        return new CompiledAct(
            id, 1, new When(List.of("sweep"), Role.SOURCE, true), ActKind.DROP_SOURCE, Mode.DROP, 0, 0,
            List.of(10L, 60L, 300L), decayNs, "release", List.of(ProbeKind.SUBJECT_BLOCKED), false);
    }
}
