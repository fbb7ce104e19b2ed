package io.aswarm.sketch;

/**
 * Which hosts were heard saying something lately, asking or answering, and which were answered from outside the site:
 * their ways back from there pass here.
 */
final class HeardHosts
{
    private final ContactMemory memory;
    private final KeyedHash keyedHash;
    private final KeyedHash answeredHash;
    private final Site site;

    HeardHosts(final ContactMemory memory, final Workshop workshop)
    {
        this.memory = memory;
        this.keyedHash = workshop.key().derive(29);
        this.answeredHash = workshop.key().derive(61);
        this.site = workshop.config().site();
    }

    /** The source of a contact asked. */
    void heard(final Contact contact, final long nowNs)
    {
        note(keyedHash.hash(contact.sourceHigh, contact.sourceLow), nowNs);
    }

    /** A host was answered, by whatever. */
    void answered(final Conversation c)
    {
        if (!site.contains(c.responderHigh(), c.responderLow()))
        {
            note(answeredHash.hash(c.initiatorHigh(), c.initiatorLow()), c.timeNs());
        }
    }

    private void note(final long hash, final long nowNs)
    {
        if (!memory.seen(hash))
        {
            memory.remember(hash, nowNs);
        }
    }

    /** Whether the destination of a contact said something. */
    boolean knows(final Contact contact)
    {
        return memory.knows(keyedHash.hash(contact.destinationHigh, contact.destinationLow));
    }

    /** Whether a contact goes outside, and its source was answered from there. */
    boolean isAnsweredThere(final Contact contact)
    {
        return !site.contains(contact.destinationHigh, contact.destinationLow) &&
            memory.knows(answeredHash.hash(contact.sourceHigh, contact.sourceLow));
    }

    boolean forget(final long nowNs)
    {
        return memory.forget(nowNs);
    }
}
