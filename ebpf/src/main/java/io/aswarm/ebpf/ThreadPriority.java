package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A thread's place where several want one CPU. Linux keeps it for each thread, and neither way below needs a privilege.
 */
public final class ThreadPriority
{
    private static final int PRIO_PROCESS = 0;
    private static final int CURRENT_THREAD = 0;
    private static final int NICE_MAX = 19;
    private static final long SLICE_MIN_NS = 100_000;
    private static final long SLICE_MAX_NS = 100_000_000;

    /* libc has no wrapper; asm/unistd_64.h for x86-64, asm-generic/unistd.h for the others. */
    private static final boolean IS_X86 = "amd64".equals(System.getProperty("os.arch"));
    private static final long SCHED_SETATTR = IS_X86 ? 314 : 274;
    private static final long SCHED_GETATTR = IS_X86 ? 315 : 275;

    /* struct sched_attr of linux/sched/types.h, as of its first version. */
    private static final int ATTRIBUTES_LENGTH = 48;
    private static final int SIZE_OFFSET = 0;
    private static final int NICE_OFFSET = 16;
    private static final int RUNTIME_OFFSET = 24;

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
        try (NativeBlock attributes = new NativeBlock(ATTRIBUTES_LENGTH))
        {
            final UnsafeBuffer buffer = attributes.clear().buffer();
            buffer.putInt(SIZE_OFFSET, ATTRIBUTES_LENGTH);
            buffer.putInt(NICE_OFFSET, nice());
            buffer.putLong(RUNTIME_OFFSET, sliceNs);
            if (LibC.API.syscall(SCHED_SETATTR, CURRENT_THREAD, attributes.address(), 0, 0) != 0)
            {
                throw new KernelException("sched_setattr slice=" + sliceNs + " ns", Errno.last());
            }
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
        try (NativeBlock attributes = new NativeBlock(ATTRIBUTES_LENGTH))
        {
            if (LibC.API.syscall(SCHED_GETATTR, CURRENT_THREAD, attributes.address(), ATTRIBUTES_LENGTH, 0) != 0)
            {
                throw new KernelException("sched_getattr", Errno.last());
            }
            return attributes.buffer().getLong(RUNTIME_OFFSET);
        }
    }
}
