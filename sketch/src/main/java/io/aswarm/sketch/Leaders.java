package io.aswarm.sketch;

/**
 * Who fails most, for people who look at a node: the sources with the most failed first contacts and those with the
 * most distinct targets among them. Fed by failures only, so not on the common path; aged each minute.
 */
final class Leaders implements ContactListener
{
    static final int SOURCES = 64;
    static final int SPREAD_DEPTH = 4;
    static final int SPREAD_WIDTH = 256;
    private static final int PANES = 60;
    private static final long MINUTE_NS = 60_000_000_000L;

    private final HeavyHitters failures;
    private final SpreadSketch targets;
    private final SlidingWindow failuresLately;
    private boolean started;
    private long agedNs;

    Leaders(final Workshop workshop)
    {
        final KeyedHash key = workshop.key().derive(30);
        this.failures = new HeavyHitters(workshop.memory().allocate(HeavyHitters.memoryLength(SOURCES)), SOURCES);
        this.targets = new SpreadSketch(
            workshop.memory().allocate(SpreadSketch.memoryLength(SPREAD_DEPTH, SPREAD_WIDTH)), SPREAD_DEPTH,
            SPREAD_WIDTH, key.keyHigh(), key.keyLow());
        this.failuresLately = new SlidingWindow(
            workshop.memory().allocate(SlidingWindow.memoryLength(PANES)), PANES, MINUTE_NS / PANES);
    }

    @Override
    public void onFailure(final Contact contact, final int weight, final long nowNs)
    {
        failures.add(contact.sourceHigh, contact.sourceLow, weight);
        targets.add(
            contact.sourceHigh, contact.sourceLow, contact.destinationHigh ^ (long)contact.port << 48,
            contact.destinationLow);
        failuresLately.add(nowNs, weight);
    }

    HeavyHitters failures()
    {
        return failures;
    }

    SpreadSketch targets()
    {
        return targets;
    }

    long failuresInAMinute(final long nowNs)
    {
        return failuresLately.sum(nowNs);
    }

    void onTick(final long nowNs)
    {
        if (!started || nowNs - agedNs >= MINUTE_NS)
        {
            started = true;
            agedNs = nowNs;
            failures.halve();
            targets.clear();
        }
    }
}
