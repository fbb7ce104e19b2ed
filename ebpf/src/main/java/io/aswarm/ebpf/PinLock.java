package io.aswarm.ebpf;

import java.nio.file.Path;

/**
 * Holds a directory of pins for one process. A second one would put its program in the first one's place, which would
 * then hear nothing more and not know. The kernel lets go of it when the process ends, however it ends.
 * <p>
 * flock(2) and not Java's locks: those of fcntl(2) need a file that can be written, and a bpffs has none.
 */
final class PinLock implements AutoCloseable
{
    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int LOCK_EX_NB = 2 | 4;

    private final int fd;

    /**
     * Take the directory.
     *
     * @param directory made if it is missing.
     * @throws KernelException when it is not on a bpffs, or another process has it.
     */
    PinLock(final Path directory) throws KernelException
    {
        BpfFs.createDirectory(directory);
        fd = LibC.API.open(directory.toString(), O_RDONLY_CLOEXEC);
        if (fd < 0)
        {
            throw new KernelException("directory for pins can not be opened: " + directory, Errno.last());
        }
        if (LibC.API.flock(fd, LOCK_EX_NB) != 0)
        {
            final int errno = Errno.last();
            LibC.API.close(fd);
            throw Errno.EAGAIN.number() == errno ?
                new KernelException(directory + ": another process uses these pins", 0,
                    "stop it, or give each node a directory of its own") :
                new KernelException("directory for pins can not be locked: " + directory, errno);
        }
    }

    @Override
    public void close()
    {
        LibC.API.close(fd);
    }
}
