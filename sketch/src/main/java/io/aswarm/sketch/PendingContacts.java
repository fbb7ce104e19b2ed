package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;

/**
 * First contacts that wait for their answer, oldest first, in fixed memory. Found by the keyed hash of the contact
 * through chained buckets; taken out in any order; the oldest is at the head, so overdue ones are found without a
 * search. When it is full a new contact is not taken: those already waiting ripen undisturbed.
 * <pre>
 *  0        8            16           24             32             40        48     50    51     52    56    60    64
 *  +--------+------------+------------+--------------+--------------+---------+------+-----+------+-----+-----+-----+
 *  |  hash  | sourceHigh | sourceLow  | destHigh     | destLow      | openedNs| port |proto|state |older|newer|chain|
 *  +--------+------------+------------+--------------+--------------+---------+------+-----+------+-----+-----+-----+
 * </pre>
 */
final class PendingContacts
{
    static final int NONE = -1;
    private static final int ENTRY_LENGTH = 64;
    private static final int SOURCE_HIGH = 8;
    private static final int SOURCE_LOW = 16;
    private static final int DESTINATION_HIGH = 24;
    private static final int DESTINATION_LOW = 32;
    private static final int OPENED_NS = 40;
    private static final int PORT = 48;
    private static final int PROTOCOL = 50;
    private static final int ACCEPTED = 51;
    private static final int OLDER = 52;
    private static final int NEWER = 56;
    private static final int CHAIN = 60;

    private final MutableDirectBuffer memory;
    private final int capacity;
    private final int headsOffset;
    private int oldest = NONE;
    private int newest = NONE;
    private int free;
    private int size;

    PendingContacts(final MutableDirectBuffer memory, final int capacity)
    {
        memory.boundsCheck(0, memoryLength(capacity));
        this.memory = memory;
        this.capacity = capacity;
        this.headsOffset = capacity * ENTRY_LENGTH;
        memory.setMemory(0, headsOffset, (byte)0);
        memory.setMemory(headsOffset, capacity * Integer.BYTES, (byte)0xff);
        for (int entry = 0; entry < capacity; entry++)
        {
            putLink(entry, CHAIN, entry + 1 < capacity ? entry + 1 : NONE);
        }
    }

    static int memoryLength(final int capacity)
    {
        if (capacity < 8 || capacity > 1 << 24 || Integer.bitCount(capacity) != 1)
        {
            throw new IllegalArgumentException(
                "capacity=" + capacity + "; allowed: powers of two, 8 to " + (1 << 24));
        }
        return capacity * (ENTRY_LENGTH + Integer.BYTES);
    }

    int size()
    {
        return size;
    }

    boolean isFull()
    {
        return free == NONE;
    }

    /** The contact that waits longest, or {@link #NONE}. */
    int oldest()
    {
        return oldest;
    }

    /** The waiting contact with this hash, or {@link #NONE}. */
    int find(final long hash)
    {
        int entry = memory.getInt(headOffset(hash));
        while (entry != NONE && memory.getLong(offset(entry)) != hash)
        {
            entry = link(entry, CHAIN);
        }
        return entry;
    }

    /** Let a contact wait. Only when not {@link #isFull()} and not waiting already. */
    void add(final long hash, final Conversation c)
    {
        final int entry = free;
        free = link(entry, CHAIN);

        final int offset = offset(entry);
        memory.putLong(offset, hash);
        memory.putLong(offset + SOURCE_HIGH, c.initiatorHigh());
        memory.putLong(offset + SOURCE_LOW, c.initiatorLow());
        memory.putLong(offset + DESTINATION_HIGH, c.responderHigh());
        memory.putLong(offset + DESTINATION_LOW, c.responderLow());
        memory.putLong(offset + OPENED_NS, c.timeNs());
        memory.putShort(offset + PORT, (short)c.responderPort());
        memory.putByte(offset + PROTOCOL, (byte)c.protocol());
        memory.putByte(offset + ACCEPTED, (byte)0);

        final int head = headOffset(hash);
        putLink(entry, CHAIN, memory.getInt(head));
        memory.putInt(head, entry);

        putLink(entry, OLDER, newest);
        putLink(entry, NEWER, NONE);
        if (newest == NONE)
        {
            oldest = entry;
        }
        else
        {
            putLink(newest, NEWER, entry);
        }
        newest = entry;
        size++;
    }

    /** Take a contact out. What it held stays readable until the next {@link #add}. */
    void remove(final int entry)
    {
        unchain(entry);
        final int older = link(entry, OLDER);
        final int newer = link(entry, NEWER);
        if (older == NONE)
        {
            oldest = newer;
        }
        else
        {
            putLink(older, NEWER, newer);
        }
        if (newer == NONE)
        {
            newest = older;
        }
        else
        {
            putLink(newer, OLDER, older);
        }
        putLink(entry, CHAIN, free);
        free = entry;
        size--;
    }

    private void unchain(final int entry)
    {
        final int head = headOffset(memory.getLong(offset(entry)));
        int at = memory.getInt(head);
        if (at == entry)
        {
            memory.putInt(head, link(entry, CHAIN));
            return;
        }
        while (link(at, CHAIN) != entry)
        {
            at = link(at, CHAIN);
        }
        putLink(at, CHAIN, link(entry, CHAIN));
    }

    void accept(final int entry)
    {
        memory.putByte(offset(entry) + ACCEPTED, (byte)1);
    }

    boolean isAccepted(final int entry)
    {
        return memory.getByte(offset(entry) + ACCEPTED) != 0;
    }

    long hash(final int entry)
    {
        return memory.getLong(offset(entry));
    }

    long sourceHigh(final int entry)
    {
        return memory.getLong(offset(entry) + SOURCE_HIGH);
    }

    long sourceLow(final int entry)
    {
        return memory.getLong(offset(entry) + SOURCE_LOW);
    }

    long destinationHigh(final int entry)
    {
        return memory.getLong(offset(entry) + DESTINATION_HIGH);
    }

    long destinationLow(final int entry)
    {
        return memory.getLong(offset(entry) + DESTINATION_LOW);
    }

    long openedNs(final int entry)
    {
        return memory.getLong(offset(entry) + OPENED_NS);
    }

    int port(final int entry)
    {
        return memory.getShort(offset(entry) + PORT) & 0xffff;
    }

    int protocol(final int entry)
    {
        return memory.getByte(offset(entry) + PROTOCOL) & 0xff;
    }

    private int headOffset(final long hash)
    {
        return headsOffset + (((int)(hash >>> 32) & (capacity - 1)) << 2);
    }

    private static int offset(final int entry)
    {
        return entry * ENTRY_LENGTH;
    }

    private int link(final int entry, final int field)
    {
        return memory.getInt(offset(entry) + field);
    }

    private void putLink(final int entry, final int field, final int to)
    {
        memory.putInt(offset(entry) + field, to);
    }
}
