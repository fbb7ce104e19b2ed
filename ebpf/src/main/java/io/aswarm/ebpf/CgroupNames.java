package io.aswarm.ebpf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From ids of control groups, which events carry, to their names. An id is asked of the kernel once, by file handle
 * (open_by_handle_at(2); a handle of a kernfs is the id), and then remembered, of the last
 * {@value #NAMES_MAX} that were asked for. One thread; a new id allocates.
 */
public final class CgroupNames implements AutoCloseable
{
    /** How many names are remembered. */
    public static final int NAMES_MAX = 4096;

    private static final String TYPE = " cgroup2 ";
    private static final int O_PATH_CLOEXEC = 0x200000 | 0x80000;
    private static final int O_RDONLY_CLOEXEC = 0x80000;
    /** FILEID_KERNFS of linux/exportfs.h. */
    private static final int HANDLE_TYPE = 0xfe;
    private static final int HANDLE_LENGTH = 2 * Integer.BYTES + Long.BYTES;

    private final Path root;
    private final int rootFd;
    private final NativeBlock handle = new NativeBlock(HANDLE_LENGTH);
    private final Map<Long, CgroupName> names = new LinkedHashMap<>(16, 0.75f, true)
    {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<Long, CgroupName> eldest)
        {
            return size() > NAMES_MAX;
        }
    };

    private CgroupNames(final Path root, final int rootFd)
    {
        this.root = root;
        this.rootFd = rootFd;
    }

    /**
     * Find the hierarchy in the caller's mounts.
     *
     * @return names, to be closed.
     * @throws KernelException when no cgroup v2 hierarchy is mounted or it can not be opened.
     */
    public static CgroupNames open() throws KernelException
    {
        final Path mountPoint = mountPoint();
        final int fd = LibC.API.open(mountPoint.toString(), O_RDONLY_CLOEXEC);
        if (fd < 0)
        {
            throw new KernelException("cgroup hierarchy can not be opened: " + mountPoint, Errno.last());
        }
        return new CgroupNames(mountPoint, fd);
    }

    /**
     * The name of a group.
     *
     * @param cgroupId as events carry it.
     * @return its name, or null when the group is gone and was not asked for before.
     */
    public CgroupName nameOf(final long cgroupId)
    {
        final CgroupName known = names.get(cgroupId);
        if (known != null)
        {
            return known;
        }
        final CgroupName asked = ask(cgroupId);
        if (asked != null)
        {
            names.put(cgroupId, asked);
        }
        return asked;
    }

    @Override
    public void close()
    {
        LibC.API.close(rootFd);
        handle.close();
    }

    /** The id of the group at a path of the hierarchy, or 0. */
    long idOf(final String path)
    {
        try
        {
            return path.isEmpty() ? 0 : (Long)Files.getAttribute(root.resolve(path.substring(1)), "unix:ino");
        }
        catch (final IOException ex)
        {
            return 0;
        }
    }

    private CgroupName ask(final long cgroupId)
    {
        handle.buffer().putInt(0, Long.BYTES);
        handle.buffer().putInt(Integer.BYTES, HANDLE_TYPE);
        handle.buffer().putLong(2 * Integer.BYTES, cgroupId);
        final int fd = LibC.API.open_by_handle_at(rootFd, handle.address(), O_PATH_CLOEXEC);
        if (fd < 0)
        {
            return null;
        }
        try
        {
            final Path path = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(fd)));
            return CgroupName.of("/" + root.relativize(path));
        }
        catch (final IOException | IllegalArgumentException ex)
        {
            return null;
        }
        finally
        {
            LibC.API.close(fd);
        }
    }

    private static Path mountPoint() throws KernelException
    {
        try
        {
            final List<String> mounts = Files.readAllLines(
                Path.of("/proc/self/mounts"), StandardCharsets.ISO_8859_1);
            return mounts.stream().filter((line) -> line.contains(TYPE)).map((line) -> Path.of(line.split(" ")[1]))
                .findFirst().orElseThrow(() -> new KernelException("no cgroup v2 hierarchy is mounted", 0,
                "mount -t cgroup2 none /sys/fs/cgroup; without it processes have no container and no unit"));
        }
        catch (final IOException ex)
        {
            throw new KernelException("mounts can not be read", ex);
        }
    }
}
