package io.aswarm.ebpf;

/**
 * Layout of {@code struct conversation_event} (aswarm_events.h). Host byte order; addresses in network order.
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                            Time (ns)                          |
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                       Initiator (16 bytes)                   ...
 *  +---------------------------------------------------------------+
 *  |                       Responder (16 bytes)                   ...
 *  +---------------------------------------------------------------+
 *  |                        Interface index                        |
 *  +---------------------------------------------------------------+
 *  |                             Weight                            |
 *  +-------------------------------+-------------------------------+
 *  |        Initiator port         |        Responder port         |
 *  +-------------------------------+-------------------------------+
 *  |             VLAN              |         Length (bytes)        |
 *  +---------------+---------------+---------------+---------------+
 *  |     Kind      |   Protocol    |   TCP flags   |     Flags     |
 *  +---------------+---------------+---------------+---------------+
 *  |                           Quantity                            |
 *  +---------------------------------------------------------------+
 * </pre>
 */
final class ConversationDescriptor
{
    static final int TIME_NS_OFFSET = 0;
    static final int INITIATOR_HIGH_OFFSET = TIME_NS_OFFSET + Long.BYTES;
    static final int INITIATOR_LOW_OFFSET = INITIATOR_HIGH_OFFSET + Long.BYTES;
    static final int RESPONDER_HIGH_OFFSET = INITIATOR_LOW_OFFSET + Long.BYTES;
    static final int RESPONDER_LOW_OFFSET = RESPONDER_HIGH_OFFSET + Long.BYTES;
    static final int INTERFACE_INDEX_OFFSET = RESPONDER_LOW_OFFSET + Long.BYTES;
    static final int WEIGHT_OFFSET = INTERFACE_INDEX_OFFSET + Integer.BYTES;
    static final int INITIATOR_PORT_OFFSET = WEIGHT_OFFSET + Integer.BYTES;
    static final int RESPONDER_PORT_OFFSET = INITIATOR_PORT_OFFSET + Short.BYTES;
    static final int VLAN_OFFSET = RESPONDER_PORT_OFFSET + Short.BYTES;
    static final int LENGTH_BYTES_OFFSET = VLAN_OFFSET + Short.BYTES;
    static final int KIND_OFFSET = LENGTH_BYTES_OFFSET + Short.BYTES;
    static final int PROTOCOL_OFFSET = KIND_OFFSET + Byte.BYTES;
    static final int TCP_FLAGS_OFFSET = PROTOCOL_OFFSET + Byte.BYTES;
    static final int FLAGS_OFFSET = TCP_FLAGS_OFFSET + Byte.BYTES;
    static final int QUANTITY_OFFSET = FLAGS_OFFSET + Byte.BYTES;
    static final int LENGTH = QUANTITY_OFFSET + Integer.BYTES;

    private ConversationDescriptor()
    {
    }
}
