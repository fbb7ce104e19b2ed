package io.aswarm.twinlab;

import io.aswarm.sketch.DetectorParameter;
import io.aswarm.sketch.DetectorParameters;

import java.util.Arrays;

/**
 * When one host called one service, and how much of a rhythm that is, in the units of BeaconTest: each interval is
 * held against the median of all, which nobody who listens could know yet. What comes within half a second of a call
 * is part of it. The first two intervals are free, as the model learns from them.
 */
final class CallTimes
{
    private static final DetectorParameters MODELS = DetectorParameters.STANDARD;
    private static final double REGULAR = MODELS.value(DetectorParameter.BEACON_REGULAR);
    private static final double REGULAR_BENIGN = MODELS.value(DetectorParameter.BEACON_REGULAR_BENIGN);
    private static final double WEIGHT = MODELS.value(DetectorParameter.BEACON_IMMATURE);
    private static final double REGULAR_NATS = WEIGHT * StrictMath.log(REGULAR / REGULAR_BENIGN);
    private static final double IRREGULAR_NATS = WEIGHT * StrictMath.log((1 - REGULAR_BENIGN) / (1 - REGULAR));
    private static final int INTERVALS_FREE = (int)MODELS.value(DetectorParameter.BEACON_INTERVALS_MIN);
    private static final double TOLERANCE = MODELS.value(DetectorParameter.BEACON_TOLERANCE) / 100;
    private static final double BURST_NS = MODELS.value(DetectorParameter.BEACON_BURST);
    private static final double PERIOD_MAX_NS = MODELS.value(DetectorParameter.BEACON_PERIOD_MAX);
    private static final double HALF_LIFE_NS = MODELS.value(DetectorParameter.BEACON_HALF_LIFE);
    /** Beyond so many typical intervals one is no call left out, but a pause. */
    private static final int LEFT_OUT_MAX = 4;

    private long[] intervalsNs = new long[64];
    private int count;
    private long lastNs = Long.MIN_VALUE;

    /** An opening, or volume. */
    void add(final long nowNs)
    {
        if (Long.MIN_VALUE != lastNs && nowNs - lastNs < BURST_NS)
        {
            return;
        }
        if (Long.MIN_VALUE != lastNs)
        {
            if (intervalsNs.length == count)
            {
                intervalsNs = Arrays.copyOf(intervalsNs, 2 * count);
            }
            intervalsNs[count++] = nowNs - lastNs;
        }
        lastNs = nowNs;
    }

    /** Highest score of the rhythm; what is regular adds to it, what is not takes from it, and time too. */
    double nats()
    {
        if (count <= INTERVALS_FREE)
        {
            return 0;
        }
        final long[] sorted = Arrays.copyOf(intervalsNs, count);
        Arrays.sort(sorted);
        final double typicalNs = sorted[count / 2];
        double score = 0;
        double highest = 0;
        for (int i = INTERVALS_FREE; i < count; i++)
        {
            final double kept = score * StrictMath.pow(0.5, intervalsNs[i] / HALF_LIFE_NS);
            score = Math.max(0, kept + nats(intervalsNs[i], typicalNs));
            highest = Math.max(highest, score);
        }
        return highest;
    }

    private static double nats(final long intervalNs, final double typicalNs)
    {
        if (intervalNs >= PERIOD_MAX_NS)
        {
            return 0;
        }
        if (Math.abs(intervalNs - typicalNs) <= TOLERANCE * typicalNs)
        {
            return REGULAR_NATS;
        }
        return intervalNs < typicalNs || intervalNs > LEFT_OUT_MAX * typicalNs ? -IRREGULAR_NATS : 0;
    }
}
