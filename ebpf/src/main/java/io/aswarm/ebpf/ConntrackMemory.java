package io.aswarm.ebpf;

import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

import java.security.SecureRandom;
import java.util.function.ObjLongConsumer;

/**
 * What was told of each tracked connection: when it began, whether it ended, how many bytes of it. So a dump of the
 * table adds only what no event had told, an event after it repeats nothing, and bytes are told as they come and not in
 * one lump at the end. Connections are known by 64 bits of a hash with a secret; buckets of sixteen, and what finds its
 * bucket full is told all the same, without its past.
 */
final class ConntrackMemory implements AutoCloseable
{
    private static final int BUCKET = 16;
    private static final long MULTIPLIER = 0x9e37_79b9_7f4a_7c15L;
    private static final long NS_PER_MS = 1_000_000;
    private static final int TCP = 6;
    private static final int SCTP = 132;
    /* enum tcp_conntrack of linux/netfilter/nf_conntrack_tcp.h */
    private static final int TCP_ESTABLISHED = 3;
    private static final int TCP_FIN_WAIT = 4;
    private static final int TCP_CLOSE = 8;

    private static final int NONE = -1;
    private static final int HASH_OFFSET = 0;
    private static final int START_OFFSET = HASH_OFFSET + Long.BYTES;
    private static final int BYTES_OUT_OFFSET = START_OFFSET + Long.BYTES;
    private static final int BYTES_BACK_OFFSET = BYTES_OUT_OFFSET + Long.BYTES;
    private static final int DUMP_OFFSET = BYTES_BACK_OFFSET + Long.BYTES;
    private static final int FLAGS_OFFSET = DUMP_OFFSET + Integer.BYTES;
    private static final int ENTRY_LENGTH = FLAGS_OFFSET + Integer.BYTES;

    /** The beginning is not known. */
    private static final int UNDATED = 1;
    private static final int TOLD = 2;
    private static final int ESTABLISHED = 4;
    private static final int ENDED = 8;

    private final int bucketMask;
    private final NativeBlock block;
    private final UnsafeBuffer entries;
    private final long secret = new SecureRandom().nextLong();
    private final ObjLongConsumer<SensorCounter> counters;
    private int dump;

    /** Room for so many connections, rounded up to a power of two. */
    ConntrackMemory(final int connectionsMax, final ObjLongConsumer<SensorCounter> counters)
    {
        final int rounded = BitUtil.findNextPositivePowerOfTwo(Math.max(BUCKET, connectionsMax));
        this.bucketMask = rounded / BUCKET - 1;
        this.block = new NativeBlock(rounded * ENTRY_LENGTH);
        this.entries = block.buffer();
        this.counters = counters;
    }

    /** A dump begins: what it does not find is gone. */
    void beginDump()
    {
        dump++;
    }

    /** The dump is complete. */
    void endDump()
    {
        long gone = 0;
        for (int entry = 0; entry < entries.capacity(); entry += ENTRY_LENGTH)
        {
            if (entries.getLong(entry + HASH_OFFSET) != 0 && entries.getInt(entry + DUMP_OFFSET) != dump)
            {
                remove(entry);
                gone++;
            }
        }
        counters.accept(SensorCounter.CONNTRACK_ENDS_MISSED, gone);
    }

    /** Fill in what the past says about this event. False if all of it was told before. */
    boolean onEvent(final ConntrackFlyweight c, final long nowNs)
    {
        c.timeNs = nowNs;
        final long hash = hash(c);
        final int entry = find(hash);
        switch (c.kind)
        {
            case ConntrackFlyweight.NEW:
                return onNew(hash, entry, nowNs);
            case ConntrackFlyweight.UPDATE:
                onUpdate(c, entry == NONE ? add(hash, 0, UNDATED | TOLD) : entry);
                return true;
            case ConntrackFlyweight.FOUND:
                return entry == NONE ? onMissed(c, hash) : onCounted(c, entry);
            default:
                onDestroy(c, entry);
                return true;
        }
    }

    @Override
    public void close()
    {
        block.close();
    }

    private boolean onNew(final long hash, final int entry, final long nowNs)
    {
        boolean isNews = true;
        if (entry != NONE)
        {
            final boolean isUndated = is(entry, UNDATED);
            // A dump may overtake the event of a connection that began meanwhile. Else its predecessor has ended.
            isNews = !isUndated || !is(entry, TOLD);
            counters.accept(SensorCounter.CONNTRACK_ENDS_MISSED, isUndated ? 0 : 1);
            remove(entry);
        }
        add(hash, nowNs, TOLD);
        return isNews;
    }

    private void onUpdate(final ConntrackFlyweight c, final int entry)
    {
        if (entry != NONE && c.protocol == TCP)
        {
            if (c.tcpState == TCP_ESTABLISHED)
            {
                set(entry, ESTABLISHED);
            }
            else if (c.tcpState >= TCP_FIN_WAIT && c.tcpState <= TCP_CLOSE && is(entry, ESTABLISHED))
            {
                end(c, entry);
            }
        }
    }

