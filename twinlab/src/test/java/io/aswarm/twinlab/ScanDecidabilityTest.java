package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.quorum.ElevationTable;
import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The row of scans in {@link Decidability}, on both sides of each of its numbers. */
class ScanDecidabilityTest
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final IpAddress ATTACKER = IpAddress.parse("198.18.0.10");

    private final Decidability rule = new Decidability(ElevationTable.standard().row(1, 1).localBarNats());
    private final AttackCounts counts = new AttackCounts();
    private final TrackedConversation conversation = new TrackedConversation();

    @ParameterizedTest
    @CsvSource({
        // 20.7 / ln(0.8 / 0.08), refused or not
        CaptureDecoder.TCP + ", false, 9",
        CaptureDecoder.TCP + ", true,  9",
        // 20.7 / ln(0.8 / 0.2); silent, 20.7 / ln(0.9 / 0.4)
        CaptureDecoder.UDP + ", true,  15",
        CaptureDecoder.UDP + ", false, 26",
        // 20.7 / ln(0.9 / 0.3)
        Conversation.NEIGHBOUR_DISCOVERY + ", false, 19",
    })
    void shouldAskForTargetsNotServedWhereAnswersAreSeen(
        final int protocol, final boolean isRefused, final int needed)
    {
        ask(host(250), protocol, 80);
        tell(ConversationKind.ACCEPTED, host(250), protocol, 80);
        for (int i = 1; i <= needed; i++)
        {
            assertFalse(isDecidable(), "after " + i);
            ask(host(i), protocol, 7);
            ask(host(i), protocol, 7);
            if (isRefused)
            {
                tell(ConversationKind.REFUSED, host(i), protocol, 7);
            }
        }
        assertTrue(isDecidable());
    }

    @Test
    void shouldHoldEachSourceByItself()
    {
        tell(ConversationKind.ACCEPTED, host(250), CaptureDecoder.TCP, 80);
        for (int source = 0; source < 2; source++)
        {
            for (int i = 1; i <= 8; i++)
            {
                askFrom(new IpAddress(ATTACKER.high(), ATTACKER.low() + source), host(i), CaptureDecoder.TCP, 7);
            }
        }
        assertFalse(isDecidable());
        assertEquals("18.4 nats of targets not served of 20.7", rule.of("scan", counts).why());
    }

    @ParameterizedTest
    // hosts of one network, ports of one host, networks; over IPv6 networks are longer
    @CsvSource({
        "198.19.0.%d, 1,   true",
        "198.19.0.1,  %d,  true",
        "198.19.%d.1, 1,   false",
        "2001:2::%d,  1,   true",
        "2001:2:0:%d::1, 1, false",
    })
    void shouldAskForThirtyTargetsSideBySideWhereNobodyEverAnswers(
        final String host, final String port, final boolean isDecidable)
    {
        for (int i = 1; i <= 31; i++)
        {
            assertFalse(isDecidable(), "after " + i);
            ask(IpAddress.parse(host.formatted(i)), CaptureDecoder.TCP, Integer.parseInt(port.formatted(i)));
        }
        assertEquals(isDecidable, isDecidable());
    }

    private static IpAddress host(final int last)
    {
        return IpAddress.parse("198.19.0." + last);
    }

    private boolean isDecidable()
    {
        return rule.of("scan", counts).isDecidable();
    }

    private void ask(final IpAddress host, final int protocol, final int port)
    {
        askFrom(ATTACKER, host, protocol, port);
    }

    private void askFrom(final IpAddress source, final IpAddress host, final int protocol, final int port)
    {
        counts.onPacket(new CapturedPacket(
            SECOND_NS, source, host, protocol, 40_000, port, 60, CaptureDecoder.TCP == protocol));
    }

    private void tell(final int kind, final IpAddress host, final int protocol, final int port)
    {
        counts.onConversation(conversation.of(kind, new ConversationKey(
            ATTACKER.high(), ATTACKER.low(), host.high(), host.low(), 40_000, port, protocol), 0, SECOND_NS), true);
    }
}
