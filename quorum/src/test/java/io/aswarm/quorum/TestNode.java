package io.aswarm.quorum;

import io.aswarm.trust.SignedOrder;
import org.agrona.BufferUtil;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A quorum agent with its proxy, its counters and a handler that remembers, for tests.
 */
final class TestNode implements QuorumHandler
{
    final List<Elevation> elevations = new ArrayList<>();
    final List<Elevation> evidence = new ArrayList<>();
    final List<String> orders = new ArrayList<>();
    /** When the last of the orders came, on the machine's monotonic clock. */
    long orderedNs;
    final List<Double> sentNats = new ArrayList<>();
    final List<Integer> acceptedFrom = new ArrayList<>();
    final Map<QuorumCounter, AtomicCounter> counters = new EnumMap<>(QuorumCounter.class);
    final QuorumProxy proxy;
    final QuorumAgent agent;

    TestNode(
        final QuorumConfig config,
        final MeshLink link,
        final NanoClock clock,
        final EpochNanoClock epochClock,
        final Map<QuorumCounter, AtomicCounter> allocated)
    {
        counters.putAll(allocated);
        proxy = new QuorumProxy(counters::get);
        agent = new QuorumAgent(config, link, proxy, this, clock, epochClock, counters::get);
    }

    static Map<QuorumCounter, AtomicCounter> counters()
    {
        final CountersManager manager = new CountersManager(
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(64 * CountersManager.METADATA_LENGTH, 64)),
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(64 * CountersManager.COUNTER_LENGTH, 64)),
            StandardCharsets.US_ASCII);
        final Map<QuorumCounter, AtomicCounter> counters = new EnumMap<>(QuorumCounter.class);
        for (final QuorumCounter counter : QuorumCounter.values())
        {
            counters.put(counter, manager.newCounter(counter.label()));
        }
        return counters;
    }

    boolean signal(final long subjectLow, final double nats, final long firstSeenNs, final long lastSeenNs)
    {
        return proxy.offerSignal(
            Site.SCAN, 0, subjectLow, nats, 12, 3, 4, 22, 0, 9, firstSeenNs, lastSeenNs, SubjectRole.SOURCE,
            Verification.NONE);
    }

    long count(final QuorumCounter counter)
    {
        return counters.get(counter).get();
    }

    @Override
    public void onElevation(final Elevation elevation)
    {
        elevations.add(elevation);
    }

    @Override
    public void onEvidence(final Elevation elevation)
    {
        evidence.add(elevation);
    }

    @Override
    public void onOrder(final SignedOrder order, final boolean suspended)
    {
        orderedNs = System.nanoTime();
        orders.add((null == order ? "end" : order.action().label()) + " " + suspended);
    }

    @Override
    public void onDepositSent(
        final int scenario, final long subjectHigh, final long subjectLow, final double evidenceNats, final long nowNs)
    {
        sentNats.add(evidenceNats);
    }

    @Override
    public void onDepositAccepted(
        final int nodeId,
        final int scenario,
        final long subjectHigh,
        final long subjectLow,
        final double evidenceNats,
        final long nowNs)
    {
        acceptedFrom.add(nodeId);
    }
}
