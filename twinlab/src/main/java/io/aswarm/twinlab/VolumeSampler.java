package io.aswarm.twinlab;

/**
 * Bytes by sampling in proportion to them, as the kernel's sensor does it on one CPU (ebpf, volume.h): of all the bytes
 * that pass, the one at each multiple of the quantum is asked whose it is, and its packet's record stands for the
 * quantum. Over a conversation the sum is unbiased. It is a power of two that doubles as records come faster
 * than {@link #RECORDS_MAX} in a window and halves when they come slower than a quarter of it.
 */
final class VolumeSampler
{
    /** Quantum where little happens, as a power of two of bytes. */
    static final int SHIFT_MIN = 10;
    /** Records in a window from which on the quantum doubles. */
    static final int RECORDS_MAX = 200;
    /** Length of a window. */
    static final long WINDOW_NS = 100_000_000L;
    private static final int SHIFT_MAX = 30;

    private long totalBytes;
    private int lastLength;
    private long windowNs;
    private int records;
    private int shift = SHIFT_MIN;

    /** Count a packet, whatever it is. */
    void count(final int lengthBytes)
    {
        totalBytes += lengthBytes;
        lastLength = lengthBytes;
    }

    /** Bytes that the packet counted last is to stand for; 0 for most. */
    long sampled()
    {
        return ((totalBytes >> shift) - ((totalBytes - lastLength) >> shift)) << shift;
    }

    /** A record is written. */
    void adapt(final long nowNs)
    {
        final long windows = (nowNs - windowNs) / WINDOW_NS;
        if (windows > 0)
        {
            shift -= records < RECORDS_MAX / 4 ? (int)Math.min(windows, shift - SHIFT_MIN) : 0;
            windowNs = nowNs;
            records = 0;
        }
        if (++records >= RECORDS_MAX && shift < SHIFT_MAX)
        {
            shift++;
            // half the rate is left, so half a window's records may yet come before it doubles again
            records = RECORDS_MAX / 2;
        }
    }
}
