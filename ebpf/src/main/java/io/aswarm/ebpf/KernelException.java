package io.aswarm.ebpf;

/**
 * The kernel, libbpf or libc refused something: says what was asked, the error's name, and what to do about it.
 */
public final class KernelException extends Exception
{
    private static final long serialVersionUID = 1L;

    private final int errno;

    KernelException(final String what, final int errno, final String advice)
    {
        super(what + (errno > 0 ? ": " + Errno.describe(errno) : "") + (advice.isEmpty() ? "" : ": " + advice));
        this.errno = errno;
    }

    KernelException(final String what, final int errno)
    {
        this(what, errno, "");
    }

    KernelException(final String what, final Throwable cause)
    {
        super(what, cause);
        this.errno = 0;
    }

    /**
     * The error number behind this, as in {@code errno(3)}.
     *
     * @return a positive number, or 0 where the fault was not reported by the kernel.
     */
    public int errno()
    {
        return errno;
    }

    /**
     * An error number in words.
     *
     * @param errno of {@code errno(3)}, of either sign, as functions of this module return it.
     * @return its name and meaning, or the number where this module never meets it.
     */
    public static String describe(final int errno)
    {
        return Errno.describe(errno);
    }
}
