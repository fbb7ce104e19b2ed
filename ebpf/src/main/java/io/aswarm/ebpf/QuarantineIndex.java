package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;

/**
 * How the program finds the acts on a packet's addresses: by a hash for single addresses, by the longest prefix for
 * networks, and a census that spares it the look-ups for what there is none of. A subject is a prefix in one role; it
 * leads to the places of at most {@link #ACTS_MAX} acts. Made anew from {@link QuarantineActs} for each loaded program.
 * <p>
 * One thread at a time. {@link #subject} chooses, the other methods act on what was chosen.
 */
final class QuarantineIndex implements AutoCloseable
{
    /** QUARANTINE_ACTS_MAX of aswarm_events.h. */
    static final int ACTS_MAX = 8;

    static final String HOSTS = "quarantine_hosts";
    static final String NETS = "quarantine_nets";
    static final String CENSUS = "quarantine_census";

    /* struct quarantine_prefix as key of networks; of addresses the hash */
    private static final int KEY_OFFSET = 0;
    private static final int ROLE_OFFSET = KEY_OFFSET + Integer.BYTES;
    private static final int HIGH_OFFSET = ROLE_OFFSET + Integer.BYTES;
    private static final int KEY_LENGTH = 24;

    /* struct quarantine_places */
    private static final int VALUE_OFFSET = KEY_OFFSET + KEY_LENGTH;
    private static final int PLACES_OFFSET = VALUE_OFFSET + 2 * Long.BYTES;
    private static final int LENGTH = PLACES_OFFSET + ACTS_MAX * Integer.BYTES;

    private final LibBpf.Api bpf;
    private final int hostsFd;
    private final int netsFd;
    private final long secretLow;
    private final long secretHigh;
    private final QuarantineActs acts;
    private final QuarantineCensus census;
    private final NativeBlock block = new NativeBlock(LENGTH);
    private final UnsafeBuffer buffer = block.buffer();
    private int mapFd;
    private long high;
    private long low;
    private int lengthBits;
    private int role;
    private boolean isKeyTaken;

    QuarantineIndex(
        final LibBpf.Api bpf,
        final int hostsFd,
        final int netsFd,
        final int censusFd,
        final byte[] nonce,
        final QuarantineActs acts) throws KernelException
    {
        this.bpf = bpf;
        secretLow = new UnsafeBuffer(nonce).getLong(0);
        secretHigh = new UnsafeBuffer(nonce).getLong(Long.BYTES);
        this.hostsFd = hostsFd;
        this.netsFd = netsFd;
        this.acts = acts;
        census = new QuarantineCensus(censusFd);
    }

    /** Choose a subject and read the places of its acts: how many there are. */
    int subject(final long addressHigh, final long addressLow, final int prefixLengthBits, final int subjectRole)
    {
        high = addressHigh;
        low = addressLow;
        lengthBits = prefixLengthBits;
        role = subjectRole;
        mapFd = isHost() ? hostsFd : netsFd;
        if (isHost())
        {
            buffer.putLong(KEY_OFFSET, key());
        }
        else
        {
            buffer.putInt(KEY_OFFSET, Integer.SIZE + prefixLengthBits);
            buffer.putInt(ROLE_OFFSET, subjectRole);
            putAddress(HIGH_OFFSET);
        }
        return read();
    }

    /** The place of one of the acts of the subject, or {@link QuarantineActs#NO_PLACE} behind the last. */
    int place(final int position)
    {
        return position == ACTS_MAX ? QuarantineActs.NO_PLACE : buffer.getInt(offset(position)) - 1;
    }

    /** Add a place to the subject, or move it to where it belongs by now: 0 or a negative errno. */
    int put(final int place)
    {
        final boolean isNew = count() == 0;
        if (isNew && isKeyTaken)
        {
            return Errno.E2BIG.asResult();
        }
        drop(place);
        final int count = count();
        if (count == ACTS_MAX)
        {
            return Errno.E2BIG.asResult();
        }

        int position = count;
        if (acts.isPlainDrop(place))
        {
            for (; position > 0; position--)
            {
                buffer.putInt(offset(position), buffer.getInt(offset(position - 1)));
            }
        }
        buffer.putInt(offset(position), place + 1);
        final int result = write();
        if (result == 0)
        {
            if (isNew)
            {
                countSubject(1);
            }
            hintDrop();
        }
        return result;
    }

