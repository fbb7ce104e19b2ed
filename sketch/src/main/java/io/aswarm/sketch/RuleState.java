package io.aswarm.sketch;

import java.util.Arrays;

/**
 * How far one subject is with one rule: for each element the evidence that it last brought, and when. Pure.
 */
final class RuleState
{
    private final Rule rule;
    private final double[] nats;
    private final long[] atNs;
    private boolean isUsed;

    RuleState(final Rule rule)
    {
        this.rule = rule;
        this.nats = new double[rule.elements().size()];
        this.atNs = new long[nats.length];
    }

    Rule rule()
    {
        return rule;
    }

    boolean isUsed()
    {
        return isUsed;
    }

    void clear()
    {
        isUsed = false;
        Arrays.fill(nats, 0.0);
    }

    int elements()
    {
        return nats.length;
    }

    double nats(final int i)
    {
        return nats[i];
    }

    /** When anything was last heard of the subject. */
    long lastNs()
    {
        long lastNs = Long.MIN_VALUE;
        for (int i = 0; i < nats.length; i++)
        {
            lastNs = nats[i] > 0.0 ? Math.max(lastNs, atNs[i]) : lastNs;
        }
        return lastNs;
    }

    /** A detector spoke. Returns the evidence of all elements if the rule holds now, else 0. */
    double onSignal(final Scenario scenario, final double evidenceNats, final long nowNs)
    {
        boolean isElement = false;
        for (int i = 0; i < nats.length; i++)
        {
            final Rule.Element element = rule.elements().get(i);
            if (nats[i] > 0.0 && nowNs - atNs[i] > rule.withinNs())
            {
                nats[i] = 0.0;
            }
            if (element.scenario() == scenario && evidenceNats >= element.leastNats() && isItsTurn(i))
            {
                // The first time counts, so that "then" compares beginnings; the evidence is the latest.
                atNs[i] = nats[i] == 0.0 ? nowNs : atNs[i];
                nats[i] = evidenceNats;
                isElement = true;
            }
        }
        isUsed |= isElement;
        return isElement ? held() : 0.0;
    }

    private boolean isItsTurn(final int i)
    {
        return rule.composition() != Rule.Composition.THEN || i == 0 || nats[i - 1] > 0.0;
    }

    private double held()
    {
        double sum = 0.0;
        boolean all = true;
        for (final double each : nats)
        {
            sum += each;
            all &= each > 0.0;
        }
        final boolean holds = all || rule.composition() == Rule.Composition.ANY_OF;
        return holds && sum >= rule.barNats() ? sum : 0.0;
    }
}
