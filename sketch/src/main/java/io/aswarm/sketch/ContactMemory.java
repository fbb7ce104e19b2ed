package io.aswarm.sketch;

import org.agrona.MutableDirectBuffer;

/**
 * Remembers which contacts were seen, in two generations of a blocked Bloom filter (Putze, Sanders and Singler,
 * "Cache-, hash- and space-efficient Bloom filters", 2007): a contact sets one bit in each of the eight words of one
 * cache line. The young generation takes everything, the old one is only asked; a contact found there alone moves to
 * the young one, so what is still in use is not forgotten.
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
    private static final int BLOCK_LENGTH = 64;
    private static final int WORDS = BLOCK_LENGTH / Long.BYTES;

    private final MutableDirectBuffer memory;
    private final int blockMask;
    private final int generationLength;
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
        memory.boundsCheck(0, memoryLength(contactsMax));
        this.memory = memory;
        this.contactsMax = contactsMax;
        this.generationNs = generationNs;
        this.generationLength = memoryLength(contactsMax) / 2;
        this.blockMask = generationLength / BLOCK_LENGTH - 1;
        memory.setMemory(0, 2 * generationLength, (byte)0);
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
        if (contains(youngOffset, hash))
        {
            return true;
        }
        if (contains(youngOffset ^ generationLength, hash))
        {
            set(hash);
            return true;
        }
        return false;
    }

    /** As {@link #seen}, but without refreshing: it is forgotten a generation or two after it was last added. */
    boolean knows(final long hash)
    {
        return contains(youngOffset, hash) || contains(youngOffset ^ generationLength, hash);
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
        set(hash);
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
        youngOffset ^= generationLength;
        memory.setMemory(youngOffset, generationLength, (byte)0);
        youngCount = 0;
        startedNs = nowNs;
    }

    private boolean contains(final int generationOffset, final long hash)
    {
        final int block = blockOffset(generationOffset, hash);
        long bits = KeyedHash.second(hash);
        for (int word = 0; word < WORDS; word++)
        {
            if ((memory.getLong(block + (word << 3)) >>> (bits & 63) & 1) == 0)
            {
                return false;
            }
            bits >>>= 6;
        }
        return true;
    }

    private void set(final long hash)
    {
        final int block = blockOffset(youngOffset, hash);
        long bits = KeyedHash.second(hash);
        for (int word = 0; word < WORDS; word++)
        {
            final int offset = block + (word << 3);
            memory.putLong(offset, memory.getLong(offset) | 1L << (bits & 63));
            bits >>>= 6;
        }
        youngCount++;
    }

    private int blockOffset(final int generationOffset, final long hash)
    {
        return generationOffset + ((int)(hash >>> 32) & blockMask) * BLOCK_LENGTH;
    }
}
