package io.aswarm.twinlab;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConversationTrackerTest
{
    private static final byte[] CLIENT = RackPlan.bytes("198.18.1.10");
    private static final byte[] SERVER = RackPlan.bytes("198.18.2.10");
    private static final int CLIENT_SEQUENCE = -5;
    private static final int SERVER_SEQUENCE = 1_000;

    private final ConversationTracker tracker = new ConversationTracker();
    private final CaptureDecoder decoder = new CaptureDecoder();

    @Test
    void shouldFollowAHandshakeToItsEnd()
    {
        assertEquals(ConversationTracker.OPENED, client(TcpFrame.SYN, CLIENT_SEQUENCE, 0));
        assertEquals(ConversationTracker.ACCEPTED,
            server(TcpFrame.SYN | TcpFrame.ACK, SERVER_SEQUENCE, CLIENT_SEQUENCE + 1));
        assertEquals(ConversationTracker.ESTABLISHED,
            client(TcpFrame.ACK, CLIENT_SEQUENCE + 1, SERVER_SEQUENCE + 1));
        assertEquals(ConversationTracker.NONE, client(TcpFrame.ACK, CLIENT_SEQUENCE + 1, SERVER_SEQUENCE + 1));

        assertEquals(0x0000FFFF_C612010AL, tracker.key().initiatorLow());
        assertEquals(7_000, tracker.key().responderPort());
    }

    @Test
    void shouldNameTheOpenerAsInitiatorWhenTheAnswerRefuses()
    {
        client(TcpFrame.SYN, CLIENT_SEQUENCE, 0);

        assertEquals(ConversationTracker.REFUSED, server(TcpFrame.RST | TcpFrame.ACK, 0, CLIENT_SEQUENCE + 1));
        assertEquals(0x0000FFFF_C612010AL, tracker.key().initiatorLow());
        assertEquals(0x0000FFFF_C612020AL, tracker.key().responderLow());
    }

    @Test
    void shouldCallItARepeatWhenTheSameOpeningComesAgain()
    {
        client(TcpFrame.SYN, CLIENT_SEQUENCE, 0);
        assertFalse(tracker.isRepeat());

        assertEquals(ConversationTracker.OPENED, client(TcpFrame.SYN, CLIENT_SEQUENCE, 0));
        assertTrue(tracker.isRepeat());

        assertEquals(ConversationTracker.OPENED, client(TcpFrame.SYN, CLIENT_SEQUENCE + 1, 0));
        assertFalse(tracker.isRepeat());
    }

    @Test
    void shouldNotBelieveAnAnswerThatDoesNotQuoteTheOpening()
    {
        client(TcpFrame.SYN, CLIENT_SEQUENCE, 0);

        assertEquals(ConversationTracker.NONE,
            server(TcpFrame.SYN | TcpFrame.ACK, SERVER_SEQUENCE, CLIENT_SEQUENCE));
        assertEquals(ConversationTracker.NONE,
            server(TcpFrame.RST | TcpFrame.ACK, 0, CLIENT_SEQUENCE - 1));
        assertEquals(ConversationTracker.ACCEPTED,
            server(TcpFrame.SYN | TcpFrame.ACK, SERVER_SEQUENCE, CLIENT_SEQUENCE + 65_536));
    }

    @Test
    void shouldCallItAbortedWhenTheOpenerResets()
    {
        client(TcpFrame.SYN, CLIENT_SEQUENCE, 0);

        assertEquals(ConversationTracker.ABORTED, client(TcpFrame.RST, CLIENT_SEQUENCE + 1, 0));
        assertEquals(ConversationTracker.NONE, client(TcpFrame.RST, CLIENT_SEQUENCE + 1, 0));
    }

    @Test
    void shouldTakeAProbeWithoutAnyFlagForAnOpening()
    {
        assertEquals(ConversationTracker.OPENED, client(0, CLIENT_SEQUENCE, 0));
        assertEquals(ConversationTracker.OPENED, server(TcpFrame.FIN, SERVER_SEQUENCE, 0));
    }

    private int client(final int flags, final int sequence, final int acknowledgment)
    {
        return take(CLIENT, SERVER, 40_000, 7_000, flags, sequence, acknowledgment);
    }

    private int server(final int flags, final int sequence, final int acknowledgment)
    {
        return take(SERVER, CLIENT, 7_000, 40_000, flags, sequence, acknowledgment);
    }

    private int take(
        final byte[] source, final byte[] destination, final int sourcePort, final int destinationPort,
        final int flags, final int sequence, final int acknowledgment)
    {
        final TcpFrame frame = new TcpFrame();
        final int length = frame.write(source, destination, sourcePort, destinationPort, sequence, flags);
        final ByteBuffer buffer = frame.buffer();
        buffer.putInt(42, acknowledgment);
        assertTrue(decoder.decode(buffer, length, length));
        return tracker.onPacket(decoder, 1);
    }
}
