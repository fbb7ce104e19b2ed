package io.aswarm.sketch;

import java.util.Locale;

/**
 * Why a {@link Signal} was given: for each cause how often it was observed and how much it added, the latest
 * observations one by one, and what would have been needed. A view over fixed memory, valid as long as the signal is;
 * {@link #inWords()} makes a text of it, which allocates.
 * <p>
 * Amounts are what each observation added when it was made. Since evidence halves with time, their sum is at least the
 * evidence that is left.
 */
public final class Explanation
{
    private final Signal signal;
    private final double weakNats;
    private final Circumstances circumstances = new Circumstances();
    private ContributionLog log;
    private int slot;

    Explanation(final Signal signal, final double weakNats)
    {
        this.signal = signal;
        this.weakNats = weakNats;
    }

    void of(final ContributionLog of, final int at)
    {
        log = of;
        slot = at;
    }

    /**
     * What stands beside the observations.
     *
     * @return a view, valid as long as this one.
     */
    public Circumstances circumstances()
    {
        return circumstances;
    }

    /**
     * How many distinct causes there are.
     *
     * @return 0 when nothing is known of the signal.
     */
    public int causes()
    {
        return log == null ? 0 : log.causes(slot);
    }

    /**
     * A cause.
     *
     * @param i from 0, in the order in which they were first observed.
     * @return the cause.
     */
    public Cause cause(final int i)
    {
        return log.cause(slot, i);
    }

    /**
     * How often a cause was observed in the episode.
     *
     * @param i from 0.
     * @return at least 1.
     */
    public int count(final int i)
    {
        return log.count(slot, i);
    }

    /**
     * How much a cause added.
     *
     * @param i from 0.
     * @return nats, negative for what speaks for the subject.
     */
    public double nats(final int i)
    {
        return log.nats(slot, i);
    }

    /**
     * How many of the latest observations are known one by one.
     *
     * @return at most {@value ContributionLog#RECENT}.
     */
    public int observations()
    {
        return log == null ? 0 : log.recent(slot);
    }

    /**
     * Cause of an observation.
     *
     * @param i from 0, the youngest.
     * @return the cause.
     */
    public Cause observationCause(final int i)
    {
        return log.recentCause(slot, i);
    }

    /**
     * When an observation was made.
     *
     * @param i from 0, the youngest.
     * @return CLOCK_MONOTONIC in nanoseconds.
     */
    public long observationTimeNs(final int i)
    {
        return log.recentTimeNs(slot, i);
    }

    /**
     * How much an observation added.
     *
     * @param i from 0, the youngest.
     * @return nats.
     */
    public double observationNats(final int i)
    {
        return log.recentNats(slot, i);
    }

    /**
     * First eight bytes of the address that an observation was about.
     *
     * @param i from 0, the youngest.
     * @return 0 in both halves where it was about none.
     */
    public long observationHigh(final int i)
    {
        return log.recentHigh(slot, i);
    }

    /**
     * Last eight bytes of the address that an observation was about.
     *
     * @param i from 0, the youngest.
     * @return 0 in both halves where it was about none.
     */
    public long observationLow(final int i)
    {
        return log.recentLow(slot, i);
    }

    /**
     * Port that an observation was about.
     *
     * @param i from 0, the youngest.
     * @return 0 where it was about none.
     */
    public int observationPort(final int i)
    {
        return log.recentPort(slot, i);
    }

    /**
     * Evidence from which a subject is told at all.
     *
     * @return nats.
     */
    public double neededNats()
    {
        return weakNats;
    }

    /**
     * The explanation as text, one line for each cause.
     *
     * @return lines that end with a line feed.
     */
    public String inWords()
    {
        final StringBuilder words = new StringBuilder(256)
            .append(String.format(Locale.ROOT, "%.2f nats from %d observations; told from %.2f nats on\n",
                signal.evidenceNats(), signal.count(), weakNats));
        for (int i = 0, causes = causes(); i < causes; i++)
        {
            words.append(String.format(
                Locale.ROOT, "%+.2f nats, %d times: %s\n", nats(i), count(i), cause(i).sentence()));
        }
        return words.toString();
    }
}
