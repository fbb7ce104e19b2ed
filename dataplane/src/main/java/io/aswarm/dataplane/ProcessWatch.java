package io.aswarm.dataplane;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.ProcessFlyweight;
import io.aswarm.ebpf.ProcessHandler;
import io.aswarm.ebpf.ProcessTable;
import io.aswarm.sketch.ProcessEvent;

import java.util.function.Consumer;

/**
 * Remembers who started whom, and shows each program start with its parent to the local policy. Sensor thread; nothing
 * is allocated.
 */
final class ProcessWatch implements ProcessHandler, ProcessEvent
{
    private final ProcessTable table;
    private final Consumer<ProcessEvent> policy;
    private final long hostHigh;
    private final long hostLow;
    private final byte[] bytes = new byte[ProcessFlyweight.FILE_NAME_LENGTH_MAX];
    private final byte[] before = new byte[ProcessFlyweight.FILE_NAME_LENGTH_MAX];
    private int beforeLength;
    private ProcessFlyweight record;
    private long processId;

    /**
     * Feed a policy.
     *
     * @param table  told every event.
     * @param policy told of each start, on the same thread; the event is valid during the call.
     * @param host   an address of this host, by which it is the subject.
     */
    ProcessWatch(final ProcessTable table, final Consumer<ProcessEvent> policy, final IpAddress host)
    {
        this.table = table;
        this.policy = policy;
        this.hostHigh = host.high();
        this.hostLow = host.low();
    }

    @Override
    public void onProcess(final ProcessFlyweight process)
    {
        if (ProcessFlyweight.EXECUTED == process.kind())
        {
            beforeLength = table.path(table.idOf(process.processId(), process.startTimeNs()), before);
            table.onProcess(process);
            record = process;
            processId = table.idOf(process.processId(), process.startTimeNs());
            policy.accept(this);
        }
        else
        {
            table.onProcess(process);
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
        return last(bytes, record.fileName(bytes), destination);
    }

    @Override
    public int parentPath(final byte[] destination)
    {
        return ancestorPath(1, destination);
    }

    @Override
    public int ancestorPath(final int generation, final byte[] destination)
    {
        return 0 == generation ? last(before, beforeLength, destination) :
            last(bytes, table.path(ancestor(generation), bytes), destination);
    }

    @Override
    public boolean ancestorServes(final int generation)
    {
        return table.serves(ancestor(generation));
    }

    @Override
    public int flags()
    {
        return 0 != (record.flags() & ProcessFlyweight.FLAG_INPUT_CONNECTED) ? FLAG_INPUT_CONNECTED : 0;
    }

    private long ancestor(final int generation)
    {
        long id = processId;
        for (int i = 0; i < generation; i++)
        {
            id = table.parentOf(id);
        }
        return id;
    }

    /** Of a path longer than is looked at, its end counts. */
    private static int last(final byte[] bytes, final int length, final byte[] destination)
    {
        final int count = Math.min(length, PATH_MAX);
        System.arraycopy(bytes, length - count, destination, 0, count);
        return count;
    }
}
