package io.aswarm.ebpf;

/**
 * Runs a tc program on a frame in a socket buffer, as if it had come in by an interface, or as the host's own.
 */
final class SocketBufferRun implements AutoCloseable
{
    private static final int FRAME_LENGTH_MAX = 2048;

    /* struct bpf_test_run_opts of bpf/bpf.h */
    private static final int OPTIONS_LENGTH = 80;
    private static final int DATA_IN_OFFSET = 8;
    private static final int DATA_LENGTH_OFFSET = 24;
    private static final int CONTEXT_IN_OFFSET = 32;
    private static final int CONTEXT_LENGTH_OFFSET = 48;
    private static final int VERDICT_OFFSET = 56;
    private static final int REPEAT_OFFSET = 60;

    /* struct __sk_buff of linux/bpf.h */
    private static final int CONTEXT_LENGTH = 192;
    private static final int INGRESS_INTERFACE_OFFSET = OPTIONS_LENGTH + 36;

    private final LibBpf.Api bpf;
    private final int programFd;
    private final NativeBlock block = new NativeBlock(OPTIONS_LENGTH + CONTEXT_LENGTH + FRAME_LENGTH_MAX);

    SocketBufferRun(final int programFd) throws KernelException
    {
        this.bpf = LibBpf.api();
        this.programFd = programFd;
    }

    /** The verdict, or a negative errno. An interface of 0 stands for none: the host made the packet. */
    int run(final byte[] frame, final int ingressInterface)
    {
        block.clear();
        block.buffer().putLong(0, OPTIONS_LENGTH);
        block.buffer().putLong(DATA_IN_OFFSET, block.address(OPTIONS_LENGTH + CONTEXT_LENGTH));
        block.buffer().putInt(DATA_LENGTH_OFFSET, frame.length);
        block.buffer().putLong(CONTEXT_IN_OFFSET, block.address(OPTIONS_LENGTH));
        block.buffer().putInt(CONTEXT_LENGTH_OFFSET, CONTEXT_LENGTH);
        block.buffer().putInt(REPEAT_OFFSET, 1);
        block.buffer().putInt(INGRESS_INTERFACE_OFFSET, ingressInterface);
        block.buffer().putBytes(OPTIONS_LENGTH + CONTEXT_LENGTH, frame);
        final int result = bpf.bpf_prog_test_run_opts(programFd, block.address());
        return result < 0 ? result : block.buffer().getInt(VERDICT_OFFSET);
    }

    @Override
    public void close()
    {
        block.close();
    }
}
