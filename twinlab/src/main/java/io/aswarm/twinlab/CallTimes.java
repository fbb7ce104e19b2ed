package io.aswarm.twinlab;

import io.aswarm.sketch.DetectorParameter;
import io.aswarm.sketch.DetectorParameters;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;

/**
 * When one host called one service, and how much of a rhythm that is, in the units of BeaconTest: each interval is
 * held against the median of all, which nobody who listens could know yet. A call lasts while no pause of half a second
 * is in it. The first two intervals are free, as the model learns from them.
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
    private static final double JITTER_PERIOD_MIN_NS = MODELS.value(DetectorParameter.BEACON_JITTER_PERIOD_MIN);
    private static final double SHORTEST = MODELS.value(DetectorParameter.BEACON_SHORTEST) / 100;
    private static final double LONGEST = MODELS.value(DetectorParameter.BEACON_LONGEST) / 100;
    private static final double WITHIN = MODELS.value(DetectorParameter.BEACON_WITHIN);
    private static final double WITHIN_BENIGN = MODELS.value(DetectorParameter.BEACON_WITHIN_BENIGN);
    private static final double WITHIN_NATS = WEIGHT * StrictMath.log(WITHIN / WITHIN_BENIGN);
    private static final double BEYOND_NATS = WEIGHT * StrictMath.log((1 - WITHIN_BENIGN) / (1 - WITHIN));

    private final boolean areOpenings;

    private long[] intervalsNs = new long[64];
    private int count;
    private long lastNs = Long.MIN_VALUE;
    private long startedNs;

    /**
     * Calls of one kind.
     *
     * @param areOpenings or volume, whose samples have bounds by themselves.
     */
    CallTimes(final boolean areOpenings)
    {
        this.areOpenings = areOpenings;
    }

    /** An opening, or volume. */
    void add(final long nowNs)
    {
        final boolean isFirst = Long.MIN_VALUE == lastNs;
        if (!isFirst && nowNs - lastNs < BURST_NS)
        {
            lastNs = nowNs;
            return;
        }
        if (!isFirst)
        {
            if (intervalsNs.length == count)
            {
                intervalsNs = Arrays.copyOf(intervalsNs, 2 * count);
            }
            intervalsNs[count++] = nowNs - startedNs;
        }
        startedNs = nowNs;
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
        final double regular = highest(typicalNs, CallTimes::regularNats);
        return areOpenings && typicalNs >= JITTER_PERIOD_MIN_NS ?
            Math.max(regular, highest(typicalNs, CallTimes::jitteredNats)) : regular;
    }

    private double highest(final double typicalNs, final DoubleBinaryOperator model)
    {
        double score = 0;
        double highest = 0;
        for (int i = INTERVALS_FREE; i < count; i++)
        {
            final double kept = score * StrictMath.pow(0.5, intervalsNs[i] / HALF_LIFE_NS);
            score = Math.max(0, kept + (intervalsNs[i] < PERIOD_MAX_NS ?
                model.applyAsDouble(intervalsNs[i], typicalNs) : 0));
            highest = Math.max(highest, score);
        }
        return highest;
    }

    private static double regularNats(final double intervalNs, final double typicalNs)
    {
        if (Math.abs(intervalNs - typicalNs) <= TOLERANCE * typicalNs)
        {
            return REGULAR_NATS;
        }
        return intervalNs < typicalNs || intervalNs > LEFT_OUT_MAX * typicalNs ? -IRREGULAR_NATS : 0;
    }

    private static double jitteredNats(final double intervalNs, final double typicalNs)
    {
        return intervalNs >= SHORTEST * typicalNs && intervalNs <= LONGEST * typicalNs ? WITHIN_NATS : -BEYOND_NATS;
    }
}
