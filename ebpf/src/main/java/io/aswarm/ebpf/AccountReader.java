package io.aswarm.ebpf;

import java.util.List;

/**
 * Reads the account of a program (struct account, struct process_account), summed over the CPUs.
 */
final class AccountReader implements AutoCloseable
{
    private final List<SensorCounter> fields;
    private final PerCpuAccount account;

    AccountReader(final LibBpf.Api bpf, final int fd, final List<SensorCounter> fields)
    {
        this.fields = fields;
        account = new PerCpuAccount(bpf, fd, Integer.BYTES, fields.size());
    }

    /** Add the sums over the CPUs to an array indexed by counter. */
    void addTo(final long[] counts) throws KernelException
    {
        account.read(0);
        for (int i = 0; i < fields.size(); i++)
        {
            for (int cpu = 0; cpu < account.cpus(); cpu++)
            {
                counts[fields.get(i).ordinal()] += account.count(cpu, i);
            }
        }
    }

    @Override
    public void close()
    {
        account.close();
    }
}
