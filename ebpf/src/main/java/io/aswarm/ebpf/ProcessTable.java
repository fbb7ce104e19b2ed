package io.aswarm.ebpf;

import org.agrona.collections.Int2IntHashMap;
import org.agrona.collections.IntArrayQueue;

import java.nio.file.Path;

/**
 * Who started whom: the processes that live and, as long as there is room, those that ended. Each has an id that grows
 * with every process and is never given twice, so that what was remembered of one is not taken for another that got its
 * process id. Of one that is forgotten, asking gives {@link #UNKNOWN} or nothing.
 * <p>
 * Belongs to the polling thread. Nothing is allocated after construction. When the table is full the one that ended
 * first makes room, then those that live, in turn.
 */
public final class ProcessTable implements ProcessHandler
{
    /** Id of no process. */
    public static final long UNKNOWN = 0;

    private static final int NO_SLOT = -1;
    private static final int SLOT_BITS = 20;
    private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
    /** The kernel tells the start of those that were there before us in ticks of 10 ms, counted from the boot. */
    private static final long START_TOLERANCE_NS = 30_000_000;
    private static final int PATH_CAPACITY = ProcessFlyweight.FILE_NAME_LENGTH_MAX;

    private final int processesMax;
    private final long[] ids;
    private final long[] parentIds;
    private final long[] startTimesNs;
    private final long[] cgroupIds;
    private final long[] executableInodes;
    private final int[] executableDevices;
    private final int[] processIds;
    private final int[] userIds;
    private final int[] processNamespaces;
    private final int[] networkNamespaces;
    private final int[] earlier;
    private final boolean[] isEnded;
    private final boolean[] isStartRough;
    private final boolean[] serves;
    private final byte[][] paths;
    private final int[] pathLengths;
    private final Int2IntHashMap latest = new Int2IntHashMap(NO_SLOT);
    private final IntArrayQueue free = new IntArrayQueue(NO_SLOT);
    private final IntArrayQueue ended = new IntArrayQueue(NO_SLOT);
    private long sequence;
    private int nextVictim;
    private long evictedAlive;
    private long orphans;

    /**
     * Make an empty table.
     *
     * @param processesMax how many are remembered, 1 to 1,048,576; each takes about 300 bytes.
     */
    public ProcessTable(final int processesMax)
    {
        if (processesMax < 1 || processesMax > SLOT_MASK + 1)
        {
            throw new IllegalArgumentException(
                "processesMax=" + processesMax + ": allowed are 1 to " + (SLOT_MASK + 1));
        }
        this.processesMax = processesMax;
        ids = new long[processesMax];
        parentIds = new long[processesMax];
        startTimesNs = new long[processesMax];
        cgroupIds = new long[processesMax];
        executableInodes = new long[processesMax];
        executableDevices = new int[processesMax];
        processIds = new int[processesMax];
        userIds = new int[processesMax];
        processNamespaces = new int[processesMax];
        networkNamespaces = new int[processesMax];
        earlier = new int[processesMax];
        isEnded = new boolean[processesMax];
        isStartRough = new boolean[processesMax];
        serves = new boolean[processesMax];
        paths = new byte[processesMax][PATH_CAPACITY];
        pathLengths = new int[processesMax];
        for (int slot = 0; slot < processesMax; slot++)
        {
            free.offerInt(slot);
        }
    }

    /**
     * Take an event in. To be called for every one, in their order.
     *
     * @param process a view of the event.
     */
    @Override
    public void onProcess(final ProcessFlyweight process)
    {
        final int parent = find(process.parentProcessId(), process.parentStartTimeNs());
        int slot = find(process.processId(), process.startTimeNs());
        if (slot == NO_SLOT)
        {
            slot = take(process.processId(), process.startTimeNs(), parent);
            adopt(slot, slot == parent ? NO_SLOT : parent);
        }
        userIds[slot] = process.userId();
        cgroupIds[slot] = process.cgroupId();
        processNamespaces[slot] = process.processNamespace();
        if (process.networkNamespace() != 0)
        {
            networkNamespaces[slot] = process.networkNamespace();
        }
        if (process.kind() == ProcessFlyweight.LISTENS)
        {
            serves[slot] = true;
        }
        else if (process.kind() == ProcessFlyweight.EXECUTED)
        {
            // A server that starts itself anew keeps its socket; whatever else it becomes does not serve.
            serves[slot] &= executableDevices[slot] == process.executableDevice() &&
                executableInodes[slot] == process.executableInode();
            executableDevices[slot] = process.executableDevice();
            executableInodes[slot] = process.executableInode();
            pathLengths[slot] = process.fileName(paths[slot]);
        }
        else if (process.kind() == ProcessFlyweight.EXITED && !isEnded[slot])
        {
            isEnded[slot] = true;
            ended.offerInt(slot);
        }
    }

