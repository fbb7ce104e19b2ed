package io.aswarm.dataplane;

import io.aswarm.ebpf.ConversationFlyweight;
import io.aswarm.ebpf.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteOrder;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

class HostTrafficTest
{
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[ConversationFlyweight.LENGTH_BYTES]);
    private final AtomicCounter keptBack = new TestCounters().<DataplaneCounter>of().apply(
        DataplaneCounter.HOST_CONVERSATIONS);
    private int handedOn;

    /** Layout as in aswarm_events.h: the responder's address is at byte 24. */
    @ParameterizedTest
    @CsvSource({
        "198.18.0.1, 1", "2001:2::1, 1",
        "198.18.0.2, 0", "2001:2::2, 0", "2001:3::1, 0"})
    void shouldKeepBackOnlyWhatThisHostItselfAnswers(final String responder, final long expectedKeptBack)
    {
        final HostTraffic traffic = new HostTraffic(
            List.of(IpAddress.parse("198.18.0.1"), IpAddress.parse("2001:2::1")), keptBack,
            (conversation) -> handedOn++);
        final IpAddress address = IpAddress.parse(responder);
        buffer.putLong(24, address.high(), ByteOrder.BIG_ENDIAN);
        buffer.putLong(32, address.low(), ByteOrder.BIG_ENDIAN);

        traffic.onConversation(new ConversationFlyweight().wrap(buffer, 0));

        assertEquals(expectedKeptBack, keptBack.get());
        assertEquals(1 - expectedKeptBack, handedOn);
    }
}
