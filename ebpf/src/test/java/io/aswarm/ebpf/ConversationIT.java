package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.util.List;

import static io.aswarm.ebpf.PacketBuilder.ACK;
import static io.aswarm.ebpf.PacketBuilder.FIN;
import static io.aswarm.ebpf.PacketBuilder.ICMP;
import static io.aswarm.ebpf.PacketBuilder.ICMPV6;
import static io.aswarm.ebpf.PacketBuilder.RST;
import static io.aswarm.ebpf.PacketBuilder.SYN;
import static io.aswarm.ebpf.PacketBuilder.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Sequences of packets in, what became of the conversation out. */
class ConversationIT
{
    private static final String A = "198.18.0.1";
    private static final String B = "198.18.1.2";
    private static final String ROUTER = "198.18.1.254";
    private static final String A6 = "2001:2::1";
    private static final String B6 = "2001:2:0:1::2";
    private static final String TCP = " 6 198.18.0.1 40000 > 198.18.1.2 80";
    private static final String UDP = " 17 198.18.0.1 40000 > 198.18.1.2 53";
    private static final int ISN = 0xfffffffe;
    private static final int RESPONDER_ISN = 0x7fffffff;

    @RegisterExtension
    private final KernelFixture kernel = new KernelFixture();

    @Test
    void shouldTellHandshakeOnceWhenItCompletes()
    {
        assertEvents(syn(), "OPENED" + TCP);
        assertEvents(synAck(ISN + 1), "ACCEPTED" + TCP);
        assertEvents(synAck(ISN + 1));
        assertEvents(fromInitiator(ACK, ISN + 1, RESPONDER_ISN + 1), "ESTABLISHED" + TCP);
        assertEvents(fromInitiator(ACK, ISN + 1, RESPONDER_ISN + 1));
        assertEvents(fromResponder(ACK, RESPONDER_ISN + 1, ISN + 1));
    }

    @Test
    void shouldTellEndOnceWhenEstablishedConversationIsOver()
    {
        establish();
        assertEvents(fromResponder(ACK | FIN, RESPONDER_ISN + 1, ISN + 1), "ENDED" + TCP + " from responder");
        assertEvents(fromInitiator(ACK | FIN, ISN + 1, RESPONDER_ISN + 2));
        establish();
        assertEvents(fromInitiator(RST, ISN + 1, 0), "ENDED" + TCP);
        assertEvents(fromResponder(RST, RESPONDER_ISN + 1, 0));
    }

    @Test
    void shouldTellHowLongConversationLasted()
    {
        final long beforeNs = System.nanoTime();
        establish();
        kernel.send(fromInitiator(ACK | FIN, ISN + 1, RESPONDER_ISN + 1));
        final long atMostMs = 1 + (System.nanoTime() - beforeNs) / 1_000_000;
        kernel.sensor().poll(
            (c) -> assertEquals(true, c.kind() != ConversationKind.ENDED || c.quantity() <= atMostMs), 10);
    }

    @Test
    void shouldMarkRepeatWhenSameSynComesAgain()
    {
        assertEvents(syn(), "OPENED" + TCP);
        assertEvents(syn(), "OPENED" + TCP + " repeat");
        assertEvents(frame().ip(A, B).tcp(40000, 80, SYN, ISN + 9, 0).build(), "OPENED" + TCP);
    }

    @Test
    void shouldTellRefusalWhenResponderResets()
    {
        assertEvents(syn(), "OPENED" + TCP);
        assertEvents(fromResponder(RST | ACK, 0, ISN + 1), "REFUSED" + TCP);
        assertEvents(fromResponder(RST | ACK, 0, ISN + 1));
    }

    @Test
    void shouldTellRefusalWhenScanCarriesNoSyn()
    {
        assertEvents(fromInitiator(0, ISN, 0), "OPENED" + TCP);
        assertEvents(fromResponder(RST | ACK, 0, ISN), "REFUSED" + TCP);
        assertEvents(fromInitiator(0x29, ISN, 0), "OPENED" + TCP);
    }

    @Test
    void shouldTellAbortWhenInitiatorResets()
    {
        assertEvents(syn(), "OPENED" + TCP);
        assertEvents(synAck(ISN + 1), "ACCEPTED" + TCP);
        assertEvents(fromInitiator(RST, ISN + 1, 0), "ABORTED" + TCP);
        assertEvents(fromInitiator(ACK, ISN + 1, RESPONDER_ISN + 1));
    }

    @Test
    void shouldBelieveNoAnswerWhenItsNumbersAreGuessed() throws KernelException
    {
        assertEvents(syn(), "OPENED" + TCP);
        assertEvents(synAck(ISN));
        assertEvents(synAck(ISN + 1 + 65536));
        assertEvents(fromResponder(RST | ACK, 0, ISN - 1));
        assertEvents(fromResponder(RST, 12345, 0));
        assertEvents(fromInitiator(RST, ISN - 1, 0));
        assertEquals(4, kernel.count(SensorCounter.UNMATCHED_ANSWERS));
        assertEvents(synAck(ISN + 1), "ACCEPTED" + TCP);
        assertEvents(fromInitiator(ACK, ISN + 1, RESPONDER_ISN));
        assertEvents(fromInitiator(ACK, ISN + 1, RESPONDER_ISN + 1), "ESTABLISHED" + TCP);
    }

