package io.aswarm.ebpf;

import java.nio.file.Path;

/**
 * One value in the pinned map {@code control}: while it is thrown the packet program drops nothing, and goes on
 * sensing. It works without the node's process and survives it. Any thread.
 */
public final class KillSwitch implements AutoCloseable
{
    /** Name of the pin in the node's pin directory. */
    static final String PIN = "control";

    private static final int KEY_OFFSET = 0;
    private static final int VALUE_OFFSET = Long.BYTES;
    private static final long RUNNING = 0;

    private final LibBpf.Api bpf;
    private final int fd;
    private final boolean ownsFd;
    private final NativeBlock block = new NativeBlock(2 * Long.BYTES);
    private boolean closed;

    KillSwitch(final LibBpf.Api bpf, final int fd, final boolean ownsFd)
    {
        this.bpf = bpf;
        this.fd = fd;
        this.ownsFd = ownsFd;
    }

    /**
     * Take hold of a node's kill switch through its pin.
     *
     * @param pinDirectory of the node.
     * @return the switch, to be closed.
     * @throws KernelException when nothing is pinned there or it may not be opened.
     */
    public static KillSwitch open(final Path pinDirectory) throws KernelException
    {
        final LibBpf.Api bpf = LibBpf.api();
        final Path pin = pinDirectory.resolve(PIN);
        final int fd = bpf.bpf_obj_get(pin.toString());
        if (fd < 0)
        {
            throw new KernelException("no kill switch at " + pin, -fd, "is this the pin directory of the node?");
        }
        return new KillSwitch(bpf, fd, true);
    }

    /**
     * From the next packet on nothing is dropped.
     *
     * @throws KernelException when the map can not be written.
     */
    public void halt() throws KernelException
    {
        write(System.nanoTime());
    }

    /**
     * Quarantine is enforced again, each entry up to its own deadline.
     *
     * @throws KernelException when the map can not be written.
     */
    public void resume() throws KernelException
    {
        write(RUNNING);
    }

    /**
     * Whether the switch is thrown.
     *
     * @return true from {@link #halt()} to {@link #resume()}, over restarts of the node.
     * @throws KernelException when the map can not be read.
     */
    public synchronized boolean isHalted() throws KernelException
    {
        requireOpen();
        final int result = bpf.bpf_map_lookup_elem(fd, block.address(KEY_OFFSET), block.address(VALUE_OFFSET));
        if (result < 0)
        {
            throw new KernelException("map control can not be read", -result);
        }
        return block.buffer().getLong(VALUE_OFFSET) != RUNNING;
    }

    @Override
    public synchronized void close()
    {
        if (!closed)
        {
            closed = true;
            block.close();
            if (ownsFd)
            {
                LibC.API.close(fd);
            }
        }
    }

    private synchronized void write(final long haltedNs) throws KernelException
    {
        requireOpen();
        block.buffer().putLong(VALUE_OFFSET, haltedNs);
        final int result = bpf.bpf_map_update_elem(fd, block.address(KEY_OFFSET), block.address(VALUE_OFFSET), 0);
        if (result < 0)
        {
            throw new KernelException("map control can not be written", -result);
        }
    }

    private void requireOpen() throws KernelException
    {
        if (closed)
        {
            throw new KernelException("the kill switch is closed", 0);
        }
    }
}
