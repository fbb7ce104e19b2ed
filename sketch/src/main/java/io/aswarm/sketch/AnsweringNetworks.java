package io.aswarm.sketch;

/**
 * Of which networks (IPv4 /24, IPv6 /64) answers are seen in which protocol, and how long they take: the key to
 * {@link AnswerTimes}, which keeps it.
 */
final class AnsweringNetworks
{
    private final AnswerTimes times;
    private final KeyedHash keyedHash;

    AnsweringNetworks(final Workshop workshop)
    {
        final LocalPolicyConfig config = workshop.config();
        final int networks = config.networksMax();
        this.times = new AnswerTimes(
            workshop.memory().allocate(AnswerTimes.memoryLength(networks)), workshop.index(networks),
            config.answerTimeoutNs(), config.contactMemoryNs());
        this.keyedHash = workshop.key().derive(5);
    }

    AnswerTimes times()
    {
        return times;
    }

    /** The slot of the network that a contact goes to. */
    int find(final Contact contact)
    {
        return times.find(hash(contact.destinationHigh, contact.destinationLow, contact.protocol));
    }

    /** Whether anything of the network was seen answering lately. */
    boolean isAnswering(final Conversation c)
    {
        return times.isAnswering(times.find(hash(c)), c.timeNs());
    }

    /** An answer came, and nobody knows to which opening. */
    void answered(final Conversation c)
    {
        times.answered(hash(c), c.timeNs());
    }

    /** An answer came to what was opened then. */
    void answered(final Conversation c, final long openedNs)
    {
        times.answered(hash(c), openedNs, c.timeNs());
    }

    private long hash(final Conversation c)
    {
        return hash(c.responderHigh(), c.responderLow(), c.protocol());
    }

    private long hash(final long high, final long low, final int protocol)
    {
        return keyedHash.hash(high, Contact.networkLow(high, low) | protocol);
    }
}
