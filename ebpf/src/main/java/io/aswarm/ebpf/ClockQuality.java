package io.aswarm.ebpf;

/**
 * What the kernel believes of the wall clock (adjtimex(2)).
 *
 * @param synchronised false while nobody disciplines the clock.
 * @param maxErrorUs   bound of its error, in microseconds; grows by 500 µs a second without a discipline.
 * @param errorUs      estimate of its error, in microseconds.
 */
public record ClockQuality(boolean synchronised, long maxErrorUs, long errorUs)
{
    /* struct timex of linux/timex.h */
    private static final int LENGTH = 208;
    private static final int MAX_ERROR_OFFSET = 24;
    private static final int ERROR_OFFSET = 32;
    private static final int STATUS_OFFSET = 40;
    private static final int STATUS_UNSYNCHRONISED = 0x40;
    private static final int TIME_ERROR = 5;

    /**
     * Ask the kernel.
     *
     * @return the state of this moment.
     * @throws KernelException when it does not answer.
     */
    public static ClockQuality read() throws KernelException
    {
        try (NativeBlock block = new NativeBlock(LENGTH))
        {
            final int state = LibC.API.adjtimex(block.address());
            if (state < 0)
            {
                throw new KernelException("adjtimex", Errno.last());
            }
            return new ClockQuality(
                state != TIME_ERROR && (block.buffer().getInt(STATUS_OFFSET) & STATUS_UNSYNCHRONISED) == 0,
                block.buffer().getLong(MAX_ERROR_OFFSET),
                block.buffer().getLong(ERROR_OFFSET));
        }
    }
}
