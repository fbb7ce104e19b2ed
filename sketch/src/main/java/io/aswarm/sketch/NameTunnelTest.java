package io.aswarm.sketch;

/**
 * Sequential test for data carried in questions to a name server.
 * <p>
 * <b>Model.</b> Resolvers ask each question from a port of its own (RFC 5452, section 9.2), so a conversation with a
 * name server, by its four names and ports, carries a question and its answer: some hundred bytes. A tunnel keeps its
 * socket. Volume is sampled in proportion to bytes, so that a conversation comes up again and again only if it is long.
 * The first {@value #KEPT_RECORDS} questions of a conversation that came up before within a minute or two are held
 * to be 8 times as likely of a tunnel as of the ordinary: ln 8 = 2.08 nats. Some resolvers keep their port too, for all
 * they ask; what tells further is how much is asked: each record of a question counts by its {@link QuestionLength}.
 * What is asked is not decoded.
 * <p>
 * Frames are those of IPv4 over Ethernet. Of IPv6 its longer header is taken off, and of what comes in a tunnel the
 * {@value #TUNNEL_BYTES} bytes of VXLAN (RFC 7348, section 5), so of a shorter one too much. A VLAN tag that the driver
 * leaves in the frame is not: names of 38 to 41 letters count as longer behind it.
 * <p>
 * Only UDP: over TCP many questions in one conversation are as they should be (RFC 7766).
 */
final class NameTunnelTest
{
    static final double AGAIN_FACTOR = 8.0;
    static final int KEPT_RECORDS = 3;
    static final long MEMORY_NS = 60_000_000_000L;
    static final long HALF_LIFE_NS = 1_800_000_000_000L;

    static final int TUNNEL_BYTES = 50;
    private static final int IPV6_BYTES = 40 - 20;
    /** An episode goes on when all is taken away, lest a kept socket be held against its host again. */
    private static final double LEFT_NATS = 0.01;

    private final double againNats;
    private final Evidence evidence;
    private final ContactMemory conversations;
    private final Verification verification;
    private final KeyedHash conversationHash;
    private final KeyedHash hostHash;
    private final Contact contact = new Contact();

    NameTunnelTest(final Workshop workshop)
    {
        final int slots = workshop.config().floodsMax();
        final DetectorParameters parameters = workshop.parameters();
        this.againNats = parameters.logOf(DetectorParameter.EXFILTRATION_TUNNEL);
        this.evidence = new Evidence(
            Scenario.EXFILTRATION, slots, workshop,
            parameters.ns(DetectorParameter.EXFILTRATION_TUNNEL_HALF_LIFE));
        this.conversations = workshop.contactMemory(
            Math.max(64, 8 * slots), parameters.ns(DetectorParameter.EXFILTRATION_TUNNEL_MEMORY));
        this.verification = workshop.verification();
        this.conversationHash = workshop.key().derive(27);
        this.hostHash = workshop.key().derive(28);
    }

    /** Volume in either direction. */
    void onVolume(final Conversation c)
    {
        if (c.protocol() != ConversationKind.UDP || c.responderPort() != NamesView.NAMES_PORT ||
            c.initiatorPort() == NamesView.NAMES_PORT || (c.flags() & Conversation.FLAG_UNORIENTED) != 0)
        {
            return;
        }
        final long hash = conversationHash.hash(
            c.initiatorHigh(), c.initiatorLow(), c.responderHigh(), c.responderLow(), c.initiatorPort());
        if (!conversations.seen(hash))
        {
            conversations.remember(hash, c.timeNs());
        }
        else if ((c.flags() & Conversation.FLAG_FROM_RESPONDER) == 0 &&
            !evidence.spares(c.initiatorHigh(), c.initiatorLow(), c.timeNs()))
        {
            again(c);
        }
    }

    private void again(final Conversation c)
    {
        final int slot = evidence.episode(
            hostHash.hash(c.initiatorHigh(), c.initiatorLow(), c.responderHigh(), c.responderLow(), 0),
            c.initiatorHigh(), c.initiatorLow(), againNats, c.timeNs());
        if (slot == Evidence.NONE)
        {
            return;
        }
        if (evidence.count(slot) < KEPT_RECORDS)
        {
            hold(slot, c, Cause.EXCHANGES, againNats, 1);
        }
        final int lengthBytes = questionBytes(c);
        if (lengthBytes > 0)
        {
            asked(slot, c, lengthBytes);
        }
    }

    /** The frame as it would be in IPv4 over Ethernet; 0 where its length is not known. */
    static int questionBytes(final Conversation c)
    {
        if (c.lengthBytes() == 0)
        {
            return 0;
        }
        final int tunnelBytes = (c.flags() & Conversation.FLAG_TUNNEL) != 0 ? TUNNEL_BYTES : 0;
        final int familyBytes = Contact.isIpv4(c.initiatorHigh(), c.initiatorLow()) ? 0 : IPV6_BYTES;
        return Math.max(1, c.lengthBytes() - tunnelBytes - familyBytes);
    }

    private void asked(final int slot, final Conversation c, final int lengthBytes)
    {
        final double nats = QuestionLength.nats(lengthBytes);
        if (nats > 0)
        {
            hold(slot, c, Cause.LONG_QUESTION, nats, 0);
        }
        else
        {
            final double most = evidence.nats(slot, c.timeNs()) - LEFT_NATS;
            if (most > 0)
            {
                evidence.take(slot, Cause.SHORT_QUESTION, Math.min(most, -nats), c.timeNs());
            }
        }
    }

    /** The weight is what of it counts towards a kept socket. */
    private void hold(final int slot, final Conversation c, final Cause cause, final double nats, final int weight)
    {
        contact.set(0, c);
        contact.cause = cause;
        evidence.add(slot, contact, nats, verification.of(c), weight, c.timeNs());
        if (evidence.isDue(slot, c.timeNs()))
        {
            evidence.tell(slot, 1, 1, c.timeNs());
        }
    }

    int onTick(final long nowNs)
    {
        return conversations.forget(nowNs) ? 1 : 0;
    }
}
