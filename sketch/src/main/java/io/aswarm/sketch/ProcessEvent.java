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
    /** Flag: the standard input of the process is a socket of the network. */
    int FLAG_INPUT_CONNECTED = 2;
    /** How many generations of parents are looked at. */
    int GENERATIONS_MAX = 6;

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

    /**
     * The program of an earlier generation.
     *
     * @param generation  0 for what the process itself was before, 1 for its parent, up to {@link #GENERATIONS_MAX}.
     * @param destination of at least {@link #PATH_MAX} bytes, filled from 0.
     * @return how many bytes; 0 when it is not known.
     */
    default int ancestorPath(final int generation, final byte[] destination)
    {
        return generation == 1 ? parentPath(destination) : 0;
    }

    /**
     * Whether an earlier generation is known to serve conversations from outside its host.
     *
     * @param generation 1 for the parent, up to {@link #GENERATIONS_MAX}.
     * @return true if it is known to.
     */
    default boolean ancestorServes(final int generation)
    {
        return generation == 1 && (flags() & FLAG_PARENT_SERVES) != 0;
    }
}
