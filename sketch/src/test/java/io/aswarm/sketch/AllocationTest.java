package io.aswarm.sketch;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AllocationTest
{
    private static final int ROUNDS = 20_000;
    private static final int REPETITIONS = 5;
    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private final TestConversation event = new TestConversation();
    private long nowNs = 1;
    private long signals;

    @Test
    void shouldNotAllocateWhenEventsAreJudged()
    {
        final LocalPolicyConfig config =
            PolicyHarness.config().suspectsMax(256).floodsMax(64).pendingMax(256).contactsMax(1_024).build();
        try (LocalPolicy policy = new LocalPolicy(
            config, (signal) -> signals += signal.count(), PolicyHarness.newCounters()::get))
        {
            run(policy, 0);
            // The virtual machine may itself allocate once on a thread, when it throws compiled code away. What our
            // code allocates, however rarely, it allocates in every repetition: each takes every path anew.
            final long thread = Thread.currentThread().getId();
            long leastBytes = Long.MAX_VALUE;
            for (int repetition = 1; repetition <= REPETITIONS; repetition++)
            {
                final long before = threads.getThreadAllocatedBytes(thread);
                run(policy, repetition * ROUNDS);
                leastBytes = Math.min(leastBytes, threads.getThreadAllocatedBytes(thread) - before);
            }
            assertEquals(0, leastBytes);
            assertTrue(signals > 1_000, "every path was taken; signals=" + signals);
        }
    }

    /** Scans, floods, benign connections, evictions, full tables, silence: all at once. */
    private void run(final LocalPolicy policy, final int from)
    {
        for (int i = from; i < from + ROUNDS; i++)
        {
            send(policy, ConversationKind.OPENED, i % 5_000, 1, i % 7);
            send(policy, ConversationKind.ACCEPTED, i % 5_000, 1, i % 7);
            send(policy, ConversationKind.ESTABLISHED, i % 5_000, 1, i % 7);
            send(policy, ConversationKind.OPENED, i % 700, i % 13, i);
            send(policy, ConversationKind.REFUSED, i % 700, i % 13, i);
            send(policy, ConversationKind.OPENED, 9_000, 2, 80);
            send(policy, ConversationKind.OPENED, 9_001, 3, i);
            send(policy, ConversationKind.ACCEPTED, 9_001, 3, i);
            send(policy, ConversationKind.ABORTED, 9_001, 3, i);
            send(policy, ConversationKind.OPENED, 9_002, 4, i);
            send(policy, ConversationKind.UNREACHABLE, 9_003, 5, i);
            event.flags = Conversation.FLAG_UNORIENTED;
            send(policy, ConversationKind.VOLUME, 9_004, i % 700, i % 1_000);
            event.flags = 0;
            policy.onTick(nowNs);
        }
    }

    private void send(
        final LocalPolicy policy, final int kind, final int source, final int destination, final int port)
    {
        nowNs += 50_000;
        event.kind = kind;
        event.timeNs = nowNs;
        event.initiatorLow = 0x0000_ffff_c612_0000L + source;
        event.responderLow = 0x0000_ffff_c613_0000L + destination;
        event.initiatorPort = 50_000;
        event.responderPort = port & 0xffff;
        // Bare openings and others, and segments with all sorts of flags.
        event.headerBytes = 20 + (port & 7) * 4;
        event.tcpFlags = port & 0x3f;
        policy.onConversation(event);
    }
}
