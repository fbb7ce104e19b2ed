package io.aswarm.ebpf;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code failures}: {@code struct call_site} (file, line, errno) to a count for each CPU.
 */
final class HelperFailureReader implements AutoCloseable
{
    /** By {@code enum source_file}; LayoutTest holds it. */
    static final List<String> FILES = List.of(
        "", "account.h", "burst.h", "conversation.h", "fragment.h", "quarantine.h", "report.h");

    private final LibBpf.Api bpf;
    private final int fd;
    private final int cpus;
    private final MapKeys keys;
    private final NativeBlock block;

    HelperFailureReader(final LibBpf.Api bpf, final int fd)
    {
        this.bpf = bpf;
        this.fd = fd;
        cpus = bpf.libbpf_num_possible_cpus();
        keys = new MapKeys(bpf, fd);
        block = new NativeBlock((1 + cpus) * Long.BYTES);
    }

    List<HelperFailure> read() throws KernelException
    {
        final List<HelperFailure> failures = new ArrayList<>();
        for (final long key : keys.list())
        {
            block.buffer().putLong(0, key);
            if (bpf.bpf_map_lookup_elem(fd, block.address(), block.address(Long.BYTES)) == 0)
            {
                long count = 0;
                for (int cpu = 0; cpu < cpus; cpu++)
                {
                    count += block.buffer().getLong((1 + cpu) * Long.BYTES);
                }
                final int file = (int)(key & 0xffff);
                failures.add(new HelperFailure(
                    file < FILES.size() ? FILES.get(file) : "file " + file, (int)(key >>> 16 & 0xffff),
                    -(int)(key >>> Integer.SIZE), count));
            }
        }
        return failures;
    }

    @Override
    public void close()
    {
        block.close();
        keys.close();
    }
}
