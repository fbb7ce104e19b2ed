package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static io.aswarm.ebpf.PacketBuilder.ACK;
import static io.aswarm.ebpf.PacketBuilder.FIN;
import static io.aswarm.ebpf.PacketBuilder.ICMP;
import static io.aswarm.ebpf.PacketBuilder.RST;
import static io.aswarm.ebpf.PacketBuilder.SYN;
import static io.aswarm.ebpf.PacketBuilder.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** First fragments that end within the TCP header (RFC 1858, section 3.1), and what they do to conversations. */
class TinyFragmentIT
{
    private static final String A = "198.18.0.1";
    private static final String B = "198.18.1.2";
    private static final String A6 = "2001:2::1";
    private static final String B6 = "2001:2:0:1::2";
    private static final String TCP = " 6 198.18.0.1 40000 > 198.18.1.2 80";
    private static final int MORE_FRAGMENTS = 0x2000;
    private static final int ISN = 100;
    private static final int RESPONDER_ISN = 900;

    @RegisterExtension
    private final KernelFixture kernel = new KernelFixture();

    @Test
    void shouldTellBytesAndFlagsThatTheFragmentHolds()
    {
        final byte[] syn = whole(SYN, ISN, 0);
        kernel.send(tiny(syn, 8));
        kernel.send(frame().ip(A, B).tcp(1, 80, SYN, 1, 0).claim(20 + 13).fragment(MORE_FRAGMENTS).raw());
        kernel.send(frame().ip(A, B).tcp(2, 80, SYN, 1, 0).claim(20 + 14).fragment(MORE_FRAGMENTS).raw());
        kernel.send(frame().ip(A, B).tcp(3, 80, SYN, 1, 0).claim(20 + 16).fragment(MORE_FRAGMENTS).raw());
        kernel.send(
            frame().ip(A, B).tcp(4, 80, SYN, 1, 0).tcpOptions(20).claim(20 + 24).fragment(MORE_FRAGMENTS).raw());
        kernel.send(frame().ip(A6, B6).extension(44, 8, 1).tcp(5, 80, SYN, 1, 0).claim(8 + 8).raw());
        kernel.send(frame().ip(A, B).protocol(4).bytes(tiny(whole(SYN, 7, 0), 8), 14).build());

        final List<String> told = new ArrayList<>();
        kernel.sensor().poll((c) -> told.add(
            ConversationKind.name(c.kind()) + " port " + c.responderPort() + " flags " + c.tcpFlags() + " bytes " +
                c.quantity()), 100);
        told.removeIf((record) -> record.startsWith("VOLUME"));
        assertEquals(
            List.of(
                "OPENED port 80 flags 0 bytes 8", "OPENED port 80 flags 0 bytes 13", "OPENED port 80 flags 2 bytes 14",
                "OPENED port 80 flags 2 bytes 16", "OPENED port 80 flags 2 bytes 24", "OPENED port 80 flags 0 bytes 8"),
            told);
    }

    @Test
    void shouldCountFragmentWhenNotEvenSequenceIsThere() throws KernelException
    {
        assertEvents(tiny(whole(SYN, ISN, 0), 7));
        assertEquals(1, kernel.count(SensorCounter.FAULT_TRUNCATED_TRANSPORT));
    }

    @Test
    void shouldCountHeaderThatNoFragmentCompletes() throws KernelException
    {
        assertEvents(frame().ip(A, B).tcp(40000, 80, SYN, ISN, 0).claim(20 + 16).raw());
        assertEquals(1, kernel.count(SensorCounter.FAULT_TRUNCATED_TRANSPORT));
        assertEvents(frame().ip(A, B).tcp(40000, 80, SYN, ISN, 0).tcpOptions(20).claim(20 + 24).raw());
        assertEquals(1, kernel.count(SensorCounter.FAULT_BAD_TRANSPORT));
    }

