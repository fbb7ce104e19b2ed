package io.aswarm.ebpf;

import org.agrona.DirectBuffer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the kernel's program reports of one frame after the other, samples aside, as text. For tests that hold others
 * who follow conversations against it.
 */
public final class KernelRecords implements AutoCloseable
{
    private static final int RING_BYTES = 1 << 22;
    private static final int RECORDS_MAX = 1 << 20;

    private final KernelFixture kernel;
    private final ProgramRun run;

    /**
     * Load the program, attached to nothing, with a budget that is never spent.
     *
     * @throws KernelException when the kernel refuses.
     * @throws IOException     when there is no place for the pins.
     */
    public KernelRecords() throws KernelException, IOException
    {
        kernel = KernelFixture.open((config) -> config.ringBytes(RING_BYTES).burst(RECORDS_MAX, 1_000_000_000L));
        run = kernel.sensor().newProgramRun();
    }

    /**
     * Run the program on a frame.
     *
     * @param frame       with it.
     * @param lengthBytes of it, from index 0 on.
     * @return the records that it gives: kind, protocol, ends, flags of record and segment, and quantity; the duration
     *     of what ended aside.
     */
    public List<String> of(final DirectBuffer frame, final int lengthBytes)
    {
        run.packet().putBytes(0, frame, 0, lengthBytes);
        final int verdict = run.run(0, lengthBytes);
        final List<String> records = new ArrayList<>();
        kernel.sensor().poll(
            (c) ->
            {
                if (c.kind() != ConversationKind.VOLUME)
                {
                    records.add(KernelFixture.describe(c) + " tcp " + c.tcpFlags() +
                        (c.kind() == ConversationKind.ENDED ? "" : " quantity " + c.quantity()));
                }
            },
            Integer.MAX_VALUE);
        return verdict == VerdictProbe.VERDICT_PASS ? records : List.of("verdict " + verdict);
    }

    @Override
    public void close() throws IOException
    {
        run.close();
        kernel.close();
    }
}
