package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.sketch.Conversation;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * CrowdSec's {@code crowdsecurity/iptables-scan-multi_ports} (hub.crowdsec.net): dropped TCP packets, a leaky bucket
 * for each source, only ports that are new to the bucket, capacity 15, leaking one in 5 s; it overflows with the 16th,
 * and is deaf for a minute after that.
 */
final class CrowdSecReference extends ReferenceDetector
{
    private static final int CAPACITY = 15;
    private static final double LEAK_NS = 5e9;
    private static final long DEAF_NS = 60_000_000_000L;

    private static final class Bucket
    {
        private final Set<Integer> ports = new HashSet<>();
        private double level;
        private long seenNs;
        private long deafUntilNs = Long.MIN_VALUE;
    }

    private final ServedPorts served;
    private final Map<IpAddress, Bucket> buckets = new HashMap<>();

    CrowdSecReference(final ServedPorts served)
    {
        super("crowdsec");
        this.served = served;
    }

    @Override
    public void onConversation(final Conversation conversation)
    {
        if (CaptureDecoder.TCP != conversation.protocol() || !served.isLogged(conversation))
        {
            return;
        }
        final IpAddress source = initiator(conversation);
        final long nowNs = conversation.timeNs();
        final Bucket bucket = buckets.computeIfAbsent(source, (key) -> new Bucket());
        if (nowNs < bucket.deafUntilNs)
        {
            return;
        }
        bucket.level = Math.max(0, bucket.level - (nowNs - bucket.seenNs) / LEAK_NS);
        bucket.seenNs = nowNs;
        if (0 == bucket.level)
        {
            bucket.ports.clear();
        }
        if (bucket.ports.add(conversation.responderPort()) && ++bucket.level > CAPACITY)
        {
            bucket.level = 0;
            bucket.deafUntilNs = nowNs + DEAF_NS;
            alert(source, false);
        }
    }
}
