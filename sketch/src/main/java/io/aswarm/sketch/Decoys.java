package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;

/**
 * Bare openings ({@link Conversation#isBareOpening()}) to one port of a host by several sources in the same instant. A
 * scanner that hides among addresses of others sends each of his probes once in every name (nmap -D; Lyon, "Nmap
 * network scanning", 2009, section 10.5), within microseconds, and writes his segments himself. Clients of a service
 * meet at its port, but with a stack's options; two scanners would have to ask for the same port within
 * {@value #INSTANT_NS} ns, again and again.
 * <p>
 * Kept are the last opening of each of {@value #PLACES} places, found by the keyed hash of host and port; a place that
 * two of them share forgets the older one, and then they count as alone.
 */
final class Decoys
{
    /** Twice what a burst to nine decoys waits where one CPU sends and another one forwards. */
    static final long INSTANT_NS = 20_000_000L;
    private static final int PLACES = 4_096;
    private static final int ENTRY_LENGTH = 32;
    private static final int OPENED_NS = 8;
    private static final int HIGH = 16;
    private static final int LOW = 24;

    private final MutableDirectBuffer memory;
    private final KeyedHash aimHash;
    private long otherHigh;
    private long otherLow;

    Decoys(final Workshop workshop)
    {
        this.memory = workshop.memory().allocate(PLACES * ENTRY_LENGTH);
        this.aimHash = workshop.key().derive(60);
    }

    /** A contact was opened bare. Returns whether another source did the same in this instant. */
    boolean opened(final Contact contact)
    {
        final long hash = aimHash.hash(
            contact.destinationHigh, contact.destinationLow, contact.port, contact.protocol, 0);
        final int offset = ((int)hash & (PLACES - 1)) * ENTRY_LENGTH;
        otherHigh = memory.getLong(offset + HIGH);
        otherLow = memory.getLong(offset + LOW);
        final boolean isAccompanied = memory.getLong(offset) == hash &&
            contact.openedNs - memory.getLong(offset + OPENED_NS) <= INSTANT_NS &&
            (otherHigh != contact.sourceHigh || otherLow != contact.sourceLow);
        memory.putLong(offset, hash);
        memory.putLong(offset + OPENED_NS, contact.openedNs);
        memory.putLong(offset + HIGH, contact.sourceHigh);
        memory.putLong(offset + LOW, contact.sourceLow);
        return isAccompanied;
    }

    /** Who opened the same before, first half of its address. */
    long otherHigh()
    {
        return otherHigh;
    }

    /** Last half of its address. */
    long otherLow()
    {
        return otherLow;
    }
}
