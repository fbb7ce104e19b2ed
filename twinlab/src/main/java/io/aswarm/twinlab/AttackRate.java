package io.aswarm.twinlab;

import io.aswarm.sketch.DetectorParameter;
import io.aswarm.sketch.DetectorParameters;

/** A process of events in time, as the flood and volume models see it (Page's CUSUM): its highest score. */
final class AttackRate
{
    private static final DetectorParameters MODELS = DetectorParameters.STANDARD;

    private final double eventNats;
    private final double driftNatsPerNs;
    private final double floorNats;
    private double score;
    private double highest;
    private long lastNs = Long.MIN_VALUE;

    /**
     * A process.
     *
     * @param benignPerSecond events where nothing is wrong.
     * @param attackPerSecond events in an attack.
     * @param lump            events that may come at once.
     * @param weight          share of evidence that counts.
     */
    AttackRate(final double benignPerSecond, final double attackPerSecond, final int lump, final double weight)
    {
        eventNats = weight * StrictMath.log(attackPerSecond / benignPerSecond);
        driftNatsPerNs = weight * (attackPerSecond - benignPerSecond) / 1e9;
        floorNats = -lump * eventNats;
        score = floorNats;
        highest = floorNats;
    }

    /** A process of the models' standard parameters. */
    static AttackRate of(
        final DetectorParameter benign, final DetectorParameter attack, final DetectorParameter lump)
    {
        return new AttackRate(MODELS.value(benign), MODELS.value(attack), (int)MODELS.value(lump), 1);
    }

    void add(final double events, final long nowNs)
    {
        final double passed = Long.MIN_VALUE == lastNs ? 0 : driftNatsPerNs * Math.max(0, nowNs - lastNs);
        lastNs = nowNs;
        score = Math.max(floorNats, score - passed) + events * eventNats;
        highest = Math.max(highest, score);
    }

    double highest()
    {
        return highest;
    }
}
