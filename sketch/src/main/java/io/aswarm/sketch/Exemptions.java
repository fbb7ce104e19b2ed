package io.aswarm.sketch;

import java.util.List;

/**
 * The declared exemptions. Asked only when something is about to be held against a source, never for each event, so a
 * plain walk will do.
 */
final class Exemptions
{
    private final Exemption[] exemptions;
    private final SketchCounters counters;

    Exemptions(final List<Exemption> exemptions, final SketchCounters counters)
    {
        this.exemptions = exemptions.toArray(new Exemption[0]);
        this.counters = counters;
    }

    /** Whether a source is exempt; counted when it is. */
    boolean spare(final long high, final long low)
    {
        for (final Exemption exemption : exemptions)
        {
            if (exemption.contains(high, low))
            {
                counters.increment(SketchCounter.EXEMPTED);
                return true;
            }
        }
        return false;
    }
}