    /**
     * The id of a process.
     *
     * @param processId   in the initial pid namespace.
     * @param startTimeNs CLOCK_MONOTONIC, as events tell it.
     * @return its id, or {@link #UNKNOWN}.
     */
    public long idOf(final int processId, final long startTimeNs)
    {
        final int slot = find(processId, startTimeNs);
        return slot == NO_SLOT ? UNKNOWN : ids[slot];
    }

    /**
     * The process that started one, or that it was given to when that ended.
     *
     * @param id of the process.
     * @return the parent's id, which may be forgotten by now, or {@link #UNKNOWN}.
     */
    public long parentOf(final long id)
    {
        final int slot = slotOf(id);
        return slot == NO_SLOT ? UNKNOWN : parentIds[slot];
    }

    /**
     * Copy out the path of the program that a process runs, as it was given to the kernel.
     *
     * @param id          of the process.
     * @param destination of at least {@link ProcessFlyweight#FILE_NAME_LENGTH_MAX} bytes.
     * @return how many bytes; 0 when it is not known.
     */
    public int path(final long id, final byte[] destination)
    {
        final int slot = slotOf(id);
        if (slot == NO_SLOT)
        {
            return 0;
        }
        System.arraycopy(paths[slot], 0, destination, 0, pathLengths[slot]);
        return pathLengths[slot];
    }

    /**
     * Whether a process serves: its program listens for conversations over TCP, or it was forked by one that did.
     *
     * @param id of the process.
     * @return true if it is known to.
     */
    public boolean serves(final long id)
    {
        final int slot = slotOf(id);
        return slot != NO_SLOT && serves[slot];
    }

    /**
     * Whether a process is remembered and has not ended.
     *
     * @param id of the process.
     * @return true if it lives, as far as events tell.
     */
    public boolean isAlive(final long id)
    {
        final int slot = slotOf(id);
        return slot != NO_SLOT && !isEnded[slot];
    }

    /**
     * The control group of a process.
     *
     * @param id of the process.
     * @return id in the cgroup v2 hierarchy, for {@link CgroupNames}; 0 when it is not known.
     */
    public long cgroupId(final long id)
    {
        final int slot = slotOf(id);
        return slot == NO_SLOT ? 0 : cgroupIds[slot];
    }

    /**
     * Which file a process runs: one number for device and inode, the same for the same file under any path.
     *
     * @param id of the process.
     * @return the number; 0 when it is not known.
     */
    public long executable(final long id)
    {
        final int slot = slotOf(id);
        return slot == NO_SLOT ? 0 : executableInodes[slot] ^ (long)executableDevices[slot] << Integer.SIZE;
    }

    /**
     * Whose process it is.
     *
     * @param id of the process.
     * @return real user id; -1 when it is not known.
     */
    public int userId(final long id)
    {
        final int slot = slotOf(id);
        return slot == NO_SLOT ? -1 : userIds[slot];
    }

    /**
     * The network namespace of a process.
     *
     * @param id of the process.
     * @return its inode; 0 when it is not known.
     */
    public int networkNamespace(final long id)
    {
        final int slot = slotOf(id);
        return slot == NO_SLOT ? 0 : networkNamespaces[slot];
    }

    /**
     * The pid namespace of a process.
     *
     * @param id of the process.
     * @return its inode; 0 when it is not known.
     */
    public int processNamespace(final long id)
    {
        final int slot = slotOf(id);
        return slot == NO_SLOT ? 0 : processNamespaces[slot];
    }

    /**
     * Processes that were forgotten while they lived, since the table was full of living ones.
     *
     * @return since construction.
     */
    public long evictedAlive()
    {
        return evictedAlive;
    }

    /**
     * Processes whose parent was not known when they were taken in.
     *
     * @return since construction.
     */
    public long orphans()
    {
        return orphans;
    }

    /**
     * Take in the processes that run already, so that the first events find their parents. Once, after
     * {@link KernelSensor#open} and before the first poll; reads {@code /proc}.
     *
     * @param cgroups names of control groups.
     * @return how many were taken in.
     */
    public int takeInRunning(final CgroupNames cgroups)
    {
        return RunningProcess.scanInto(this, Path.of("/proc"), cgroups);
    }

