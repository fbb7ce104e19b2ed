package io.aswarm.quorum;

import io.aswarm.quorum.codec.DepositDecoder;
import io.aswarm.quorum.codec.MessageHeaderDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;

import java.util.concurrent.TimeUnit;

/**
 * From deposits that are believed to elevations: holds each under all its faces, decides at once, and hands what is
 * elevated on, for action first, then as evidence: nothing is signed before the act is asked for. Quorum thread.
 */
final class Decider
{
    /** Milliseconds since 1970 need 41 bits until 2039 and 47 until the year 6429. */
    private static final int ID_COUNT_BITS = 47;

    private final QuorumConfig config;
    private final Fusion fusion;
    private final Testimonies testimonies;
    private final QuorumHandler handler;
    private final NanoClock clock;
    private final EpochNanoClock epochClock;
    private final Tally tally;
    private final DepositDecoder deposit = new DepositDecoder();
    private boolean isDegraded;
    private long elevations;

    Decider(
        final QuorumConfig config,
        final Fusion fusion,
        final Testimonies testimonies,
        final QuorumHandler handler,
        final NanoClock clock,
        final EpochNanoClock epochClock,
        final Tally tally)
    {
        this.config = config;
        this.fusion = fusion;
        this.testimonies = testimonies;
        this.handler = handler;
        this.clock = clock;
        this.epochClock = epochClock;
        this.tally = tally;
    }

    boolean isDegraded()
    {
        return isDegraded;
    }

    /** From now on decide with others, or alone against the stricter bar; in the first case on all that is held. */
    void onMajority(final boolean isHeard, final long nowNs, final long nowEpochNs)
    {
        final boolean wasDegraded = isDegraded;
        isDegraded = !isHeard;
        if (wasDegraded && !isDegraded)
        {
            decideAll(nowNs, nowEpochNs);
        }
    }

    /** Another node's deposit is believed: say so, and decide. */
    void accept(final DirectBuffer buffer, final int offset, final long nowNs, final long nowEpochNs)
    {
        deposit.wrap(buffer, offset + MessageHeaderDecoder.ENCODED_LENGTH,
            DepositDecoder.BLOCK_LENGTH, DepositDecoder.SCHEMA_VERSION);
        handler.onDepositAccepted(
            deposit.nodeId(), deposit.scenario(),
            DepositDescriptor.high(buffer, offset + DepositDescriptor.SUBJECT_OFFSET),
            DepositDescriptor.low(buffer, offset + DepositDescriptor.SUBJECT_OFFSET),
            deposit.evidenceMilliNats() / 1000.0, nowNs);
        fuse(buffer, offset, nowNs, nowEpochNs);
    }

    /** Hold a deposit that is believed, and decide. */
    void fuse(final DirectBuffer buffer, final int offset, final long nowNs, final long nowEpochNs)
    {
        final int slot = fusion.hold(buffer, offset);
        if (DepositTable.OVERTAKEN == slot)
        {
            tally.increment(QuorumCounter.DEPOSITS_OVERTAKEN);
        }
        decide(slot, nowNs, nowEpochNs);
        decide(fusion.holdFace(buffer, offset), nowNs, nowEpochNs);
        tally.set(QuorumCounter.DEPOSITS_EVICTED, fusion.evictions());
    }

    /** Decide on what is held already: who counts, or how many must, has changed. */
    void decideAll(final long nowNs, final long nowEpochNs)
    {
        for (int slot = fusion.topicFrom(0); slot >= 0; slot = fusion.topicFrom(slot + 1))
        {
            decide(slot, nowNs, nowEpochNs);
        }
    }

    private void decide(final int slot, final long nowNs, final long nowEpochNs)
    {
        final Fusion.Decision decision =
            slot < 0 ? Fusion.Decision.NONE : fusion.decide(slot, nowEpochNs, isDegraded);
        if (Fusion.Decision.NONE != decision)
        {
            elevate(slot, decision, nowNs, nowEpochNs);
        }
    }

    private void elevate(
        final int onSlot, final Fusion.Decision decision, final long nowNs, final long nowEpochNs)
    {
        final long elevatedNs = clock.nanoTime();
        final long elevatedEpochNs = epochClock.nanoTime();
        final int[] subjects = fusion.subjects(onSlot, decision);
        final long firstId = nextId(subjects.length);
        for (int i = 0; i < subjects.length; i++)
        {
            tally.increment(
                Fusion.Decision.LOCAL == decision ? QuorumCounter.ELEVATIONS_LOCAL : QuorumCounter.ELEVATIONS);
            final Elevation elevation = fusion.state(
                subjects[i], decision, isDegraded, nowEpochNs, firstId + i, elevatedNs, elevatedEpochNs);
            handler.onElevation(elevation);
            testimonies.onElevation(elevation, nowNs);
        }
        fusion.spend(onSlot, nowEpochNs);
    }

    private long nextId(final int count)
    {
        final long number = TimeUnit.NANOSECONDS.toMillis(config.bootEpoch()) + elevations;
        elevations += count;
        return ((long)config.nodeId() << ID_COUNT_BITS) | (number & ((1L << ID_COUNT_BITS) - 1));
    }
}
