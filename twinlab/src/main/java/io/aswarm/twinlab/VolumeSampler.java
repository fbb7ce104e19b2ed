package io.aswarm.twinlab;

/**
 * Byte-proportional sampling, as the kernel's sensor does it: bytes are added up, and the packet that crosses the
 * quantum is reported and stands for all of them. So the sum over records is the sum over packets but for less than one
 * quantum, and who sends more is reported more often. The quantum doubles while records come faster than their rate
 * allows and halves again when they do not.
 */
final class VolumeSampler
{
    /** Quantum where little happens, in bytes. */
    static final int QUANTUM_MIN = 1 << 10;
    /** Quantum at most, in bytes. */
    static final int QUANTUM_MAX = 1 << 20;
    /** Records in a window from which on the quantum doubles. */
    static final int RECORDS_MAX = 100;
    /** Length of a window. */
    static final long WINDOW_NS = 10_000_000L;

    private long creditBytes;
    private int quantum = QUANTUM_MIN;
    private long windowNs;
    private int records;

    /**
     * Count a packet.
     *
     * @param lengthBytes on the wire.
     * @param nowNs       virtual time.
     * @return bytes that this packet is reported for, or 0 when it is not.
     */
    long onPacket(final int lengthBytes, final long nowNs)
    {
        creditBytes += lengthBytes;
        if (creditBytes < quantum)
        {
            return 0;
        }
        if (nowNs - windowNs >= WINDOW_NS)
        {
            quantum = records < RECORDS_MAX / 2 ? Math.max(QUANTUM_MIN, quantum / 2) : quantum;
            windowNs = nowNs;
            records = 0;
        }
        if (++records >= RECORDS_MAX)
        {
            quantum = Math.min(QUANTUM_MAX, quantum * 2);
            records = 0;
        }
        final long bytes = creditBytes;
        creditBytes = 0;
        return bytes;
    }
}
