package io.aswarm.ebpf;

import org.agrona.DirectBuffer;

import java.io.IOException;

/**
 * The verdict of the whole packet program on frames, with sources that are contained; for tests of other modules.
 */
public final class KernelVerdicts implements AutoCloseable
{
    private final KernelFixture kernel;
    private final ProgramRun run;

    /**
     * Load the program, attached to nothing, and contain some sources for an hour.
     *
     * @param contained addresses.
     * @throws KernelException when the kernel refuses.
     * @throws IOException     when there is no place for the pins.
     */
    public KernelVerdicts(final IpAddress... contained) throws KernelException, IOException
    {
        kernel = KernelFixture.open();
        run = kernel.sensor().newProgramRun();
        for (final IpAddress each : contained)
        {
            final int result = kernel.sensor().quarantine().contain(
                QuarantineRule.source(each), System.nanoTime() + 3_600_000_000_000L, 1, Quarantine.MODE_DROP, 0, 0);
            if (result < 0)
            {
                throw new KernelException("contain " + each, -result);
            }
        }
    }

    /**
     * Run the program on a frame.
     *
     * @param frame       with it.
     * @param index       of its first byte.
     * @param lengthBytes of it.
     * @return an XDP action, or a negative errno.
     */
    public int verdict(final DirectBuffer frame, final int index, final int lengthBytes)
    {
        run.packet().putBytes(0, frame, index, lengthBytes);
        return run.run(0, lengthBytes);
    }

    /**
     * Throw away what the program reported, and see that nothing vanished.
     *
     * @return whether the account balances.
     * @throws KernelException when it can not be read.
     */
    public boolean drain() throws KernelException
    {
        kernel.sensor().poll((conversation) -> {}, Integer.MAX_VALUE);
        return kernel.sensor().account().isBalanced();
    }

    @Override
    public void close() throws IOException
    {
        run.close();
        kernel.close();
    }
}
