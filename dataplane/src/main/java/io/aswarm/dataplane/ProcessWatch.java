package io.aswarm.dataplane;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.ProcessFlyweight;
import io.aswarm.ebpf.ProcessHandler;
import io.aswarm.ebpf.ProcessTable;
import io.aswarm.sketch.LocalPolicy;
import io.aswarm.sketch.ProcessEvent;

/**
 * Remembers who started whom, and shows each program start with its parent to the local policy. Sensor thread; nothing
 * is allocated.
 */
final class ProcessWatch implements ProcessHandler, ProcessEvent
{
    private final ProcessTable table;
    private final LocalPolicy policy;
    private final long hostHigh;
    private final long hostLow;
    private final byte[] bytes = new byte[ProcessFlyweight.FILE_NAME_LENGTH_MAX];
    private ProcessFlyweight record;
    private long parentId;

    /**
     * Feed a policy.
     *
     * @param table  told every event.
     * @param policy of the same thread.
     * @param host   an address of this host, by which it is the subject.
     */
    ProcessWatch(final ProcessTable table, final LocalPolicy policy, final IpAddress host)
    {
        this.table = table;
        this.policy = policy;
        this.hostHigh = host.high();
        this.hostLow = host.low();
    }

    @Override
    public void onProcess(final ProcessFlyweight process)
    {
        table.onProcess(process);
        if (ProcessFlyweight.EXECUTED == process.kind())
        {
            record = process;
            parentId = table.parentOf(table.idOf(process.processId(), process.startTimeNs()));
            policy.onProcess(this);
        }
    }

    @Override
    public long timeNs()
    {
        return record.timeNs();
    }

    @Override
    public long hostHigh()
    {
        return hostHigh;
    }

    @Override
    public long hostLow()
    {
        return hostLow;
    }

    @Override
    public int path(final byte[] destination)
    {
        return last(record.fileName(bytes), destination);
    }

    @Override
    public int parentPath(final byte[] destination)
    {
        return last(table.path(parentId, bytes), destination);
    }

    /** Of a path longer than is looked at, its end counts. */
    private int last(final int length, final byte[] destination)
    {
        final int count = Math.min(length, PATH_MAX);
        System.arraycopy(bytes, length - count, destination, 0, count);
        return count;
    }
}
