package io.aswarm.sketch;

/**
 * What stands beside the observations of a {@link Signal}: what was exempt, what was known of the subject before, of a
 * flood its sources, and of a rule's signal what it was composed of. A view, valid as long as the signal is.
 */
public final class Circumstances
{
    private Exemption exemption;
    private long spared;
    private long exceeded;
    private boolean hasBaseline;
    private int baselineWindows;
    private double baselineWeight;
    private double usualBytesPerSecond;
    private RuleState rule;
    private HeavyHitters sources;

    Circumstances()
    {
    }

    void clear()
    {
        exemption = null;
        hasBaseline = false;
        rule = null;
        sources = null;
    }

    void exemption(final Exemption covering, final long observationsSpared, final long observationsBeyond)
    {
        exemption = covering;
        spared = observationsSpared;
        exceeded = observationsBeyond;
    }

    void baseline(final int windows, final double weight, final double bytesPerSecond)
    {
        hasBaseline = true;
        baselineWindows = windows;
        baselineWeight = weight;
        usualBytesPerSecond = bytesPerSecond;
    }

    void composedOf(final RuleState state)
    {
        rule = state;
    }

    void ranked(final HeavyHitters of)
    {
        sources = of;
    }

    /**
     * How many sources of a flood are ranked.
     *
     * @return at most {@value SourceRanking#SOURCES}; 0 where the subject is a source itself.
     */
    public int sources()
    {
        return sources == null ? 0 : sources.keys();
    }

    /**
     * First eight bytes of a source's address.
     *
     * @param rank from 0, the strongest.
     * @return the first half.
     */
    public long sourceHigh(final int rank)
    {
        return sources.high(rank);
    }

    /**
     * Last eight bytes of a source's address.
     *
     * @param rank from 0, the strongest.
     * @return the last half.
     */
    public long sourceLow(final int rank)
    {
        return sources.low(rank);
    }

    /**
     * What a source sent.
     *
     * @param rank from 0, the strongest.
     * @return packets, at least the true number.
     */
    public long sourcePackets(final int rank)
    {
        return sources.count(rank);
    }

    /**
     * How far the number may be too large.
     *
     * @param rank from 0, the strongest.
     * @return packets.
     */
    public long sourceError(final int rank)
    {
        return sources.error(rank);
    }

    /**
     * The declared exemption that covers the subject, of which the signal tells what went beyond its rate.
     *
     * @return null where none covers it.
     */
    public Exemption exemption()
    {
        return exemption;
    }

    /**
     * Observations of the exempt prefix that were not held against anybody.
     *
     * @return how many since the start.
     */
    public long spared()
    {
        return spared;
    }

    /**
     * Observations of the exempt prefix beyond its rate, which count as those of anybody.
     *
     * @return how many since the start.
     */
    public long exceeded()
    {
        return exceeded;
    }

    /**
     * Whether the subject was judged against a baseline of its own.
     *
     * @return true if the next three are known.
     */
    public boolean hasBaseline()
    {
        return hasBaseline;
    }

    /**
     * How much was seen of the subject.
     *
     * @return windows of a minute that were learned.
     */
    public int baselineWindows()
    {
        return baselineWindows;
    }

    /**
     * What evidence counts for, by how much was seen.
     *
     * @return above 0; 1 is undiscounted.
     */
    public double baselineWeight()
    {
        return baselineWeight;
    }

    /**
     * What the subject usually sends that way.
     *
     * @return bytes per second, deviation included.
     */
    public double usualBytesPerSecond()
    {
        return usualBytesPerSecond;
    }

    /**
     * Elements of a rule that held.
     *
     * @return how many; 0 for a detector's own signal.
     */
    public int elements()
    {
        return rule == null ? 0 : rule.elements();
    }

    /**
     * What an element of the rule said.
     *
     * @param i from 0.
     * @return its scenario.
     */
    public Scenario elementScenario(final int i)
    {
        return rule.rule().elements().get(i).scenario();
    }

    /**
     * How much an element of the rule added.
     *
     * @param i from 0.
     * @return nats; 0 where it did not hold.
     */
    public double elementNats(final int i)
    {
        return rule.nats(i);
    }
}