    @Test
    void shouldOrientWhatTargetAnswers()
    {
        final byte[] syn = whole(SYN, ISN, 0);
        assertEvents(tiny(syn, 8), "OPENED" + TCP);
        assertEvents(answer(SYN | ACK, RESPONDER_ISN, ISN + 1), "ACCEPTED" + TCP);
        assertEvents(whole(RST, ISN + 1, 0), "ABORTED" + TCP);
        assertEvents(tiny(syn, 8), "OPENED" + TCP);
        assertEvents(answer(RST | ACK, 0, ISN + 1), "REFUSED" + TCP);
        assertEvents(tiny(syn, 8), "OPENED" + TCP);
        assertEvents(
            frame().ip(B, A).icmp(ICMP, 3, 13, 0).quote(syn, 14, 28).build(), "UNREACHABLE" + TCP);
    }

    @Test
    void shouldMarkRepeatWhenFragmentComesAgain()
    {
        assertEvents(tiny(whole(SYN, ISN, 0), 8), "OPENED" + TCP);
        assertEvents(tiny(whole(SYN, ISN, 0), 8), "OPENED" + TCP + " repeat");
        assertEvents(whole(SYN, ISN, 0), "OPENED" + TCP + " repeat");
    }

    @Test
    void shouldChangeNothingWhenConversationIsPending()
    {
        assertEvents(whole(SYN, ISN, 0), "OPENED" + TCP);
        assertEvents(tiny(whole(0, ISN + 7, 0), 8));
        assertEvents(answer(SYN | ACK, RESPONDER_ISN, ISN + 1), "ACCEPTED" + TCP);
        assertEvents(tiny(whole(0, ISN + 1, 0), 8));
        assertEvents(tiny(answer(0, RESPONDER_ISN + 1, 0), 8));
        assertEvents(whole(ACK, ISN + 1, RESPONDER_ISN + 1), "ESTABLISHED" + TCP);
    }

    @Test
    void shouldChangeNothingWhenConversationIsEstablished()
    {
        establish();
        assertEvents(tiny(whole(0, ISN + 1, 0), 8));
        assertEvents(tiny(answer(0, RESPONDER_ISN + 1, 0), 8));
        assertEvents(whole(FIN | ACK, ISN + 1, RESPONDER_ISN + 1), "ENDED" + TCP);
    }

    @Test
    void shouldMeanWhatSegmentMeansWhenFlagsAreThere()
    {
        assertEvents(tiny(whole(SYN, ISN, 0), 16), "OPENED" + TCP);
        assertEvents(tiny(answer(SYN | ACK, RESPONDER_ISN, ISN + 1), 16), "ACCEPTED" + TCP);
        assertEvents(tiny(whole(ACK, ISN + 1, RESPONDER_ISN + 1), 16), "ESTABLISHED" + TCP);
        assertEvents(tiny(answer(RST, RESPONDER_ISN + 1, 0), 16), "ENDED" + TCP + " from responder");
    }

    private void establish()
    {
        assertEvents(whole(SYN, ISN, 0), "OPENED" + TCP);
        assertEvents(answer(SYN | ACK, RESPONDER_ISN, ISN + 1), "ACCEPTED" + TCP);
        assertEvents(whole(ACK, ISN + 1, RESPONDER_ISN + 1), "ESTABLISHED" + TCP);
    }

    private static byte[] whole(final int flags, final int sequence, final int acknowledgment)
    {
        return frame().ip(A, B).tcp(40000, 80, flags, sequence, acknowledgment).build();
    }

    private static byte[] answer(final int flags, final int sequence, final int acknowledgment)
    {
        return frame().ip(B, A).tcp(80, 40000, flags, sequence, acknowledgment).build();
    }

    /** The first fragment of a segment over IPv4, with so many bytes of it; the frame ends there too. */
    private static byte[] tiny(final byte[] segment, final int bytes)
    {
        final byte[] fragment = Arrays.copyOf(segment, 14 + 20 + bytes);
        fragment[17] = (byte)(20 + bytes);
        fragment[20] = MORE_FRAGMENTS >>> 8;
        return fragment;
    }

    private void assertEvents(final byte[] packet, final String... events)
    {
        assertEquals(VerdictProbe.VERDICT_PASS, kernel.send(packet));
        assertEquals(List.of(events), kernel.events());
    }
}