    /** Take a place from the subject: 0 or a negative errno. */
    int remove(final int place)
    {
        drop(place);
        if (isHost())
        {
            census.forgetDrop(buffer.getLong(KEY_OFFSET), place);
        }
        if (count() > 0)
        {
            hintDrop();
            return write();
        }
        final int result = bpf.bpf_map_delete_elem(mapFd, block.address(KEY_OFFSET));
        if (result == 0)
        {
            countSubject(-1);
        }
        return result;
    }

    void countGuards(final int change)
    {
        census.countGuards(change);
    }

    @Override
    public void close()
    {
        census.close();
        block.close();
    }

    private int read()
    {
        final boolean isFound =
            bpf.bpf_map_lookup_elem(mapFd, block.address(KEY_OFFSET), block.address(VALUE_OFFSET)) == 0;
        final boolean isSubject = isFound &&
            buffer.getLong(VALUE_OFFSET, ByteOrder.BIG_ENDIAN) == high &&
            buffer.getLong(VALUE_OFFSET + Long.BYTES, ByteOrder.BIG_ENDIAN) == low &&
            acts.lengthBits(place(0)) == lengthBits;
        // Two addresses under one hash: nobody who does not know the secret brings that about.
        isKeyTaken = isFound && !isSubject && isHost();
        if (!isSubject)
        {
            // Nothing, or a wider network around this one.
            buffer.setMemory(PLACES_OFFSET, ACTS_MAX * Integer.BYTES, (byte)0);
        }
        return count();
    }

    private void putAddress(final int offset)
    {
        buffer.putLong(offset, high, ByteOrder.BIG_ENDIAN);
        buffer.putLong(offset + Long.BYTES, low, ByteOrder.BIG_ENDIAN);
    }

    /** subject_key() of quarantine.h, on the words as they lie in memory. */
    private long key()
    {
        long key = (native64(high) ^ secretHigh) * 0x9e3779b97f4a7c15L;
        key = (key ^ (key >>> 32) ^ native64(low) ^ secretLow) * 0xd6e8feb86659fd93L;
        return (key ^ (key >>> 32)) + role;
    }

    private static long native64(final long networkOrder)
    {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? networkOrder : Long.reverseBytes(networkOrder);
    }

    private int write()
    {
        putAddress(VALUE_OFFSET);
        return bpf.bpf_map_update_elem(mapFd, block.address(KEY_OFFSET), block.address(VALUE_OFFSET), 0);
    }

    private int count()
    {
        int count = 0;
        while (count < ACTS_MAX && place(count) != QuarantineActs.NO_PLACE)
        {
            count++;
        }
        return count;
    }

    /** Out of the list that was read; those behind it move up. */
    private void drop(final int place)
    {
        int to = 0;
        for (int from = 0; from < ACTS_MAX; from++)
        {
            final int each = buffer.getInt(offset(from));
            if (each != place + 1)
            {
                buffer.putInt(offset(to), each);
                to++;
            }
        }
        if (to < ACTS_MAX)
        {
            buffer.putInt(offset(to), 0);
        }
    }

    private void countSubject(final int change)
    {
        if (isHost())
        {
            census.countAddresses(role, buffer.getLong(KEY_OFFSET), change);
        }
        else
        {
            census.countPrefixes(role, change);
        }
    }

    /** Tell the program of the act in front, if all that it has to know of the subject's packets is their source. */
    private void hintDrop()
    {
        if (isHost() && role == QuarantineRule.SOURCE && acts.isPlainDrop(place(0)))
        {
            census.hintDrop(buffer.getLong(KEY_OFFSET), place(0));
        }
    }

    private boolean isHost()
    {
        return lengthBits == QuarantineRule.ADDRESS_BITS;
    }

    private static int offset(final int position)
    {
        return PLACES_OFFSET + position * Integer.BYTES;
    }
}
