package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;

import java.util.HashMap;
import java.util.Map;

/**
 * FastNetMon's per-host thresholds as its fastnetmon.conf comes (fastnetmon.com, "Configuration options"): 20,000
 * packets, 1,000 Mbit or 3,500 flows in a second, of speeds that are worked out every second and averaged exponentially
 * over 5 s (average_calculation_time). Every host counts as one of its own networks. The subject is the host that
 * receives, which it would block.
 */
final class FastNetMonReference extends ReferenceDetector
{
    private static final double PACKETS_PER_SECOND = 20_000;
    private static final double BITS_PER_SECOND = 1_000e6;
    private static final double FLOWS_PER_SECOND = 3_500;
    private static final long PERIOD_NS = 1_000_000_000L;
    private static final double AVERAGE_S = 5;

    private static final class Speed
    {
        private long packets;
        private long bits;
        private long flows;
        private double averagePackets;
        private double averageBits;
        private double averageFlows;

        /** The speed of a period of this length, averaged in; whether any is too high. */
        private boolean next(final double seconds)
        {
            final double keep = Math.exp(-seconds / AVERAGE_S);
            averagePackets = packets / seconds + keep * (averagePackets - packets / seconds);
            averageBits = bits / seconds + keep * (averageBits - bits / seconds);
            averageFlows = flows / seconds + keep * (averageFlows - flows / seconds);
            packets = 0;
            bits = 0;
            flows = 0;
            return averagePackets > PACKETS_PER_SECOND || averageBits > BITS_PER_SECOND ||
                averageFlows > FLOWS_PER_SECOND;
        }
    }

    private final Map<IpAddress, Speed> hosts = new HashMap<>();
    private long periodNs;

    FastNetMonReference()
    {
        super("fastnetmon");
    }

    @Override
    public void onPacket(final CapturedPacket packet, final boolean isAttack)
    {
        periodNs = 0 == periodNs ? packet.timeNs() : periodNs;
        final Speed speed = hosts.computeIfAbsent(packet.destination(), (host) -> new Speed());
        speed.packets++;
        speed.bits += (long)packet.lengthBytes() * Byte.SIZE;
    }

    @Override
    public void onConversation(final Conversation conversation)
    {
        if (ConversationKind.OPENED == conversation.kind() && 0 == (conversation.flags() & Conversation.FLAG_REPEAT))
        {
            hosts.computeIfAbsent(responder(conversation), (host) -> new Speed()).flows++;
        }
    }

    @Override
    void onTick(final long nowNs)
    {
        if (0 == periodNs || nowNs - periodNs < PERIOD_NS)
        {
            return;
        }
        final double seconds = (nowNs - periodNs) / (double)PERIOD_NS;
        periodNs = nowNs;
        hosts.forEach((host, speed) ->
        {
            if (speed.next(seconds))
            {
                alert(host, true);
            }
        });
    }
}