    /** One that was there before the first event; its start is known roughly. False if it is known already. */
    boolean found(final RunningProcess process)
    {
        if (find(process.processId(), process.startTimeNs()) != NO_SLOT)
        {
            return false;
        }
        final int slot = take(process.processId(), process.startTimeNs(), NO_SLOT);
        isStartRough[slot] = true;
        serves[slot] = process.serves();
        userIds[slot] = process.userId();
        cgroupIds[slot] = process.cgroupId();
        executableDevices[slot] = process.executableDevice();
        executableInodes[slot] = process.executableInode();
        processNamespaces[slot] = process.processNamespace();
        networkNamespaces[slot] = process.networkNamespace();
        pathLengths[slot] = Math.min(process.path().length, PATH_CAPACITY);
        System.arraycopy(process.path(), 0, paths[slot], 0, pathLengths[slot]);
        return true;
    }

    /** After all were found: the latest process of the parent's number is the parent. */
    void link(final RunningProcess process)
    {
        final int slot = find(process.processId(), process.startTimeNs());
        final int parent = latest.get(process.parentProcessId());
        if (slot != NO_SLOT && parent != NO_SLOT && parentIds[slot] == UNKNOWN)
        {
            parentIds[slot] = ids[parent];
        }
    }

    private int slotOf(final long id)
    {
        final int slot = (int)(id & SLOT_MASK);
        return id != UNKNOWN && slot < processesMax && ids[slot] == id ? slot : NO_SLOT;
    }

    private int find(final int processId, final long startTimeNs)
    {
        for (int slot = latest.get(processId); slot != NO_SLOT; slot = earlier[slot])
        {
            final long differenceNs = startTimesNs[slot] - startTimeNs;
            if (differenceNs == 0)
            {
                return slot;
            }
            if (isStartRough[slot] && Math.abs(differenceNs) <= START_TOLERANCE_NS)
            {
                startTimesNs[slot] = startTimeNs;
                isStartRough[slot] = false;
                return slot;
            }
        }
        return NO_SLOT;
    }

    private int take(final int processId, final long startTimeNs, final int parent)
    {
        int slot = free.pollInt();
        if (slot == NO_SLOT)
        {
            slot = pollEnded(parent);
            if (slot == NO_SLOT)
            {
                slot = nextAlive(parent);
                evictedAlive++;
            }
            forget(slot);
        }
        sequence++;
        ids[slot] = sequence << SLOT_BITS | slot;
        parentIds[slot] = UNKNOWN;
        startTimesNs[slot] = startTimeNs;
        processIds[slot] = processId;
        isEnded[slot] = false;
        isStartRough[slot] = false;
        serves[slot] = false;
        executableInodes[slot] = 0;
        executableDevices[slot] = 0;
        networkNamespaces[slot] = 0;
        pathLengths[slot] = 0;
        earlier[slot] = latest.get(processId);
        latest.put(processId, slot);
        return slot;
    }

    private int pollEnded(final int kept)
    {
        final int slot = ended.pollInt();
        if (slot == NO_SLOT || slot != kept)
        {
            return slot;
        }
        ended.offerInt(kept);
        final int next = ended.pollInt();
        if (next != kept)
        {
            return next;
        }
        ended.offerInt(kept);
        return NO_SLOT;
    }

    private int nextAlive(final int kept)
    {
        int slot = NO_SLOT;
        do
        {
            slot = nextVictim;
            nextVictim = (nextVictim + 1) % processesMax;
        }
        while (processesMax > 1 && (slot == kept || isEnded[slot]));
        return slot;
    }

    /** Out of the chain of those that had its process id. */
    private void forget(final int slot)
    {
        final int head = latest.get(processIds[slot]);
        if (head == slot)
        {
            if (earlier[slot] == NO_SLOT)
            {
                latest.remove(processIds[slot]);
            }
            else
            {
                latest.put(processIds[slot], earlier[slot]);
            }
            return;
        }
        for (int each = head; each != NO_SLOT; each = earlier[each])
        {
            if (earlier[each] == slot)
            {
                earlier[each] = earlier[slot];
                return;
            }
        }
    }

    /** A process runs its parent's program until it executes another. */
    private void adopt(final int slot, final int parent)
    {
        if (parent == NO_SLOT)
        {
            orphans++;
            return;
        }
        parentIds[slot] = ids[parent];
        serves[slot] = serves[parent];
        executableInodes[slot] = executableInodes[parent];
        executableDevices[slot] = executableDevices[parent];
        pathLengths[slot] = pathLengths[parent];
        System.arraycopy(paths[parent], 0, paths[slot], 0, pathLengths[parent]);
    }
}
