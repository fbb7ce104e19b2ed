package io.aswarm.twinlab;

import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConversationTrackerTest
{
    private static final byte[] CLIENT = RackPlan.bytes("198.18.1.10");
    private static final byte[] SERVER = RackPlan.bytes("198.18.2.10");
    private static final int CLIENT_SEQUENCE = -5;
    private static final int SERVER_SEQUENCE = 1_000;

    private static final int NONE = 0;

    private final ConversationTracker tracker = new ConversationTracker(this::onRecord);
    private final CaptureDecoder decoder = new CaptureDecoder();
    private long nowNs = 1;
    private int headerWords = 5;
    private int kind;
    private int flags;
    private int tcpFlags;
    private long quantity;
    private boolean isBare;
    private ConversationKey key;

    @Test
    void shouldFollowAHandshakeToItsEnd()
    {
        assertEquals(ConversationKind.OPENED, client(TcpFrame.SYN, CLIENT_SEQUENCE, 0));
        assertEquals(ConversationKind.ACCEPTED,
            server(TcpFrame.SYN | TcpFrame.ACK, SERVER_SEQUENCE, CLIENT_SEQUENCE + 1));
        assertEquals(ConversationKind.ESTABLISHED,
            client(TcpFrame.ACK, CLIENT_SEQUENCE + 1, SERVER_SEQUENCE + 1));
        assertEquals(NONE, client(TcpFrame.ACK, CLIENT_SEQUENCE + 1, SERVER_SEQUENCE + 1));

        assertEquals(0x0000FFFF_C612010AL, key.initiatorLow());
        assertEquals(7_000, key.responderPort());
    }

    @ParameterizedTest
    @CsvSource({"5,true", "6,true", "7,false", "10,false", "15,false"})
    void shouldTellTheHeaderOfAnOpeningAndTheFlagsOfEverySegment(final int headerWords, final boolean isExpectedBare)
    {
        this.headerWords = headerWords;
        client(TcpFrame.SYN, CLIENT_SEQUENCE, 0);
        assertEquals(4L * headerWords, quantity);
        assertEquals(isExpectedBare, isBare);
        assertEquals(TcpFrame.SYN, tcpFlags);
        client(TcpFrame.SYN, CLIENT_SEQUENCE, 0);
        assertEquals(4L * headerWords, quantity);

        server(TcpFrame.SYN | TcpFrame.ACK, SERVER_SEQUENCE, CLIENT_SEQUENCE + 1);
        assertEquals(0, quantity);
        assertEquals(TcpFrame.SYN | TcpFrame.ACK, tcpFlags);
    }

    @Test
    void shouldNameTheOpenerAsInitiatorWhenTheAnswerRefuses()
    {
        client(TcpFrame.SYN, CLIENT_SEQUENCE, 0);

        assertEquals(ConversationKind.REFUSED, server(TcpFrame.RST | TcpFrame.ACK, 0, CLIENT_SEQUENCE + 1));
        assertEquals(0x0000FFFF_C612010AL, key.initiatorLow());
        assertEquals(0x0000FFFF_C612020AL, key.responderLow());
    }

    @Test
    void shouldCallItARepeatWhenTheSameOpeningComesAgain()
    {
        client(TcpFrame.SYN, CLIENT_SEQUENCE, 0);
        assertEquals(0, flags);

        assertEquals(ConversationKind.OPENED, client(TcpFrame.SYN, CLIENT_SEQUENCE, 0));
        assertEquals(Conversation.FLAG_REPEAT, flags);

        assertEquals(ConversationKind.OPENED, client(TcpFrame.SYN, CLIENT_SEQUENCE + 1, 0));
        assertEquals(0, flags);
    }

    @Test
    void shouldNotBelieveAnAnswerThatDoesNotQuoteTheOpening()
    {
        client(TcpFrame.SYN, CLIENT_SEQUENCE, 0);

        assertEquals(NONE,
            server(TcpFrame.SYN | TcpFrame.ACK, SERVER_SEQUENCE, CLIENT_SEQUENCE));
        assertEquals(NONE,
            server(TcpFrame.RST | TcpFrame.ACK, 0, CLIENT_SEQUENCE - 1));
        assertEquals(ConversationKind.ACCEPTED,
            server(TcpFrame.SYN | TcpFrame.ACK, SERVER_SEQUENCE, CLIENT_SEQUENCE + 65_536));
    }

    @Test
    void shouldCallItAbortedWhenTheOpenerResets()
    {
        client(TcpFrame.SYN, CLIENT_SEQUENCE, 0);

        assertEquals(ConversationKind.ABORTED, client(TcpFrame.RST, CLIENT_SEQUENCE + 1, 0));
        assertEquals(NONE, client(TcpFrame.RST, CLIENT_SEQUENCE + 1, 0));
    }

    @Test
    void shouldTakeAProbeWithoutAnyFlagForAnOpening()
    {
        assertEquals(ConversationKind.OPENED, client(0, CLIENT_SEQUENCE, 0));
        assertEquals(ConversationKind.OPENED, server(TcpFrame.FIN, SERVER_SEQUENCE, 0));
    }

    @Test
    void shouldOpenByAFragmentWithoutFlagsOnlyWhatNobodyHolds()
    {
        assertEquals(ConversationKind.OPENED, fragment(CLIENT_SEQUENCE));
        assertEquals(8, quantity);
        assertTrue(isBare);
        assertEquals(ConversationKind.OPENED, fragment(CLIENT_SEQUENCE));
        assertEquals(Conversation.FLAG_REPEAT, flags);
        assertEquals(NONE, fragment(CLIENT_SEQUENCE + 1));
        assertEquals(ConversationKind.ACCEPTED, server(TcpFrame.ANSWER, SERVER_SEQUENCE, CLIENT_SEQUENCE + 1));
        assertEquals(ConversationKind.ESTABLISHED, client(TcpFrame.ACK, CLIENT_SEQUENCE + 1, SERVER_SEQUENCE + 1));
        assertEquals(NONE, fragment(CLIENT_SEQUENCE));
    }

    @Test
    void shouldTellTheEndOnceAndHowLongItLasted()
    {
        client(TcpFrame.SYN, CLIENT_SEQUENCE, 0);
        server(TcpFrame.SYN | TcpFrame.ACK, SERVER_SEQUENCE, CLIENT_SEQUENCE + 1);
        client(TcpFrame.ACK, CLIENT_SEQUENCE + 1, SERVER_SEQUENCE + 1);

        nowNs += 2_500_000_000L;
        assertEquals(ConversationKind.ENDED, server(TcpFrame.FIN | TcpFrame.ACK, SERVER_SEQUENCE + 1, 0));
        assertEquals(Conversation.FLAG_FROM_RESPONDER, flags);
        assertEquals(2_500, quantity);
        assertEquals(0x0000FFFF_C612010AL, key.initiatorLow());
        assertEquals(NONE, client(TcpFrame.FIN | TcpFrame.ACK, CLIENT_SEQUENCE + 1, 0));
        assertEquals(NONE, client(TcpFrame.RST, CLIENT_SEQUENCE + 1, 0));
    }

    @Test
    void shouldReportBytesOfWhoeverCrossesTheQuantumWithTheWayTheyWent()
    {
        client(TcpFrame.SYN, CLIENT_SEQUENCE, 0);
        server(TcpFrame.SYN | TcpFrame.ACK, SERVER_SEQUENCE, CLIENT_SEQUENCE + 1);
        client(TcpFrame.ACK, CLIENT_SEQUENCE + 1, SERVER_SEQUENCE + 1);

        int packets = 3;
        while (NONE == server(TcpFrame.ACK, SERVER_SEQUENCE + 1, CLIENT_SEQUENCE + 1))
        {
            packets++;
        }
        assertEquals(ConversationKind.VOLUME, kind);
        assertEquals(Conversation.FLAG_FROM_RESPONDER, flags);
        assertEquals(1 << VolumeSampler.SHIFT_MIN, quantity);
        assertEquals((1 << VolumeSampler.SHIFT_MIN) / 54, packets);
    }

    @Test
    void shouldLeaveAnAnswerUnorientedOnlyWhenNobodyAsked()
    {
        while (NONE == server(TcpFrame.ANSWER, SERVER_SEQUENCE, CLIENT_SEQUENCE + 1))
        {
            assertEquals(NONE, kind);
        }
        assertEquals(Conversation.FLAG_UNORIENTED, flags);
        assertEquals(TcpFrame.ANSWER, tcpFlags);
        assertEquals(0x0000FFFF_C612020AL, key.initiatorLow());

        client(TcpFrame.SYN, CLIENT_SEQUENCE, 0);
        server(TcpFrame.ANSWER, SERVER_SEQUENCE, CLIENT_SEQUENCE + 1);
        while (ConversationKind.VOLUME != server(TcpFrame.ANSWER, SERVER_SEQUENCE, CLIENT_SEQUENCE + 1))
        {
            assertEquals(NONE, kind);
        }
        assertEquals(Conversation.FLAG_FROM_RESPONDER, flags);
        assertEquals(0x0000FFFF_C612010AL, key.initiatorLow());
    }

    @Test
    void shouldNotSayWhoBeganWhatItDidNotSeeBegin()
    {
        while (NONE == server(TcpFrame.ACK, SERVER_SEQUENCE, CLIENT_SEQUENCE))
        {
            assertEquals(NONE, kind);
        }
        assertEquals(ConversationKind.VOLUME, kind);
        assertEquals(Conversation.FLAG_UNORIENTED, flags);
        assertEquals(0x0000FFFF_C612020AL, key.initiatorLow());
    }

    private int client(final int tcpFlags, final int sequence, final int acknowledgment)
    {
        return take(CLIENT, SERVER, 40_000, 7_000, tcpFlags, sequence, acknowledgment);
    }

    private int server(final int tcpFlags, final int sequence, final int acknowledgment)
    {
        return take(SERVER, CLIENT, 7_000, 40_000, tcpFlags, sequence, acknowledgment);
    }

    /** The client's first fragment, cut behind the sequence number. */
    private int fragment(final int sequence)
    {
        final TcpFrame frame = new TcpFrame();
        frame.write(CLIENT, SERVER, 40_000, 7_000, sequence, TcpFrame.SYN);
        final ByteBuffer cut = ByteBuffer.allocate(42).put(0, frame.buffer(), 0, 42);
        cut.putShort(16, (short)28).putShort(20, (short)0x2000);
        assertTrue(decoder.decode(cut, cut.capacity(), cut.capacity()));
        kind = NONE;
        tracker.onPacket(decoder, nowNs);
        return kind;
    }

    private int take(
        final byte[] source, final byte[] destination, final int sourcePort, final int destinationPort,
        final int tcpFlags, final int sequence, final int acknowledgment)
    {
        final TcpFrame frame = new TcpFrame();
        final int length = frame.write(source, destination, sourcePort, destinationPort, sequence, tcpFlags);
        final ByteBuffer buffer = frame.buffer();
        buffer.putInt(42, acknowledgment);
        final int optionBytes = 4 * headerWords - TcpFrame.TCP_LENGTH;
        final int tcp = TcpFrame.ETHERNET_LENGTH + TcpFrame.IPV4_LENGTH;
        final ByteBuffer whole = ByteBuffer.allocate(length + optionBytes).put(0, buffer, 0, length);
        whole.putShort(TcpFrame.ETHERNET_LENGTH + 2, (short)(whole.capacity() - TcpFrame.ETHERNET_LENGTH));
        whole.put(tcp + 12, (byte)(headerWords << 4));
        assertTrue(decoder.decode(whole, whole.capacity(), whole.capacity()));
        kind = NONE;
        tracker.onPacket(decoder, nowNs);
        return kind;
    }

    private void onRecord(final TrackedConversation record)
    {
        kind = record.kind();
        flags = record.flags();
        tcpFlags = record.tcpFlags();
        quantity = record.quantity();
        isBare = record.isBareOpening();
        key = record.key();
    }
}
