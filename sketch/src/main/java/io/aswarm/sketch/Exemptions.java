package io.aswarm.sketch;

import java.util.List;

/**
 * The declared exemptions. Asked only when something is about to be held against a source, never for each event, so a
 * plain walk will do. An exemption with a rate spares so many observations in each second and no more.
 */
final class Exemptions
{
    private static final long SECOND_NS = 1_000_000_000L;

    private final Exemption[] exemptions;
    private final long[] secondNs;
    private final int[] spared;
    private final long[] sparedTotal;
    private final long[] exceededTotal;
    private final SketchCounters counters;

    Exemptions(final List<Exemption> exemptions, final SketchCounters counters)
    {
        this.exemptions = exemptions.toArray(new Exemption[0]);
        this.secondNs = new long[this.exemptions.length];
        this.spared = new int[this.exemptions.length];
        this.sparedTotal = new long[this.exemptions.length];
        this.exceededTotal = new long[this.exemptions.length];
        this.counters = counters;
    }

    /** Whether a source is exempt now; counted when it is. */
    boolean spare(final long high, final long low, final long nowNs)
    {
        for (int i = 0; i < exemptions.length; i++)
        {
            if (exemptions[i].contains(high, low) && isWithinRate(i, nowNs))
            {
                counters.increment(SketchCounter.EXEMPTED);
                return true;
            }
        }
        return false;
    }

    /** Say of a subject which exemption covers it, and what came of that. */
    void explain(final long high, final long low, final Circumstances into)
    {
        for (int i = 0; i < exemptions.length; i++)
        {
            if (exemptions[i].contains(high, low))
            {
                into.exemption(exemptions[i], sparedTotal[i], exceededTotal[i]);
                return;
            }
        }
    }

    private boolean isWithinRate(final int i, final long nowNs)
    {
        if (nowNs - secondNs[i] >= SECOND_NS || spared[i] == 0)
        {
            secondNs[i] = nowNs;
            spared[i] = 0;
        }
        if (spared[i] >= exemptions[i].perSecondMax())
        {
            counters.increment(SketchCounter.EXEMPTION_EXCEEDED);
            exceededTotal[i]++;
            return false;
        }
        spared[i]++;
        sparedTotal[i]++;
        return true;
    }
}
