package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;

/**
 * What the scan test notes of an episode beside its evidence: the contact before, since when contacts count once,
 * whether its source opens bare, how often in company, and which peers serve it.
 */
final class EpisodeNotes
{
    private static final int ENTRY_LENGTH = 56;
    private static final byte YES = 1;
    private static final int HIGH = 0;
    private static final int LOW = 8;
    private static final int SINCE_NS = 16;
    private static final int PORT = 24;
    private static final int PROTOCOL = 28;
    private static final int SOURCE_PORT = 32;
    private static final int BARE = 36;
    private static final int ACCOMPANIED = 40;
    private static final int PEERS = 48;

    private final MutableDirectBuffer memory;

    EpisodeNotes(final MutableDirectBuffer memory)
    {
        this.memory = memory;
    }

    static int memoryLength(final int slots)
    {
        return slots * ENTRY_LENGTH;
    }

    void clear(final int slot, final long nowNs)
    {
        memory.setMemory(slot * ENTRY_LENGTH, ENTRY_LENGTH, (byte)0);
        memory.putLong(slot * ENTRY_LENGTH + SINCE_NS, nowNs);
    }

    void last(final int slot, final Contact contact)
    {
        final int offset = slot * ENTRY_LENGTH;
        memory.putLong(offset + HIGH, contact.destinationHigh);
        memory.putLong(offset + LOW, contact.destinationLow);
        memory.putInt(offset + PORT, contact.port);
        memory.putInt(offset + PROTOCOL, contact.protocol);
        memory.putInt(offset + SOURCE_PORT, contact.sourcePort);
    }

    /** Whether it comes from the same port as the contact before and goes elsewhere. */
    boolean isSameSocket(final int slot, final Contact contact)
    {
        final int offset = slot * ENTRY_LENGTH;
        return memory.getInt(offset + SOURCE_PORT) == contact.sourcePort &&
            (memory.getLong(offset + HIGH) != contact.destinationHigh ||
                memory.getLong(offset + LOW) != contact.destinationLow ||
                memory.getInt(offset + PORT) != contact.port);
    }

    /** Whether the contact before was over TCP. */
    boolean wasTcp(final int slot)
    {
        return memory.getInt(slot * ENTRY_LENGTH + PROTOCOL) == ConversationKind.TCP;
    }

    /** Another port of the host before, or another host of its network that was never heard. */
    boolean isConcentrated(final int slot, final Contact contact)
    {
        final int offset = slot * ENTRY_LENGTH;
        final long high = memory.getLong(offset + HIGH);
        final long low = memory.getLong(offset + LOW);
        final boolean isSameHost = high == contact.destinationHigh && low == contact.destinationLow;
        final boolean isSameNetwork = high == contact.destinationHigh && Contact.networkLow(high, low) ==
            Contact.networkLow(contact.destinationHigh, contact.destinationLow);
        final boolean isSamePort = memory.getInt(offset + PORT) == contact.port &&
            memory.getInt(offset + PROTOCOL) == contact.protocol;
        return isSameHost ? !isSamePort : isSameNetwork && contact.isUnheard;
    }

    /** Whether a contact was opened bare, asked for the first time in the episode. */
    boolean isFirstBare(final int slot, final Contact contact)
    {
        final int offset = slot * ENTRY_LENGTH + BARE;
        final boolean isFirst = contact.is(PendingContacts.BARE) && memory.getByte(offset) != YES;
        if (isFirst)
        {
            memory.putByte(offset, YES);
        }
        return isFirst;
    }

    /** One more opening of the source was accompanied by another's ({@link Decoys}). */
    void accompany(final int slot)
    {
        final int offset = slot * ENTRY_LENGTH + ACCOMPANIED;
        memory.putInt(offset, memory.getInt(offset) + 1);
    }

    /** How many were. */
    int accompanied(final int slot)
    {
        return memory.getInt(slot * ENTRY_LENGTH + ACCOMPANIED);
    }

    /** A host serves the source at a port as peers have; its address stands for one of 64 bits. */
    void served(final int slot, final long hostHash)
    {
        final int offset = slot * ENTRY_LENGTH + PEERS;
        memory.putLong(offset, memory.getLong(offset) | 1L << hostHash);
    }

    /** Peers that serve the source: distinct bits, so never more than there are. */
    int peers(final int slot)
    {
        return Long.bitCount(memory.getLong(slot * ENTRY_LENGTH + PEERS));
    }

    /** Whether the span is over within which a contact counts once; if so the next one begins. */
    boolean isOver(final int slot, final long spanNs, final long nowNs)
    {
        final int offset = slot * ENTRY_LENGTH + SINCE_NS;
        final boolean isOver = nowNs - memory.getLong(offset) >= spanNs;
        if (isOver)
        {
            memory.putLong(offset, nowNs);
        }
        return isOver;
    }
}
