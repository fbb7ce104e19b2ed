package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads the values of one key of a per-CPU map, each whole: counters between a first word {@code completed} and a last
 * word {@code begun}. The kernel copies a value upwards word by word, so that if the two are equal no update was under
 * way during the copy. A CPU caught in the midst is read again.
 */
final class PerCpuAccount implements AutoCloseable
{
    private static final int ATTEMPTS_MAX = 10_000;

    private final LibBpf.Api bpf;
    private final int fd;
    private final int keyLength;
    private final int counters;
    private final int valueLength;
    private final NativeBlock block;
    private final UnsafeBuffer buffer;
    private final long[][] counts;

    /** Of a map whose keys have 4 or 8 bytes. */
    PerCpuAccount(final LibBpf.Api bpf, final int fd, final int keyLength, final int counters)
    {
        this.bpf = bpf;
        this.fd = fd;
        this.keyLength = keyLength;
        this.counters = counters;
        valueLength = (counters + 2) * Long.BYTES;
        final int cpus = bpf.libbpf_num_possible_cpus();
        counts = new long[cpus][counters];
        block = new NativeBlock(Long.BYTES + cpus * valueLength);
        buffer = block.buffer();
    }

    int cpus()
    {
        return counts.length;
    }

    /** A counter as it was read last. */
    long count(final int cpu, final int counter)
    {
        return counts[cpu][counter];
    }

    /** Read the values of a key, which is given as its bytes in host order. False if the map has no such key. */
    boolean read(final long key) throws KernelException
    {
        final boolean[] done = new boolean[counts.length];
        int remaining = counts.length;
        for (int attempt = 0; remaining > 0; attempt++)
        {
            if (attempt == ATTEMPTS_MAX)
            {
                throw new KernelException("an account never rests: " + attempt + " attempts", Errno.EAGAIN.number());
            }

            putKey(key);
            final int result = bpf.bpf_map_lookup_elem(fd, block.address(), block.address(Long.BYTES));
            if (result == Errno.ENOENT.asResult())
            {
                return false;
            }
            if (result < 0)
            {
                throw new KernelException("account can not be read", -result);
            }
            for (int cpu = 0; cpu < counts.length; cpu++)
            {
                if (!done[cpu] && takeIfWhole(cpu))
                {
                    done[cpu] = true;
                    remaining--;
                }
            }
        }
        return true;
    }

    @Override
    public void close()
    {
        block.close();
    }

    private void putKey(final long key)
    {
        if (keyLength == Integer.BYTES)
        {
            buffer.putInt(0, (int)key);
        }
        else
        {
            buffer.putLong(0, key);
        }
    }

    private boolean takeIfWhole(final int cpu)
    {
        final int offset = Long.BYTES + cpu * valueLength;
        if (buffer.getLong(offset) != buffer.getLong(offset + valueLength - Long.BYTES))
        {
            return false;
        }
        for (int i = 0; i < counters; i++)
        {
            counts[cpu][i] = buffer.getLong(offset + (i + 1) * Long.BYTES);
        }
        return true;
    }
}
