package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

import java.util.concurrent.TimeUnit;

/**
 * Waits for descriptors to be readable, level-triggered, with a timeout in nanoseconds (epoll_pwait2, Linux 5.11).
 */
final class Epoll implements AutoCloseable
{
    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLLIN = 1;
    private static final int EVENTS_MAX = 8;
    private static final int TIME_SPEC_OFFSET = 0;
    private static final int EVENTS_OFFSET = TIME_SPEC_OFFSET + 2 * Long.BYTES;
    /** struct epoll_event is packed on x86-64 (12 bytes), 16 bytes elsewhere; only room matters here. */
    private static final int EVENT_LENGTH = 16;

    private final int fd;
    private final NativeBlock block = new NativeBlock(EVENTS_OFFSET + EVENTS_MAX * EVENT_LENGTH);

    Epoll() throws KernelException
    {
        fd = LibC.API.epoll_create1(EPOLL_CLOEXEC);
        if (fd < 0)
        {
            throw new KernelException("epoll_create1", Errno.last());
        }
    }

    void add(final int descriptor) throws KernelException
    {
        block.buffer().putInt(EVENTS_OFFSET, EPOLLIN);
        block.buffer().putLong(EVENTS_OFFSET + Integer.BYTES, 0);
        if (LibC.API.epoll_ctl(fd, EPOLL_CTL_ADD, descriptor, block.address(EVENTS_OFFSET)) != 0)
        {
            throw new KernelException("epoll_ctl fd=" + descriptor, Errno.last());
        }
    }

    /** How many descriptors are ready; 0 after the timeout, or when a signal came. */
    int await(final long timeoutNs)
    {
        final UnsafeBuffer buffer = block.buffer();
        buffer.putLong(TIME_SPEC_OFFSET, TimeUnit.NANOSECONDS.toSeconds(timeoutNs));
        buffer.putLong(TIME_SPEC_OFFSET + Long.BYTES, timeoutNs % TimeUnit.SECONDS.toNanos(1));
        return Math.max(0, LibC.API.epoll_pwait2(
            fd, block.address(EVENTS_OFFSET), EVENTS_MAX, block.address(TIME_SPEC_OFFSET), 0));
    }

    @Override
    public void close()
    {
        LibC.API.close(fd);
        block.close();
    }
}
