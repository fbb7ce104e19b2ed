package io.aswarm.ebpf;

/**
 * A thread's place where several want one CPU. Linux keeps it for each thread, and neither way below needs a privilege.
 */
public final class ThreadPriority
{
    private static final int PRIO_PROCESS = 0;
    private static final int CURRENT_THREAD = 0;
    private static final int NICE_MAX = 19;
    static final long SLICE_MIN_NS = 100_000;
    private static final long SLICE_MAX_NS = 100_000_000;

    private ThreadPriority()
    {
    }

    /**
     * Let others come first. Cannot be undone without CAP_SYS_NICE.
     *
     * @param nice from 0, which others have, to 19; each step is about a tenth less of the CPU (setpriority(2)).
     * @throws KernelException when the kernel refuses.
     */
    public static void lowerCurrentThread(final int nice) throws KernelException
    {
        if (nice < 0 || nice > NICE_MAX)
        {
            throw new KernelException("nice=" + nice + " can not be set", Errno.EINVAL.number());
        }
        if (LibC.API.setpriority(PRIO_PROCESS, CURRENT_THREAD, nice) != 0)
        {
            throw new KernelException("setpriority nice=" + nice, Errno.last());
        }
    }

    /**
     * Ask for the CPU often and shortly: who asks for a shorter slice than the one that runs takes its place when it is
     * woken, where it would wait for the end of a slice of some 3 ms else (EEVDF since Linux 6.12, sched_setattr(2)
     * with sched_runtime). Its share stays the same. An earlier kernel takes the wish and does nothing.
     *
     * @param sliceNs of one turn, 0.1 ms to 100 ms.
     * @throws KernelException when the kernel refuses.
     */
    public static void shortenSliceOfCurrentThread(final long sliceNs) throws KernelException
    {
        if (sliceNs < SLICE_MIN_NS || sliceNs > SLICE_MAX_NS)
        {
            throw new KernelException("slice of " + sliceNs + " ns can not be set", Errno.EINVAL.number());
        }
        final int result = new SchedulingAttributes().usual(nice(), sliceNs).set();
        if (result != 0)
        {
            throw new KernelException("sched_setattr slice=" + sliceNs + " ns", -result);
        }
    }

    /**
     * The nice value of the calling thread.
     *
     * @return -20 to 19.
     */
    public static int nice()
    {
        return LibC.API.getpriority(PRIO_PROCESS, CURRENT_THREAD);
    }

    /**
     * The slice of the calling thread.
     *
     * @return nanoseconds; 0 where the kernel does not keep one (before Linux 6.12).
     * @throws KernelException when the kernel refuses.
     */
    public static long sliceNs() throws KernelException
    {
        return new SchedulingAttributes().read().sliceNs();
    }
}
