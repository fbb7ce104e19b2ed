package io.aswarm.sketch;

/**
 * Sequential test for data carried in echo requests and replies, by the lengths of their frames.
 * <p>
 * <b>Model.</b> Who pings sends one length again and again, and the reply returns what was sent (RFC 792, "Echo or Echo
 * Reply Message"; RFC 4443, section 4.2), so the frames between two hosts have hardly more lengths than there are
 * programs that ping. A tunnel's frames are as long as what they carry (Loki, Phrack 49, 1996, and the tools since:
 * ptunnel, icmptx, hans). Beyond the first {@value #FREE}, each length that was not seen between two hosts lately is
 * held to be {@value #LENGTH_FACTOR} times as likely of a tunnel: 2.3 nats. The fifteenth is at one node's bar.
 * <p>
 * Benign are large pings, whose fragments have up to three lengths each; and a search for the longest packet that gets
 * through (RFC 4821, section 7.3), which halves what is left and so asks with at most 14 lengths up to 9,216: 18.4
 * nats, below the bar. Who tries every length is called.
 * <p>
 * Volume is sampled, a frame for each KiB or so, hence not every length comes up. Where the sensor tells no lengths
 * (flow records) nothing is said; a tunnel of frames of one length is left to its volume ({@link ExfiltrationTest}).
 */
final class EchoTunnelTest
{
    static final int FREE = 6;
    static final double LENGTH_FACTOR = 10.0;
    static final long HALF_LIFE_NS = 1_800_000_000_000L;

    private final int free;
    private final double lengthNats;
    private final Evidence evidence;
    private final FanOutSketch lengths;
    private final Verification verification;
    private final KeyedHash pairHash;
    private final Contact contact = new Contact();

    EchoTunnelTest(final Workshop workshop)
    {
        final DetectorParameters parameters = workshop.parameters();
        this.free = parameters.count(DetectorParameter.EXFILTRATION_LENGTHS_FREE);
        this.lengthNats = parameters.logOf(DetectorParameter.EXFILTRATION_LENGTH);
        final int slots = workshop.config().floodsMax();
        this.evidence = new Evidence(
            Scenario.EXFILTRATION, slots, workshop, parameters.ns(DetectorParameter.EXFILTRATION_LENGTH_HALF_LIFE));
        this.lengths = workshop.fanOut(slots, 40);
        this.verification = workshop.verification();
        this.pairHash = workshop.key().derive(41);
    }

    /** Volume in either direction. */
    void onVolume(final Conversation c)
    {
        if (!Contact.isEcho(c.protocol()) || (c.flags() & Conversation.FLAG_UNORIENTED) != 0 || c.lengthBytes() == 0 ||
            evidence.spares(c.initiatorHigh(), c.initiatorLow(), c.timeNs()))
        {
            return;
        }
        final int slot = evidence.episode(
            pairHash.hash(c.initiatorHigh(), c.initiatorLow(), c.responderHigh(), c.responderLow(), c.protocol()),
            c.initiatorHigh(), c.initiatorLow(), 0.0, c.timeNs());
        if (slot == Evidence.NONE)
        {
            return;
        }
        if (evidence.isNew())
        {
            lengths.clear(slot);
        }
        if (lengths.add(slot, 0, c.lengthBytes()))
        {
            hold(slot, c);
        }
    }

    private void hold(final int slot, final Conversation c)
    {
        contact.set(0, c);
        contact.cause = Cause.ECHO_LENGTH;
        evidence.add(
            slot, contact, evidence.count(slot) < free ? 0.0 : lengthNats, verification.of(c), 1, c.timeNs());
        if (evidence.isDue(slot, c.timeNs()))
        {
            evidence.tell(slot, 1, 1, c.timeNs());
        }
    }
}
