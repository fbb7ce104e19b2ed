package io.aswarm.ebpf;

import jnr.ffi.Runtime;

/** The errors that this module meets, by number and name (asm-generic/errno-base.h, errno.h). */
enum Errno
{
    EPERM(1, "operation not permitted"),
    ENOENT(2, "no such entry"),
    EINTR(4, "interrupted"),
    EIO(5, "input or output error"),
    E2BIG(7, "no room left in the map"),
    EAGAIN(11, "try again"),
    ENOMEM(12, "out of memory"),
    EACCES(13, "permission denied"),
    EBUSY(16, "in use by another"),
    EEXIST(17, "exists already"),
    ENODEV(19, "no such device"),
    EINVAL(22, "invalid argument"),
    ENOSPC(28, "no space left"),
    ERANGE(34, "out of range"),
    ENOSYS(38, "not known to this kernel"),
    EOPNOTSUPP(95, "not supported"),
    ENOBUFS(105, "no buffer space"),
    ESTALE(116, "belongs to another act");

    private final int number;
    private final String meaning;

    Errno(final int number, final String meaning)
    {
        this.number = number;
        this.meaning = meaning;
    }

    int number()
    {
        return number;
    }

    /** As a function of this module returns it: negative. */
    int asResult()
    {
        return -number;
    }

    /** The calling thread's errno after a call that failed. */
    static int last()
    {
        return Runtime.getSystemRuntime().getLastError();
    }

    static String describe(final int errno)
    {
        final int number = Math.abs(errno);
        for (final Errno candidate : values())
        {
            if (candidate.number == number)
            {
                return candidate.name() + " (" + candidate.meaning + ")";
            }
        }

        return "errno=" + number;
    }
}