    @Test
    void shouldCountAnswerWhenNothingWasAsked() throws KernelException
    {
        assertEvents(synAck(ISN + 1));
        assertEquals(1, kernel.count(SensorCounter.UNMATCHED_ANSWERS));
    }

    @Test
    void shouldTellUnreachableWhenRouterQuotesOpening() throws KernelException
    {
        final byte[] syn = syn();
        assertEvents(syn, "OPENED" + TCP);
        assertEvents(frame().ip(ROUTER, A).icmp(ICMP, 3, 4, 0).quote(syn, 14, 28).build());
        assertEvents(frame().ip(ROUTER, A).icmp(ICMP, 3, 1, 0).quote(syn, 14, 28).build(), "UNREACHABLE" + TCP);
        assertEvents(frame().ip(ROUTER, A).icmp(ICMP, 3, 1, 0).quote(syn, 14, 28).build());
        assertEquals(1, kernel.count(SensorCounter.UNMATCHED_ANSWERS));
        assertEvents(frame().ip(ROUTER, A).icmp(ICMP, 3, 1, 0).quote(syn, 14, 27).build());
        assertEquals(1, kernel.count(SensorCounter.FAULT_BAD_QUOTE));
    }

    @Test
    void shouldNotBelieveQuoteWhenSequenceIsAnother()
    {
        assertEvents(syn(), "OPENED" + TCP);
        final byte[] guessed = frame().ip(A, B).tcp(40000, 80, SYN, 1, 0).build();
        assertEvents(frame().ip(ROUTER, A).icmp(ICMP, 3, 1, 0).quote(guessed, 14, 28).build());
    }

    @Test
    void shouldTellUnreachableWhenQuoteHasOptions()
    {
        final byte[] datagram = frame().ip(A, B).options(8).udp(40000, 53, 4).build();
        assertEvents(datagram, "OPENED" + UDP);
        assertEvents(frame().ip(B, A).icmp(ICMP, 3, 3, 0).quote(datagram, 14, 36).build(), "UNREACHABLE" + UDP);
    }

    @Test
    void shouldTellUnreachableWhenIpv6RouterQuotesOpening()
    {
        final byte[] syn = frame().ip(A6, B6).tcp(40000, 80, SYN, ISN, 0).build();
        final String conversation = " 6 2001:2::1 40000 > 2001:2:0:1::2 80";
        assertEvents(syn, "OPENED" + conversation);
        assertEvents(frame().ip(B6, A6).icmp(ICMPV6, 1, 4, 0).quote(syn, 14, 60).build(),
            "UNREACHABLE" + conversation);
    }

    @Test
    void shouldTellFirstDatagramAndFirstReplyOnly()
    {
        final byte[] query = frame().ip(A, B).udp(40000, 53, 20).build();
        final byte[] reply = frame().ip(B, A).udp(53, 40000, 90).build();
        assertEvents(query, "OPENED" + UDP);
        assertEvents(query);
        assertEvents(reply, "ACCEPTED" + UDP);
        assertEvents(reply);
        assertEvents(query);
    }

    @Test
    void shouldTellEchoAndReply() throws KernelException
    {
        assertEvents(frame().ip(A, B).icmp(ICMP, 8, 0, 77).build(), "OPENED 1 198.18.0.1 77 > 198.18.1.2 0");
        assertEvents(frame().ip(A, B).icmp(ICMP, 8, 0, 77).build());
        assertEvents(frame().ip(B, A).icmp(ICMP, 0, 0, 77).build(), "ACCEPTED 1 198.18.0.1 77 > 198.18.1.2 0");
        assertEvents(frame().ip(A6, B6).icmp(ICMPV6, 128, 0, 78).build(), "OPENED 58 2001:2::1 78 > 2001:2:0:1::2 0");
        assertEvents(frame().ip(B6, A6).icmp(ICMPV6, 129, 0, 78).build(),
            "ACCEPTED 58 2001:2::1 78 > 2001:2:0:1::2 0");
        assertEvents(frame().ip(B, A).icmp(ICMP, 0, 0, 5).build());
        assertEquals(1, kernel.count(SensorCounter.UNMATCHED_ANSWERS));
    }

    private void establish()
    {
        assertEvents(syn(), "OPENED" + TCP);
        assertEvents(synAck(ISN + 1), "ACCEPTED" + TCP);
        assertEvents(fromInitiator(ACK, ISN + 1, RESPONDER_ISN + 1), "ESTABLISHED" + TCP);
    }

    private static byte[] syn()
    {
        return fromInitiator(SYN, ISN, 0);
    }

    private static byte[] synAck(final int acknowledgment)
    {
        return fromResponder(SYN | ACK, RESPONDER_ISN, acknowledgment);
    }

    private static byte[] fromInitiator(final int flags, final int sequence, final int acknowledgment)
    {
        return frame().ip(A, B).tcp(40000, 80, flags, sequence, acknowledgment).build();
    }

    private static byte[] fromResponder(final int flags, final int sequence, final int acknowledgment)
    {
        return frame().ip(B, A).tcp(80, 40000, flags, sequence, acknowledgment).build();
    }

    private void assertEvents(final byte[] packet, final String... events)
    {
        assertEquals(VerdictProbe.VERDICT_PASS, kernel.send(packet));
        assertEquals(List.of(events), kernel.events());
    }
}
