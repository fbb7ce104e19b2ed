package io.aswarm.ebpf;

/**
 * Layout of {@code struct process_event} (aswarm_events.h). Host byte order.
 * <pre>
 *  +---------------------------------------------------------------+
 *  |                          Time (ns), 64                        |
 *  +---------------------------------------------------------------+
 *  |                       Start time (ns), 64                     |
 *  +---------------------------------------------------------------+
 *  |                   Parent's start time (ns), 64                |
 *  +---------------------------------------------------------------+
 *  |                          cgroup id, 64                        |
 *  +---------------------------------------------------------------+
 *  |                    Inode of the executable, 64                |
 *  +-------------------------------+-------------------------------+
 *  |  Device of the executable, 32 |        Process id, 32         |
 *  +-------------------------------+-------------------------------+
 *  |     Parent's process id, 32   |          User id, 32          |
 *  +-------------------------------+-------------------------------+
 *  |          Exit code, 32        |     Process namespace, 32     |
 *  +-------------------------------+---------------+-------+-------+
 *  |     Network namespace, 32     | Name length 16|Kind 8 |Flags 8|
 *  +-------------------------------+---------------+-------+-------+
 *  |                     Command name (16 bytes)                  ...
 *  +---------------------------------------------------------------+
 *  |                      File name (168 bytes)                   ...
 *  +---------------------------------------------------------------+
 * </pre>
 */
final class ProcessDescriptor
{
    static final int COMM_LENGTH = 16;
    static final int FILENAME_CAPACITY = 168;

    static final int TIME_NS_OFFSET = 0;
    static final int START_TIME_NS_OFFSET = TIME_NS_OFFSET + Long.BYTES;
    static final int PARENT_START_TIME_NS_OFFSET = START_TIME_NS_OFFSET + Long.BYTES;
    static final int CGROUP_ID_OFFSET = PARENT_START_TIME_NS_OFFSET + Long.BYTES;
    static final int EXECUTABLE_INODE_OFFSET = CGROUP_ID_OFFSET + Long.BYTES;
    static final int EXECUTABLE_DEVICE_OFFSET = EXECUTABLE_INODE_OFFSET + Long.BYTES;
    static final int PROCESS_ID_OFFSET = EXECUTABLE_DEVICE_OFFSET + Integer.BYTES;
    static final int PARENT_PROCESS_ID_OFFSET = PROCESS_ID_OFFSET + Integer.BYTES;
    static final int USER_ID_OFFSET = PARENT_PROCESS_ID_OFFSET + Integer.BYTES;
    static final int EXIT_CODE_OFFSET = USER_ID_OFFSET + Integer.BYTES;
    static final int PROCESS_NAMESPACE_OFFSET = EXIT_CODE_OFFSET + Integer.BYTES;
    static final int NETWORK_NAMESPACE_OFFSET = PROCESS_NAMESPACE_OFFSET + Integer.BYTES;
    static final int FILENAME_LENGTH_OFFSET = NETWORK_NAMESPACE_OFFSET + Integer.BYTES;
    static final int KIND_OFFSET = FILENAME_LENGTH_OFFSET + Short.BYTES;
    static final int FLAGS_OFFSET = KIND_OFFSET + Byte.BYTES;
    static final int COMM_OFFSET = FLAGS_OFFSET + Byte.BYTES;
    static final int FILENAME_OFFSET = COMM_OFFSET + COMM_LENGTH;
    static final int LENGTH = FILENAME_OFFSET + FILENAME_CAPACITY;

    private ProcessDescriptor()
    {
    }
}
