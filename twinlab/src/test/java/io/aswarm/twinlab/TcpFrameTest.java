package io.aswarm.twinlab;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.HexFormat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TcpFrameTest
{
    private static final byte[] V4_SOURCE = RackPlan.bytes("198.18.200.1");
    private static final byte[] V4_DESTINATION = RackPlan.bytes("198.18.1.10");
    private static final byte[] V6_SOURCE = RackPlan.bytes("2001:2:0:c8::1");
    private static final byte[] V6_DESTINATION = RackPlan.bytes("2001:2:0:1::a");

    private final TcpFrame frame = new TcpFrame();

    @Test
    void shouldSumToAllOnesWhenChecksumsOfIpv4AreRight()
    {
        final int length = frame.write(V4_SOURCE, V4_DESTINATION, 40_000, 445, 0xDEADBEEF, TcpFrame.SYN);

        assertEquals(54, length);
        assertEquals(0xFFFF, TcpFrame.fold(TcpFrame.sum(frame.buffer(), 14, 34)));
        assertEquals(0xFFFF, TcpFrame.fold(TcpFrame.sum(frame.buffer(), 26, length) + 6 + 20));
    }

    @Test
    void shouldSumToAllOnesWhenChecksumOfIpv6IsRight()
    {
        final int length = frame.write(V6_SOURCE, V6_DESTINATION, 65_535, 1, -1, TcpFrame.SYN);

        assertEquals(74, length);
        assertEquals(0xFFFF, TcpFrame.fold(TcpFrame.sum(frame.buffer(), 22, length) + 6 + 20));
    }

    @Test
    void shouldWriteBytesThatAnotherImplementationComputed()
    {
        frame.link(RackPlan.macBytes("02:a5:00:00:01:01"), RackPlan.macBytes("02:a5:00:00:00:42"));
        final int length = frame.write(V4_SOURCE, V4_DESTINATION, 40_000, 7_000, 1, TcpFrame.SYN);

        // checksums 0xe59f and 0xa827 were computed by a Python program after RFC 1071
        final byte[] expected = HexFormat.of().parseHex(
            "02a500000101" + "02a500000042" + "0800" +
            "45000028" + "00004000" + "4006e59f" + "c612c801" + "c612010a" +
            "9c401b58" + "00000001" + "00000000" + "5002faf0" + "a8270000");
        final byte[] written = new byte[length];
        frame.buffer().get(0, written);
        assertArrayEquals(expected, written, HexFormat.of().formatHex(written));
    }

    @Test
    void shouldFoldCarriesOfCarries()
    {
        assertEquals(1, TcpFrame.fold(0xFFFFL * 0x10000 + 1));
        assertEquals(0xFFFF, TcpFrame.fold(0xFFFF));
    }

    @Test
    void shouldChangeOnlyChecksumAndSequenceWhenTheNextProbeDiffersInIt()
    {
        final int length = frame.write(V4_SOURCE, V4_DESTINATION, 40_000, 445, 1, TcpFrame.SYN);
        final ByteBuffer first = ByteBuffer.allocate(length);
        first.put(0, frame.buffer(), 0, length);
        frame.write(V4_SOURCE, V4_DESTINATION, 40_000, 445, 2, TcpFrame.SYN);

        for (int i = 0; i < length; i++)
        {
            final boolean mayDiffer = (i >= 38 && i < 42) || (i >= 50 && i < 52);
            assertTrue(mayDiffer || first.get(i) == frame.buffer().get(i), "byte " + i);
        }
        assertEquals(2, frame.buffer().getInt(38));
    }
}
