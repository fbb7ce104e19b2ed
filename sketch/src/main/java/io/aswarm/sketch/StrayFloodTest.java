package io.aswarm.sketch;

/**
 * Sequential test on bare segments of no conversation that one host is sent, whether it answers or not: floods of RST,
 * FIN and ACK. Where it resets them, {@link BackscatterTest} asks for that too; a reset is answered by nobody (RFC
 * 9293, section 3.5.2), and forged sources or a firewall may keep answers away.
 * <p>
 * <b>Model.</b> A host gets such segments as a Poisson process, {@value #BENIGN_PER_SECOND}/s when it is left in peace,
 * {@value #ATTACK_PER_SECOND}/s in a flood, followed by {@link Cusum}. They are seen by sampling, as records of volume
 * that nobody was seen to begin: a record adds ln 20 = 3.0 nats, and the share that is seen is that of the record's
 * packet in its quantity. {@value #BURST} records in one lump are no evidence. At the sensor's finest quantum, 1,024
 * bytes, 15 records are at one node's bar: 284 segments of 54 bytes; at any rate below 1,268/s never.
 * <p>
 * <b>Bare</b> is a frame that has room for headers without options, {@value #BARE_FRAME_BYTES} bytes and {@value
 * #IPV6_BYTES} more over IPv6: what programs send that write their segments themselves ({@link BareOpenings} has the
 * source). An acknowledgment of a system that negotiated timestamps is longer, so a sensor that begins in the middle of
 * conversations, or hears one direction of them, finds little to count. Else:
 * <ul>
 * <li>RST with ACK refuses an opening, whether that was seen or not (RFC 9293, section 3.5.2), and is not counted. A
 * host's RST without ACK that breaks off its own opening takes {@value #TAKEN_BACK} back: who forges its address makes
 * it send them, {@link FloodTest} asks for the openings;</li>
 * <li>a flooder takes another socket for each segment or few: at least half of the samples are of different ones. An
 * elephant acknowledges from one;</li>
 * <li>who is in a conversation answers in it, and packets to and from a host stay in proportion (Gil and Poletto,
 * "MULTOPS: a data-structure for bandwidth attack detection", USENIX Security 2001): a sampled segment of no
 * conversation that the host sends, unless it is a reset, takes {@value #TAKEN_BACK} back, and so does one to it that
 * is not bare, since where conversations began unseen their data follow;</li>
 * <li>each end of a conversation excuses {@value #EXCUSED} of its two hosts.</li>
 * </ul>
 * Who is told: {@link FloodedVictims}. Not seen: strays of one socket, and strays with data or options, or mixed with
 * such, that nobody resets.
 */
final class StrayFloodTest
{
    static final double BENIGN_PER_SECOND = 200.0;
    static final double ATTACK_PER_SECOND = 4_000.0;
    static final int BURST = 8;
    static final int EXCUSED = 4;
    static final int TAKEN_BACK = 2;
    static final int BARE_FRAME_BYTES = 64;
    static final int IPV6_BYTES = 20;
    private static final int PORT_SHIFT = 48;

    private final FloodedVictims victims;
    private final FanOutSketch sockets;
    private final Contact stray = new Contact();

    StrayFloodTest(final Workshop workshop)
    {
        final Cusum model = workshop.cusum(
            DetectorParameter.SPREAD_STRAYS_BENIGN, DetectorParameter.SPREAD_STRAYS_ATTACK,
            DetectorParameter.SPREAD_STRAYS_BURST);
        this.victims = new FloodedVictims(model, workshop, 47);
        this.sockets = workshop.fanOut(victims.slots(), 49);
    }

    /** Volume of no conversation. */
    void onVolume(final Conversation c)
    {
        if (c.protocol() != ConversationKind.TCP || (c.flags() & Conversation.FLAG_UNORIENTED) == 0 ||
            c.lengthBytes() == 0)
        {
            return;
        }
        if (!isBare(c) || (c.tcpFlags() & Conversation.TCP_SYN) != 0)
        {
            victims.excuse(c.responderHigh(), c.responderLow(), TAKEN_BACK * SampledPackets.of(c));
        }
        else if (!isRefusal(c))
        {
            count(c);
        }
        if (!Reflectors.isReset(c))
        {
            victims.excuse(c.initiatorHigh(), c.initiatorLow(), TAKEN_BACK * SampledPackets.of(c));
        }
    }

    private void count(final Conversation c)
    {
        stray.set(0, c).cause = Cause.STRAY_SEGMENT;
        final int slot = victims.sampled(stray, SampledPackets.of(c));
        if (slot != FloodTable.NONE)
        {
            if (victims.samples(slot) == 1)
            {
                sockets.clear(slot);
            }
            sockets.add(slot, stray.sourceHigh ^ (long)stray.sourcePort << PORT_SHIFT, stray.sourceLow);
            if (2 * sockets.estimate(slot) >= victims.samples(slot) || sockets.isSaturated(slot))
            {
                victims.tell(slot, stray);
            }
        }
    }

    /** A conversation is over: what comes too late belongs to none. */
    void onEnded(final Conversation c)
    {
        victims.excuse(c.initiatorHigh(), c.initiatorLow(), EXCUSED);
        victims.excuse(c.responderHigh(), c.responderLow(), EXCUSED);
    }

    /** An initiator reset the answer to his own opening, or to one that was made in his name. */
    void onAborted(final Conversation c)
    {
        victims.excuse(c.responderHigh(), c.responderLow(), TAKEN_BACK * Math.max(1, c.weight()));
    }

    /** Let time pass: forget who was left in peace. */
    int onTick(final long nowNs)
    {
        return victims.onTick(nowNs);
    }

    private static boolean isRefusal(final Conversation c)
    {
        return Reflectors.isReset(c) && (c.tcpFlags() & Conversation.TCP_ACK) != 0;
    }

    private static boolean isBare(final Conversation c)
    {
        final int ipv6Bytes = Contact.isIpv4(c.responderHigh(), c.responderLow()) ? 0 : IPV6_BYTES;
        return c.lengthBytes() <= BARE_FRAME_BYTES + ipv6Bytes;
    }
}
