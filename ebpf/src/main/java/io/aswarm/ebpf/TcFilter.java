package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A program at a door of tc by a filter of the clsact qdisc, for kernels whose tc knows no links (before Linux 6.6). It
 * belongs to the interface and stays when the process dies. The handle is made from the pin directory, so that one node
 * replaces its own filter, in one step (net/sched/cls_bpf.c, cls_bpf_change()), and nobody else's. As nothing can be
 * pinned, an empty directory among the pins says where there is one. An empty clsact is left behind: others may use it.
 * <p>
 * Filters are found by the caller's network namespace, which must be that of the interface.
 */
final class TcFilter implements Hold
{
    private static final String MARK_PREFIX = "filter_";
    /** Before the filters of others, unless they ask for the same. */
    private static final int PRIORITY = 1;
    private static final int REPLACE = 1;

    /* struct bpf_tc_hook of bpf/libbpf.h: size 64, interface 32, attach point 32, parent 32, padding 32 */
    private static final int HOOK_LENGTH = 24;
    private static final int INTERFACE_OFFSET = 8;
    private static final int ATTACH_POINT_OFFSET = 12;
    /* struct bpf_tc_opts: size 64, program fd 32, flags 32, program id 32, handle 32, priority 32, padding 32 */
    private static final int OPTIONS_LENGTH = 32;
    private static final int OPTIONS_OFFSET = HOOK_LENGTH;
    private static final int PROGRAM_FD_OFFSET = OPTIONS_OFFSET + 8;
    private static final int FLAGS_OFFSET = OPTIONS_OFFSET + 12;
    private static final int PROGRAM_ID_OFFSET = OPTIONS_OFFSET + 16;
    private static final int HANDLE_OFFSET = OPTIONS_OFFSET + 20;
    private static final int PRIORITY_OFFSET = OPTIONS_OFFSET + 24;

    private final LibBpf.Api bpf;
    private final Path pinDirectory;
    private final Door door;
    private final int index;
    private final boolean isNew;

    private TcFilter(
        final LibBpf.Api bpf, final Path pinDirectory, final Door door, final int index, final boolean isNew)
    {
        this.bpf = bpf;
        this.pinDirectory = pinDirectory;
        this.door = door;
        this.index = index;
        this.isNew = isNew;
    }

    /** Attach, or take the place of this node's earlier program. */
    static TcFilter attach(
        final LibBpf.Api bpf, final Path pinDirectory, final Door door, final int index, final int programFd)
        throws KernelException
    {
        final boolean isNew = !isMarked(pinDirectory, door, index);
        // First, so that there is never a filter that nobody knows of.
        if (isNew)
        {
            mark(pinDirectory, door, index);
        }
        final int result = attach(bpf, door, index, handle(pinDirectory, door), programFd);
        if (result < 0)
        {
            remove(bpf, pinDirectory, door, index);
            throw new KernelException("clsact", -result);
        }
        return new TcFilter(bpf, pinDirectory, door, index, isNew);
    }

    /** Attach without a trace among the pins, for a trial in a namespace that ends with it: 0 or a negative errno. */
    static int tryOut(final LibBpf.Api bpf, final Door door, final int index, final int programFd)
    {
        return attach(bpf, door, index, 1, programFd);
    }

    /** The program that this node's filter runs, or 0. */
    static int programId(final LibBpf.Api bpf, final Path pinDirectory, final Door door, final int index)
    {
        if (!isMarked(pinDirectory, door, index))
        {
            return 0;
        }
        try (NativeBlock call = prepare(door, index, handle(pinDirectory, door)))
        {
            return bpf.bpf_tc_query(call.address(), call.address(OPTIONS_OFFSET)) < 0 ? 0 :
                call.buffer().getInt(PROGRAM_ID_OFFSET);
        }
    }

    /** Take this node's filter off, if there is one. */
    static void remove(final LibBpf.Api bpf, final Path pinDirectory, final Door door, final int index)
        throws KernelException
    {
        if (isMarked(pinDirectory, door, index))
        {
            try (NativeBlock call = prepare(door, index, handle(pinDirectory, door)))
            {
                // It went with its interface or was taken off by hand: as well.
                bpf.bpf_tc_detach(call.address(), call.address(OPTIONS_OFFSET));
            }
            InterfaceLink.delete(markOf(pinDirectory, door, index));
        }
    }

