package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.sketch.Conversation;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * psad with the defaults of its psad.conf (cipherdyne.org; M. Rash, "Linux Firewalls", 2007, chapter 7): logged packets
 * of a source to a destination reach danger level 1, where it alerts, with 5 packets (DANGER_LEVEL1) over a range of at
 * least two ports (PORT_RANGE_SCAN_THRESHOLD 1). The log is read every 5 s (CHECK_INTERVAL); a pair that is silent for
 * an hour is forgotten (SCAN_TIMEOUT).
 */
final class PsadReference extends ReferenceDetector
{
    private static final int DANGER_LEVEL_1_PACKETS = 5;
    private static final int PORT_RANGE_MIN = 1;
    private static final long CHECK_INTERVAL_NS = 5_000_000_000L;
    private static final long SCAN_TIMEOUT_NS = 3_600_000_000_000L;

    private record Pair(IpAddress source, IpAddress destination)
    {
    }

    private static final class Scan
    {
        private long packets;
        private int portLow = Integer.MAX_VALUE;
        private int portHigh;
        private long seenNs;
        private boolean isNews;
    }

    private final ServedPorts served;
    private final Map<Pair, Scan> scans = new LinkedHashMap<>();
    private long checkNs;

    PsadReference(final ServedPorts served)
    {
        super("psad");
        this.served = served;
    }

    @Override
    public void onConversation(final Conversation conversation)
    {
        if (!served.isLogged(conversation))
        {
            return;
        }
        final Scan scan = scans.computeIfAbsent(
            new Pair(initiator(conversation), responder(conversation)), (pair) -> new Scan());
        if (conversation.timeNs() - scan.seenNs > SCAN_TIMEOUT_NS)
        {
            scan.packets = 0;
            scan.portLow = Integer.MAX_VALUE;
            scan.portHigh = 0;
        }
        scan.packets++;
        scan.portLow = Math.min(scan.portLow, conversation.responderPort());
        scan.portHigh = Math.max(scan.portHigh, conversation.responderPort());
        scan.seenNs = conversation.timeNs();
        scan.isNews = true;
    }

    @Override
    void onTick(final long nowNs)
    {
        if (nowNs - checkNs < CHECK_INTERVAL_NS)
        {
            return;
        }
        checkNs = nowNs;
        scans.forEach((pair, scan) ->
        {
            if (scan.isNews && scan.packets >= DANGER_LEVEL_1_PACKETS &&
                scan.portHigh - scan.portLow >= PORT_RANGE_MIN)
            {
                alert(pair.source(), false);
            }
            scan.isNews = false;
        });
    }
}
