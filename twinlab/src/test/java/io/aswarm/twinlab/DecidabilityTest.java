package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.quorum.ElevationTable;
import io.aswarm.sketch.ConversationKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The table in {@link Decidability} but its floods, on both sides of each of its numbers. */
class DecidabilityTest
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final IpAddress ATTACKER = IpAddress.parse("198.18.0.10");
    private static final IpAddress VICTIM = IpAddress.parse("198.19.0.7");

    private final Decidability rule = new Decidability(ElevationTable.standard().row(1, 1).localBarNats());
    private final AttackCounts counts = new AttackCounts();
    private int sourcePort = 40_000;
    private final TrackedConversation conversation = new TrackedConversation();

    @ParameterizedTest
    @CsvSource({"30000,true", "30001,false"})
    void shouldAskForFourteenShortConversationsOfGuessing(final long durationMs, final boolean isDecidable)
    {
        for (int i = 0; i < 13; i++)
        {
            end(0, durationMs, SECOND_NS);
        }
        assertFalse(isDecidable("bruteforce"));
        end(0, durationMs, SECOND_NS);
        assertEquals(isDecidable, isDecidable("bruteforce"));
    }

    @Test
    void shouldAskForSixtyFiveRegularIntervalsAfterTwoAndNotForPackets()
    {
        for (int call = 0; call < 67; call++)
        {
            call(call * SECOND_NS);
            call(call * SECOND_NS + SECOND_NS / 10);
            send(443, call * SECOND_NS + SECOND_NS / 2, CaptureDecoder.TCP, 60);
        }
        assertFalse(isDecidable("beacon"));
        call(67 * SECOND_NS);
        assertTrue(isDecidable("beacon"));
    }

    @ParameterizedTest
    // jitter of so many percent, evenly: within a fifth all are regular, within a half all have bounds
    @CsvSource({"0,60,true", "19,60,true", "50,60,true", "80,60,false", "50,5,true", "50,4,false"})
    void shouldAskABeaconForARhythm(final int jitterPercent, final int everySeconds, final boolean isDecidable)
    {
        double now = 0;
        for (int call = 0; call < 400; call++)
        {
            call((long)now);
            now += everySeconds * 1.01e9 * (1 + jitterPercent / 100.0 * (call * 37 % 101 - 50) / 50);
        }
        assertEquals(isDecidable, isDecidable("beacon"), rule.of("beacon", counts).why());
    }

    @ParameterizedTest
    // every tenth interval so many times as long: up to four a call is left out, beyond it is a pause
    @CsvSource({"2,75", "4,75", "5,110"})
    void shouldForgiveCallsLeftOutAndNotPauses(final int longer, final int calls)
    {
        long now = 0;
        int made = 0;
        while (!isDecidable("beacon") && made < 300)
        {
            call(now);
            now += (made % 10 == 9 ? longer : 1) * SECOND_NS;
            made++;
        }
        assertEquals(calls, made);
    }

    @ParameterizedTest
    // what a host asks at 250 ms has no interval of half a second; a call an hour is half forgotten in a day
    @CsvSource({"250", "3600000"})
    void shouldNotTakeForABeaconWhatIsTooFastOrTooSlow(final int everyMs)
    {
        for (int call = 0; call < 90; call++)
        {
            call(call * everyMs * (SECOND_NS / 1_000));
        }
        assertFalse(isDecidable("beacon"));
    }

    @Test
    void shouldTakeTwentyTwoNewCallersOfOnePlaceForABeacon()
    {
        for (int host = 1; host <= 21; host++)
        {
            end(host, 10_000, SECOND_NS);
            end(host, 10_000, 2 * SECOND_NS);
        }
        end(22, 10_001, 2 * SECOND_NS);
        end(23, 10, 602 * SECOND_NS);
        assertFalse(isDecidable("beacon"));
        end(24, 10_000, 601 * SECOND_NS);
        assertTrue(isDecidable("beacon"));
        assertEquals("22 hosts that call of 22", rule.of("beacon", counts).why());
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
        // the first KiB makes the socket known; then a kept one is 6.2 nats, and 14.5 more are 2.17 for each KiB
        for (int i = 1; i <= 61; i++)
        {
            send(53, i * 60 * SECOND_NS, CaptureDecoder.UDP, 128);
        }
        assertFalse(isDecidable("exfil"));
        send(53, 62 * 60 * SECOND_NS, CaptureDecoder.UDP, 128);
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

    @ParameterizedTest
    // 3,000 questions at once, each from a port of its own
    @CsvSource({"198.18.0.10,101,false", "198.18.0.10,102,true", "2001:2::10,121,false", "2001:2::10,122,true"})
    void shouldNotCountAsVolumeQuestionsAsShortAsNames(
        final String source, final int lengthBytes, final boolean isDecidable)
    {
        for (int i = 0; i < 3_000; i++)
        {
            counts.onPacket(new CapturedPacket(
                SECOND_NS, IpAddress.parse(source), VICTIM, CaptureDecoder.UDP, 10_000 + i, 53, lengthBytes, false));
        }
        assertEquals(isDecidable, isDecidable("exfil"));
    }

    @Test
    void shouldAskForFifteenLengthsOfEchoesHoweverSlow()
    {
        for (int i = 0; i < 100; i++)
        {
            send(0, i * 60 * SECOND_NS, CaptureDecoder.ICMP, 1_000 + i % 14);
        }
        assertFalse(isDecidable("exfil"));
        send(0, 6_000 * SECOND_NS, CaptureDecoder.ICMP, 1_014);
        assertTrue(isDecidable("exfil"));
    }

    @Test
    void shouldCountALengthOfEchoesForEachKibibyteAtMost()
    {
        for (int i = 0; i < 100; i++)
        {
            send(0, i * 60 * SECOND_NS, CaptureDecoder.ICMP, 100 + i);
        }
        assertEquals(14, counts.carried().echoLengths());
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

    private void call(final long nowNs)
    {
        tell(ConversationKind.OPENED, VICTIM, 443, nowNs, true);
    }

    private void end(final int host, final long durationMs, final long nowNs)
    {
        counts.onConversation(conversation.ended(new ConversationKey(
            ATTACKER.high(), ATTACKER.low() + host, VICTIM.high(), VICTIM.low(), 40_000, 443, CaptureDecoder.TCP), 0,
            durationMs * 1_000_000L, nowNs), true);
    }

    private void tell(
        final int kind, final IpAddress host, final int port, final long nowNs, final boolean isAttack)
    {
        counts.onConversation(conversation.of(kind, new ConversationKey(
            ATTACKER.high(), ATTACKER.low(), host.high(), host.low(), 40_000, port, CaptureDecoder.TCP), 0, nowNs),
            isAttack);
    }
}
