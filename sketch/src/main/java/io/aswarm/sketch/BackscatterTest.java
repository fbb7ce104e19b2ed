package io.aswarm.sketch;

/**
 * Sequential test on the resets by which a victim answers segments of no conversation: its backscatter (Moore, Voelker
 * and Savage, "Inferring Internet denial-of-service activity", USENIX Security 2001). What floods by ACK, by FIN and
 * ACK, or by reflected SYN-ACK send has no opening to follow, but a host answers each with a reset, and one that
 * answers an acknowledgment bears no ACK of its own (RFC 9293, section 3.5.2), unlike the refusal of a SYN.
 * <p>
 * <b>Model.</b> A host sends such resets as a Poisson process, {@value #BENIGN_PER_SECOND}/s when it is left in peace,
 * {@value #ATTACK_PER_SECOND}/s in a flood, followed by {@link Cusum}. They are seen by sampling, as records of volume
 * that stand for {@code quantity} bytes each: a record adds ln 20 = 3.0 nats, and the share that is seen is that of the
 * record's packet in its quantity. {@value #BURST} records in one lump are no evidence. At the sensor's finest quantum,
 * 1,024 bytes, resets of 60 bytes are seen one in 17, and 15 records, 256 of them, are at one node's bar; at any rate
 * below 317/s never.
 * <p>
 * Resets are normal at the end of a conversation: segments on their way come too late. Each end excuses
 * {@value #EXCUSED} of its two hosts, each opening that its own initiator aborts one of his, so that neither a busy
 * server nor a scanner, whose kernel resets what it did not ask, counts as a victim.
 * <p>
 * Who is told: {@link FloodedVictims}. Resets that all go to one address answer it only if it was heard to send
 * segments of no conversation, one sampled for {@value #HEARD_FACTOR} resets at least; else they are themselves the
 * flood, which {@link StrayFloodTest} follows, as it does where the victim's answers do not pass.
 */
final class BackscatterTest
{
    static final double BENIGN_PER_SECOND = 50.0;
    static final double ATTACK_PER_SECOND = 1_000.0;
    static final int BURST = 8;
    static final int EXCUSED = 4;
    /** Of segments that one address is to have sent for as many resets, how many go unheard. */
    private static final int HEARD_FACTOR = 4;

    private final FloodedVictims victims;
    private final int excused;
    private final Contact reset = new Contact();

    BackscatterTest(final Workshop workshop)
    {
        final Cusum model = workshop.cusum(
            DetectorParameter.SPREAD_RESETS_BENIGN, DetectorParameter.SPREAD_RESETS_ATTACK,
            DetectorParameter.SPREAD_RESETS_BURST);
        this.excused = workshop.parameters().count(DetectorParameter.SPREAD_RESETS_EXCUSED);
        this.victims = new FloodedVictims(model, workshop, 45);
    }

    /** Whether a segment answers one that acknowledged something nobody sent: a reset without an ACK of its own. */
    static boolean isReset(final Conversation c)
    {
        return (c.tcpFlags() & (Conversation.TCP_RST | Conversation.TCP_ACK)) == Conversation.TCP_RST;
    }

    /** Volume of no conversation: of resets, the initiator is who sends them. */
    void onVolume(final Conversation c)
    {
        if (c.protocol() != ConversationKind.TCP || (c.flags() & Conversation.FLAG_UNORIENTED) == 0 ||
            c.lengthBytes() == 0)
        {
            return;
        }
        if (!isReset(c))
        {
            victims.heard(c.responderHigh(), c.responderLow());
            return;
        }
        reset.set(0, c).turn().cause = Cause.RESET;
        final int slot = victims.sampled(reset, SampledPackets.of(c));
        if (slot != FloodTable.NONE && (!victims.isOfOne(slot) || victims.isHeard(slot, HEARD_FACTOR)))
        {
            victims.tell(slot, reset);
        }
    }

    /** A conversation is over: what comes too late is reset, by either of the two. */
    void onEnded(final Conversation c)
    {
        victims.excuse(c.initiatorHigh(), c.initiatorLow(), excused);
        victims.excuse(c.responderHigh(), c.responderLow(), excused);
    }

    /** An initiator reset the answer to his own opening. */
    void onAborted(final Conversation c)
    {
        victims.excuse(c.initiatorHigh(), c.initiatorLow(), Math.max(1, c.weight()));
    }

    /** Let time pass: forget who was left in peace. */
    int onTick(final long nowNs)
    {
        return victims.onTick(nowNs);
    }
}
