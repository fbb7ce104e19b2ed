package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.util.List;

import static io.aswarm.ebpf.PacketBuilder.ICMP;
import static io.aswarm.ebpf.PacketBuilder.ICMPV6;
import static io.aswarm.ebpf.PacketBuilder.frame;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** Protocols of IP that have no ports: one conversation for each pair of hosts and number. */
class PortlessProtocolIT
{
    private static final String A = "198.18.0.1";
    private static final String B = "198.18.1.2";
    private static final String A6 = "2001:2::1";
    private static final String B6 = "2001:2:0:1::2";
    private static final int ESP = 50;
    private static final int OSPF = 89;

    @RegisterExtension
    private final KernelFixture kernel = new KernelFixture();

    @Test
    void shouldTellFirstPacketAndFirstOneBackOnly()
    {
        assertEvents(packet(A, B, ESP, 8), "OPENED 50 198.18.0.1 0 > 198.18.1.2 0");
        assertEvents(packet(A, B, ESP, 200));
        assertEvents(packet(B, A, ESP, 8), "ACCEPTED 50 198.18.0.1 0 > 198.18.1.2 0");
        assertEvents(packet(A, B, ESP, 8));
        assertEvents(packet(A, B, OSPF, 24), "OPENED 89 198.18.0.1 0 > 198.18.1.2 0");
        assertEvents(packet(A6, B6, OSPF, 24), "OPENED 89 2001:2::1 0 > 2001:2:0:1::2 0");
        assertEvents(packet(A, B, 0, 0), "OPENED 0 198.18.0.1 0 > 198.18.1.2 0");
    }

    @Test
    void shouldSayNothingOfGroupsAndOfTheNumberThatNobodyMaySend()
    {
        assertEvents(packet(A, "224.0.0.5", OSPF, 24));
        assertEvents(packet(A, "224.0.0.18", 112, 8));
        assertEvents(packet(A, B, 255, 0));
    }

    @Test
    void shouldTellUnreachableWhenTheQuoteEndsWithItsHeader() throws KernelException
    {
        final byte[] empty = packet(A, B, 175, 0);
        assertEvents(empty, "OPENED 175 198.18.0.1 0 > 198.18.1.2 0");
        assertEvents(
            frame().ip(B, A).icmp(ICMP, 3, 2, 0).quote(empty, 14, 20).build(),
            "UNREACHABLE 175 198.18.0.1 0 > 198.18.1.2 0");
        assertEvents(frame().ip(B, A).icmp(ICMP, 3, 2, 0).quote(empty, 14, 20).build());
        assertEquals(1, kernel.count(SensorCounter.UNMATCHED_ANSWERS));
        assertEquals(0, kernel.count(SensorCounter.FAULT_BAD_QUOTE));
    }

    @Test
    void shouldTakeAParameterProblemForUnreachableOnlyWhenTheNextHeaderIsUnknown()
    {
        final byte[] asked = packet(A6, B6, 175, 4);
        assertEvents(asked, "OPENED 175 2001:2::1 0 > 2001:2:0:1::2 0");
        assertEvents(frame().ip(B6, A6).icmp(ICMPV6, 4, 0, 0).quote(asked, 14, 44).build());
        assertEvents(frame().ip(B6, A6).icmp(ICMPV6, 4, 2, 0).quote(asked, 14, 44).build());
        assertEvents(
            frame().ip(B6, A6).icmp(ICMPV6, 4, 1, 0).quote(asked, 14, 44).build(),
            "UNREACHABLE 175 2001:2::1 0 > 2001:2:0:1::2 0");
    }

    @Test
    void shouldTellOneOpeningForEachNumberWhenAllAreAskedAgainAndAgain() throws KernelException
    {
        for (int round = 0; round < 3; round++)
        {
            for (int protocol = 143; protocol < 253; protocol++)
            {
                kernel.send(packet(A, B, protocol, 0));
            }
        }
        assertEquals(110, kernel.account(ConversationKind.OPENED).seen());
    }

    @Test
    void shouldLetWhatIsAnsweredPassWhenOnlyOpeningsAreHeldBack()
    {
        kernel.send(packet(A, B, ESP, 8));
        kernel.send(packet(B, A, ESP, 8));
        kernel.sensor().quarantine().contain(
            QuarantineRule.source(IpAddress.parse(A)), System.nanoTime() + 60_000_000_000L, 1,
            Quarantine.MODE_OPENINGS, 0, 0);
        final byte[] later = frame().ip(A, B).fragment(7).protocol(ESP).hex("00".repeat(64)).build();
        assertEquals(VerdictProbe.VERDICT_PASS, kernel.send(packet(A, B, ESP, 64)));
        assertEquals(VerdictProbe.VERDICT_PASS, kernel.send(later));
        assertEquals(VerdictProbe.VERDICT_DROP, kernel.send(packet(A, B, OSPF, 24)));
    }

    private static byte[] packet(final String from, final String to, final int protocol, final int payloadBytes)
    {
        return frame().ip(from, to).protocol(protocol).hex("00".repeat(payloadBytes)).build();
    }

    private void assertEvents(final byte[] packet, final String... events)
    {
        assertEquals(VerdictProbe.VERDICT_PASS, kernel.send(packet));
        assertEquals(List.of(events), kernel.events());
    }
}
