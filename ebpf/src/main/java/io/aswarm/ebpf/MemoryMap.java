package io.aswarm.ebpf;

import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Pages of a file descriptor in this process.
 */
final class MemoryMap implements AutoCloseable
{
    static final int PAGE_BYTES = UnsafeApi.pageSize();

    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;
    private static final long MAP_FAILED = -1;
    private static final long MARK = 0x6d61726b_00000002L;
    private static boolean selfTested;

    private final int lengthBytes;
    private final UnsafeBuffer buffer;
    private long address;

    MemoryMap(final int fd, final long offset, final int lengthBytes, final boolean writable) throws KernelException
    {
        this.lengthBytes = lengthBytes;
        address = LibC.API.mmap(
            null, lengthBytes, PROT_READ | (writable ? PROT_WRITE : 0), MAP_SHARED, fd, offset);
        if (address == MAP_FAILED)
        {
            throw new KernelException("mmap offset=" + offset + " lengthBytes=" + lengthBytes, Errno.last());
        }
        buffer = new UnsafeBuffer(address, lengthBytes);
    }

    UnsafeBuffer buffer()
    {
        return buffer;
    }

    /**
     * Prove once that the sixth argument of mmap arrives: a file with a mark on its second page only must show it
     * when mapped from there.
     */
    static synchronized void selfTest() throws KernelException
    {
        if (selfTested)
        {
            return;
        }

        final int fd = LibC.API.memfd_create("aswarm-self-test", 0);
        if (fd < 0)
        {
            throw new KernelException("memfd_create", Errno.last());
        }

        try (NativeBlock mark = new NativeBlock(Long.BYTES))
        {
            mark.buffer().putLong(0, MARK);
            if (LibC.API.pwrite(fd, mark.address(), Long.BYTES, PAGE_BYTES) != Long.BYTES)
            {
                throw new KernelException("pwrite to a memfd", Errno.last());
            }
            try (MemoryMap map = new MemoryMap(fd, PAGE_BYTES, PAGE_BYTES, false))
            {
                if (map.buffer().getLong(0) != MARK)
                {
                    throw new KernelException("this JVM passes a wrong sixth argument to mmap", 0,
                        "use the jnr-ffi release that the build pins");
                }
            }
            selfTested = true;
        }
        finally
        {
            LibC.API.close(fd);
        }
    }

    @Override
    public void close()
    {
        if (address != 0)
        {
            buffer.wrap(0, 0);
            LibC.API.munmap(address, lengthBytes);
            address = 0;
        }
    }
}
