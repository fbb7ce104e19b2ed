package io.aswarm.ebpf;

import java.nio.file.Path;

/**
 * Who started whom: the processes that live and, as long as there is room, those that ended. Each has an id that grows
 * with every process and is never given twice, so that what was remembered of one is not taken for another that got its
 * process id. Of one that is forgotten, asking gives {@link #UNKNOWN} or nothing.
 * <p>
 * Belongs to the polling thread. Nothing is allocated after construction. {@link ProcessSlots} tells who is in which
 * slot, and who makes room when the table is full.
 */
public final class ProcessTable implements ProcessHandler
{
    /** Id of no process. */
    public static final long UNKNOWN = 0;

    private static final int NO_SLOT = ProcessSlots.NONE;
    private static final int PATH_CAPACITY = ProcessFlyweight.FILE_NAME_LENGTH_MAX;

    private final ProcessSlots slots;
    private final long[] parentIds;
    private final long[] cgroupIds;
    private final long[] executableInodes;
    private final int[] executableDevices;
    private final int[] userIds;
    private final int[] processNamespaces;
    private final int[] networkNamespaces;
    private final boolean[] serves;
    private final byte[][] paths;
    private final int[] pathLengths;
    private long orphans;

    /**
     * Make an empty table.
     *
     * @param processesMax how many are remembered, 1 to 1,048,576; each takes about 300 bytes.
     */
    public ProcessTable(final int processesMax)
    {
        if (processesMax < 1 || processesMax > ProcessSlots.SLOTS_MAX)
        {
            throw new IllegalArgumentException(
                "processesMax=" + processesMax + ": allowed are 1 to " + ProcessSlots.SLOTS_MAX);
        }
        slots = new ProcessSlots(processesMax);
        parentIds = new long[processesMax];
        cgroupIds = new long[processesMax];
        executableInodes = new long[processesMax];
        executableDevices = new int[processesMax];
        userIds = new int[processesMax];
        processNamespaces = new int[processesMax];
        networkNamespaces = new int[processesMax];
        serves = new boolean[processesMax];
        paths = new byte[processesMax][PATH_CAPACITY];
        pathLengths = new int[processesMax];
    }

    /**
     * Take an event in. To be called for every one, in their order.
     *
     * @param process a view of the event.
     */
    @Override
    public void onProcess(final ProcessFlyweight process)
    {
        final int parent = slots.find(process.parentProcessId(), process.parentStartTimeNs());
        int slot = slots.find(process.processId(), process.startTimeNs());
        if (slot == NO_SLOT)
        {
            slot = clear(slots.take(process.processId(), process.startTimeNs(), false, parent));
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
        else if (process.kind() == ProcessFlyweight.EXITED)
        {
            slots.end(slot);
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
        final int slot = slots.find(processId, startTimeNs);
        return slot == NO_SLOT ? UNKNOWN : slots.id(slot);
    }

    /**
     * The process that started one, or that it was given to when that ended.
     *
     * @param id of the process.
     * @return the parent's id, which may be forgotten by now, or {@link #UNKNOWN}.
     */
    public long parentOf(final long id)
    {
        final int slot = slots.of(id);
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
        final int slot = slots.of(id);
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
        final int slot = slots.of(id);
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
        final int slot = slots.of(id);
        return slot != NO_SLOT && !slots.isEnded(slot);
    }

    /**
     * The control group of a process.
     *
     * @param id of the process.
     * @return id in the cgroup v2 hierarchy, for {@link CgroupNames}; 0 when it is not known.
     */
    public long cgroupId(final long id)
    {
        final int slot = slots.of(id);
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
        final int slot = slots.of(id);
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
        final int slot = slots.of(id);
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
        final int slot = slots.of(id);
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
        final int slot = slots.of(id);
        return slot == NO_SLOT ? 0 : processNamespaces[slot];
    }

    /**
     * Processes that were forgotten while they lived, since the table was full of living ones.
     *
     * @return since construction.
     */
    public long evictedAlive()
    {
        return slots.evictedAlive();
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
        if (slots.find(process.processId(), process.startTimeNs()) != NO_SLOT)
        {
            return false;
        }
        final int slot = clear(slots.take(process.processId(), process.startTimeNs(), true, NO_SLOT));
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
        final int slot = slots.find(process.processId(), process.startTimeNs());
        final int parent = slots.latest(process.parentProcessId());
        if (slot != NO_SLOT && parent != NO_SLOT && parentIds[slot] == UNKNOWN)
        {
            parentIds[slot] = slots.id(parent);
        }
    }

    private int clear(final int slot)
    {
        parentIds[slot] = UNKNOWN;
        serves[slot] = false;
        executableInodes[slot] = 0;
        executableDevices[slot] = 0;
        networkNamespaces[slot] = 0;
        pathLengths[slot] = 0;
        return slot;
    }

    /** A process runs its parent's program until it executes another. */
    private void adopt(final int slot, final int parent)
    {
        if (parent == NO_SLOT)
        {
            orphans++;
            return;
        }
        parentIds[slot] = slots.id(parent);
        serves[slot] = serves[parent];
        executableInodes[slot] = executableInodes[parent];
        executableDevices[slot] = executableDevices[parent];
        pathLengths[slot] = pathLengths[parent];
        System.arraycopy(paths[parent], 0, paths[slot], 0, pathLengths[parent]);
    }
}
