package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends frames by an interface as fast as one CPU can, out of a BPF program on recycled pages
 * (BPF_F_TEST_XDP_LIVE_FRAMES, net/bpf/test_run.c). To be made and run on a thread in the namespace of the interface.
 */
final class FloodGenerator implements AutoCloseable
{
    /** As many as the kernel takes at once (TEST_XDP_MAX_BATCH). */
    private static final int BATCH = 256;
    private static final int ROUND = 400 * BATCH;
    private static final int LIVE_FRAMES = 2;

    /* struct flood of flood.bpf.c */
    private static final int CONSTANTS_LENGTH = 16;
    private static final int SOURCES_OFFSET = 4;
    private static final int PORTS_OFFSET = 8;
    private static final int FIRST_SOURCE_OFFSET = 12;

    /* struct bpf_test_run_opts of bpf/bpf.h */
    private static final int OPTIONS_LENGTH = 80;
    private static final int DATA_IN_OFFSET = 8;
    private static final int DATA_LENGTH_OFFSET = 24;
    private static final int REPEAT_OFFSET = 60;
    private static final int FLAGS_OFFSET = 68;
    private static final int BATCH_OFFSET = 76;

    private final LibBpf.Api bpf = LibBpf.api();
    private final BpfObject object;
    private final NativeBlock block;
    private final int programFd;

    /** Sends TCP SYNs made of a frame, with these sources and to so many ports. */
    FloodGenerator(
        final String interfaceName, final byte[] frame, final int firstSource, final int sources, final int ports)
        throws KernelException
    {
        this("aswarm_flood", interfaceName, frame, firstSource, sources, ports);
    }

    private FloodGenerator(
        final String program,
        final String interfaceName,
        final byte[] frame,
        final int firstSource,
        final int sources,
        final int ports) throws KernelException
    {
        object = BpfObject.open("flood.bpf.o");
        final UnsafeBuffer constants = new UnsafeBuffer(object.constants(CONSTANTS_LENGTH), CONSTANTS_LENGTH);
        constants.putInt(0, LibC.API.if_nametoindex(interfaceName));
        constants.putInt(SOURCES_OFFSET, sources);
        constants.putInt(PORTS_OFFSET, ports);
        constants.putInt(FIRST_SOURCE_OFFSET, firstSource);
        object.load(program);
        programFd = object.programFd(program);

        block = new NativeBlock(OPTIONS_LENGTH + frame.length);
        block.buffer().putLong(0, OPTIONS_LENGTH);
        block.buffer().putLong(DATA_IN_OFFSET, block.address(OPTIONS_LENGTH));
        block.buffer().putInt(DATA_LENGTH_OFFSET, frame.length);
        block.buffer().putInt(REPEAT_OFFSET, ROUND);
        block.buffer().putInt(FLAGS_OFFSET, LIVE_FRAMES);
        block.buffer().putInt(BATCH_OFFSET, BATCH);
        block.buffer().putBytes(OPTIONS_LENGTH, frame);
    }

    /** Sends a frame as it is, which costs the sender least. */
    static FloodGenerator repeating(final String interfaceName, final byte[] frame) throws KernelException
    {
        return new FloodGenerator("aswarm_repeat", interfaceName, frame, 0, 1, 1);
    }

    /** Send until told to stop; how many were sent. */
    long run(final AtomicBoolean running) throws KernelException
    {
        long sent = 0;
        while (running.get())
        {
            final int result = bpf.bpf_prog_test_run_opts(programFd, block.address());
            if (result < 0)
            {
                throw new KernelException("live frames are refused", -result);
            }
            sent += ROUND;
        }
        return sent;
    }

    @Override
    public void close()
    {
        block.close();
        object.close();
    }
}
