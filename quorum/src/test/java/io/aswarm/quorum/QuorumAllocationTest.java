package io.aswarm.quorum;

import com.sun.management.ThreadMXBean;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class QuorumAllocationTest
{
    private static final int ROUNDS = 200_000;

    private final Map<QuorumCounter, AtomicCounter> counters = TestNode.counters();
    private final QuorumProxy proxy = new QuorumProxy(counters::get);
    private long read;

    @Test
    void shouldAllocateNothingFromSignalToRingAndOut()
    {
        final MessageHandler handler = (typeId, buffer, index, length) ->
            read += buffer.getLong(index + SignalDescriptor.SUBJECT_LOW_OFFSET);
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        run(handler);
        threads.getCurrentThreadAllocatedBytes();

        final long before = threads.getCurrentThreadAllocatedBytes();
        run(handler);
        final long after = threads.getCurrentThreadAllocatedBytes();
        assertEquals(0, after - before);
        assertEquals(2L * ROUNDS * 7, read);
        assertEquals(0, counters.get(QuorumCounter.SIGNALS_DROPPED).get());
    }

    @Test
    void shouldAllocateNothingFromSignalToDecision()
    {
        final Site site = new Site(1);
        final TestNode node = new TestNode(
            new QuorumConfig(site.roster, 1, site.signers.get(0), Site.T0), new NoPeers(),
            System::nanoTime, () -> Site.T0 + System.nanoTime(), TestNode.counters());
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        runAgent(node);
        threads.getCurrentThreadAllocatedBytes();

        final long before = threads.getCurrentThreadAllocatedBytes();
        runAgent(node);
        final long after = threads.getCurrentThreadAllocatedBytes();
        assertEquals(0, after - before);
        assertEquals(2L * ROUNDS, node.count(QuorumCounter.SIGNALS_RECEIVED));
        assertTrue(node.count(QuorumCounter.DEPOSITS_EVICTED) > 0, "the table was full too");
    }

    @Test
    void shouldRefuseAndCountWhenTheRingIsFull()
    {
        int taken = 0;
        while (offer(5.0))
        {
            taken++;
        }
        assertTrue(taken > 1_000 && taken < 2_000, "taken=" + taken);
        assertFalse(offer(5.0));
        assertEquals(2, counters.get(QuorumCounter.SIGNALS_DROPPED).get());
        proxy.read((typeId, buffer, index, length) -> read++, 1);
        assertEquals(1, read);
    }

    @Test
    void shouldRefuseEvidenceThatIsNotANumberToBeSent()
    {
        assertFalse(offer(Double.NaN));
        assertFalse(offer(-1));
        assertFalse(offer(Math.nextDown(QuorumProxy.EVIDENCE_MIN_NATS)));
        assertTrue(offer(QuorumProxy.EVIDENCE_MIN_NATS));
        assertTrue(offer(Double.POSITIVE_INFINITY));
        assertEquals(3, counters.get(QuorumCounter.SIGNALS_DROPPED).get());
    }

    private static void runAgent(final TestNode node)
    {
        for (int i = 0; i < ROUNDS; i++)
        {
            final long nowNs = System.nanoTime();
            node.signal(i % 5_000, 5.0, nowNs, nowNs);
            node.agent.doWork();
        }
    }

    private void run(final MessageHandler handler)
    {
        for (int i = 0; i < ROUNDS; i++)
        {
            offer(5.0);
            proxy.read(handler, 4);
        }
    }

    private boolean offer(final double nats)
    {
        return proxy.offerSignal(
            1, 0, 7, nats, 12, 3, 4, 22, 0, 9, 100, 200, SubjectRole.SOURCE, Verification.NONE);
    }
}
