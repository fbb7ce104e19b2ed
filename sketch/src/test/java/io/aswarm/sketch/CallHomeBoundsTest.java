package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What a caller is worth, on each side of every bound of {@link CallHomeTest}. */
class CallHomeBoundsTest
{
    private static final int PLACE = 9;
    private static final double CALLER_NATS = Math.log(3);

    private final PolicyHarness net = new PolicyHarness(PolicyHarness.shipped().build());

    @AfterEach
    void close()
    {
        net.close();
    }

    private void calls(final int firstHost, final int count)
    {
        for (int host = firstHost; host < firstHost + count; host++)
        {
            net.sendOutside(ConversationKind.ENDED, host, PLACE, 443, 300);
        }
    }

    private void answers(final long bytes)
    {
        net.event.flags = Conversation.FLAG_FROM_RESPONDER;
        net.sendOutside(ConversationKind.VOLUME, 1, PLACE, 443, bytes);
        net.event.flags = 0;
    }

    private double nats()
    {
        return net.nats(Scenario.CALL_HOME);
    }

    @Test
    void shouldHoldEachCallerBeyondTheThird()
    {
        calls(1, 3);
        assertEquals(0.0, nats());
        calls(4, 1);
        assertEquals(CALLER_NATS, nats(), 1e-9);
        assertEquals(4, net.last().hosts());
        assertEquals(1, net.last().ports());
        assertEquals(4, net.last().count());
        calls(5, 3);
        assertEquals(4 * CALLER_NATS, nats(), 1e-9);
    }

    @ParameterizedTest
    // four callers may fetch 32 KiB each; what is begun of a KiB counts as one
    @CsvSource({"131072,true", "131073,false"})
    void shouldTakeForUseWhatFetchesMoreThanThirtyTwoKibibytesEach(final long bytes, final boolean isCall)
    {
        answers(bytes);
        calls(1, 4);
        assertEquals(isCall ? CALLER_NATS : 0.0, nats(), 1e-9);
    }

    @Test
    void shouldCountWhatTheDestinationSendsOnly()
    {
        net.sendOutside(ConversationKind.VOLUME, 1, PLACE, 443, 1L << 30);
        calls(1, 4);
        assertEquals(CALLER_NATS, nats(), 1e-9);
    }

    @Test
    void shouldForgetByHalfWithEachWindowWhatWasFetched()
    {
        net.policy.onTick(net.nowNs);
        answers(4 * 65_536);
        net.leap(CallHomeTest.WINDOW_NS - 1);
        calls(1, 4);
        assertEquals(0.0, nats(), "not yet");
        net.leap(1);
        calls(5, 1);
        assertEquals(CALLER_NATS, nats(), 1e-9);
    }

    @Test
    void shouldBeginAnewWhenAnHourWasQuiet()
    {
        calls(1, 4);
        net.nowNs += CallHomeTest.HALF_LIFE_NS;
        calls(1, 3);
        assertEquals(1, net.of(Scenario.CALL_HOME).size(), "the same four hosts may call again");
        calls(4, 1);
        assertEquals(2, net.of(Scenario.CALL_HOME).size());
        assertEquals(CALLER_NATS, nats(), 1e-9);
    }

    @ParameterizedTest
    // forty hosts one after the other, for four rounds; the hour counts from the last call of whichever
    @CsvSource({"0,false", "3599,false", "3600,true"})
    void shouldCallNoPlaceThatAFleetGoesOnCalling(final int quietSeconds, final boolean isCalled)
    {
        for (int round = 0; round < 40; round++)
        {
            for (int host = 1; host <= 40; host++)
            {
                net.leap(5 * SECOND_NS);
                calls(host, 1);
            }
        }
        net.signals.clear();
        net.leap(quietSeconds * SECOND_NS);
        calls(1, 40);
        assertEquals(isCalled, nats() > 0.0);
    }

    @Test
    void shouldCountHostsOfTheSiteAndPlacesOutsideOnly()
    {
        for (int host = 1; host < 30; host++)
        {
            net.send(ConversationKind.ENDED, host, 20, 443);
            net.event.kind = ConversationKind.ENDED;
            net.event.initiatorHigh = 0;
            net.event.initiatorLow = PolicyHarness.outsideLow(100 + host);
            net.event.responderHigh = 0;
            net.event.responderLow = PolicyHarness.outsideLow(PLACE);
            net.policy.onConversation(net.event);
        }
        net.leap(SECOND_NS);
        assertEquals(0.0, nats());
    }

    @Test
    void shouldLetEvidenceHalveInAnHour()
    {
        calls(1, 5);
        net.nowNs += CallHomeTest.WINDOW_NS;
        calls(6, 1);
        assertEquals(
            (2 * Math.pow(0.5, CallHomeTest.WINDOW_NS / 3_600e9) + 1) * CALLER_NATS, nats(), 1e-3);
    }

    @Test
    void shouldNotCountACallerThatIsDeclared()
    {
        try (PolicyHarness spared = new PolicyHarness(PolicyHarness.shipped()
            .exemptions(List.of(new Exemption(net.high(), net.low(1), 128))).build()))
        {
            for (int host = 1; host <= 4; host++)
            {
                spared.sendOutside(ConversationKind.ENDED, host, PLACE, 443, 300);
            }
            assertEquals(0.0, spared.nats(Scenario.CALL_HOME));
            spared.sendOutside(ConversationKind.ENDED, 5, PLACE, 443, 300);
            assertEquals(CALLER_NATS, spared.nats(Scenario.CALL_HOME), 1e-9);
        }
    }
}
