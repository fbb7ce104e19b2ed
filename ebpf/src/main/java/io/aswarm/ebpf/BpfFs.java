package io.aswarm.ebpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The file system in which pinned maps and links live. It is memory of the kernel: gone with the machine or the mount.
 */
public final class BpfFs
{
    private static final String TYPE = "bpf";
    /** linux/magic.h. */
    private static final long BPF_FS_MAGIC = 0xcafe4a11L;
    private static final int STATFS_LENGTH = 120;

    private BpfFs()
    {
    }

    /**
     * Mount a bpffs at a directory unless it is on one already. The mount belongs to the caller's mount namespace: in
     * one that ends with the process, as {@code ip netns exec} makes it, all pins end too, and with them containment.
     *
     * @param mountPoint made if it is missing.
     * @return true if it was mounted by this call, false if there was one.
     * @throws KernelException when the directory can not be made or the kernel refuses the mount.
     */
    public static boolean ensureMounted(final Path mountPoint) throws KernelException
    {
        try
        {
            if (Files.isDirectory(mountPoint) && holds(mountPoint))
            {
                return false;
            }
            Files.createDirectories(mountPoint);
        }
        catch (final IOException ex)
        {
            throw new KernelException("a bpffs can not be mounted at " + mountPoint, ex);
        }

        if (LibC.API.mount(TYPE, mountPoint.toString(), TYPE, 0, "mode=0700") != 0)
        {
            throw new KernelException("mount of a bpffs at " + mountPoint, Errno.last(), "it needs CAP_SYS_ADMIN");
        }
        return true;
    }

    /**
     * Whether a path that exists is on a bpffs. Asked of the path itself: Java's FileStore takes the first mount that
     * is listed for a directory, which another may cover.
     */
    static boolean holds(final Path path) throws IOException
    {
        try (NativeBlock result = new NativeBlock(STATFS_LENGTH))
        {
            if (LibC.API.statfs(path.toString(), result.address()) != 0)
            {
                throw new IOException("statfs " + path + ": " + Errno.describe(Errno.last()));
            }
            return result.buffer().getLong(0) == BPF_FS_MAGIC;
        }
    }

    /** Make a directory for pins. */
    static void createDirectory(final Path directory) throws KernelException
    {
        try
        {
            Path existing = directory.toAbsolutePath();
            while (!Files.exists(existing))
            {
                existing = existing.getParent();
            }
            if (!holds(existing))
            {
                throw new KernelException(directory + " is not on a bpffs", 0,
                    "mount one there: mount -t bpf bpf " + directory);
            }
            Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        catch (final IOException ex)
        {
            throw new KernelException("directory for pins can not be made: " + directory, ex);
        }
    }
}
