package io.aswarm.ebpf;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.management.ManagementFactory;

import static io.aswarm.ebpf.PacketBuilder.SYN;
import static io.aswarm.ebpf.PacketBuilder.frame;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The way of an event, of a wait, and of a containment with its proof, in bytes of heap: none. */
class KernelSensorAllocationIT
{
    private static final QuarantineRule RULE = QuarantineRule.source(IpAddress.parse("198.18.0.9"));
    private static final int WARM_UP = 20_000;
    private static final int ROUNDS = 5_000;

    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private final byte[] syn = frame().ip("198.18.0.1", "198.18.1.2").tcp(1, 80, SYN, 1, 0).build();
    private long sum;

    @Test
    void shouldAllocateNothingOnDataPath() throws KernelException, IOException
    {
        try (KernelFixture kernel = KernelFixture.open())
        {
            final ConversationHandler handler = this::onConversation;
            rounds(kernel, handler, WARM_UP);
            sum = 0;

            final long thread = Thread.currentThread().getId();
            final long before = threads.getThreadAllocatedBytes(thread);
            rounds(kernel, handler, ROUNDS);
            final long allocated = threads.getThreadAllocatedBytes(thread) - before;

            // One object a round would be 16 bytes a round; the measurement itself may cost a few.
            assertTrue(allocated < ROUNDS, "allocated " + allocated + " bytes in " + ROUNDS + " rounds");
            assertTrue(sum != 0);
        }
    }

    private void rounds(final KernelFixture kernel, final ConversationHandler handler, final int count)
    {
        final KernelSensor sensor = kernel.sensor();
        for (int i = 0; i < count; i++)
        {
            sum += kernel.send(syn);
            sum += sensor.await(0);
            while (sensor.poll(handler, 8) > 0)
            {
                sum++;
            }
            sum += sensor.quarantine().contain(RULE, i, i, Quarantine.MODE_DROP, 0, 0);
            sum += sensor.verdictProbe().run(0, 0x0000_ffff_c612_0009L, 0, 0x0000_ffff_c612_0001L);
            sum += sensor.quarantine().release(RULE, i);
        }
    }

    private void onConversation(final ConversationFlyweight c)
    {
        sum += c.kind() + c.timeNs() + c.initiatorHigh() + c.initiatorLow() + c.responderHigh() + c.responderLow() +
            c.initiatorPort() + c.responderPort() + c.protocol() + c.weight() + c.flags() + c.vlan();
    }
}
