package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Remembers which contacts were seen, in two generations of a blocked Bloom filter (Putze, Sanders and Singler,
 * "Cache-, hash- and space-efficient Bloom filters", 2007): a contact sets one bit in each of the eight 32-bit words of
 * one block, as the split block filter of Apache Parquet does. The young generation takes everything, the old one is
 * only asked; a contact found there alone moves to the young one, so what is still in use is not forgotten. Blocks of
 * both generations share a cache line, so a question costs one line, whatever the answer.
 * <p>
 * <b>Bound.</b> A contact that was seen within the last generation is always found. A new one is wrongly taken for seen
 * with probability below {@value #FALSE_SEEN_PERCENT_MAX} % when both generations are full ({@value #BITS_PER_CONTACT}
 * bits for each contact), and less before. Then one first contact goes unjudged, whichever way it ended.
 * A generation ends when its time is over or when it is full, whichever is first.
 */
final class ContactMemory
{
    static final int BITS_PER_CONTACT = 16;
    static final double FALSE_SEEN_PERCENT_MAX = 0.5;
    private static final int LINE_LENGTH = 64;
    private static final int BLOCK_LENGTH = LINE_LENGTH / 2;

    private final UnsafeBuffer memory;
    private final byte[] array;
    private final long address;
    private final int lineMask;
    private final int contactsMax;
    private final long generationNs;
    private int youngOffset;
    private int youngCount;
    private boolean started;
    private long startedNs;

    /**
     * @param memory       of at least {@link #memoryLength(int)} bytes.
     * @param contactsMax  of one generation, a power of two.
     * @param generationNs longest life of a generation.
     */
    ContactMemory(final MutableDirectBuffer memory, final int contactsMax, final long generationNs)
    {
        final int lengthBytes = memoryLength(contactsMax);
        memory.boundsCheck(0, lengthBytes);
        // Lines are masked into the memory, so the bounds are checked once, here.
        this.memory = new UnsafeBuffer(memory, 0, lengthBytes);
        this.array = this.memory.byteArray();
        this.address = this.memory.addressOffset();
        this.contactsMax = contactsMax;
        this.generationNs = generationNs;
        this.lineMask = lengthBytes / LINE_LENGTH - 1;
        memory.setMemory(0, lengthBytes, (byte)0);
    }

    static int memoryLength(final int contactsMax)
    {
        if (contactsMax < 64 || contactsMax > 1 << 26 || Integer.bitCount(contactsMax) != 1)
        {
            throw new IllegalArgumentException(
                "contactsMax=" + contactsMax + "; allowed: powers of two, 64 to " + (1 << 26));
        }
        return 2 * contactsMax * (BITS_PER_CONTACT / Byte.SIZE);
    }

    /**
     * Whether a contact was seen. If so it stays remembered for at least another generation.
     *
     * @param hash of the contact, keyed.
     * @return true when it was, or wrongly with the probability of the bound.
     */
    boolean seen(final long hash)
    {
        final long line = line(hash);
        final long bits = KeyedHash.second(hash);
        if (contains(line + youngOffset, bits))
        {
            return true;
        }
        if (contains(line + (youngOffset ^ BLOCK_LENGTH), bits))
        {
            add(hash);
            return true;
        }
        return false;
    }

    /** As {@link #seen}, but without refreshing: it is forgotten a generation or two after it was last added. */
    boolean knows(final long hash)
    {
        final long line = line(hash);
        final long bits = KeyedHash.second(hash);
        return contains(line + youngOffset, bits) || contains(line + (youngOffset ^ BLOCK_LENGTH), bits);
    }

    /** Remember a contact, first making room when the young generation is full. Returns false if it was full. */
    boolean remember(final long hash, final long nowNs)
    {
        final boolean hasRoom = !isFull();
        if (!hasRoom)
        {
            rotate(nowNs);
        }
        add(hash);
        return hasRoom;
    }

    /** End the generation if its time is over. */
    boolean forget(final long nowNs)
    {
        final boolean isOver = isOver(nowNs);
        if (isOver)
        {
            rotate(nowNs);
        }
        return isOver;
    }

    /** Remember a contact that was not seen before. */
    void add(final long hash)
    {
        final long block = line(hash) + youngOffset;
        final long bits = KeyedHash.second(hash);
        set(block, bits);
        set(block + 8, bits >>> 10);
        set(block + 16, bits >>> 20);
        set(block + 24, bits >>> 30);
        youngCount++;
    }

    /** Whether the young generation is full, so that {@link #rotate} is due before its time. */
    boolean isFull()
    {
        return youngCount >= contactsMax;
    }

    /** Whether the young generation's time is over. The first call starts the clock. */
    boolean isOver(final long nowNs)
    {
        if (!started)
        {
            started = true;
            startedNs = nowNs;
        }
        return nowNs - startedNs >= generationNs;
    }

    /** Forget the old generation; the young one becomes old. Costs one pass over a generation. */
    void rotate(final long nowNs)
    {
        youngOffset ^= BLOCK_LENGTH;
        for (int block = youngOffset, end = memory.capacity(); block < end; block += LINE_LENGTH)
        {
            memory.putLong(block, 0);
            memory.putLong(block + 8, 0);
            memory.putLong(block + 16, 0);
            memory.putLong(block + 24, 0);
        }
        youngCount = 0;
        startedNs = nowNs;
    }

    private boolean contains(final long block, final long bits)
    {
        return (missing(block, bits) | missing(block + 8, bits >>> 10) | missing(block + 16, bits >>> 20) |
            missing(block + 24, bits >>> 30)) == 0;
    }

    private long missing(final long at, final long bits)
    {
        return twoBits(bits) & ~UnsafeApi.getLong(array, at);
    }

    private void set(final long at, final long bits)
    {
        UnsafeApi.putLong(array, at, UnsafeApi.getLong(array, at) | twoBits(bits));
    }

    /** One bit in each half of a long, by the lowest ten bits. */
    private static long twoBits(final long bits)
    {
        return 1L << (bits & 31) | 1L << (32 + (bits >>> 5 & 31));
    }

    private long line(final long hash)
    {
        return address + ((int)(hash >>> 32) & lineMask) * (long)LINE_LENGTH;
    }
}
