package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.util.Arrays;

/**
 * First contacts that wait for their answer, in fixed memory. Found by the keyed hash of the contact through chained
 * buckets; taken out in any order. Each waits in one of a few queues with a fixed patience, so that the contact due
 * next is at the head of its queue and none is searched for. When it is full the contact that waits longest makes
 * room, those already judged first: in a flood the wait becomes shorter, and nobody is shut out. Most events ask for a
 * contact that does not wait; one bit for each bucket, all of them in few cache lines, says so.
 * <pre>
 *  0      8        24            40         48         56     64      68      72      76          80
 *  +------+--------+-------------+----------+----------+------+-------+-------+-------+-----------+
 *  | hash | source | destination | openedNs | queuedNs | held | older | newer | chain | interface |
 *  +------+--------+-------------+----------+----------+------+-------+-------+-------+-----------+
 *  80     82            84         85      86      87        128
 *  +------+-------------+----------+-------+-------+---------+
 *  | port | source port | protocol | state | queue | padding |
 *  +------+-------------+----------+-------+-------+---------+
 * </pre>
 */
final class PendingContacts
{
    static final int NONE = -1;
    /** Queue of contacts that were judged overdue and may still be answered. */
    static final int JUDGED = 6;
    static final int QUEUES = JUDGED + 1;
    /** Patience of the first queue; each further one has four times that of the one before. */
    static final long QUICKEST_NS = 4_000_000L;
    private static final int ENTRY_LENGTH = 128;
    private static final int SOURCE_HIGH = 8;
    private static final int SOURCE_LOW = 16;
    private static final int DESTINATION_HIGH = 24;
    private static final int DESTINATION_LOW = 32;
    private static final int OPENED_NS = 40;
    private static final int QUEUED_NS = 48;
    private static final int HELD_NATS = 56;
    private static final int OLDER = 64;
    private static final int NEWER = 68;
    private static final int CHAIN = 72;
    private static final int INTERFACE = 76;
    private static final int PORT = 80;
    private static final int SOURCE_PORT = 82;
    private static final int PROTOCOL = 84;
    private static final int STATE = 85;
    private static final int QUEUE = 86;
    /** State bit: the responder accepted. */
    static final int ACCEPTED = 1;
    /** State bit: the opening was repeated. */
    static final int REPEATED = 2;
    /** State bit: the same contact failed before. */
    static final int AGAIN = 4;
    /** State bit: the frame came from the source's own place on the link. */
    static final int ON_LINK = 8;
    /** State bit: counted as an opening at its aim. */
    static final int COUNTED = 16;
    /** State bit: counted among the {@link PendingPorts}. */
    static final int DIVERSE = 32;
    /** State bit: its opening was seen, so that a lack of the link's word says something. */
    static final int SHOWN = 64;
    /** State bit: its opening was bare ({@link Conversation#isBareOpening}). */
    static final int BARE = 128;

    private final UnsafeBuffer memory;
    private final int capacity;
    private final int headsOffset;
    private final int headsTakenOffset;
    private final long[] patienceNs;
    private final int[] oldest = new int[QUEUES];
    private final int[] newest = new int[QUEUES];
    private int free;
    private int size;

    /**
     * @param memory       of at least {@link #memoryLength(int)} bytes.
     * @param capacity     contacts, a power of two.
     * @param timeoutMaxNs patience of the slowest queue and of {@link #JUDGED}.
     */
    PendingContacts(final MutableDirectBuffer memory, final int capacity, final long timeoutMaxNs)
    {
        this.memory = new UnsafeBuffer(memory, 0, memoryLength(capacity));
        this.capacity = capacity;
        this.headsOffset = capacity * ENTRY_LENGTH;
        this.headsTakenOffset = headsOffset + capacity * Integer.BYTES;
        this.patienceNs = new long[QUEUES];
        for (int queue = 0; queue < QUEUES; queue++)
        {
            patienceNs[queue] = queue < JUDGED - 1 ? Math.min(timeoutMaxNs, QUICKEST_NS << (2 * queue)) : timeoutMaxNs;
        }
        Arrays.fill(oldest, NONE);
        Arrays.fill(newest, NONE);
        memory.setMemory(0, headsOffset, (byte)0);
        memory.setMemory(headsOffset, capacity * Integer.BYTES, (byte)0xff);
        memory.setMemory(headsTakenOffset, capacity / Byte.SIZE, (byte)0);
        for (int entry = 0; entry < capacity; entry++)
        {
            putLink(entry, CHAIN, entry + 1 < capacity ? entry + 1 : NONE);
        }
    }

