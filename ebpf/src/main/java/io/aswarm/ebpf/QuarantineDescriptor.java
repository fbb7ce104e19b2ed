package io.aswarm.ebpf;

/**
 * Layout of {@code struct quarantine_entry} (aswarm_events.h), the value of the pinned map. Host byte order. It is read
 * by the next release too: a change of it is a change of the map's name.
 * <pre>
 *  +---------------------------------------------------------------+
 *  |                        Deadline (ns), 64                      |
 *  +---------------------------------------------------------------+
 *  |                           Act id, 64                          |
 *  +---------------------------------------------------------------+
 *  |              Packets dropped (or observed), 64                |
 *  +---------------------------------------------------------------+
 *  |               Bytes dropped (or observed), 64                 |
 *  +-------------------------------+-------------------------------+
 *  |            Mode, 32           |          Reserved, 32         |
 *  +-------------------------------+-------------------------------+
 * </pre>
 */
final class QuarantineDescriptor
{
    static final int DEADLINE_NS_OFFSET = 0;
    static final int ACT_ID_OFFSET = DEADLINE_NS_OFFSET + Long.BYTES;
    static final int PACKETS_OFFSET = ACT_ID_OFFSET + Long.BYTES;
    static final int BYTES_OFFSET = PACKETS_OFFSET + Long.BYTES;
    static final int MODE_OFFSET = BYTES_OFFSET + Long.BYTES;
    static final int RESERVED_OFFSET = MODE_OFFSET + Integer.BYTES;
    static final int LENGTH = RESERVED_OFFSET + Integer.BYTES;

    private QuarantineDescriptor()
    {
    }
}
