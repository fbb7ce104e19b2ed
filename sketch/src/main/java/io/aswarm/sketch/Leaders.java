package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * Who fails most, for people who look at a node: the sources with the most failed first contacts and those with the
 * most distinct targets among them. Fed by failures only, so not on the common path; aged each minute. Any thread may
 * {@link #read}, from copies under a version ({@link SharedBuffer}).
 * <pre>
 *  0         8                      16
 *  +---------+----------------------+---------------+
 *  | version | failures in a minute | SpreadSketch  |     beside it the HeavyHitters
 *  +---------+----------------------+---------------+
 * </pre>
 */
final class Leaders implements ContactListener
{
    static final int SOURCES = 64;
    static final int SPREAD_DEPTH = 4;
    static final int SPREAD_WIDTH = 256;
    static final int SPREADING_MIN = 20;
    private static final int PANES = 60;
    private static final long MINUTE_NS = 60_000_000_000L;
    private static final int FAILURES = 8;
    private static final int TARGETS = 16;
    private static final int TARGETS_LENGTH = SpreadSketch.memoryLength(SPREAD_DEPTH, SPREAD_WIDTH);
    private static final int COPIES_MAX = 64;

    private final KeyedHash key;
    private final HeavyHitters failures;
    private final MutableDirectBuffer memory;
    private final SharedBuffer shared;
    private final SpreadSketch targets;
    private final SlidingWindow failuresLately;
    private final Beat pane = new Beat(MINUTE_NS / PANES);
    private final Beat minute = new Beat(MINUTE_NS);

    Leaders(final Workshop workshop)
    {
        this.key = workshop.key().derive(32);
        this.failures = new HeavyHitters(workshop.memory().allocate(HeavyHitters.memoryLength(SOURCES)), SOURCES);
        this.memory = workshop.memory().allocate(TARGETS + TARGETS_LENGTH);
        this.shared = new SharedBuffer(memory, 0, TARGETS + TARGETS_LENGTH);
        this.targets = new SpreadSketch(
            new UnsafeBuffer(memory, TARGETS, TARGETS_LENGTH), SPREAD_DEPTH, SPREAD_WIDTH, key.keyHigh(),
            key.keyLow());
        this.failuresLately = new SlidingWindow(
            workshop.memory().allocate(SlidingWindow.memoryLength(PANES)), PANES, MINUTE_NS / PANES);
    }

    @Override
    public void onFailure(final Contact contact, final int weight, final long nowNs)
    {
        failures.add(contact.sourceHigh, contact.sourceLow, weight);
        failuresLately.add(nowNs, weight);
        shared.beginWrite();
        targets.add(
            contact.sourceHigh, contact.sourceLow, contact.destinationHigh ^ (long)contact.port << 48,
            contact.destinationLow);
        shared.endWrite();
    }

    /** Tell who leads; false when the writer was in the way each time. */
    boolean read(final LeaderReader into)
    {
        final UnsafeBuffer counted = new UnsafeBuffer(ByteBuffer.allocateDirect(HeavyHitters.memoryLength(SOURCES)));
        final UnsafeBuffer copy = new UnsafeBuffer(ByteBuffer.allocateDirect(TARGETS + TARGETS_LENGTH));
        for (int i = 0; i < COPIES_MAX; i++)
        {
            if (failures.snapshot(counted) && shared.copy(copy))
            {
                into.onFailures(copy.getLong(FAILURES));
                for (int rank = 0; rank < SOURCES; rank++)
                {
                    failures.read(counted, rank, into::onFailing);
                }
                SpreadSketch.over(
                    new UnsafeBuffer(copy, TARGETS, TARGETS_LENGTH), SPREAD_DEPTH, SPREAD_WIDTH, key.keyHigh(),
                    key.keyLow()).keys(SPREADING_MIN, into::onSpreading);
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    void onTick(final long nowNs)
    {
        if (!pane.isDue(nowNs))
        {
            return;
        }
        shared.beginWrite();
        memory.putLong(FAILURES, failuresLately.sum(nowNs));
        if (minute.isDue(nowNs))
        {
            failures.halve();
            targets.clear();
        }
        shared.endWrite();
    }
}
