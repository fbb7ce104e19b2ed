package io.aswarm.actuator;

import io.aswarm.ebpf.QuarantineRule;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which of a policy's times to live the next act against a rule gets. What comes back within {@code decay}
 * of the end of its last act gets one step more; each full {@code decay} of quiet takes one step back. So it grows with
 * persistence and forgets by itself (fail2ban's {@code bantime.increment} grows and does not). A running act is never
 * touched, and what a restart forgets begins again at the first step.
 * <p>
 * Bounded: of more than {@link #RULES_MAX} rules the one whose act ended longest ago is forgotten. Pure.
 */
final class Escalation
{
    static final int RULES_MAX = 16_384;

    private record Key(String policyId, QuarantineRule rule)
    {
    }

    private record Last(int step, long endedNs)
    {
    }

    private final Map<Key, Last> lastByKey = new LinkedHashMap<>();

    /** Place in {@link CompiledAct#ttlsNs()} for an act that begins now. */
    int step(final CompiledAct act, final QuarantineRule rule, final long nowNs)
    {
        final Last last = 0 == act.decayNs() ? null : lastByKey.get(new Key(act.id(), rule));
        if (null == last)
        {
            return 0;
        }
        final long quietPeriods = Math.max(0, nowNs - last.endedNs) / act.decayNs();
        final long next = last.step + 1 - quietPeriods;
        return (int)Math.max(0, Math.min(next, act.ttlsNs().size() - 1));
    }

    /** An act that was effective has ended. */
    void onEnded(final CompiledAct act, final QuarantineRule rule, final int step, final long nowNs)
    {
        if (0 == act.decayNs())
        {
            return;
        }
        final Key key = new Key(act.id(), rule);
        lastByKey.remove(key);
        lastByKey.put(key, new Last(step, nowNs));
        if (lastByKey.size() > RULES_MAX)
        {
            lastByKey.remove(lastByKey.keySet().iterator().next());
        }
    }
}
