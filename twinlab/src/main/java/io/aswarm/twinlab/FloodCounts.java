package io.aswarm.twinlab;

import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.DetectorParameter;

/** Packets of an attack as SpreadFloodTest would see them, each kind a process of its own. */
final class FloodCounts
{
    private final AttackRate handshakes = AttackRate.of(
        DetectorParameter.SPREAD_HANDSHAKES_BENIGN, DetectorParameter.SPREAD_HANDSHAKES_ATTACK,
        DetectorParameter.SPREAD_HANDSHAKES_BURST);
    private final UnfinishedOpenings openings = new UnfinishedOpenings(handshakes);
    private final AttackRate datagrams = AttackRate.of(
        DetectorParameter.SPREAD_DATAGRAMS_BENIGN, DetectorParameter.SPREAD_DATAGRAMS_ATTACK,
        DetectorParameter.SPREAD_DATAGRAMS_BURST);
    private final AttackRate reflections = AttackRate.of(
        DetectorParameter.SPREAD_REFLECTIONS_BENIGN, DetectorParameter.SPREAD_REFLECTIONS_ATTACK,
        DetectorParameter.SPREAD_REFLECTIONS_BURST);

    /** A packet of the attack. */
    void onPacket(final CapturedPacket packet)
    {
        if (CaptureDecoder.TCP == packet.protocol())
        {
            if (!openings.onPacket(packet))
            {
                reflections.add(1, packet.timeNs());
            }
            return;
        }
        datagrams.add(1, packet.timeNs());
        if (!CaptureDecoder.isEcho(packet.protocol()))
        {
            reflections.add(1, packet.timeNs());
        }
    }

    /** What was opened was completed. */
    void onEstablished(final Conversation conversation)
    {
        openings.onEstablished(conversation);
    }

    /** Highest score of a flood of what kind ever. */
    double nats()
    {
        openings.tell(Long.MAX_VALUE);
        return Math.max(handshakes.highest(), Math.max(datagrams.highest(), reflections.highest()));
    }
}
