package io.aswarm.ebpf;

/**
 * Calls of the kernel side to the kernel that failed, at one line and for one reason.
 *
 * @param file  of the program, such as {@code conversation.h}.
 * @param line  of the call.
 * @param errno that it gave.
 * @param count how often, since the program was loaded.
 */
public record HelperFailure(String file, int line, int errno, long count)
{
    @Override
    public String toString()
    {
        return file + ":" + line + " " + Errno.describe(errno) + " count=" + count;
    }
}
