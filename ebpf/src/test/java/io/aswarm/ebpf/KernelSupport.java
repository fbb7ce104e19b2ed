package io.aswarm.ebpf;

import org.junit.jupiter.api.Assertions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;

/**
 * Whether kernel tests can run here, and the bpffs they run on.
 */
public final class KernelSupport
{
    private static String refusal;
    private static boolean asked;

    private KernelSupport()
    {
    }

    /**
     * To be called first ({@code @BeforeAll}) by every test that needs the kernel and has no fixture that does: a
     * {@link Requirement}.
     */
    public static void require()
    {
        final String why = refusal();
        Requirement.met(why == null, why);
    }

    /**
     * Why the kernel can not be tested here.
     *
     * @return one sentence, or null when it can.
     */
    public static synchronized String refusal()
    {
        if (!asked)
        {
            refusal = ask();
            asked = true;
        }
        return refusal;
    }

    /**
     * Mount a bpffs on a new directory under /tmp. To be given back to {@link #unmount(Path)}.
     *
     * @return the mount point.
     * @throws KernelException when the kernel refuses.
     * @throws IOException     when the directory can not be made.
     */
    public static Path mountBpfFs() throws KernelException, IOException
    {
        final Path mountPoint = Files.createTempDirectory("asw-bpffs-");
        try
        {
            BpfFs.ensureMounted(mountPoint);
        }
        catch (final KernelException ex)
        {
            Files.delete(mountPoint);
            throw ex;
        }
        return mountPoint;
    }

    /**
     * Unmount what {@link #mountBpfFs()} mounted; everything pinned there is gone then.
     *
     * @param mountPoint of the bpffs.
     * @throws IOException when the directory can not be removed.
     */
    public static void unmount(final Path mountPoint) throws IOException
    {
        final int result = TestLibC.API.umount2(mountPoint.toString(), 0);
        Assertions.assertEquals(0, result, () -> "umount " + mountPoint + ": " + Errno.describe(Errno.last()));
        Files.delete(mountPoint);
    }

    private static String ask()
    {
        try
        {
            final UserPrincipal owner = Files.getOwner(Path.of("/proc/self"));
            if (!"root".equals(owner.getName()))
            {
                return "kernel tests need root";
            }
            final Path mountPoint = mountBpfFs();
            try
            {
                KernelSensor.open(KernelSensorConfig.builder("probe", mountPoint.resolve("probe")).build()).close();
            }
            finally
            {
                unmount(mountPoint);
            }
            return null;
        }
        catch (final KernelException | IOException ex)
        {
            return ex.getMessage();
        }
    }
}
