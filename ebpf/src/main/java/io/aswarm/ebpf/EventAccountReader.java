package io.aswarm.ebpf;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code event_accounts}: {@code struct event_source} (interface index, kind) to {@code struct event_account}.
 */
final class EventAccountReader implements AutoCloseable
{
    private static final int COUNTERS = 5;

    private final MapKeys keys;
    private final PerCpuAccount account;

    EventAccountReader(final LibBpf.Api bpf, final int fd)
    {
        keys = new MapKeys(bpf, fd);
        account = new PerCpuAccount(bpf, fd, Long.BYTES, COUNTERS);
    }

    /** All of them, without those of CPUs that saw nothing. */
    List<EventAccount> read() throws KernelException
    {
        final List<EventAccount> accounts = new ArrayList<>();
        for (final long key : keys.list())
        {
            if (account.read(key))
            {
                for (int cpu = 0; cpu < account.cpus(); cpu++)
                {
                    if (account.count(cpu, 0) != 0)
                    {
                        accounts.add(entry(key, cpu));
                    }
                }
            }
        }
        return accounts;
    }

    @Override
    public void close()
    {
        account.close();
        keys.close();
    }

    private EventAccount entry(final long key, final int cpu)
    {
        return new EventAccount(
            (int)key, cpu, (int)(key >>> Integer.SIZE), account.count(cpu, 0), account.count(cpu, 1),
            account.count(cpu, 2), account.count(cpu, 3), account.count(cpu, 4));
    }
}
