package io.aswarm.sketch;

/**
 * Sequential test for data carried in questions to a name server.
 * <p>
 * <b>Model.</b> Resolvers ask each question from a port of its own (RFC 5452, section 9.2), so a conversation with a
 * name server, by its four names and ports, carries a question and its answer: some hundred bytes. A tunnel keeps its
 * socket. Volume is sampled in proportion to bytes, so that a conversation comes up again and again only if it is long.
 * Each record of a conversation that came up before within a minute or two is held to be 8 times as likely of a tunnel
 * as of a resolver that keeps its port: ln 8 = 2.08 nats. At the sampling of a quiet host, a record for each KiB, 11
 * KiB are at one node's bar, however slowly they come. (That volume per domain and client tells tunnels: Paxson et al.,
 * "Practical comprehensive bounds on surreptitious communication over DNS", USENIX Security 2013; the network shows no
 * names here, but the socket.)
 * <p>
 * Only UDP: over TCP many questions in one conversation are as they should be (RFC 7766).
 */
final class NameTunnelTest
{
    static final double AGAIN_FACTOR = 8.0;
    static final int NAMES_PORT = 53;
    static final long MEMORY_NS = 60_000_000_000L;
    static final long HALF_LIFE_NS = 1_800_000_000_000L;

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
        final int conversationsMax = Math.max(64, 8 * slots);
        this.conversations = new ContactMemory(
            workshop.memory().allocate(ContactMemory.memoryLength(conversationsMax)), conversationsMax,
            parameters.ns(DetectorParameter.EXFILTRATION_TUNNEL_MEMORY));
        this.verification = workshop.verification();
        this.conversationHash = workshop.key().derive(27);
        this.hostHash = workshop.key().derive(28);
    }

    /** Volume in either direction. */
    void onVolume(final Conversation c)
    {
        if (c.protocol() != ConversationKind.UDP || c.responderPort() != NAMES_PORT ||
            c.initiatorPort() == NAMES_PORT || (c.flags() & Conversation.FLAG_UNORIENTED) != 0)
        {
            return;
        }
        final long hash = conversationHash.hash(
            c.initiatorHigh(), c.initiatorLow(), c.responderHigh(), c.responderLow(), c.initiatorPort());
        if (!conversations.seen(hash))
        {
            conversations.remember(hash, c.timeNs());
        }
        else if (!evidence.spares(c.initiatorHigh(), c.initiatorLow(), c.timeNs()))
        {
            again(c);
        }
    }

    private void again(final Conversation c)
    {
        final int slot = evidence.episode(
            hostHash.hash(c.initiatorHigh(), c.initiatorLow(), c.responderHigh(), c.responderLow(), 0),
            c.initiatorHigh(), c.initiatorLow(), againNats, c.timeNs());
        if (slot != Evidence.NONE)
        {
            contact.set(0, c);
            contact.cause = Cause.EXCHANGES;
            final boolean isOnLink = (c.flags() & Conversation.FLAG_ON_LINK) != 0 &&
                (c.flags() & Conversation.FLAG_FROM_RESPONDER) == 0;
            evidence.add(
                slot, contact, againNats,
                verification.of(c.initiatorHigh(), c.initiatorLow(), isOnLink, c.interfaceIndex()), 1, c.timeNs());
            if (evidence.isDue(slot, c.timeNs()))
            {
                evidence.tell(slot, 1, 1, c.timeNs());
            }
        }
    }

    int onTick(final long nowNs)
    {
        return conversations.forget(nowNs) ? 1 : 0;
    }
}
