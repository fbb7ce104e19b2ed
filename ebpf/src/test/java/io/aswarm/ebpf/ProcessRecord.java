package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes process events as the kernel does, one after the other in one place. For tests.
 */
public final class ProcessRecord
{
    private final UnsafeBuffer record = new UnsafeBuffer(new byte[ProcessDescriptor.LENGTH]);
    private final ProcessFlyweight view = new ProcessFlyweight();

    /**
     * A program starts.
     *
     * @param id            of the process.
     * @param startNs       when it began.
     * @param parent        id of who forked it.
     * @param parentStartNs when that began.
     * @param path          of the program.
     * @param inode         of its file.
     * @return a view, valid until the next event.
     */
    public ProcessFlyweight executed(
        final int id, final long startNs, final int parent, final long parentStartNs, final String path,
        final long inode)
    {
        record.putLong(ProcessDescriptor.EXECUTABLE_INODE_OFFSET, inode);
        record.putShort(ProcessDescriptor.FILENAME_LENGTH_OFFSET, (short)path.length());
        record.putStringWithoutLengthAscii(ProcessDescriptor.FILENAME_OFFSET, path);
        return event(ProcessFlyweight.EXECUTED, id, startNs, parent, parentStartNs);
    }

    /**
     * What needs no program.
     *
     * @param kind          of {@link ProcessFlyweight}.
     * @param id            of the process.
     * @param startNs       when it began.
     * @param parent        id of who forked it.
     * @param parentStartNs when that began.
     * @return a view, valid until the next event.
     */
    public ProcessFlyweight event(
        final int kind, final int id, final long startNs, final int parent, final long parentStartNs)
    {
        record.putByte(ProcessDescriptor.KIND_OFFSET, (byte)kind);
        record.putInt(ProcessDescriptor.PROCESS_ID_OFFSET, id);
        record.putLong(ProcessDescriptor.START_TIME_NS_OFFSET, startNs);
        record.putInt(ProcessDescriptor.PARENT_PROCESS_ID_OFFSET, parent);
        record.putLong(ProcessDescriptor.PARENT_START_TIME_NS_OFFSET, parentStartNs);
        return view.wrap(record, 0);
    }

    /**
     * Of the events to come.
     *
     * @param timeNs CLOCK_MONOTONIC.
     * @param flags  of {@link ProcessFlyweight}.
     * @return this.
     */
    public ProcessRecord at(final long timeNs, final int flags)
    {
        record.putLong(ProcessDescriptor.TIME_NS_OFFSET, timeNs);
        record.putByte(ProcessDescriptor.FLAGS_OFFSET, (byte)flags);
        return this;
    }
}
