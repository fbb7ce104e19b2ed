package io.aswarm.sketch;

/**
 * Whether a source really sends what carries its address. Two things are known of it:
 * <ul>
 * <li><b>link</b>: the frame came with the MAC, and by the interface, that are bound to the address
 * ({@link Conversation#FLAG_ON_LINK}); said of each contact;</li>
 * <li><b>exchange</b>: the source completed a handshake within memory, so it receives at its address. That says
 * something of the source, not of the contact: whoever forges the address of a busy host finds its exchanges completed.
 * So it does not count for a contact that lacks the link's word where the source's own exchanges had it.</li>
 * </ul>
 * Which of them counts is configured for each interface. By default only the link does: what an off-path forger cannot
 * say.
 */
final class Verification
{
    private final ContactMemory exchanges;
    private final ContactMemory linkExchanges;
    private final ContactMemory responders;
    private final KeyedHash sourceHash;
    private final VerificationConfig config;

    Verification(final LocalPolicyConfig config, final SketchMemory memory, final KeyedHash keyedHash)
    {
        this.sourceHash = keyedHash;
        this.config = config.verification();
        this.exchanges = memory(config, memory);
        this.linkExchanges = memory(config, memory);
        this.responders = memory(config, memory);
    }

    private static ContactMemory memory(final LocalPolicyConfig config, final SketchMemory memory)
    {
        final int sources = Math.max(64, config.contactsMax() / 4);
        return new ContactMemory(
            memory.allocate(ContactMemory.memoryLength(sources)), sources, config.contactMemoryNs());
    }

    /** A source completed a handshake. */
    void onEstablished(final Conversation c)
    {
        final long hash = sourceHash.hash(c.initiatorHigh(), c.initiatorLow());
        final ContactMemory memory = (c.flags() & Conversation.FLAG_ON_LINK) != 0 ? linkExchanges : exchanges;
        if (!memory.seen(hash))
        {
            memory.remember(hash, c.timeNs());
        }
    }

    /** A host answered a handshake that was completed: it receives at its address too, whatever its link says. */
    void onServed(final Conversation c)
    {
        final long hash = sourceHash.hash(c.responderHigh(), c.responderLow());
        if (!responders.seen(hash))
        {
            responders.remember(hash, c.timeNs());
        }
    }

    /** Which {@code VERIFIED_} bits a contact's source deserves for it. */
    int of(final Contact contact)
    {
        return of(contact.sourceHigh, contact.sourceLow, contact.is(PendingContacts.ON_LINK), contact.interfaceIndex);
    }

    /** Which the initiator deserves for a packet, on which the link's word is the sender's, who may be either. */
    int of(final Conversation c)
    {
        final int said = c.flags() & (Conversation.FLAG_ON_LINK | Conversation.FLAG_FROM_RESPONDER);
        return of(c.initiatorHigh(), c.initiatorLow(), said == Conversation.FLAG_ON_LINK, c.interfaceIndex());
    }

    int of(final long high, final long low, final boolean isOnLink, final int interfaceIndex)
    {
        final int accepted = config.accepted(interfaceIndex);
        if (isOnLink)
        {
            return accepted & Signal.VERIFIED_ON_LINK;
        }
        if ((accepted & Signal.VERIFIED_EXCHANGE) == 0)
        {
            return 0;
        }
        final long hash = sourceHash.hash(high, low);
        return exchanges.knows(hash) && !linkExchanges.knows(hash) ? Signal.VERIFIED_EXCHANGE : 0;
    }

    /**
     * Whether a contact lacks the link's word although its source's own exchanges had it: somebody else sent it, so
     * nothing of it is the source's.
     */
    boolean isForged(final Contact contact)
    {
        return contact.is(PendingContacts.SHOWN) && !contact.is(PendingContacts.ON_LINK) &&
            linkExchanges.knows(sourceHash.hash(contact.sourceHigh, contact.sourceLow));
    }

    /** Whether a source is known from a completed exchange, or by its link, whatever is configured. */
    boolean isKnown(final Contact contact)
    {
        return contact.is(PendingContacts.ON_LINK) || hasExchanged(contact);
    }

    /** Whether a source completed an exchange within memory, on either side, so that answers to it pass here. */
    boolean hasExchanged(final Contact contact)
    {
        return hasExchanged(contact.sourceHigh, contact.sourceLow);
    }

    /** Whether the destination completed an exchange within memory, on either side, so that its answers pass here. */
    boolean hasAnswered(final Contact contact)
    {
        return hasExchanged(contact.destinationHigh, contact.destinationLow);
    }

    /** Whether an address completed an exchange within memory, on either side. */
    boolean hasExchanged(final long high, final long low)
    {
        final long hash = sourceHash.hash(high, low);
        return exchanges.knows(hash) || linkExchanges.knows(hash) || responders.knows(hash);
    }

    int onTick(final long nowNs)
    {
        return (exchanges.forget(nowNs) ? 1 : 0) + (linkExchanges.forget(nowNs) ? 1 : 0) +
            (responders.forget(nowNs) ? 1 : 0);
    }
}
