package io.aswarm.twinlab;

import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.DetectorParameter;
import io.aswarm.sketch.Reflectors;

import java.util.HashSet;
import java.util.Set;

/**
 * An attack as a flood, each kind a process of its own: what SpreadFloodTest would see at the victim, and what
 * FloodTest would of one source at one service ({@link ServiceFloodCounts}).
 */
final class FloodCounts
{
    /** Of segments that nothing opened one in so many is sampled: 60 bytes of the sensor's 1,024. */
    private static final double SEGMENT_SHARE = 1.0 / 17;

    private final AttackRate handshakes = AttackRate.of(
        DetectorParameter.SPREAD_HANDSHAKES_BENIGN, DetectorParameter.SPREAD_HANDSHAKES_ATTACK,
        DetectorParameter.SPREAD_HANDSHAKES_BURST);
    private final AttackRate bareHandshakes = AttackRate.of(
        DetectorParameter.SPREAD_BARE_BENIGN, DetectorParameter.SPREAD_BARE_ATTACK,
        DetectorParameter.SPREAD_BARE_BURST);
    private final AttackRate datagrams = AttackRate.of(
        DetectorParameter.SPREAD_DATAGRAMS_BENIGN, DetectorParameter.SPREAD_DATAGRAMS_ATTACK,
        DetectorParameter.SPREAD_DATAGRAMS_BURST);
    private final AttackRate reflections = AttackRate.of(
        DetectorParameter.SPREAD_REFLECTIONS_BENIGN, DetectorParameter.SPREAD_REFLECTIONS_ATTACK,
        DetectorParameter.SPREAD_REFLECTIONS_BURST);
    private final AttackRate strays = AttackRate.of(
        DetectorParameter.SPREAD_REFLECTIONS_BENIGN, DetectorParameter.SPREAD_REFLECTIONS_ATTACK,
        DetectorParameter.SPREAD_REFLECTIONS_BURST);
    private final ServiceFloodCounts services = new ServiceFloodCounts();
    private final UnfinishedOpenings openings = new UnfinishedOpenings(this::onUnfinished);
    private final Set<ConversationKey> opened = new HashSet<>();

    /** A packet of the attack. */
    void onPacket(final CapturedPacket packet)
    {
        if (CaptureDecoder.TCP == packet.protocol())
        {
            final ConversationKey key = ConversationKey.outward(packet);
            if (packet.isOpening())
            {
                opened.add(key);
            }
            if (!opened.contains(key))
            {
                strays.add(SEGMENT_SHARE, packet.timeNs());
            }
            return;
        }
        datagrams.add(1, packet.timeNs());
        if (CaptureDecoder.UDP == packet.protocol() &&
            Reflectors.isAnswering(packet.sourcePort(), packet.destinationPort()))
        {
            reflections.add(1, packet.timeNs());
        }
    }

    /** What a conversation of the attack came to. */
    void onConversation(final Conversation conversation)
    {
        if (CaptureDecoder.TCP == conversation.protocol())
        {
            openings.onConversation(conversation);
            services.onConversation(conversation);
        }
    }

    private void onUnfinished(final UnfinishedOpenings.Opening opening)
    {
        handshakes.add(1, opening.openedNs());
        if (opening.isBare())
        {
            bareHandshakes.add(1, opening.openedNs());
        }
        services.onUnfinished(opening);
    }

    /** Highest score of a flood of what kind ever. */
    double nats()
    {
        openings.tell(Long.MAX_VALUE);
        return Math.max(
            Math.max(Math.max(handshakes.highest(), bareHandshakes.highest()), services.highest()),
            Math.max(Math.max(datagrams.highest(), reflections.highest()), strays.highest()));
    }
}
