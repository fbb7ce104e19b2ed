package io.aswarm.sketch;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class SampledPacketsTest
{
    private final TestConversation record = new TestConversation();

    @ParameterizedTest
    // Bytes, length of the frame, packets, the same where frames may be pieces
    @CsvSource({
        "1024,64,16,16", "1024,1024,1,1", "1,64,0.015625,0.015625", "0,64,0.015625,0.015625", "2558,1279,2,2",
        "2560,1280,2,0.0390631", "131070,1514,86.57199,2"})
    void shouldDivideWhatWasSampledByAPacket(
        final long quantity, final int lengthBytes, final double packets, final double wholePackets)
    {
        record.kind = ConversationKind.VOLUME;
        record.quantity = quantity;
        record.lengthBytes = lengthBytes;
        assertEquals(packets, SampledPackets.of(record), 1e-5);
        assertEquals(wholePackets, SampledPackets.ofWhole(record), 1e-6);
    }
}
