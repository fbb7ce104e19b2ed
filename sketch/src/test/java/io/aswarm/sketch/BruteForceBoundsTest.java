package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a short conversation is worth, on each side of every bound of {@link BruteForceTest}. */
class BruteForceBoundsTest
{
    private static final int GUESSER = 7;
    private static final int SERVER = 20;
    private static final double EVENT_NATS = Math.log(10);
    private static final double DRIFT_NATS = 0.18;

    private final PolicyHarness net = new PolicyHarness(PolicyHarness.shipped().build());

    @AfterEach
    void close()
    {
        net.close();
    }

    private void attempts(final int count, final int port, final long spacingNs)
    {
        for (int i = 0; i < count; i++)
        {
            net.nowNs += spacingNs;
            net.event.quantity = 900;
            net.send(ConversationKind.ENDED, GUESSER, SERVER, port);
            net.event.quantity = 0;
        }
    }

    private double nats()
    {
        return net.nats(Scenario.BRUTE_FORCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {21, 22, 23, 110, 135, 143, 512, 513, 514, 873, 902, 990, 993, 995, 2222, 3389, 5900, 5901,
        5985, 5986})
    void shouldHoldTheSixthConversationAtServicesThatAsk(final int port)
    {
        attempts(5, port, 0);
        assertEquals(0.0, nats());
        attempts(1, port, 0);
        assertEquals(EVENT_NATS, nats(), 1e-9);
        assertEquals(1, net.last().hosts());
        assertEquals(1, net.last().ports());
    }

    @ParameterizedTest
    @ValueSource(ints = {139, 445})
    void shouldHoldTheTwentyFirstAtFileServers(final int port)
    {
        attempts(20, port, 0);
        assertEquals(0.0, nats());
        attempts(1, port, 0);
        assertEquals(EVENT_NATS, nats(), 1e-9);
    }

    @ParameterizedTest
    @CsvSource({"0", "3", "10"})
    void shouldTakeForTheTimeBetweenTwo(final int seconds)
    {
        attempts(6, 22, 0);
        attempts(1, 22, seconds * SECOND_NS);
        // half-life of ten minutes
        final double before = EVENT_NATS * Math.pow(0.5, seconds / 600.0);
        final double after = before + EVENT_NATS - DRIFT_NATS * seconds;
        assertEquals(after, nats(), 1e-9);
    }

    @Test
    void shouldTakeNoMoreThanThereIs()
    {
        attempts(8, 22, 0);
        // 17 s take 3.06 and a conversation adds 2.30: nothing is left after ten, and a guesser starts from there
        attempts(20, 22, 17 * SECOND_NS);
        final int told = net.of(Scenario.BRUTE_FORCE).size();
        attempts(2, 22, 0);
        assertEquals(told, net.of(Scenario.BRUTE_FORCE).size(), "what was told still stands for more");
        attempts(1, 22, 0);
        assertEquals(3 * EVENT_NATS, nats(), 1e-9);
    }

    @Test
    void shouldNotGainFromTimeThatRunsBackwards()
    {
        attempts(6, 22, 0);
        attempts(1, 22, -10 * SECOND_NS);
        assertEquals(2 * EVENT_NATS, nats(), 1e-9);
    }

    @Test
    void shouldJudgeAHostAtTwiceWhatItUsuallyDoes()
    {
        // one conversation in 20 s for 200 minutes, with a server each: usual is 3 in a window of a minute
        for (int login = 0; login < 600; login++)
        {
            net.event.quantity = 500;
            net.send(ConversationKind.ENDED, GUESSER, 1_000 + login, 22);
            net.leap(20 * SECOND_NS);
        }
        assertEquals(0.0, nats());
        attempts(6, 22, 0);
        attempts(1, 22, 2 * SECOND_NS);
        // maturity 200 / 210 of 3 / 60 s, twice, over 0.02/s: time weighs 4.76 times as much
        final double scale = 2 * 200.0 / 210 * 0.05 / 0.02;
        assertEquals(EVENT_NATS * (1 + Math.pow(0.5, 1 / 300.0)) - scale * DRIFT_NATS * 2, nats(), 0.05);
    }

    @Test
    void shouldNotLearnWhileItHoldsAnything()
    {
        attempts(6, 22, 0);
        // 12.75 s take 2.295 of the 2.303 that each adds: a little is always left, and two hours teach nothing
        attempts(600, 22, 12_750_000_000L);
        attempts(3, 22, 0);
        final double before = nats();
        attempts(1, 22, 2 * SECOND_NS);
        assertEquals(before * Math.pow(0.5, 1 / 300.0) + EVENT_NATS - DRIFT_NATS * 2, nats(), 1e-6);
    }

    @Test
    void shouldKeepTheEightPairsThatHaveEvidenceWhenTheTableIsFullOfThem()
    {
        try (PolicyHarness small = new PolicyHarness(PolicyHarness.shipped().floodsMax(8).build()))
        {
            for (int server = 0; server < 9; server++)
            {
                for (int attempt = 0; attempt < 6; attempt++)
                {
                    small.event.quantity = 900;
                    small.send(ConversationKind.ENDED, GUESSER, SERVER + server, 22);
                }
                assertEquals(Math.min(8, server + 1), small.of(Scenario.BRUTE_FORCE).size());
            }
        }
    }

    @Test
    void shouldNotJudgeDatagrams()
    {
        net.event.protocol = PolicyHarness.UDP;
        attempts(50, 22, 0);
        assertTrue(net.signals.isEmpty());
    }

    @ParameterizedTest
    // the end is the sender's frame, who may be either: only the initiator's own is said by its link
    @CsvSource({"4,2", "0,0", "12,0", "8,0"})
    void shouldBeVerifiedByTheInitiatorsOwnFrameOnly(final int flags, final int verification)
    {
        net.event.flags = flags;
        attempts(10, 22, 0);
        assertEquals(verification, net.last().verification());
    }
}
