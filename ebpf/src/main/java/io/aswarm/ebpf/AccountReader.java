package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads a per-CPU account (struct account, struct process_account): counters between a first word {@code completed} and
 * a last word {@code begun}. The kernel copies a value upwards word by word, so that when the two are equal no update
 * was under way during the copy. A CPU caught in the midst is read again.
 */
final class AccountReader implements AutoCloseable
{
    private static final int ATTEMPTS_MAX = 10_000;

    private final LibBpf.Api bpf;
    private final int fd;
    private final SensorCounter first;
    private final int counters;
    private final int cpus;
    private final int valueLength;
    private final NativeBlock block;

    AccountReader(
        final LibBpf.Api bpf, final int fd, final SensorCounter first, final SensorCounter last)
    {
        this.bpf = bpf;
        this.fd = fd;
        this.first = first;
        counters = last.ordinal() - first.ordinal() + 1;
        cpus = bpf.libbpf_num_possible_cpus();
        valueLength = (counters + 2) * Long.BYTES;
        block = new NativeBlock(Long.BYTES + cpus * valueLength);
    }

    /** Add the sums over the CPUs to an array indexed by counter. */
    void addTo(final long[] counts) throws KernelException
    {
        final UnsafeBuffer buffer = block.buffer();
        final boolean[] done = new boolean[cpus];
        int remaining = cpus;
        for (int attempt = 0; remaining > 0; attempt++)
        {
            if (attempt == ATTEMPTS_MAX)
            {
                throw new KernelException("an account never rests: " + attempt + " attempts", Errno.EAGAIN.number());
            }

            buffer.putInt(0, 0);
            final int result = bpf.bpf_map_lookup_elem(fd, block.address(), block.address(Long.BYTES));
            if (result < 0)
            {
                throw new KernelException("account can not be read", -result);
            }
            for (int cpu = 0; cpu < cpus; cpu++)
            {
                final int offset = Long.BYTES + cpu * valueLength;
                final long completed = buffer.getLong(offset);
                final long begun = buffer.getLong(offset + valueLength - Long.BYTES);
                if (!done[cpu] && completed == begun)
                {
                    done[cpu] = true;
                    remaining--;
                    for (int i = 0; i < counters; i++)
                    {
                        counts[first.ordinal() + i] += buffer.getLong(offset + (i + 1) * Long.BYTES);
                    }
                }
            }
        }
    }

    @Override
    public void close()
    {
        block.close();
    }
}
