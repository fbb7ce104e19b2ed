package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.quorum.ElevationTable;
import io.aswarm.sketch.ConversationKind;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The table in {@link Decidability}, on both sides of each of its numbers. */
class DecidabilityTest
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final IpAddress ATTACKER = IpAddress.parse("198.18.0.10");
    private static final IpAddress VICTIM = IpAddress.parse("198.19.0.7");

    private final Decidability rule = new Decidability(ElevationTable.standard().row(1, 1).localBarNats());
    private final AttackCounts counts = new AttackCounts();
    private int sourcePort = 40_000;
    private final TrackedConversation conversation = new TrackedConversation();

    @Test
    void shouldAskForNineTargetsOfAScanWhereAnswersAreSeen()
    {
        tell(ConversationKind.ACCEPTED, VICTIM, 80, SECOND_NS, false);
        for (int port = 1; port <= 8; port++)
        {
            send(port, SECOND_NS, CaptureDecoder.TCP, 60);
        }
        send(443, SECOND_NS, CaptureDecoder.TCP, 60);
        tell(ConversationKind.ACCEPTED, VICTIM, 443, SECOND_NS, true);
        assertFalse(isDecidable("scan"));
        send(9, SECOND_NS, CaptureDecoder.TCP, 60);
        assertTrue(isDecidable("scan"));
        assertEquals("9 targets not served of 9", rule.of("scan", counts).why());
    }

    @Test
    void shouldAskForThirtyTargetsWhereNobodyEverAnswers()
    {
        for (int port = 1; port <= 29; port++)
        {
            send(port, SECOND_NS, CaptureDecoder.TCP, 60);
            send(port, SECOND_NS, CaptureDecoder.TCP, 60);
        }
        assertFalse(isDecidable("scan"));
        send(30, SECOND_NS, CaptureDecoder.TCP, 60);
        assertTrue(isDecidable("scan"));
    }

    @Test
    void shouldTakeForAFloodWhatIsFastAndNotWhatIsMany()
    {
        // 500 a second is below the balance of 50 against 2,000, which is 529
        for (int i = 0; i < 5_000; i++)
        {
            send(80, SECOND_NS + i * 2_000_000L, CaptureDecoder.TCP, 60);
        }
        assertFalse(isDecidable("flood"));
        // a lump of 64 is free, the seventh beyond it is at the bar
        for (int i = 0; i < 70; i++)
        {
            assertFalse(isDecidable("flood"), "after " + i);
            send(80, 60 * SECOND_NS, CaptureDecoder.TCP, 60);
        }
        assertTrue(isDecidable("flood"));
    }

    @Test
    void shouldAskForFourteenConversationsOfGuessing()
    {
        for (int i = 0; i < 13; i++)
        {
            tell(ConversationKind.ESTABLISHED, VICTIM, 22, SECOND_NS, true);
        }
        assertFalse(isDecidable("bruteforce"));
        tell(ConversationKind.ESTABLISHED, VICTIM, 22, SECOND_NS, true);
        assertTrue(isDecidable("bruteforce"));
    }

    @Test
    void shouldCountCallsOfABeaconAndNotPackets()
    {
        for (int i = 0; i < 66; i++)
        {
            send(443, i * SECOND_NS, CaptureDecoder.TCP, 60);
            send(443, i * SECOND_NS + SECOND_NS / 10, CaptureDecoder.TCP, 60);
        }
        assertFalse(isDecidable("beacon"));
        send(443, 67 * SECOND_NS, CaptureDecoder.TCP, 60);
        assertTrue(isDecidable("beacon"));
    }

    @Test
    void shouldAskForThirtyThreeHostsReached()
    {
        for (int host = 1; host <= 32; host++)
        {
            tell(ConversationKind.ESTABLISHED, IpAddress.parse("198.19.0." + host), 445, SECOND_NS, true);
        }
        assertFalse(isDecidable("lateral"));
        tell(ConversationKind.ESTABLISHED, IpAddress.parse("198.19.0.33"), 445, SECOND_NS, true);
        assertTrue(isDecidable("lateral"));
    }

    @Test
    void shouldAskForVolumeInTime()
    {
        // 200 B/s for an hour is below the balance of 60 against 600, which is 235
        for (int i = 0; i < 3_600; i++)
        {
            sourcePort++;
            send(53, i * SECOND_NS, CaptureDecoder.UDP, 200);
        }
        assertFalse(isDecidable("exfil"));
        // 16 KiB are free, 13 more at once are at the bar
        for (int i = 1; i <= 28; i++)
        {
            sourcePort = 30_000 + i;
            send(53, 3_600 * SECOND_NS, CaptureDecoder.UDP, 1_024);
            assertFalse(isDecidable("exfil"), "after " + i);
        }
        sourcePort = 30_000;
        send(53, 3_600 * SECOND_NS, CaptureDecoder.UDP, 1_024);
        assertTrue(isDecidable("exfil"));
    }

    @Test
    void shouldAskForTheLengthOfQuestionsOfASocketToANameServerHoweverSlow()
    {
        // a kept socket is 6.2 nats; 14.5 more are 2.2 for each KiB
        for (int i = 1; i <= 52; i++)
        {
            assertFalse(isDecidable("exfil"), "after " + i);
            send(53, i * 60 * SECOND_NS, CaptureDecoder.UDP, 130);
        }
        for (int i = 53; i <= 58; i++)
        {
            send(53, i * 60 * SECOND_NS, CaptureDecoder.UDP, 130);
        }
        assertTrue(isDecidable("exfil"));
    }

    @Test
    void shouldNotDecideQuestionsAsShortAsNamesHoweverMany()
    {
        for (int i = 1; i <= 2_000; i++)
        {
            send(53, i * 60 * SECOND_NS, CaptureDecoder.UDP, 90);
        }
        assertFalse(isDecidable("exfil"));
    }

    @Test
    void shouldAskForThreePairsOfPrograms()
    {
        for (int i = 0; i < 2; i++)
        {
            counts.onProcess(ProcessRecord.of(i, "/bin/" + i, "/usr/sbin/httpd"));
            counts.onProcess(ProcessRecord.of(i, "/bin/" + i, "/usr/sbin/httpd"));
        }
        counts.onProcess(ProcessRecord.of(9, "/bin/sh", ""));
        assertFalse(isDecidable("process"));
        counts.onProcess(ProcessRecord.of(9, "/bin/sh", "/usr/sbin/httpd"));
        assertTrue(isDecidable("process"));
    }

    @Test
    void shouldNotDecideAKindThatNobodyWroteARuleFor()
    {
        send(1, SECOND_NS, CaptureDecoder.TCP, 60);
        assertFalse(isDecidable("weather"));
    }

    private boolean isDecidable(final String kind)
    {
        return rule.of(kind, counts).isDecidable();
    }

    private void send(final int port, final long nowNs, final int protocol, final int lengthBytes)
    {
        counts.onPacket(new CapturedPacket(
            nowNs, ATTACKER, VICTIM, protocol, sourcePort, port, lengthBytes, CaptureDecoder.TCP == protocol));
    }

    private void tell(
        final int kind, final IpAddress host, final int port, final long nowNs, final boolean isAttack)
    {
        counts.onConversation(conversation.of(kind, new ConversationKey(
            ATTACKER.high(), ATTACKER.low(), host.high(), host.low(), 40_000, port, CaptureDecoder.TCP), 0, nowNs),
            isAttack);
    }
}
