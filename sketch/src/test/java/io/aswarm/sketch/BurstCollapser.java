package io.aswarm.sketch;

import java.util.HashMap;
import java.util.Map;

/**
 * Collapses bursts as the sensor does: of one initiator and kind the first 64 records within a millisecond are handed
 * on; the rest become one record with a weight and the names of the last, which leaves with the first event after that
 * millisecond.
 */
final class BurstCollapser
{
    private static final long WINDOW_NS = 1_000_000;
    private static final int RECORDS_MAX = 64;

    private static final class Burst
    {
        private long startNs;
        private int records;
        private int held;
        private int destination;
        private int port;
        private long timeNs;
    }

    private final PolicyHarness net;
    private final Map<Long, Burst> bursts = new HashMap<>();

    BurstCollapser(final PolicyHarness net)
    {
        this.net = net;
    }

    void send(final int kind, final int source, final int destination, final int port)
    {
        final Burst burst = bursts.computeIfAbsent((long)source << 8 | kind, (key) -> new Burst());
        if (net.nowNs - burst.startNs >= WINDOW_NS)
        {
            flush(kind, source, burst);
            burst.startNs = net.nowNs;
            burst.records = 0;
        }
        if (burst.records < RECORDS_MAX)
        {
            burst.records++;
            net.send(kind, source, destination, port);
        }
        else
        {
            burst.held++;
            burst.destination = destination;
            burst.port = port;
            burst.timeNs = net.nowNs;
        }
    }

    /** The sensor's sweep. */
    void flush()
    {
        bursts.forEach((key, burst) -> flush((int)(key & 0xff), (int)(key >> 8), burst));
    }

    private void flush(final int kind, final int source, final Burst burst)
    {
        if (burst.held > 0)
        {
            final long nowNs = net.nowNs;
            net.nowNs = burst.timeNs;
            net.event.weight = burst.held;
            net.send(kind, source, burst.destination, burst.port);
            net.event.weight = 1;
            net.nowNs = nowNs;
            burst.held = 0;
        }
    }
}
