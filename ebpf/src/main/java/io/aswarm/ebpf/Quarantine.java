package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The map of contained addresses in the kernel. The packet program drops what comes from an address while the entry's
 * deadline lies ahead, whether or not this process lives. Any thread; each call is one or two system calls and
 * allocates nothing, except {@link #forEach(EntryHandler)}.
 */
public final class Quarantine
{
    /** Packets from the address are dropped and counted. */
    public static final int MODE_DROP = 1;
    /** Packets from the address are counted and pass: what a drop would do. */
    public static final int MODE_OBSERVE = 2;

    /** Name of the map and of its pin. */
    static final String PIN = "quarantine";

    private static final int KEY_OFFSET = 0;
    private static final int NEXT_KEY_OFFSET = 16;
    private static final int VALUE_OFFSET = 32;
    private static final int KEY_LENGTH = 16;

    private final LibBpf.Api bpf;
    private final int fd;
    private final int entriesMax;
    private final NativeBlock block = new NativeBlock(VALUE_OFFSET + QuarantineDescriptor.LENGTH);
    private final UnsafeBuffer buffer = block.buffer();
    private boolean closed;

    Quarantine(final LibBpf.Api bpf, final int fd, final int entriesMax)
    {
        this.bpf = bpf;
        this.fd = fd;
        this.entriesMax = entriesMax;
    }

    /**
     * Takes the entries of the map, one call each.
     */
    @FunctionalInterface
    public interface EntryHandler
    {
        /**
         * An entry, in force or past its deadline.
         *
         * @param high       first eight bytes of the address, network order.
         * @param low        last eight bytes.
         * @param deadlineNs CLOCK_MONOTONIC instant from which on the kernel ignores the entry.
         * @param actId      of the act that made it.
         * @param mode       {@link #MODE_DROP} or {@link #MODE_OBSERVE}.
         * @param drops      packets dropped (or observed) so far.
         */
        void onEntry(long high, long low, long deadlineNs, long actId, int mode, long drops);
    }

    /**
     * Contain an address, from the next packet on, until a deadline. An entry that is there is replaced; the count of
     * drops goes on if it is of the same act. When the map is full, entries past their deadline make room.
     *
     * @param high       first eight bytes of the address, network order.
     * @param low        last eight bytes.
     * @param deadlineNs CLOCK_MONOTONIC instant.
     * @param actId      of the act.
     * @param mode       {@link #MODE_DROP} or {@link #MODE_OBSERVE}.
     * @return 0, or a negative errno: -7 (E2BIG) for a map full of live entries, -22 (EINVAL) for an unknown mode.
     */
    public synchronized int contain(
        final long high, final long low, final long deadlineNs, final long actId, final int mode)
    {
        if (closed || (mode != MODE_DROP && mode != MODE_OBSERVE))
        {
            return Errno.EINVAL.asResult();
        }

        long packets = 0;
        long bytes = 0;
        if (lookup(high, low) == 0 && value(QuarantineDescriptor.ACT_ID_OFFSET) == actId)
        {
            packets = value(QuarantineDescriptor.PACKETS_OFFSET);
            bytes = value(QuarantineDescriptor.BYTES_OFFSET);
        }

        int result = update(high, low, deadlineNs, actId, mode, packets, bytes);
        if (result == Errno.E2BIG.asResult() && removeExpired(System.nanoTime()) > 0)
        {
            result = update(high, low, deadlineNs, actId, mode, packets, bytes);
        }
        return result;
    }

    /**
     * Let an address go before its deadline, if the entry is of this act.
     *
     * @param high  first eight bytes of the address, network order.
     * @param low   last eight bytes.
     * @param actId of the act that is undone.
     * @return 0, or a negative errno: -2 (ENOENT) when there is no entry, -116 (ESTALE) when it is another act's.
     */
    public synchronized int release(final long high, final long low, final long actId)
    {
        final int result = lookup(high, low);
        if (result != 0)
        {
            return result;
        }
        return value(QuarantineDescriptor.ACT_ID_OFFSET) == actId ?
            bpf.bpf_map_delete_elem(fd, block.address(KEY_OFFSET)) : Errno.ESTALE.asResult();
    }

    /**
     * Real packets from an address that were dropped, or observed.
     *
     * @param high first eight bytes of the address, network order.
     * @param low  last eight bytes.
     * @return packets since the act began, or a negative errno when there is no entry.
     */
    public synchronized long drops(final long high, final long low)
    {
        final int result = lookup(high, low);
        return result == 0 ? value(QuarantineDescriptor.PACKETS_OFFSET) : result;
    }

    /**
     * Visit all entries, those past their deadline too. The handler may contain and release.
     *
     * @param handler of entries.
     */
    public synchronized void forEach(final EntryHandler handler)
    {
        for (final IpAddress each : addresses())
        {
            if (lookup(each.high(), each.low()) == 0)
            {
                handler.onEntry(
                    each.high(),
                    each.low(),
                    value(QuarantineDescriptor.DEADLINE_NS_OFFSET),
                    value(QuarantineDescriptor.ACT_ID_OFFSET),
                    buffer.getInt(VALUE_OFFSET + QuarantineDescriptor.MODE_OFFSET),
                    value(QuarantineDescriptor.PACKETS_OFFSET));
            }
        }
    }

    /**
     * Room of the map.
     *
     * @return entries.
     */
    public int entriesMax()
    {
        return entriesMax;
    }

    synchronized void close()
    {
        if (!closed)
        {
            closed = true;
            block.close();
        }
    }

    private int removeExpired(final long nowNs)
    {
        int removed = 0;
        for (final IpAddress each : addresses())
        {
            if (lookup(each.high(), each.low()) == 0 &&
                value(QuarantineDescriptor.DEADLINE_NS_OFFSET) - nowNs <= 0 &&
                bpf.bpf_map_delete_elem(fd, block.address(KEY_OFFSET)) == 0)
            {
                removed++;
            }
        }
        return removed;
    }

    /** All keys first: a walk starts again from the beginning when the key it stands on is deleted. */
    private List<IpAddress> addresses()
    {
        final List<IpAddress> addresses = new ArrayList<>();
        if (closed)
        {
            return addresses;
        }

        long key = 0;
        while (addresses.size() < entriesMax && bpf.bpf_map_get_next_key(fd, key, block.address(NEXT_KEY_OFFSET)) == 0)
        {
            addresses.add(new IpAddress(
                buffer.getLong(NEXT_KEY_OFFSET, ByteOrder.BIG_ENDIAN),
                buffer.getLong(NEXT_KEY_OFFSET + Long.BYTES, ByteOrder.BIG_ENDIAN)));
            buffer.putBytes(KEY_OFFSET, buffer, NEXT_KEY_OFFSET, KEY_LENGTH);
            key = block.address(KEY_OFFSET);
        }
        return addresses;
    }

    private int lookup(final long high, final long low)
    {
        if (closed)
        {
            return Errno.EINVAL.asResult();
        }
        buffer.putLong(KEY_OFFSET, high, ByteOrder.BIG_ENDIAN);
        buffer.putLong(KEY_OFFSET + Long.BYTES, low, ByteOrder.BIG_ENDIAN);
        return bpf.bpf_map_lookup_elem(fd, block.address(KEY_OFFSET), block.address(VALUE_OFFSET));
    }

    private int update(
        final long high,
        final long low,
        final long deadlineNs,
        final long actId,
        final int mode,
        final long packets,
        final long bytes)
    {
        buffer.putLong(KEY_OFFSET, high, ByteOrder.BIG_ENDIAN);
        buffer.putLong(KEY_OFFSET + Long.BYTES, low, ByteOrder.BIG_ENDIAN);
        buffer.putLong(VALUE_OFFSET + QuarantineDescriptor.DEADLINE_NS_OFFSET, deadlineNs);
        buffer.putLong(VALUE_OFFSET + QuarantineDescriptor.ACT_ID_OFFSET, actId);
        buffer.putLong(VALUE_OFFSET + QuarantineDescriptor.PACKETS_OFFSET, packets);
        buffer.putLong(VALUE_OFFSET + QuarantineDescriptor.BYTES_OFFSET, bytes);
        buffer.putInt(VALUE_OFFSET + QuarantineDescriptor.MODE_OFFSET, mode);
        buffer.putInt(VALUE_OFFSET + QuarantineDescriptor.RESERVED_OFFSET, 0);
        return bpf.bpf_map_update_elem(fd, block.address(KEY_OFFSET), block.address(VALUE_OFFSET), 0);
    }

    private long value(final int offset)
    {
        return buffer.getLong(VALUE_OFFSET + offset);
    }
}
