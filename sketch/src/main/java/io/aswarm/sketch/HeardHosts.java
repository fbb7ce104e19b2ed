package io.aswarm.sketch;

/**
 * Which hosts were heard saying something lately, asking or answering.
 */
final class HeardHosts
{
    private final ContactMemory memory;
    private final KeyedHash keyedHash;

    HeardHosts(final ContactMemory memory, final KeyedHash keyedHash)
    {
        this.memory = memory;
        this.keyedHash = keyedHash;
    }

    /** The source of a contact asked. */
    void heard(final Contact contact, final long nowNs)
    {
        final long hash = keyedHash.hash(contact.sourceHigh, contact.sourceLow);
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

    boolean forget(final long nowNs)
    {
        return memory.forget(nowNs);
    }
}
