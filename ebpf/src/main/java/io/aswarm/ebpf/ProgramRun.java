package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Runs the loaded packet program on bytes by BPF_PROG_TEST_RUN, with its real maps. Bytes at the front may be given as
 * XDP metadata, which lies before the packet and which no packet from a wire can bring.
 */
final class ProgramRun implements AutoCloseable
{
    static final int PACKET_LENGTH_MAX = 2048;

    /* struct bpf_test_run_opts of bpf/bpf.h */
    private static final int OPTIONS_LENGTH = 80;
    private static final int DATA_IN_OFFSET = 8;
    private static final int DATA_LENGTH_OFFSET = 24;
    private static final int CONTEXT_IN_OFFSET = 32;
    private static final int CONTEXT_LENGTH_OFFSET = 48;
    private static final int VERDICT_OFFSET = 56;
    private static final int REPEAT_OFFSET = 60;

    /* struct xdp_md of linux/bpf.h: data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex */
    private static final int CONTEXT_OFFSET = OPTIONS_LENGTH;
    private static final int CONTEXT_LENGTH = 24;
    private static final int CONTEXT_DATA_OFFSET = CONTEXT_OFFSET;
    private static final int CONTEXT_DATA_END_OFFSET = CONTEXT_DATA_OFFSET + Integer.BYTES;

    /* struct __sk_buff of linux/bpf.h, as far as its control block */
    private static final int CONTROL_OFFSET = CONTEXT_OFFSET + 48;
    static final int CONTROL_LENGTH = 20;
    private static final int SOCKET_CONTEXT_LENGTH = 192;

    private static final int PACKET_OFFSET = CONTEXT_OFFSET + SOCKET_CONTEXT_LENGTH;

    private final LibBpf.Api bpf;
    private final int programFd;
    private final NativeBlock block;
    private final UnsafeBuffer buffer;
    private final UnsafeBuffer packet;

    ProgramRun(final LibBpf.Api bpf, final int programFd)
    {
        this(bpf, programFd, PACKET_LENGTH_MAX);
    }

    ProgramRun(final LibBpf.Api bpf, final int programFd, final int packetLengthMax)
    {
        this.bpf = bpf;
        this.programFd = programFd;
        block = new NativeBlock(PACKET_OFFSET + packetLengthMax);
        buffer = block.buffer();
        packet = new UnsafeBuffer(buffer, PACKET_OFFSET, packetLengthMax);
    }

    /** Where the metadata and the packet behind it are to be written. */
    UnsafeBuffer packet()
    {
        return packet;
    }

    /** The program's verdict (XDP_DROP is 1, XDP_PASS is 2), or a negative errno. */
    int run(final int metadataLength, final int packetLength)
    {
        prepare(0, metadataLength + packetLength);
        if (metadataLength > 0)
        {
            // net/bpf/test_run.c, bpf_prog_test_run_xdp(): 'data' of the context is the length of the metadata.
            buffer.putLong(CONTEXT_IN_OFFSET, block.address(CONTEXT_OFFSET));
            buffer.putInt(CONTEXT_LENGTH_OFFSET, CONTEXT_LENGTH);
            buffer.putInt(CONTEXT_DATA_OFFSET, metadataLength);
            buffer.putInt(CONTEXT_DATA_END_OFFSET, metadataLength + packetLength);
        }
        return run();
    }

    /**
     * The verdict of a program in tc (TC_ACT_…), or a negative errno. The bytes at the front are not metadata here, but
     * the control block of the socket buffer.
     */
    int runOnSocketBuffer(final int metadataLength, final int packetLength)
    {
        prepare(metadataLength, packetLength);
        buffer.putLong(CONTEXT_IN_OFFSET, block.address(CONTEXT_OFFSET));
        buffer.putInt(CONTEXT_LENGTH_OFFSET, SOCKET_CONTEXT_LENGTH);
        buffer.putBytes(CONTROL_OFFSET, packet, 0, Math.min(metadataLength, CONTROL_LENGTH));
        return run();
    }

    private void prepare(final int packetIndex, final int length)
    {
        buffer.setMemory(0, PACKET_OFFSET, (byte)0);
        buffer.putLong(0, OPTIONS_LENGTH);
        buffer.putLong(DATA_IN_OFFSET, block.address(PACKET_OFFSET + packetIndex));
        buffer.putInt(DATA_LENGTH_OFFSET, length);
        buffer.putInt(REPEAT_OFFSET, 1);
    }

    private int run()
    {
        final int result = bpf.bpf_prog_test_run_opts(programFd, block.address());
        return result < 0 ? result : buffer.getInt(VERDICT_OFFSET);
    }

    @Override
    public void close()
    {
        packet.wrap(0, 0);
        block.close();
    }
}
