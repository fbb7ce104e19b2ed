package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * {@code struct sched_attr} of the calling thread (linux/sched/types.h, as of its first version), given and taken by
 * sched_setattr(2) and sched_getattr(2). Memory goes with the object.
 */
final class SchedulingAttributes
{
    private static final int CURRENT_THREAD = 0;

    /* libc has no wrapper; asm/unistd_64.h for x86-64, asm-generic/unistd.h for the others. */
    private static final boolean IS_X86 = "amd64".equals(System.getProperty("os.arch"));
    private static final long SCHED_SETATTR = IS_X86 ? 314 : 274;
    private static final long SCHED_GETATTR = IS_X86 ? 315 : 275;

    private static final int LENGTH = 48;
    private static final int SIZE_OFFSET = 0;
    private static final int POLICY_OFFSET = 4;
    private static final int FLAGS_OFFSET = 8;
    private static final int NICE_OFFSET = 16;
    private static final int PRIORITY_OFFSET = 20;
    private static final int RUNTIME_OFFSET = 24;

    private static final int SCHED_OTHER = 0;
    private static final int SCHED_RR = 2;
    private static final long RESET_ON_FORK = 1;

    private final NativeBlock block = new NativeBlock(LENGTH);
    private final UnsafeBuffer buffer = block.buffer();

    /** The usual class; a slice of 0 is the kernel's own. */
    SchedulingAttributes usual(final int nice, final long sliceNs)
    {
        clear(SCHED_OTHER);
        buffer.putInt(NICE_OFFSET, nice);
        buffer.putLong(RUNTIME_OFFSET, sliceNs);
        return this;
    }

    SchedulingAttributes realTime(final int priority)
    {
        clear(SCHED_RR);
        buffer.putInt(PRIORITY_OFFSET, priority);
        return this;
    }

    /** Zero or a negative errno. */
    int set()
    {
        // to take the flag off again needs CAP_SYS_NICE, so once set it stays
        return 0 == LibC.API.syscall(SCHED_SETATTR, CURRENT_THREAD, block.address(), 0, 0) ? 0 : -Errno.last();
    }

    SchedulingAttributes read() throws KernelException
    {
        if (LibC.API.syscall(SCHED_GETATTR, CURRENT_THREAD, block.address(), LENGTH, 0) != 0)
        {
            throw new KernelException("sched_getattr", Errno.last());
        }
        return this;
    }

    boolean isRealTime()
    {
        return SCHED_RR == buffer.getInt(POLICY_OFFSET);
    }

    long sliceNs()
    {
        return buffer.getLong(RUNTIME_OFFSET);
    }

    private void clear(final int policy)
    {
        block.clear();
        buffer.putInt(SIZE_OFFSET, LENGTH);
        buffer.putInt(POLICY_OFFSET, policy);
        buffer.putLong(FLAGS_OFFSET, RESET_ON_FORK);
    }
}
