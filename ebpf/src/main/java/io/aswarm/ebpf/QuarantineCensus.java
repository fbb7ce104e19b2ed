package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the program looks at before it looks anything up ({@code struct quarantine_census}): how many subjects there are
 * of each kind, a filter of single addresses, and where the act stands that drops all that an address sends. The last
 * is a hint: two addresses may share it, and the later one has it; the program goes by the hash for the other.
 * <p>
 * One thread at a time; the program reads at any time, so each word is stored whole.
 */
final class QuarantineCensus implements AutoCloseable
{
    private static final int SOURCE_ADDRESSES_OFFSET = 0;
    private static final int SOURCE_PREFIXES_OFFSET = 2 * Integer.BYTES;
    private static final int GUARDS_OFFSET = 4 * Integer.BYTES;
    private static final int FILTER_OFFSET = 6 * Integer.BYTES;
    private static final int FILTER_BITS = 1 << Short.SIZE;
    private static final int DROP_PLACE_OFFSET = FILTER_OFFSET + FILTER_BITS / Byte.SIZE;
    static final int LENGTH = DROP_PLACE_OFFSET + FILTER_BITS * Integer.BYTES;

    private final MemoryMap map;
    private final UnsafeBuffer buffer;
    private final int[] hostsByBit = new int[FILTER_BITS];

    QuarantineCensus(final int fd) throws KernelException
    {
        map = new MemoryMap(fd, 0, LENGTH, true);
        buffer = map.buffer();
    }

    void countGuards(final int change)
    {
        count(GUARDS_OFFSET, change);
    }

    void countPrefixes(final int role, final int change)
    {
        count(SOURCE_PREFIXES_OFFSET + (role - QuarantineRule.SOURCE) * Integer.BYTES, change);
    }

    /** A single address came or went, by the key that the program looks it up with. */
    void countAddresses(final int role, final long key, final int change)
    {
        final int bit = bit(key);
        final int offset = FILTER_OFFSET + (bit / Long.SIZE) * Long.BYTES;
        final long mask = 1L << (bit % Long.SIZE);
        final long word = buffer.getLong(offset);
        hostsByBit[bit] += change;
        buffer.putLongRelease(offset, hostsByBit[bit] > 0 ? word | mask : word & ~mask);
        count(SOURCE_ADDRESSES_OFFSET + (role - QuarantineRule.SOURCE) * Integer.BYTES, change);
    }

    /** The act at a place drops all that the address with this key sends. */
    void hintDrop(final long key, final int place)
    {
        buffer.putIntRelease(hintOffset(key), place + 1);
    }

    /** The act at a place does so no longer. */
    void forgetDrop(final long key, final int place)
    {
        if (buffer.getInt(hintOffset(key)) == place + 1)
        {
            buffer.putIntRelease(hintOffset(key), 0);
        }
    }

    @Override
    public void close()
    {
        map.close();
    }

    private void count(final int offset, final int change)
    {
        buffer.putIntRelease(offset, buffer.getInt(offset) + change);
    }

    private static int hintOffset(final long key)
    {
        return DROP_PLACE_OFFSET + bit(key) * Integer.BYTES;
    }

    /** filter_bit() of quarantine.h. */
    private static int bit(final long key)
    {
        return (int)(key >>> (Long.SIZE - Short.SIZE));
    }
}
