package io.aswarm.ebpf;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import static io.aswarm.ebpf.ProcessDescriptor.CGROUP_ID_OFFSET;
import static io.aswarm.ebpf.ProcessDescriptor.COMM_LENGTH;
import static io.aswarm.ebpf.ProcessDescriptor.COMM_OFFSET;
import static io.aswarm.ebpf.ProcessDescriptor.EXECUTABLE_DEVICE_OFFSET;
import static io.aswarm.ebpf.ProcessDescriptor.EXECUTABLE_INODE_OFFSET;
import static io.aswarm.ebpf.ProcessDescriptor.EXIT_CODE_OFFSET;
import static io.aswarm.ebpf.ProcessDescriptor.FILENAME_CAPACITY;
import static io.aswarm.ebpf.ProcessDescriptor.FILENAME_LENGTH_OFFSET;
import static io.aswarm.ebpf.ProcessDescriptor.FILENAME_OFFSET;
import static io.aswarm.ebpf.ProcessDescriptor.FLAGS_OFFSET;
import static io.aswarm.ebpf.ProcessDescriptor.KIND_OFFSET;
import static io.aswarm.ebpf.ProcessDescriptor.LENGTH;
import static io.aswarm.ebpf.ProcessDescriptor.NETWORK_NAMESPACE_OFFSET;
import static io.aswarm.ebpf.ProcessDescriptor.PARENT_PROCESS_ID_OFFSET;
import static io.aswarm.ebpf.ProcessDescriptor.PARENT_START_TIME_NS_OFFSET;
import static io.aswarm.ebpf.ProcessDescriptor.PROCESS_ID_OFFSET;
import static io.aswarm.ebpf.ProcessDescriptor.PROCESS_NAMESPACE_OFFSET;
import static io.aswarm.ebpf.ProcessDescriptor.START_TIME_NS_OFFSET;
import static io.aswarm.ebpf.ProcessDescriptor.TIME_NS_OFFSET;
import static io.aswarm.ebpf.ProcessDescriptor.USER_ID_OFFSET;

/**
 * A view of one process event where the kernel wrote it. Valid during the handler's call only. A process is named by
 * its id together with its start time, since ids are used again.
 */
public final class ProcessFlyweight
{
    /** A process was forked; the file name is empty. */
    public static final int FORKED = 1;
    /** A process became another program. */
    public static final int EXECUTED = 2;
    /** A process ended; the file name is empty. */
    public static final int EXITED = 3;
    /** A process began to listen for conversations over TCP; the file name is empty. */
    public static final int LISTENS = 4;
    /** The file name was longer than the record has room for. */
    public static final int FLAG_FILENAME_CUT = 1;
    /** The standard input of the program is a socket of IPv4 or IPv6. */
    public static final int FLAG_INPUT_CONNECTED = 2;

    /** Longest file name that a record has room for. */
    public static final int FILE_NAME_LENGTH_MAX = FILENAME_CAPACITY - 1;

    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);

    ProcessFlyweight()
    {
    }

    ProcessFlyweight wrap(final DirectBuffer source, final int index)
    {
        buffer.wrap(source, index, LENGTH);
        return this;
    }

    /**
     * What happened.
     *
     * @return {@link #FORKED}, {@link #EXECUTED}, {@link #EXITED} or {@link #LISTENS}.
     */
    public int kind()
    {
        return buffer.getByte(KIND_OFFSET) & 0xff;
    }

    /**
     * When it happened.
     *
     * @return nanoseconds of CLOCK_MONOTONIC.
     */
    public long timeNs()
    {
        return buffer.getLong(TIME_NS_OFFSET);
    }

    /**
     * When the process was forked.
     *
     * @return nanoseconds of CLOCK_MONOTONIC.
     */
    public long startTimeNs()
    {
        return buffer.getLong(START_TIME_NS_OFFSET);
    }

    /**
     * When its parent was forked.
     *
     * @return nanoseconds of CLOCK_MONOTONIC.
     */
    public long parentStartTimeNs()
    {
        return buffer.getLong(PARENT_START_TIME_NS_OFFSET);
    }

    /**
     * The control group of the thread that caused the event.
     *
     * @return its id in the cgroup v2 hierarchy.
     */
    public long cgroupId()
    {
        return buffer.getLong(CGROUP_ID_OFFSET);
    }

    /**
     * The process.
     *
     * @return its id (thread group id) in the initial pid namespace.
     */
    public int processId()
    {
        return buffer.getInt(PROCESS_ID_OFFSET);
    }

    /**
     * Its parent.
     *
     * @return the parent's id in the initial pid namespace.
     */
    public int parentProcessId()
    {
        return buffer.getInt(PARENT_PROCESS_ID_OFFSET);
    }

    /**
     * Whose process it is.
     *
     * @return the real user id in the initial user namespace.
     */
    public int userId()
    {
        return buffer.getInt(USER_ID_OFFSET);
    }

    /**
     * How it ended.
     *
     * @return the status as {@code wait(2)} gives it; 0 unless {@link #EXITED}.
     */
    public int exitCode()
    {
        return buffer.getInt(EXIT_CODE_OFFSET);
    }

    /**
     * Which file was executed, with {@link #executableInode()}: the same program has the same pair, whatever its path.
     *
     * @return the device as the kernel numbers it (major shifted by 20 bits); 0 unless {@link #EXECUTED}.
     */
    public int executableDevice()
    {
        return buffer.getInt(EXECUTABLE_DEVICE_OFFSET);
    }

    /**
     * Which file was executed, with {@link #executableDevice()}.
     *
     * @return the inode; 0 unless {@link #EXECUTED}.
     */
    public long executableInode()
    {
        return buffer.getLong(EXECUTABLE_INODE_OFFSET);
    }

    /**
     * The pid namespace in which the process was born.
     *
     * @return its inode.
     */
    public int processNamespace()
    {
        return buffer.getInt(PROCESS_NAMESPACE_OFFSET);
    }

    /**
     * The network namespace of the process.
     *
     * @return its inode; 0 when the process has left it already.
     */
    public int networkNamespace()
    {
        return buffer.getInt(NETWORK_NAMESPACE_OFFSET);
    }

    /**
     * Marks of the event.
     *
     * @return {@link #FLAG_FILENAME_CUT}, {@link #FLAG_INPUT_CONNECTED} or 0.
     */
    public int flags()
    {
        return buffer.getByte(FLAGS_OFFSET) & 0xff;
    }

    /**
     * Copy the command name out.
     *
     * @param destination of at least 16 bytes.
     * @return how many bytes were copied, without the final zero.
     */
    public int commandName(final byte[] destination)
    {
        int length = 0;
        while (length < COMM_LENGTH && buffer.getByte(COMM_OFFSET + length) != 0)
        {
            destination[length] = buffer.getByte(COMM_OFFSET + length);
            length++;
        }
        return length;
    }

    /**
     * Copy the name of the executed file out.
     *
     * @param destination of at least {@link #FILE_NAME_LENGTH_MAX} bytes.
     * @return how many bytes were copied, without the final zero.
     */
    public int fileName(final byte[] destination)
    {
        final int length = Math.min(buffer.getShort(FILENAME_LENGTH_OFFSET) & 0xffff, FILENAME_CAPACITY);
        buffer.getBytes(FILENAME_OFFSET, destination, 0, length);
        return length;
    }
}