    static int memoryLength(final int capacity)
    {
        if (capacity < 8 || capacity > 1 << 23 || Integer.bitCount(capacity) != 1)
        {
            throw new IllegalArgumentException(
                "capacity=" + capacity + "; allowed: powers of two, 8 to " + (1 << 23));
        }
        return capacity * (ENTRY_LENGTH + Integer.BYTES) + capacity / Byte.SIZE;
    }

    int size()
    {
        return size;
    }

    boolean isFull()
    {
        return free == NONE;
    }

    /** The contact that makes room when it is full: one already judged, else the one opened first. */
    int dispensable()
    {
        int choice = oldest[JUDGED];
        for (int queue = 0; queue < JUDGED && oldest[JUDGED] == NONE; queue++)
        {
            final int entry = oldest[queue];
            if (entry != NONE && (choice == NONE || openedNs(entry) - openedNs(choice) < 0))
            {
                choice = entry;
            }
        }
        return choice;
    }

    /** A contact whose patience is over, or {@link #NONE}. */
    int due(final long nowNs)
    {
        for (int queue = 0; queue < QUEUES; queue++)
        {
            final int entry = oldest[queue];
            if (entry != NONE && nowNs - memory.getLong(offset(entry) + QUEUED_NS) >= patienceNs[queue])
            {
                return entry;
            }
        }
        return NONE;
    }

    /** The waiting contact with this hash, or {@link #NONE}. */
    int find(final long hash)
    {
        if (!isHeadTaken(hash))
        {
            return NONE;
        }
        int entry = memory.getInt(headOffset(hash));
        while (entry != NONE && memory.getLong(offset(entry)) != hash)
        {
            entry = link(entry, CHAIN);
        }
        return entry;
    }

    /**
     * Let a contact wait. Only when not {@link #isFull()} and not waiting already.
     *
     * @param contact   that was opened.
     * @param timeoutNs after which its answer is overdue.
     * @return the entry.
     */
    int add(final Contact contact, final long timeoutNs)
    {
        final int entry = free;
        free = link(entry, CHAIN);

        final int offset = offset(entry);
        memory.putLong(offset, contact.hash);
        memory.putLong(offset + SOURCE_HIGH, contact.sourceHigh);
        memory.putLong(offset + SOURCE_LOW, contact.sourceLow);
        memory.putLong(offset + DESTINATION_HIGH, contact.destinationHigh);
        memory.putLong(offset + DESTINATION_LOW, contact.destinationLow);
        memory.putLong(offset + OPENED_NS, contact.openedNs);
        memory.putDouble(offset + HELD_NATS, contact.heldNats);
        memory.putInt(offset + INTERFACE, contact.interfaceIndex);
        memory.putShort(offset + PORT, (short)contact.port);
        memory.putShort(offset + SOURCE_PORT, (short)contact.sourcePort);
        memory.putByte(offset + PROTOCOL, (byte)contact.protocol);
        memory.putByte(offset + STATE, (byte)contact.state);

        final int head = headOffset(contact.hash);
        putLink(entry, CHAIN, memory.getInt(head));
        memory.putInt(head, entry);
        headTaken(contact.hash, true);
        size++;
        int queue = 0;
        while (queue < JUDGED - 1 && patienceNs[queue] < timeoutNs)
        {
            queue++;
        }
        enqueue(entry, queue, contact.openedNs);
        return entry;
    }

    /** Let a contact wait on, more patiently than before; one that was judged as patiently as can be. */
    void waitLonger(final int entry, final long nowNs)
    {
        final int queue = queue(entry);
        dequeue(entry);
        enqueue(entry, Math.min(queue + 1, JUDGED - 1), nowNs);
    }

    /** Keep a contact that was judged, in case it is answered after all. */
    void judged(final int entry, final double heldNats, final long nowNs)
    {
        memory.putDouble(offset(entry) + HELD_NATS, heldNats);
        dequeue(entry);
        enqueue(entry, JUDGED, nowNs);
    }

    /** Whether a contact has waited as long as any may. */
    boolean isOutOfPatience(final int entry, final long nowNs)
    {
        return queue(entry) >= JUDGED - 1 || nowNs - openedNs(entry) >= patienceNs[JUDGED];
    }

    boolean isJudged(final int entry)
    {
        return queue(entry) == JUDGED;
    }

