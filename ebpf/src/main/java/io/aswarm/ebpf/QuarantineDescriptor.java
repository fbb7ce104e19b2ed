package io.aswarm.ebpf;

/**
 * Layout of {@code struct quarantine_act} (aswarm_events.h), an element of the pinned array. Host byte order, the
 * address in network order. User space writes the first cache line, the kernel the second. It is read by the next
 * release too: a change of it is a change of the map's name, and a case for {@link QuarantineMigration}.
 * <pre>
 *  +---------------------------------------------------------------+
 *  |               Deadline (ns), 64; 0: a free place              |
 *  +---------------------------------------------------------------+
 *  |                           Act id, 64                          |
 *  +---------------------------------------------------------------+
 *  |                   Address of the prefix, 128                 ...
 *  +-------------------------------+-------------------------------+
 *  |          VLAN or VNI, 32      |     Packets per second, 32    |
 *  +-------------------------------+---------------+-------+-------+
 *  |           Burst, 32           |    Port, 16   |Length8|Proto 8|
 *  +-------+-------+---------------+---------------+-------+-------+
 *  |Role 8 |Mode 8 |             Reserved (14 bytes)              ...
 *  +-------+-------+-----------------------------------------------+
 *  |              Packets dropped (or observed), 64                |
 *  +---------------------------------------------------------------+
 *  |             Next packet due by the bucket (ns), 64            |
 *  +---------------------------------------------------------------+
 *  |                      Reserved (48 bytes)                     ...
 *  +---------------------------------------------------------------+
 * </pre>
 */
final class QuarantineDescriptor
{
    static final int DEADLINE_NS_OFFSET = 0;
    static final int ACT_ID_OFFSET = DEADLINE_NS_OFFSET + Long.BYTES;
    static final int ADDRESS_HIGH_OFFSET = ACT_ID_OFFSET + Long.BYTES;
    static final int ADDRESS_LOW_OFFSET = ADDRESS_HIGH_OFFSET + Long.BYTES;
    static final int VLAN_OFFSET = ADDRESS_LOW_OFFSET + Long.BYTES;
    static final int PACKETS_PER_SECOND_OFFSET = VLAN_OFFSET + Integer.BYTES;
    static final int BURST_OFFSET = PACKETS_PER_SECOND_OFFSET + Integer.BYTES;
    static final int PORT_OFFSET = BURST_OFFSET + Integer.BYTES;
    static final int PREFIX_LENGTH_OFFSET = PORT_OFFSET + Short.BYTES;
    static final int PROTOCOL_OFFSET = PREFIX_LENGTH_OFFSET + Byte.BYTES;
    static final int ROLE_OFFSET = PROTOCOL_OFFSET + Byte.BYTES;
    static final int MODE_OFFSET = ROLE_OFFSET + Byte.BYTES;
    static final int RESERVED_OFFSET = MODE_OFFSET + Byte.BYTES;
    static final int PACKETS_OFFSET = RESERVED_OFFSET + 7 * Short.BYTES;
    static final int DUE_NS_OFFSET = PACKETS_OFFSET + Long.BYTES;
    static final int RESERVED_HOT_OFFSET = DUE_NS_OFFSET + Long.BYTES;
    static final int LENGTH = RESERVED_HOT_OFFSET + 6 * Long.BYTES;

    private QuarantineDescriptor()
    {
    }
}
