package io.aswarm.ebpf;

import java.util.ArrayList;
import java.util.List;

/**
 * Lists the keys of a map, eight bytes each, in host order. Keys that come or go meanwhile may be missed; listing ends
 * in any case.
 */
final class MapKeys implements AutoCloseable
{
    private static final int KEYS_MAX = 65_536;

    private final LibBpf.Api bpf;
    private final int fd;
    private final NativeBlock block = new NativeBlock(2 * Long.BYTES);

    MapKeys(final LibBpf.Api bpf, final int fd)
    {
        this.bpf = bpf;
        this.fd = fd;
    }

    List<Long> list() throws KernelException
    {
        final List<Long> keys = new ArrayList<>();
        long previous = 0;
        while (keys.size() < KEYS_MAX)
        {
            final int result = bpf.bpf_map_get_next_key(fd, previous, block.address(Long.BYTES));
            if (result == Errno.ENOENT.asResult())
            {
                return keys;
            }
            if (result < 0)
            {
                throw new KernelException("map can not be listed", -result);
            }
            final long key = block.buffer().getLong(Long.BYTES);
            keys.add(key);
            block.buffer().putLong(0, key);
            previous = block.address();
        }
        return keys;
    }

    @Override
    public void close()
    {
        block.close();
    }
}
