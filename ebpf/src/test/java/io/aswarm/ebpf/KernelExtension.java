package io.aswarm.ebpf;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What a test has of the kernel, on a bpffs of its own. To be registered with {@code @RegisterExtension}: each test has
 * a new one, and is skipped, saying why, where the kernel refuses.
 */
abstract class KernelExtension implements BeforeEachCallback, AfterEachCallback, AutoCloseable
{
    private Path mountPoint;

    /** Make all that is to be had, which {@link #end} ends, however far it came. */
    abstract void make() throws KernelException, IOException;

    abstract void end() throws IOException;

    /** One that is there at once, to be closed by who opens it. */
    static <T extends KernelExtension> T opened(final T extension) throws KernelException, IOException
    {
        try
        {
            extension.begin();
        }
        catch (final KernelException | IOException ex)
        {
            extension.close();
            throw ex;
        }
        return extension;
    }

    @Override
    public final void beforeEach(final ExtensionContext context) throws KernelException, IOException
    {
        begin();
    }

    @Override
    public final void afterEach(final ExtensionContext context) throws IOException
    {
        close();
    }

    @Override
    public final void close() throws IOException
    {
        try
        {
            end();
        }
        finally
        {
            if (mountPoint != null)
            {
                KernelSupport.unmount(mountPoint);
            }
        }
    }

    final Path mountPoint()
    {
        return mountPoint;
    }

    final void begin() throws KernelException, IOException
    {
        KernelSupport.require();
        mountPoint = KernelSupport.mountBpfFs();
        make();
    }
}
