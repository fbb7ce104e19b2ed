package io.aswarm.ebpf;

import org.agrona.collections.IntArrayList;

/**
 * Which CPUs a thread may run on. A thread that could not be pinned is an error here, never a silence.
 */
public final class CpuAffinity
{
    private static final int CPUS_MAX = 8192;
    private static final int CURRENT_THREAD = 0;

    private CpuAffinity()
    {
    }

    /**
     * Let the calling thread run on one CPU only.
     *
     * @param cpu counted from 0.
     * @throws KernelException when the CPU does not exist, is offline, or is not given to this process.
     */
    public static void pinCurrentThread(final int cpu) throws KernelException
    {
        if (cpu < 0 || cpu >= CPUS_MAX)
        {
            throw new KernelException("cpu=" + cpu + " can not be pinned to", Errno.EINVAL.number());
        }

        try (NativeBlock mask = new NativeBlock(CPUS_MAX / Byte.SIZE))
        {
            mask.buffer().putByte(cpu / Byte.SIZE, (byte)(1 << (cpu % Byte.SIZE)));
            if (LibC.API.sched_setaffinity(CURRENT_THREAD, mask.buffer().capacity(), mask.address()) != 0)
            {
                throw new KernelException("sched_setaffinity cpu=" + cpu, Errno.last(),
                    "this process may use " + new IntArrayList(available(), available().length, -1));
            }
        }
    }

    /**
     * The CPUs that the calling thread may use.
     *
     * @return their numbers, ascending.
     * @throws KernelException when the kernel does not say.
     */
    public static int[] available() throws KernelException
    {
        try (NativeBlock mask = new NativeBlock(CPUS_MAX / Byte.SIZE))
        {
            if (LibC.API.sched_getaffinity(CURRENT_THREAD, mask.buffer().capacity(), mask.address()) < 0)
            {
                throw new KernelException("sched_getaffinity", Errno.last());
            }

            final IntArrayList cpus = new IntArrayList();
            for (int cpu = 0; cpu < CPUS_MAX; cpu++)
            {
                if ((mask.buffer().getByte(cpu / Byte.SIZE) & 1 << (cpu % Byte.SIZE)) != 0)
                {
                    cpus.addInt(cpu);
                }
            }
            return cpus.toIntArray();
        }
    }
}
