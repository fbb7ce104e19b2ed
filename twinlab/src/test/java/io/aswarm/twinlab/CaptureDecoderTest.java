package io.aswarm.twinlab;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CaptureDecoderTest
{
    private static final byte[] V4_SOURCE = RackPlan.bytes("198.18.200.1");
    private static final byte[] V4_DESTINATION = RackPlan.bytes("198.18.1.10");
    private static final byte[] V6_SOURCE = RackPlan.bytes("2001:2:0:c8::1");
    private static final byte[] V6_DESTINATION = RackPlan.bytes("2001:2:0:1::a");

    private final CaptureDecoder decoder = new CaptureDecoder();

    @Test
    void shouldReadAllFieldsOfTcpOverIpv4()
    {
        assertTrue(decode(segment(V4_SOURCE, V4_DESTINATION, 7)));

        assertEquals(0, decoder.sourceHigh());
        assertEquals(0x0000FFFF_C612C801L, decoder.sourceLow());
        assertEquals(0x0000FFFF_C612010AL, decoder.destinationLow());
        assertEquals(CaptureDecoder.TCP, decoder.protocol());
        assertEquals(40_000, decoder.sourcePort());
        assertEquals(445, decoder.destinationPort());
        assertEquals(7, decoder.sequence());
        assertEquals(TcpFrame.SYN, decoder.tcpFlags());
    }

    @Test
    void shouldReadAllFieldsOfTcpOverIpv6()
    {
        assertTrue(decode(segment(V6_SOURCE, V6_DESTINATION, 7)));

        assertEquals(0x20010002_000000C8L, decoder.sourceHigh());
        assertEquals(1, decoder.sourceLow());
        assertEquals(10, decoder.destinationLow());
        assertEquals(445, decoder.destinationPort());
    }

    @Test
    void shouldLookBehindTwoVlanTagsButNotThree()
    {
        final ByteBuffer plain = segment(V4_SOURCE, V4_DESTINATION, 7);
        final ByteBuffer one = tagged(plain, 0x8100);
        final ByteBuffer two = tagged(one, 0x88A8);

        assertTrue(decode(one));
        assertTrue(decode(two));
        assertEquals(445, decoder.destinationPort());
        assertFalse(decode(tagged(two, 0x8100)));
    }

    @Test
    void shouldLookBehindExtensionHeadersOfIpv6()
    {
        final ByteBuffer plain = segment(V6_SOURCE, V6_DESTINATION, 7);
        final ByteBuffer extended = inserted(plain, 54, new byte[]{6, 0, 1, 4, 0, 0, 0, 0});
        extended.put(20, (byte)60).putShort(18, (short)28);

        assertTrue(decode(extended));
        assertEquals(445, decoder.destinationPort());
    }

    @Test
    void shouldNotReadPortsOfALaterFragment()
    {
        final ByteBuffer frame = segment(V4_SOURCE, V4_DESTINATION, 7);
        frame.putShort(20, (short)0x2001);

        assertFalse(decode(frame));
    }

    @Test
    void shouldNotBelieveALengthThatTheFrameDoesNotHave()
    {
        final ByteBuffer frame = segment(V4_SOURCE, V4_DESTINATION, 7);
        frame.putShort(16, (short)41);
        assertFalse(decode(frame));

        frame.putShort(16, (short)39);
        assertFalse(decode(frame));
    }

    @Test
    void shouldIgnoreMulticast()
    {
        assertFalse(decode(segment(V4_SOURCE, RackPlan.bytes("224.0.0.1"), 7)));
        assertFalse(decode(segment(V6_SOURCE, RackPlan.bytes("ff02::1"), 7)));
    }

    @Test
    void shouldReadThePacketThatAnErrorQuotes()
    {
        final ByteBuffer quoted = segment(V4_SOURCE, V4_DESTINATION, 7);
        final ByteBuffer frame = ByteBuffer.allocate(14 + 20 + 8 + 28);
        frame.putShort(12, (short)0x0800);
        frame.put(14, (byte)0x45).putShort(16, (short)56).put(23, (byte)1);
        frame.put(26, V4_DESTINATION).put(30, V4_SOURCE);
        frame.put(34, (byte)3).put(35, (byte)1);
        frame.put(42, quoted, 14, 28);

        assertTrue(decode(frame));
        assertEquals(3, decoder.icmpType());
        assertTrue(decoder.decodeQuoted());
        assertEquals(0x0000FFFF_C612C801L, decoder.sourceLow());
        assertEquals(CaptureDecoder.TCP, decoder.protocol());
        assertEquals(445, decoder.destinationPort());
        assertEquals(7, decoder.sequence());
    }

    @Test
    void shouldDecodeOrRefuseButNeverFailWhenTheFrameIsCutOrRandom()
    {
        final ByteBuffer whole = segment(V6_SOURCE, V6_DESTINATION, 7);
        for (int length = 0; length < whole.limit(); length++)
        {
            assertFalse(decoder.decode(whole, length, length), "cut to " + length);
        }

        final Random random = new Random(1);
        final byte[] bytes = new byte[96];
        int decoded = 0;
        for (int i = 0; i < 200_000; i++)
        {
            random.nextBytes(bytes);
            bytes[12] = (byte)(0 == i % 2 ? 0x08 : 0x86);
            bytes[13] = (byte)(0 == i % 2 ? 0x00 : 0xDD);
            bytes[14] = (byte)(0 == i % 2 ? 0x45 : 0x60);
            final ByteBuffer frame = ByteBuffer.wrap(bytes);
            if (decoder.decode(frame, bytes.length, 60_000))
            {
                decoded++;
                decoder.decodeQuoted();
            }
        }
        assertTrue(decoded > 100, "decoded " + decoded);
    }

    private boolean decode(final ByteBuffer frame)
    {
        return decoder.decode(frame, frame.limit(), frame.limit());
    }

    static ByteBuffer segment(final byte[] source, final byte[] destination, final int sequence)
    {
        final TcpFrame frame = new TcpFrame();
        final int length = frame.write(source, destination, 40_000, 445, sequence, TcpFrame.SYN);
        final ByteBuffer copy = ByteBuffer.allocate(length);
        copy.put(0, frame.buffer(), 0, length);
        return copy;
    }

    private static ByteBuffer tagged(final ByteBuffer frame, final int type)
    {
        return inserted(frame, 12, new byte[]{(byte)(type >> 8), (byte)type, 0, 5});
    }

    private static ByteBuffer inserted(final ByteBuffer frame, final int at, final byte[] bytes)
    {
        final ByteBuffer result = ByteBuffer.allocate(frame.limit() + bytes.length);
        result.put(0, frame, 0, at).put(at, bytes).put(at + bytes.length, frame, at, frame.limit() - at);
        return result;
    }
}
