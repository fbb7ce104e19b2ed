package io.aswarm.sketch;

/**
 * Sequential test on the packets that strangers send one host without an answer, whatever sockets they take: a flood of
 * datagrams from one and the same socket opens once, as do all packets of one protocol without ports, so that {@link
 * FloodTest} and {@link SpreadFloodTest}, which count openings, hear of it once. A stranger never completed an exchange
 * within memory and is not bound to its place on the link.
 * <p>
 * <b>Model.</b> What is one-way by nature, telemetry, logs, media, comes to a host from strangers as a Poisson process
 * of {@value #BENIGN_PER_SECOND}/s at most; a flood of {@value #ATTACK_PER_SECOND}/s is followed by {@link Cusum}, as
 * for openings that are datagrams. Packets are known by sampling, as records of volume: one that stands for n packets
 * is one event of a share 1/n, ln 10 = 2.3 nats. {@value #BURST} in one lump are no evidence, 64 KiB at the sensor's
 * finest quantum, where 73 are at one node's bar, 1,246 packets of 60 bytes at once; at any rate below 7,817/s never.
 * <p>
 * <b>Proportion.</b> Who is asked answers, and packets to and from a host stay in proportion (MULTOPS: Gil and Poletto,
 * "MULTOPS: a data-structure for bandwidth attack detection", USENIX Security 2001). One packet back to a stranger
 * answers {@value #ANSWERED} of strangers, as an acknowledgment of QUIC does of segments (RFC 9000, section 13.2.2); so
 * neither a name server open to everybody nor an upload is a flood.
 * <p>
 * <b>Whole frames.</b> A large datagram comes in many frames, of which a record does not say whether they are parts.
 * So a frame of {@value SampledPackets#FRAGMENT_MIN_BYTES} bytes or more is counted as its share of the largest packet,
 * {@value SampledPackets#PACKET_MAX_BYTES} bytes. That also leaves out what carries volume one way: video, flow
 * records, measurements of throughput. The price: a flood of whole frames must be of 43 times the rate.
 * <p>
 * Hosts of the site complete exchanges, so their one-way counters and logs are not judged here, at whatever rate. Who
 * is told: {@link FloodedVictims}.
 */
final class UnansweredFloodTest
{
    static final double BENIGN_PER_SECOND = 2_000.0;
    static final double ATTACK_PER_SECOND = 20_000.0;
    static final int BURST = 64;
    static final int ANSWERED = 10;

    private final FloodedVictims victims;
    private final Verification verification;
    private final Contact packet = new Contact();

    UnansweredFloodTest(final Workshop workshop)
    {
        final Cusum model = workshop.cusum(
            DetectorParameter.SPREAD_UNANSWERED_BENIGN, DetectorParameter.SPREAD_UNANSWERED_ATTACK,
            DetectorParameter.SPREAD_UNANSWERED_BURST);
        this.victims = new FloodedVictims(model, workshop, 50);
        this.verification = workshop.verification();
    }

    /** Volume of what has no handshake. Only of fragments without a first one is it unknown who began. */
    void onVolume(final Conversation c)
    {
        if (!isOneWay(c.protocol()) || (c.flags() & Conversation.FLAG_UNORIENTED) != 0 || c.lengthBytes() == 0)
        {
            return;
        }
        packet.set(0, c).cause = Cause.UNANSWERED_PACKET;
        if (verification.isKnown(packet))
        {
            return;
        }
        final double packets = SampledPackets.ofWhole(c);
        if ((c.flags() & Conversation.FLAG_FROM_RESPONDER) != 0)
        {
            victims.excuse(c.responderHigh(), c.responderLow(), ANSWERED * packets);
            return;
        }
        final int slot = victims.sampled(packet, packets);
        if (slot != FloodTable.NONE)
        {
            victims.tell(slot, packet);
        }
    }

    /** Let time pass: forget who was left in peace. */
    int onTick(final long nowNs)
    {
        return victims.onTick(nowNs);
    }

    private static boolean isOneWay(final int protocol)
    {
        return protocol != ConversationKind.TCP && protocol != ConversationKind.SCTP && !Contact.isEcho(protocol);
    }
}
