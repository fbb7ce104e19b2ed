package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;

import java.util.List;

/**
 * Everything that may forbid an act, asked in one place before it begins. Pure; time is an argument.
 */
final class Guardrails
{
    private static final long MINUTE_NS = 60_000_000_000L;

    private final List<NeverContain> neverContain;
    private final int activeMax;
    private final long[] startsNs;
    private int startCount;
    private int startNext;

    Guardrails(final List<NeverContain> neverContain, final int activeMax, final int perMinuteMax)
    {
        this.neverContain = neverContain;
        this.activeMax = activeMax;
        this.startsNs = new long[perMinuteMax];
    }

    /**
     * May this act begin?
     *
     * @param automaton   proposed.
     * @param active      act that already does as much to the same packets, or null.
     * @param activeCount acts that hold an entry now.
     * @param stop        why the kill switch lets nothing start, or null.
     * @param nowNs       CLOCK_MONOTONIC.
     * @return null if it may, else why not.
     */
    String refusal(
        final ActAutomaton automaton, final ActAutomaton active, final int activeCount, final String stop,
        final long nowNs)
    {
        final String unfit = unfit(automaton);
        if (null != unfit)
        {
            return unfit;
        }
        if (null != stop)
        {
            return stop;
        }
        if (null != active)
        {
            return "act " + active.actId() + " already contains this subject, with " +
                Math.max(0, active.deadlineNs() - nowNs) / 1_000_000 + " ms left";
        }
        if (activeCount >= activeMax)
        {
            return "budget: " + activeCount + " acts hold already; allowed: " + activeMax;
        }
        if (startCount == startsNs.length && nowNs - startsNs[startNext] < MINUTE_NS)
        {
            return "budget: " + startsNs.length + " acts were started within the last minute; allowed: " +
                startsNs.length;
        }
        return null;
    }

    /** Why this act may not begin at any time, or null. */
    private String unfit(final ActAutomaton automaton)
    {
        final ActRequest request = automaton.request();
        final CompiledAct act = automaton.act();
        if (null == act)
        {
            return "no act of the catalog answers scenario \"" + request.scenario() + "\" by a " +
                request.describeSubject();
        }
        if (0 == act.ring())
        {
            return "ring 0 only observes";
        }
        if (act.ring() > 1)
        {
            return "ring 2 needs a signed approval";
        }
        if (ActKind.DROP_SOURCE == act.kind() && !request.isVerified() && !act.acceptForged())
        {
            return "the source was merely shown and may be forged";
        }
        if (null == automaton.containment())
        {
            return "there is no single aim that could be limited";
        }
        final String protection = protection(request.subject());
        return null == protection ? protection(automaton.containment().rule().prefix().address()) : protection;
    }

    /** Why this address may never be contained, or null. */
    String protection(final IpAddress address)
    {
        for (final NeverContain entry : neverContain)
        {
            if (entry.prefix().contains(address))
            {
                return address + " is never contained: " + entry.prefix() + ", " + entry.reason();
            }
        }
        return null;
    }

    /** Count a start: the oldest of the last {@code per_minute_max} starts decides when the next is allowed. */
    void onStarted(final long nowNs)
    {
        startsNs[startNext] = nowNs;
        startNext = startNext + 1 == startsNs.length ? 0 : startNext + 1;
        startCount = Math.min(startCount + 1, startsNs.length);
    }
}
