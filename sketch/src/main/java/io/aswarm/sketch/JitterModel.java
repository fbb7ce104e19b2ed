package io.aswarm.sketch;

/**
 * What an interval between two calls says of a beacon that draws its pauses at random from a bounded range, as most
 * do that want to be overlooked: up to half of the typical interval more or less.
 * <p>
 * <b>Model.</b> Such intervals have bounds, those of programs and people have tails on both sides. An interval of
 * {@value #SHORTEST_PERCENT} to {@value #LONGEST_PERCENT} % of the typical one is within bounds, which leaves room for
 * the error of the running mean that stands for it: with probability 0.97 for such a beacon, 0.62 for programs at
 * large, of which some poll. One within adds ln(0.97/0.62) = 0.45 nats, one beyond takes ln(0.38/0.03) = 2.54, also
 * one so long that a call may have been left out: evidence grows while more than 85 of a hundred are within. Of calls
 * at random, a Poisson process, 44 are within of their mean, of those that are sums of four such intervals (Erlang) 77,
 * of an even jitter of a half all. 67 intervals in a row are at one node's bar for a host that is not known; one that
 * is within as often as the model has it is called after 82 on average and 120 in 99 of a hundred cases, and by chance
 * one interval in 10<sup>9</sup> at most begins a run that comes there (Wald's bound). A spectrum
 * (AsSadhan, Moura, Lapsley, Jones and Strayer, "Detecting botnets using command and control traffic", NCA 2009) finds
 * a period, which such a beacon has not: the error of each pause stays in the time of all calls after it.
 * <p>
 * Calls within half a second are one call, so short intervals have a bound by themselves: calls typically closer than
 * {@value #PERIOD_MIN_NS} ns are not judged here.
 */
final class JitterModel
{
    static final long PERIOD_MIN_NS = 5_000_000_000L;
    static final int SHORTEST_PERCENT = 45;
    static final int LONGEST_PERCENT = 160;
    static final double WITHIN_BEACON = 0.97;
    static final double WITHIN_BENIGN = 0.62;

    private final long periodMinNs;
    private final int shortestPercent;
    private final int longestPercent;
    private final double withinNats;
    private final double beyondNats;

    JitterModel(final DetectorParameters parameters)
    {
        final double beacon = parameters.value(DetectorParameter.BEACON_WITHIN);
        final double benign = parameters.value(DetectorParameter.BEACON_WITHIN_BENIGN);
        this.withinNats = StrictMath.log(beacon / benign);
        this.beyondNats = StrictMath.log((1 - benign) / (1 - beacon));
        this.periodMinNs = parameters.ns(DetectorParameter.BEACON_JITTER_PERIOD_MIN);
        this.shortestPercent = parameters.count(DetectorParameter.BEACON_SHORTEST);
        this.longestPercent = parameters.count(DetectorParameter.BEACON_LONGEST);
    }

    /**
     * Nats that an interval gives, or takes.
     *
     * @param intervalNs between two calls.
     * @param typicalNs  of the pair before it.
     * @return 0 when calls are too close together to tell.
     */
    double nats(final long intervalNs, final long typicalNs)
    {
        if (typicalNs < periodMinNs)
        {
            return 0.0;
        }
        final long percent = 100 * intervalNs;
        return percent >= shortestPercent * typicalNs && percent <= longestPercent * typicalNs ?
            withinNats : -beyondNats;
    }
}
