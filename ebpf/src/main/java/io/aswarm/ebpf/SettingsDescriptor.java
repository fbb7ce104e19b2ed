package io.aswarm.ebpf;

/**
 * Layout of {@code struct settings} (aswarm_events.h): what the loader writes into the program's constants.
 * <pre>
 *  +---------------------------------------------------------------+
 *  |                     Probe nonce (16 bytes)                   ...
 *  +---------------------------------------------------------------+
 *  |                      Burst window (ns), 64                    |
 *  +-------------------------------+-------------------------------+
 *  |     Burst records max, 32     |          Reserved, 32         |
 *  +-------------------------------+-------------------------------+
 * </pre>
 */
final class SettingsDescriptor
{
    static final int PROBE_NONCE_LENGTH = 16;

    static final int PROBE_NONCE_OFFSET = 0;
    static final int BURST_WINDOW_NS_OFFSET = PROBE_NONCE_OFFSET + PROBE_NONCE_LENGTH;
    static final int BURST_RECORDS_MAX_OFFSET = BURST_WINDOW_NS_OFFSET + Long.BYTES;
    static final int RESERVED_OFFSET = BURST_RECORDS_MAX_OFFSET + Integer.BYTES;
    static final int LENGTH = RESERVED_OFFSET + Integer.BYTES;

    private SettingsDescriptor()
    {
    }
}
