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

class QuorumProxyAllocationTest
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
        return proxy.offerSignal(1, 0, 7, nats, 12, 3, 4, 22, 0, 9, 100, 200);
    }
}
