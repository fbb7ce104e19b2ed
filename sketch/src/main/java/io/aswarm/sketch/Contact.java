package io.aswarm.sketch;

/**
 * A contact about to be judged; one instance is filled again and again, so that a judgement has few arguments.
 */
final class Contact
{
    long hash;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;
    int port;
    int protocol;
    long openedNs;

    Contact set(final long contactHash, final Conversation c)
    {
        hash = contactHash;
        sourceHigh = c.initiatorHigh();
        sourceLow = c.initiatorLow();
        destinationHigh = c.responderHigh();
        destinationLow = c.responderLow();
        port = c.responderPort();
        protocol = c.protocol();
        openedNs = c.timeNs();
        return this;
    }

    Contact set(final PendingContacts pending, final int entry)
    {
        hash = pending.hash(entry);
        sourceHigh = pending.sourceHigh(entry);
        sourceLow = pending.sourceLow(entry);
        destinationHigh = pending.destinationHigh(entry);
        destinationLow = pending.destinationLow(entry);
        port = pending.port(entry);
        protocol = pending.protocol(entry);
        openedNs = pending.openedNs(entry);
        return this;
    }
}
