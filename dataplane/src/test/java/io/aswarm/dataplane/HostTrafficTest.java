package io.aswarm.dataplane;

import io.aswarm.ebpf.AttachMode;
import io.aswarm.ebpf.Attachment;
import io.aswarm.ebpf.ConversationFlyweight;
import io.aswarm.ebpf.IpAddress;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Function;

import static org.junit.jupiter.api.Assertions.assertEquals;

class HostTrafficTest
{
    private static final int SEEN_BOTH_WAYS = 7;
    private static final int SEEN_IN = 8;
    private static final int REFUSED_OUT = 9;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[ConversationFlyweight.LENGTH_BYTES]);
    private final Function<DataplaneCounter, AtomicCounter> counters = new TestCounters().of();
    private int handedOn;

    /** Layout as in aswarm_events.h: addresses at bytes 8 and 24, the interface at 40. */
    @ParameterizedTest
    @CsvSource({
        "198.18.0.9, 198.18.0.2, 8, handed on",
        "2001:2::9, 2001:3::1, 8, handed on",
        "198.18.0.9, 198.18.0.1, 8, unseen",
        "2001:2::9, 2001:2::1, 9, unseen",
        "198.18.0.9, 198.18.0.1, 7, handed on",
        "2001:2::9, 2001:2::1, 7, handed on",
        "198.18.0.1, 198.18.0.9, 7, asked",
        "2001:2::1, 2001:2::9, 8, asked",
        "198.18.0.1, 2001:2::1, 8, asked"})
    void shouldKeepBackWhatHostAsksAndWhatItAnswersUnseen(
        final String initiator, final String responder, final int interfaceIndex, final String expected)
    {
        final WatchedInterfaces watched = new WatchedInterfaces();
        watched.update(List.of(
            attachment(SEEN_BOTH_WAYS, true, AttachMode.NATIVE), attachment(SEEN_BOTH_WAYS, false, AttachMode.TC),
            attachment(SEEN_IN, true, AttachMode.NATIVE),
            attachment(REFUSED_OUT, true, AttachMode.TC), attachment(REFUSED_OUT, false, AttachMode.AUTO)));
        final HostTraffic traffic = new HostTraffic(
            new OwnAddresses(List.of(IpAddress.parse("198.18.0.1"), IpAddress.parse("2001:2::1"))), watched,
            counters.apply(DataplaneCounter.HOST_CONVERSATIONS), counters.apply(DataplaneCounter.OWN_CONVERSATIONS),
            (conversation) -> handedOn++);
        put(8, IpAddress.parse(initiator));
        put(24, IpAddress.parse(responder));
        buffer.putInt(40, interfaceIndex);

        traffic.onConversation(new ConversationFlyweight().wrap(buffer, 0));

        assertEquals("handed on".equals(expected) ? 1 : 0, handedOn);
        assertEquals("unseen".equals(expected) ? 1 : 0, counters.apply(DataplaneCounter.HOST_CONVERSATIONS).get());
        assertEquals("asked".equals(expected) ? 1 : 0, counters.apply(DataplaneCounter.OWN_CONVERSATIONS).get());
    }

    private static Attachment attachment(final int index, final boolean inward, final AttachMode mode)
    {
        return new Attachment("eth" + index, index, inward, mode, "");
    }

    private void put(final int offset, final IpAddress address)
    {
        buffer.putLong(offset, address.high(), ByteOrder.BIG_ENDIAN);
        buffer.putLong(offset + Long.BYTES, address.low(), ByteOrder.BIG_ENDIAN);
    }
}
