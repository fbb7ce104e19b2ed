package io.aswarm.dataplane;

import com.sun.management.ThreadMXBean;
import io.aswarm.ebpf.ConversationFlyweight;
import io.aswarm.ebpf.ConversationKind;
import io.aswarm.quorum.QuorumProxy;
import io.aswarm.sketch.LocalPolicy;
import io.aswarm.sketch.LocalPolicyConfig;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The sensor thread's way, from a record of the ring to the signal in the quorum's ring and in the event log's.
 */
class PipelineAllocationTest
{
    private static final int RECORDS = 40_000;
    private static final int ROUNDS = 4;
    private static final int TCP = 6;

    @TempDir
    private Path directory;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[ConversationFlyweight.LENGTH_BYTES]);
    private final ConversationFlyweight record = new ConversationFlyweight();
    private final TestCounters counters = new TestCounters();
    private int signalsSent;

    @Test
    void shouldAllocateNothingFromRecordToSignal() throws IOException
    {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final EventLog eventLog = new EventLog(
            directory.resolve("events.jsonl"), "n1", 64, String::valueOf, () -> 0, counters.of(),
            Throwable::printStackTrace);
        final SignalToQuorum toQuorum =
            new SignalToQuorum(
            new QuorumProxy(counters.of()), Wakeup.NONE, new EvidenceMemory(), eventLog, () -> 7);
        try (LocalPolicy policy = new LocalPolicy(
            LocalPolicyConfig.builder().hashKey(1, 2).build(),
            (signal) ->
            {
                signalsSent++;
                toQuorum.onSignal(signal);
            },
            counters.of()))
        {
            final ConversationAdapter adapter = new ConversationAdapter(policy);
            // What the way allocates it allocates in every round; a compiler that changes its mind does so in one.
            long leastBytes = Long.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++)
            {
                signalsSent = 0;
                final long before = threads.getCurrentThreadAllocatedBytes();
                feed(adapter, policy, round * RECORDS);
                leastBytes = Math.min(leastBytes, threads.getCurrentThreadAllocatedBytes() - before);
                assertTrue(signalsSent > 0, "no signal was sent in round " + round);
            }
            assertEquals(0, leastBytes);
        }
        eventLog.onClose();
    }

    private void feed(final ConversationAdapter adapter, final LocalPolicy policy, final int from)
    {
        for (int i = from; i < from + RECORDS; i++)
        {
            final long nowNs = 1_000_000_000L + i * 100_000L;
            write(i, nowNs);
            adapter.onConversation(record.wrap(buffer, 0));
            policy.onTick(nowNs);
        }
    }

    /** Openings that are refused, a new port each time; layout as in aswarm_events.h. */
    private void write(final int i, final long nowNs)
    {
        final int contact = i >> 1;
        buffer.putLong(0, nowNs);
        buffer.putLong(8, 0);
        buffer.putLong(16, 0x0000_ffff_c612_0000L + contact % 64, ByteOrder.BIG_ENDIAN);
        buffer.putLong(24, 0);
        buffer.putLong(32, 0x0000_ffff_c612_0100L + (contact >> 6) % 64, ByteOrder.BIG_ENDIAN);
        buffer.putInt(44, 1);
        buffer.putShort(48, (short)40_000);
        buffer.putShort(50, (short)(1 + (contact >> 12)));
        buffer.putByte(56, (byte)(0 == (i & 1) ? ConversationKind.OPENED : ConversationKind.REFUSED));
        buffer.putByte(57, (byte)TCP);
    }
}