    private int queue(final int entry)
    {
        return memory.getByte(offset(entry) + QUEUE);
    }

    private void enqueue(final int entry, final int queue, final long queuedNs)
    {
        memory.putByte(offset(entry) + QUEUE, (byte)queue);
        memory.putLong(offset(entry) + QUEUED_NS, queuedNs);
        putLink(entry, OLDER, newest[queue]);
        putLink(entry, NEWER, NONE);
        if (newest[queue] == NONE)
        {
            oldest[queue] = entry;
        }
        else
        {
            putLink(newest[queue], NEWER, entry);
        }
        newest[queue] = entry;
    }

    private void dequeue(final int entry)
    {
        final int queue = queue(entry);
        final int older = link(entry, OLDER);
        final int newer = link(entry, NEWER);
        if (older == NONE)
        {
            oldest[queue] = newer;
        }
        else
        {
            putLink(older, NEWER, newer);
        }
        if (newer == NONE)
        {
            newest[queue] = older;
        }
        else
        {
            putLink(newer, OLDER, older);
        }
    }

    /** Take a contact out. What it held stays readable until the next {@link #add}. */
    void remove(final int entry)
    {
        unchain(entry);
        dequeue(entry);
        putLink(entry, CHAIN, free);
        free = entry;
        size--;
    }

    private void unchain(final int entry)
    {
        final long hash = memory.getLong(offset(entry));
        final int head = headOffset(hash);
        int at = memory.getInt(head);
        if (at == entry)
        {
            memory.putInt(head, link(entry, CHAIN));
            headTaken(hash, link(entry, CHAIN) != NONE);
            return;
        }
        while (link(at, CHAIN) != entry)
        {
            at = link(at, CHAIN);
        }
        putLink(at, CHAIN, link(entry, CHAIN));
    }

    void mark(final int entry, final int bit)
    {
        final int offset = offset(entry) + STATE;
        memory.putByte(offset, (byte)(memory.getByte(offset) | bit));
    }

    void unmark(final int entry, final int bit)
    {
        final int offset = offset(entry) + STATE;
        memory.putByte(offset, (byte)(memory.getByte(offset) & ~bit));
    }

    boolean is(final int entry, final int bit)
    {
        return (memory.getByte(offset(entry) + STATE) & bit) != 0;
    }

    /** Hold nothing against a contact any longer. */
    void release(final int entry)
    {
        memory.putDouble(offset(entry) + HELD_NATS, 0.0);
    }

    long openedNs(final int entry)
    {
        return memory.getLong(offset(entry) + OPENED_NS);
    }

    /** Copy an entry into a contact. */
    void read(final int entry, final Contact contact)
    {
        final int offset = offset(entry);
        contact.hash = memory.getLong(offset);
        contact.sourceHigh = memory.getLong(offset + SOURCE_HIGH);
        contact.sourceLow = memory.getLong(offset + SOURCE_LOW);
        contact.destinationHigh = memory.getLong(offset + DESTINATION_HIGH);
        contact.destinationLow = memory.getLong(offset + DESTINATION_LOW);
        contact.openedNs = memory.getLong(offset + OPENED_NS);
        contact.heldNats = memory.getDouble(offset + HELD_NATS);
        contact.interfaceIndex = memory.getInt(offset + INTERFACE);
        contact.port = memory.getShort(offset + PORT) & 0xffff;
        contact.sourcePort = memory.getShort(offset + SOURCE_PORT) & 0xffff;
        contact.protocol = memory.getByte(offset + PROTOCOL) & 0xff;
        contact.state = memory.getByte(offset + STATE) & 0xff;
        contact.isJudged = isJudged(entry);
        contact.pendingPorts = 0;
    }

    private int head(final long hash)
    {
        return (int)(hash >>> 32) & (capacity - 1);
    }

    private int headOffset(final long hash)
    {
        return headsOffset + (head(hash) << 2);
    }

    private boolean isHeadTaken(final long hash)
    {
        final int head = head(hash);
        return (memory.getByte(headsTakenOffset + (head >>> 3)) >>> (head & 7) & 1) != 0;
    }

    private void headTaken(final long hash, final boolean isTaken)
    {
        final int head = head(hash);
        final int offset = headsTakenOffset + (head >>> 3);
        final int bit = 1 << (head & 7);
        final int others = memory.getByte(offset) & ~bit;
        memory.putByte(offset, (byte)(isTaken ? others | bit : others));
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