    /** Take the filters of this node off all interfaces but these. */
    static void removeOthers(final Path pinDirectory, final List<Integer> indexes) throws KernelException
    {
        for (final Door door : List.of(Door.INGRESS, Door.EGRESS))
        {
            final String prefix = MARK_PREFIX + door.pinPrefix();
            try (DirectoryStream<Path> marks = Files.newDirectoryStream(pinDirectory, prefix + "*"))
            {
                for (final Path mark : marks)
                {
                    final int index = Integer.parseInt(mark.getFileName().toString().substring(prefix.length()));
                    if (!indexes.contains(index))
                    {
                        remove(LibBpf.api(), pinDirectory, door, index);
                    }
                }
            }
            catch (final IOException ex)
            {
                throw new KernelException("pins can not be listed in " + pinDirectory, ex);
            }
        }
    }

    @Override
    public int interfaceIndex()
    {
        return programId(bpf, pinDirectory, door, index) == 0 ? 0 : index;
    }

    @Override
    public boolean runs(final int programId, final int interfaceIndex)
    {
        return index == interfaceIndex && programId(bpf, pinDirectory, door, index) == programId;
    }

    @Override
    public void undo()
    {
        try
        {
            if (isNew)
            {
                remove(bpf, pinDirectory, door, index);
            }
        }
        catch (final KernelException ignored)
        {
            // The failure that led here is the one to be told.
        }
    }

    @Override
    public void close()
    {
        // Nothing is held here: the filter belongs to the interface.
    }

    private static int attach(
        final LibBpf.Api bpf, final Door door, final int index, final int handle, final int programFd)
    {
        try (NativeBlock call = prepare(door, index, handle))
        {
            final int created = bpf.bpf_tc_hook_create(call.address());
            if (created < 0 && created != Errno.EEXIST.asResult())
            {
                return created;
            }
            call.buffer().putInt(PROGRAM_FD_OFFSET, programFd);
            call.buffer().putInt(FLAGS_OFFSET, REPLACE);
            return bpf.bpf_tc_attach(call.address(), call.address(OPTIONS_OFFSET));
        }
    }

    private static NativeBlock prepare(final Door door, final int index, final int handle)
    {
        final NativeBlock call = new NativeBlock(HOOK_LENGTH + OPTIONS_LENGTH);
        final UnsafeBuffer buffer = call.buffer();
        buffer.putLong(0, HOOK_LENGTH);
        buffer.putInt(INTERFACE_OFFSET, index);
        buffer.putInt(ATTACH_POINT_OFFSET, door.attachPoint());
        buffer.putLong(OPTIONS_OFFSET, OPTIONS_LENGTH);
        buffer.putInt(HANDLE_OFFSET, handle);
        buffer.putInt(PRIORITY_OFFSET, PRIORITY);
        return call;
    }

    /** The same in every release and on every JDK, or an upgrade would add a second filter; never 0. */
    private static int handle(final Path pinDirectory, final Door door)
    {
        final String path = pinDirectory.toAbsolutePath().normalize().resolve(door.pinPrefix()).toString();
        return (path.hashCode() & Integer.MAX_VALUE) | 1;
    }

    private static Path markOf(final Path pinDirectory, final Door door, final int index)
    {
        return pinDirectory.resolve(MARK_PREFIX + door.pinPrefix() + index);
    }

    private static boolean isMarked(final Path pinDirectory, final Door door, final int index)
    {
        return Files.isDirectory(markOf(pinDirectory, door, index));
    }

    private static void mark(final Path pinDirectory, final Door door, final int index) throws KernelException
    {
        try
        {
            Files.createDirectory(markOf(pinDirectory, door, index));
        }
        catch (final IOException ex)
        {
            throw new KernelException("pin directory can not be written: " + pinDirectory, ex);
        }
    }
}
