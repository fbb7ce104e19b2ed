package io.aswarm.twinlab;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        assertEquals(3, decoder.type());
        assertTrue(decoder.isUnreachable());
        assertEquals(0x0000FFFF_C612C801L, decoder.quoted().initiatorLow());
        assertEquals(CaptureDecoder.TCP, decoder.quoted().protocol());
        assertEquals(445, decoder.quoted().responderPort());
        assertEquals(7, decoder.sequence());
    }

    @Test
    void shouldTellTheInnermostAddressesOfATunnelAndKeepTheOutermost()
    {
        final ByteBuffer inner = segment(V4_SOURCE, V4_DESTINATION, 7);
        final ByteBuffer carried = inserted(inner, 14, ipip(inner.limit() - 14));

        assertTrue(decode(carried));
        assertEquals(1, decoder.tunnels());
        assertEquals(0x0000FFFF_C612C801L, decoder.sourceLow());
        assertEquals(0x0000FFFF_C6120A01L, decoder.outerSourceLow());
        assertEquals(445, decoder.destinationPort());
    }

    @Test
    void shouldOpenFourTunnelsButNotFive()
    {
        ByteBuffer frame = segment(V4_SOURCE, V4_DESTINATION, 7);
        for (int depth = 1; depth <= TunnelDecoder.DEPTH_MAX; depth++)
        {
            frame = inserted(frame, 14, ipip(frame.limit() - 14));
        }
        assertTrue(decode(frame));
        assertEquals(TunnelDecoder.DEPTH_MAX, decoder.tunnels());
        assertFalse(decode(inserted(frame, 14, ipip(frame.limit() - 14))));
        assertEquals(DecodeFault.TUNNEL_DEPTH, decoder.fault());
    }

    @Test
    void shouldReadBehindLabelsAndAPppSession()
    {
        final ByteBuffer plain = segment(V4_SOURCE, V4_DESTINATION, 7);
        final ByteBuffer labelled = inserted(plain, 14, new byte[]{0, 1, 0x10, 64, 0, 2, 0x11, 64});
        labelled.putShort(12, (short)0x8847);
        assertTrue(decode(labelled));
        assertEquals(445, decoder.destinationPort());

        final ByteBuffer session = inserted(plain, 14, new byte[]{0x11, 0, 0, 1, 0, 42, 0, 0x21});
        session.putShort(12, (short)0x8864);
        assertTrue(decode(tagged(session, 0x8100)));
        assertEquals(445, decoder.destinationPort());
    }

    @Test
    void shouldGiveALaterFragmentThePortsOfItsFirst()
    {
        final ByteBuffer first = segment(V4_SOURCE, V4_DESTINATION, 7);
        first.putShort(18, (short)77).putShort(20, (short)0x2000);
        assertTrue(decode(first));

        final ByteBuffer later = segment(V4_SOURCE, V4_DESTINATION, 7);
        later.putShort(18, (short)77).putShort(20, (short)0x0003);
        assertFalse(decode(later));
        assertTrue(decoder.hasAddresses());
        assertEquals(445, decoder.destinationPort());

        later.putShort(18, (short)78);
        assertFalse(decode(later));
        assertEquals(0, decoder.destinationPort());
    }

    @ParameterizedTest
    @CsvSource({"7,false,0,0", "8,true,8,0", "13,true,13,0", "14,true,14,2", "16,true,16,2", "20,true,20,2"})
    void shouldReadWhatAFirstFragmentHoldsOfAHeader(
        final int bytes, final boolean isTold, final int headerLength, final int flags)
    {
        final ByteBuffer fragment = segment(V4_SOURCE, V4_DESTINATION, 7);
        fragment.putShort(16, (short)(20 + bytes)).putShort(20, (short)0x2000);
        assertEquals(isTold, decode(fragment));
        assertEquals(isTold ? 445 : 0, decoder.destinationPort());
        assertEquals(isTold ? 7 : 0, decoder.sequence());
        assertEquals(headerLength, decoder.tcpHeaderLength);
        assertEquals(flags, decoder.tcpFlags());

        fragment.putShort(20, (short)0);
        assertEquals(TcpFrame.TCP_LENGTH == bytes, decode(fragment), "nothing follows that would complete it");
    }

    @Test
    void shouldLookForOptionsInTheNextFragment()
    {
        final ByteBuffer fragment = segment(V4_SOURCE, V4_DESTINATION, 7);
        fragment.put(46, (byte)(10 << 4));
        assertFalse(decode(fragment));
        fragment.putShort(20, (short)0x2000);
        assertTrue(decode(fragment));
        assertEquals(TcpFrame.TCP_LENGTH, decoder.tcpHeaderLength);
    }

    @Test
    void shouldTellAProtocolWithoutPortsAndWhoRefusesIt()
    {
        final ByteBuffer asked = ByteBuffer.allocate(34);
        asked.putShort(12, (short)0x0800).put(14, (byte)0x45).putShort(16, (short)20).put(23, (byte)175);
        asked.put(26, V4_SOURCE).put(30, V4_DESTINATION);
        assertTrue(decode(asked));
        assertEquals(175, decoder.protocol());

        final ByteBuffer refused = ByteBuffer.allocate(34 + 8 + 20);
        refused.putShort(12, (short)0x0800).put(14, (byte)0x45).putShort(16, (short)48).put(23, (byte)1);
        refused.put(26, V4_DESTINATION).put(30, V4_SOURCE).put(34, (byte)3).put(35, (byte)2);
        refused.put(42, asked, 14, 20);
        assertTrue(decode(refused));
        assertTrue(decoder.isUnreachable());
        assertEquals(ConversationKey.outward(decoderOf(asked)), decoder.quoted());

        asked.put(23, (byte)CaptureDecoder.NEIGHBOUR_DISCOVERY);
        assertFalse(decode(asked), "255 stands for neighbour discovery here");
    }

    private static CaptureDecoder decoderOf(final ByteBuffer frame)
    {
        final CaptureDecoder other = new CaptureDecoder();
        other.decode(frame, frame.limit(), frame.limit());
        return other;
    }

    @Test
    void shouldTakeArpForTheQuestionAndTheAnswerThatItIs()
    {
        final ByteBuffer frame = ByteBuffer.allocate(42);
        frame.putShort(12, (short)0x0806).putLong(14, 0x0001_0800_0604_0001L);
        frame.put(28, V4_SOURCE).put(38, V4_DESTINATION);

        assertTrue(decode(frame));
        assertEquals(CaptureDecoder.NEIGHBOUR_DISCOVERY, decoder.protocol());
        assertEquals(CaptureDecoder.NEIGHBOUR_REQUEST, decoder.type());
        assertEquals(0x0000FFFF_C612C801L, decoder.sourceLow());
        assertEquals(0x0000FFFF_C612010AL, decoder.destinationLow());

        frame.put(19, (byte)8);
        assertFalse(decode(frame));
        assertEquals(DecodeFault.BAD_ARP, decoder.fault());
    }

    @Test
    void shouldReadPacketsThatHaveNoEthernetHeader()
    {
        final ByteBuffer plain = segment(V6_SOURCE, V6_DESTINATION, 7);
        final ByteBuffer raw = ByteBuffer.allocate(plain.limit() - 14);
        raw.put(0, plain, 14, raw.limit());
        assertTrue(decoder.decode(LinkType.RAW, raw, raw.limit(), raw.limit()));
        assertEquals(445, decoder.destinationPort());

        final ByteBuffer cooked = inserted(raw, 0, new byte[16]);
        cooked.putShort(14, (short)0x86DD);
        assertTrue(decoder.decode(LinkType.SLL, cooked, cooked.limit(), cooked.limit()));
        assertEquals(445, decoder.destinationPort());
        assertFalse(decoder.decode(LinkType.SLL, cooked, 15, 15));
        assertEquals(DecodeFault.TRUNCATED_LINK, decoder.fault());
    }

    private static byte[] ipip(final int payload)
    {
        final ByteBuffer header = ByteBuffer.allocate(20);
        header.put(0, (byte)0x45).putShort(2, (short)(20 + payload)).put(8, (byte)64).put(9, (byte)4);
        header.put(12, RackPlan.bytes("198.18.10.1")).put(16, RackPlan.bytes("198.18.10.2"));
        return header.array();
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