    /** Found by a dump. The first dump finds what was there before, which is no news and whose bytes have no date. */
    private boolean onMissed(final ConntrackFlyweight c, final long hash)
    {
        final boolean isNews = dump > 1;
        final int entry = add(hash, 0, UNDATED | (isNews ? TOLD : 0) | (isEstablished(c) ? ESTABLISHED : 0));
        count(c, entry);
        c.newBytesOut = 0;
        c.newBytesBack = 0;
        counters.accept(SensorCounter.CONNTRACK_OPENINGS_MISSED, isNews ? 1 : 0);
        return isNews;
    }

    private boolean onCounted(final ConntrackFlyweight c, final int entry)
    {
        entries.putInt(entry + DUMP_OFFSET, dump);
        if (isEstablished(c))
        {
            set(entry, ESTABLISHED);
        }
        count(c, entry);
        c.kind = ConntrackFlyweight.COUNTED;
        return c.newBytesOut > 0 || c.newBytesBack > 0;
    }

    private void onDestroy(final ConntrackFlyweight c, final int entry)
    {
        if (isEstablished(c) || (entry != NONE && is(entry, ESTABLISHED)))
        {
            end(c, entry);
        }
        count(c, entry);
        if (entry != NONE)
        {
            remove(entry);
        }
    }

    /** Once for each connection that was established. */
    private void end(final ConntrackFlyweight c, final int entry)
    {
        if (entry == NONE)
        {
            c.end = true;
        }
        else if (!is(entry, ENDED))
        {
            set(entry, ENDED);
            c.end = true;
            c.durationMs = is(entry, UNDATED) ? ConntrackFlyweight.DURATION_UNKNOWN : Math.min(
                ConntrackFlyweight.DURATION_UNKNOWN, (c.timeNs - entries.getLong(entry + START_OFFSET)) / NS_PER_MS);
        }
    }

    private static boolean isEstablished(final ConntrackFlyweight c)
    {
        return (c.protocol == TCP || c.protocol == SCTP) && (c.status & ConntrackFlyweight.STATUS_ASSURED) != 0;
    }

    private void count(final ConntrackFlyweight c, final int entry)
    {
        if (!c.counted)
        {
            return;
        }
        c.newBytesOut = c.bytesOut;
        c.newBytesBack = c.bytesBack;
        if (entry != NONE)
        {
            c.newBytesOut = Math.max(0, c.bytesOut - entries.getLong(entry + BYTES_OUT_OFFSET));
            c.newBytesBack = Math.max(0, c.bytesBack - entries.getLong(entry + BYTES_BACK_OFFSET));
            entries.putLong(entry + BYTES_OUT_OFFSET, c.bytesOut);
            entries.putLong(entry + BYTES_BACK_OFFSET, c.bytesBack);
        }
    }

    private int find(final long hash)
    {
        final int bucket = bucket(hash);
        for (int entry = bucket; entry < bucket + BUCKET * ENTRY_LENGTH; entry += ENTRY_LENGTH)
        {
            if (entries.getLong(entry + HASH_OFFSET) == hash)
            {
                return entry;
            }
        }
        return NONE;
    }

    private int add(final long hash, final long startNs, final int flags)
    {
        final int bucket = bucket(hash);
        for (int entry = bucket; entry < bucket + BUCKET * ENTRY_LENGTH; entry += ENTRY_LENGTH)
        {
            if (entries.getLong(entry + HASH_OFFSET) == 0)
            {
                entries.putLong(entry + HASH_OFFSET, hash);
                entries.putLong(entry + START_OFFSET, startNs);
                entries.putLong(entry + BYTES_OUT_OFFSET, 0);
                entries.putLong(entry + BYTES_BACK_OFFSET, 0);
                entries.putInt(entry + DUMP_OFFSET, dump);
                entries.putInt(entry + FLAGS_OFFSET, flags);
                return entry;
            }
        }
        counters.accept(SensorCounter.CONNTRACK_UNREMEMBERED, 1);
        return NONE;
    }

    private void remove(final int entry)
    {
        entries.putLong(entry + HASH_OFFSET, 0);
    }

    private boolean is(final int entry, final int flag)
    {
        return (entries.getInt(entry + FLAGS_OFFSET) & flag) != 0;
    }

    private void set(final int entry, final int flag)
    {
        entries.putInt(entry + FLAGS_OFFSET, entries.getInt(entry + FLAGS_OFFSET) | flag);
    }

    private int bucket(final long hash)
    {
        return ((int)(hash >>> Integer.SIZE) & bucketMask) * BUCKET * ENTRY_LENGTH;
    }

    /** Never 0, which marks a free place. */
    private long hash(final ConntrackFlyweight c)
    {
        long hash = mix(secret, c.initiatorHigh);
        hash = mix(hash, c.initiatorLow);
        hash = mix(hash, c.responderHigh);
        hash = mix(hash, c.responderLow);
        hash = mix(hash, (long)c.initiatorPort << Integer.SIZE | c.responderPort << Short.SIZE | c.protocol);
        return hash | 1;
    }

    private static long mix(final long hash, final long word)
    {
        final long product = (hash ^ word) * MULTIPLIER;
        return product ^ product >>> Integer.SIZE;
    }
}
