package io.aswarm.ebpf;

import java.util.Arrays;

/** What a program costs on a packet, by the kernel's own clock around many runs of it (BPF_PROG_TEST_RUN). */
final class ProgramCost
{
    private static final int ROUNDS = 15;
    private static final int REPEAT = 500_000;
    private static final int NOWHERE = 0;

    /* struct bpf_test_run_opts of bpf/bpf.h */
    private static final int OPTIONS_LENGTH = 80;
    private static final int DATA_IN_OFFSET = 8;
    private static final int DATA_LENGTH_OFFSET = 24;
    private static final int CONTEXT_IN_OFFSET = 32;
    private static final int CONTEXT_LENGTH_OFFSET = 48;
    private static final int REPEAT_OFFSET = 60;
    private static final int DURATION_OFFSET = 64;
    /* struct __sk_buff of linux/bpf.h */
    private static final int CONTEXT_LENGTH = 192;
    private static final int INGRESS_INTERFACE_OFFSET = 36;

    private ProgramCost()
    {
    }

    /** Compare two programs on a packet, in turns, and print it. */
    static void compare(final String what, final int bareFd, final int sensorFd, final byte[] packet)
        throws KernelException
    {
        compare(what, NOWHERE, bareFd, sensorFd, packet);
    }

    /** As compare(), for programs in tc and a packet that came in by an interface. */
    static void compare(
        final String what, final int cameInBy, final int bareFd, final int sensorFd, final byte[] packet)
        throws KernelException
    {
        final int[] bareNs = new int[ROUNDS];
        final int[] sensorNs = new int[ROUNDS];
        for (int i = 0; i < ROUNDS; i++)
        {
            bareNs[i] = durationNs(bareFd, packet, cameInBy, REPEAT);
            sensorNs[i] = durationNs(sensorFd, packet, cameInBy, REPEAT);
        }
        Arrays.sort(bareNs);
        Arrays.sort(sensorNs);
        System.out.printf("%s: bare %d ns, sensor %d ns, over it %d ns (medians of %d rounds of %,d)%n",
            what, bareNs[ROUNDS / 2], sensorNs[ROUNDS / 2], sensorNs[ROUNDS / 2] - bareNs[ROUNDS / 2], ROUNDS, REPEAT);
    }

    /** Run a program on a packet, so and so often: the mean duration. */
    static int durationNs(final int programFd, final byte[] packet, final int repeat) throws KernelException
    {
        return durationNs(programFd, packet, NOWHERE, repeat);
    }

    private static int durationNs(final int programFd, final byte[] packet, final int cameInBy, final int repeat)
        throws KernelException
    {
        try (NativeBlock block = new NativeBlock(OPTIONS_LENGTH + packet.length + CONTEXT_LENGTH))
        {
            if (cameInBy != NOWHERE)
            {
                final int context = OPTIONS_LENGTH + packet.length;
                block.buffer().putLong(CONTEXT_IN_OFFSET, block.address(context));
                block.buffer().putInt(CONTEXT_LENGTH_OFFSET, CONTEXT_LENGTH);
                block.buffer().putInt(context + INGRESS_INTERFACE_OFFSET, cameInBy);
            }
            block.buffer().putLong(0, OPTIONS_LENGTH);
            block.buffer().putLong(DATA_IN_OFFSET, block.address(OPTIONS_LENGTH));
            block.buffer().putInt(DATA_LENGTH_OFFSET, packet.length);
            block.buffer().putInt(REPEAT_OFFSET, repeat);
            block.buffer().putBytes(OPTIONS_LENGTH, packet);
            final int result = LibBpf.api().bpf_prog_test_run_opts(programFd, block.address());
            if (result < 0)
            {
                throw new KernelException("BPF_PROG_TEST_RUN", -result);
            }
            return block.buffer().getInt(DURATION_OFFSET);
        }
    }
}
