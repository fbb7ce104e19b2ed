package io.aswarm.sketch;

/**
 * A process became another program, on one host. The policy reads it during the call only. Paths are bytes as the
 * kernel has them, without a final zero; nothing is assumed of their encoding.
 */
public interface ProcessEvent
{
    /** Longest path that is looked at; of a longer one the last bytes count. */
    int PATH_MAX = 256;
    /** Flag: the parent is known to serve conversations from outside its host, for example since it listens. */
    int FLAG_PARENT_SERVES = 1;

    /**
     * When it happened.
     *
     * @return CLOCK_MONOTONIC in nanoseconds.
     */
    long timeNs();

    /**
     * First eight bytes of an address of the host.
     *
     * @return first eight bytes of an address of the host.
     */
    long hostHigh();

    /**
     * Last eight bytes of an address of the host.
     *
     * @return last eight bytes of an address of the host.
     */
    long hostLow();

    /**
     * The program that begins.
     *
     * @param destination of at least {@link #PATH_MAX} bytes, filled from 0.
     * @return how many bytes; 0 when it is not known.
     */
    int path(byte[] destination);

    /**
     * The program of the process that started it.
     *
     * @param destination of at least {@link #PATH_MAX} bytes, filled from 0.
     * @return how many bytes; 0 when it is not known.
     */
    int parentPath(byte[] destination);

    /**
     * What else is known, the {@code FLAG_} bits.
     *
     * @return the bits.
     */
    default int flags()
    {
        return 0;
    }
}
