package io.aswarm.sketch;

import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ExfiltrationTestTest
{
    private static final int HOST = 7;
    private static final int PLACE = 9;
    private static final long MEBIBYTE = 1 << 20;
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);

    private final PolicyHarness net = new PolicyHarness();

    @AfterEach
    void close()
    {
        net.close();
    }

    /** A second in which a host sends so much. */
    private void second(final PolicyHarness of, final long bytes)
    {
        for (long left = bytes; left > 0; left -= MEBIBYTE)
        {
            of.sendOutside(ConversationKind.VOLUME, HOST, PLACE, 443, Math.min(left, MEBIBYTE));
        }
        of.leap(SECOND_NS);
    }

    private static boolean isCalled(final PolicyHarness of)
    {
        return of.of(Scenario.EXFILTRATION).stream().anyMatch((s) -> s.nats() >= NODE_BAR_NATS);
    }

    @ParameterizedTest
    // 200 questions a second, each from a port of its own
    @CsvSource({"101,17,false", "102,17,true", "0,17,true", "80,6,true"})
    void shouldNotCountQuestionsAsShortAsNames(final int lengthBytes, final int protocol, final boolean isCounted)
    {
        net.event.protocol = protocol;
        net.event.lengthBytes = lengthBytes;
        for (int record = 0; record < 200; record++)
        {
            net.event.initiatorPort = 1_024 + record;
            net.sendOutside(ConversationKind.VOLUME, HOST, PLACE, 53, 1_024);
            net.leap(SECOND_NS / 20);
        }
        assertEquals(isCounted, isCalled(net));
    }

    @Test
    void shouldCallWhenAHostWithoutHistorySendsMebibytesEachSecond()
    {
        int seconds = 0;
        while (!isCalled(net) && seconds < 100)
        {
            second(net, 4 * MEBIBYTE);
            seconds++;
        }
        assertTrue(seconds <= 12, "seconds=" + seconds);
        assertEquals(net.low(HOST), net.last().subjectLow());
        assertEquals(PolicyHarness.outsideLow(PLACE), net.last().aimLow());
    }

    @ParameterizedTest
    @CsvSource({"240,false", "280,true"})
    void shouldCallWhenTheRateIsAboveTheModelsBalance(final int kibibytesPerSecond, final boolean called)
    {
        // Balance: 64 KiB/s x (10 - 1) / ln(10) = 250 KiB/s; the host's own mean is learned only below evidence.
        final int seconds = 50;
        for (int i = 0; i < seconds; i++)
        {
            second(net, kibibytesPerSecond << 10);
        }
        second(net, 33 * MEBIBYTE - (called ? 0 : 2 * MEBIBYTE));
        assertEquals(called, !net.of(Scenario.EXFILTRATION).isEmpty());
    }

    @Test
    void shouldStayQuietWhenAHostSendsAsMuchAsItUsuallyDoes()
    {
        // Two hours of 200 KiB/s are learned; then 1 MiB/s is within its habits, which it was not before.
        for (int i = 0; i < 7_200; i++)
        {
            second(net, 200 << 10);
        }
        for (int i = 0; i < 60; i++)
        {
            second(net, MEBIBYTE);
        }
        assertEquals(List.of(), net.of(Scenario.EXFILTRATION));
        try (PolicyHarness fresh = new PolicyHarness())
        {
            for (int i = 0; i < 60; i++)
            {
                second(fresh, MEBIBYTE);
            }
            assertTrue(!fresh.of(Scenario.EXFILTRATION).isEmpty());
        }
    }

    @Test
    void shouldRememberHabitsWhenTheyWereSavedAndLoaded()
    {
        for (int i = 0; i < 7_200; i++)
        {
            second(net, 200 << 10);
        }
        final ExpandableArrayBuffer file = new ExpandableArrayBuffer();
        final int length = net.policy.saveBaselines(file, 8);
        assertTrue(length <= net.policy.baselinesLengthMax());
        try (PolicyHarness restarted = new PolicyHarness(PolicyHarness.config().hashKey(5, 6).build()))
        {
            assertEquals(1, restarted.policy.loadBaselines(file, 8, length, restarted.nowNs));
            for (int i = 0; i < 60; i++)
            {
                second(restarted, MEBIBYTE);
            }
            assertEquals(List.of(), restarted.of(Scenario.EXFILTRATION));
        }
    }

    @ParameterizedTest
    // a ping of 65,507 bytes is 44 frames of 1,514; 1,279 bytes are too short for a fragment on any path of IPv6
    @CsvSource({"1514,44,false", "1280,44,false", "1279,44,true", "1514,170,true"})
    void shouldTakeOneEchoOfTheLargestSizeForNoTheft(final int frameBytes, final int frames, final boolean isCalled)
    {
        net.event.protocol = ConversationKind.ICMP;
        net.event.lengthBytes = frameBytes;
        for (int frame = 0; frame < frames; frame++)
        {
            net.sendOutside(ConversationKind.VOLUME, HOST, PLACE, 0, frameBytes);
            // no faster than who pings by hand, or it were a flood
            net.nowNs += 2_000_000;
        }
        assertEquals(isCalled, net.of(Scenario.EXFILTRATION).stream().anyMatch((s) -> s.nats() >= NODE_BAR_NATS));
    }

    @ParameterizedTest
    // what a router sends back of a scan bears no identifier; an echo that is told in the middle does
    @CsvSource({"16,0,0,false", "16,700,0,true", "16,0,700,true", "0,0,0,true"})
    void shouldNotTakeErrorsForTheft(
        final int flags, final int initiatorPort, final int responderPort, final boolean isCalled)
    {
        net.event.protocol = ConversationKind.ICMP;
        net.event.lengthBytes = 70;
        net.event.flags = flags;
        net.event.initiatorPort = initiatorPort;
        for (int frame = 0; frame < 768; frame++)
        {
            net.sendOutside(ConversationKind.VOLUME, HOST, PLACE, responderPort, 70);
            net.nowNs += 20_000_000;
        }
        assertEquals(isCalled, net.of(Scenario.EXFILTRATION).stream().anyMatch((s) -> s.nats() >= NODE_BAR_NATS));
    }

    @Test
    void shouldNotCountWhatTheResponderSendsNorWhatStaysInside()
    {
        for (int i = 0; i < 100; i++)
        {
            net.event.flags = Conversation.FLAG_FROM_RESPONDER;
            second(net, 4 * MEBIBYTE);
            net.event.flags = 0;
            net.event.quantity = 64 * MEBIBYTE;
            net.send(ConversationKind.VOLUME, HOST, 20, 2_049);
            net.event.quantity = 0;
        }
        assertEquals(List.of(), net.signals);
    }
}
