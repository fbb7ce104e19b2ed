package io.aswarm.ebpf;

/**
 * Layout of {@code struct settings} (aswarm_events.h): what the loader writes into the program's constants.
 * <pre>
 *  +---------------------------------------------------------------+
 *  |                     Probe nonce (16 bytes)                   ...
 *  +---------------------------------------------------------------+
 *  |                      Burst window (ns), 64                    |
 *  +-------------------------------+-------------------------------+
 *  |     Burst records max, 32     |     Ring records max, 32      |
 *  +-------------------------------+-------------------------------+
 * </pre>
 */
final class SettingsDescriptor
{
    static final int PROBE_NONCE_LENGTH = 16;

    static final int PROBE_NONCE_OFFSET = 0;
    static final int BURST_WINDOW_NS_OFFSET = PROBE_NONCE_OFFSET + PROBE_NONCE_LENGTH;
    static final int BURST_RECORDS_MAX_OFFSET = BURST_WINDOW_NS_OFFSET + Long.BYTES;
    static final int RING_RECORDS_MAX_OFFSET = BURST_RECORDS_MAX_OFFSET + Integer.BYTES;
    static final int LENGTH = RING_RECORDS_MAX_OFFSET + Integer.BYTES;

    private static final int RING_HEADER_LENGTH = 8;
    private static final int RING_RECORDS_MIN = 64;
    private static final int RING_RECORDS_MAX = 4096;

    private SettingsDescriptor()
    {
    }

    /**
     * Records that each CPU may write in a slice of 50 ms: at most a fifth of the ring in all, its reserve included, so
     * that a reader which is held up for a fifth of a second loses nothing.
     */
    static int ringRecordsMax(final int ringBytes, final int cpus)
    {
        final int records = ringBytes / (ConversationDescriptor.LENGTH + RING_HEADER_LENGTH);
        return Math.max(RING_RECORDS_MIN, Math.min(RING_RECORDS_MAX, records / (6 * cpus)));
    }
}
