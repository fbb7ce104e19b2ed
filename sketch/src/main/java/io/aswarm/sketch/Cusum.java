package io.aswarm.sketch;

/**
 * Page's CUSUM for a Poisson process ("Continuous inspection schemes", Biometrika 41, 1954). Events come with rate
 * &lambda;0 (benign) or &lambda;1 (attack). The log of the likelihood ratio of n events in t seconds is
 * <pre>
 *   n ln(&lambda;1 / &lambda;0) - (&lambda;1 - &lambda;0) t
 * </pre>
 * and the score never falls below a bottom. The bottom is not 0 but {@code burst} events below it: events that come in
 * one lump are no Poisson process, and a lump of up to that many is no evidence. Evidence is what is above 0.
 * <p>
 * <b>Error.</b> The exponential of the score is a likelihood ratio, so of the rises from the bottom on benign events no
 * more than (&lambda;0 / &lambda;1)<sup>burst - 1</sup> e<sup>-h</sup> reach a bar of h nats (Wald, "Sequential
 * analysis", 1947), and the mean time between two false calls is at least the inverse of that in rises, of which
 * &lambda;0 begin in a second at most (Lorden, "Procedures for reacting to a change in distribution", Ann. Math. Stat.
 * 42, 1971, theorem 2; no test with so few false calls is sooner in the worst case, as h grows: theorem 3). At one
 * node's bar of 20.7 nats that is never; what calls falsely is what the model leaves out, and that the lump is for.
 * <p>
 * <b>Miss.</b> A lasting rate &lambda; above the balance (&lambda;1 - &lambda;0) / ln(&lambda;1 / &lambda;0) is called
 * for certain, on average within so many seconds at most:
 * <pre>
 *   (h + (burst + 1) ln(&lambda;1 / &lambda;0)) / (&lambda; ln(&lambda;1 / &lambda;0) - (&lambda;1 - &lambda;0))
 * </pre>
 * (Wald's equation, from the bottom on and with one event too many). Below the balance it is not.
 * <p>
 * <b>Difference from the paper on floods.</b> Wang, Zhang and Shin ("Detecting SYN flooding attacks", INFOCOM 2002)
 * use the form without a model, on the openings less the ends of a whole site in intervals of 20 s. Here each event
 * counts as it comes, of one pair or one victim: who it is is known, and no interval is waited for. The price is that
 * &lambda;0 must be stated.
 * <p>
 * <b>Samples.</b> A Poisson process of which each event is kept with probability p is one of p times the rate
 * (Kingman, "Poisson processes", 1993, section 5.1). So an event that is seen counts as one, whatever it stands for,
 * and time takes p times what it would.
 */
final class Cusum
{
    private final double eventNats;
    private final double driftNatsPerNs;
    private final double bottomNats;
    private final double ceilingNats;

    /**
     * @param benignPerSecond &lambda;0.
     * @param attackPerSecond &lambda;1, above &lambda;0.
     * @param burst           events in one lump that are no evidence.
     * @param ceilingNats     where the score stops.
     */
    Cusum(final double benignPerSecond, final double attackPerSecond, final int burst, final double ceilingNats)
    {
        this.eventNats = StrictMath.log(attackPerSecond / benignPerSecond);
        this.driftNatsPerNs = (attackPerSecond - benignPerSecond) / 1e9;
        this.bottomNats = -eventNats * burst;
        this.ceilingNats = ceilingNats;
    }

    /** The score after some time and then some events. */
    double next(final double nats, final long elapsedNs, final double events)
    {
        return Math.min(ceilingNats, rest(nats, elapsedNs, 1.0) + events * eventNats);
    }

    /** The score after some time without events, of which a share is seen. */
    double rest(final double nats, final long elapsedNs, final double share)
    {
        return Math.max(bottomNats, nats - share * driftNatsPerNs * Math.max(0, elapsedNs));
    }

    /** The score when events turn out to have been none. */
    double withdraw(final double nats, final double events)
    {
        return Math.max(bottomNats, nats - events * eventNats);
    }

    double bottomNats()
    {
        return bottomNats;
    }

    double eventNats()
    {
        return eventNats;
    }
}
