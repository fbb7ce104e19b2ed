package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BruteForceTestTest
{
    private static final int ATTACKER = 7;
    private static final int SERVER = 20;
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);

    private final PolicyHarness net = new PolicyHarness();

    @AfterEach
    void close()
    {
        net.close();
    }

    private void ended(final int source, final int port, final long durationMs)
    {
        net.event.quantity = durationMs;
        net.send(ConversationKind.ENDED, source, SERVER, port);
        net.event.quantity = 0;
    }

    private List<PolicyHarness.Seen> called()
    {
        return net.of(Scenario.BRUTE_FORCE).stream().filter((s) -> s.nats() >= NODE_BAR_NATS).toList();
    }

    @ParameterizedTest
    @CsvSource({"22,15", "21,15", "3389,15", "135,15", "445,30"})
    void shouldCallAGuesserWithinFewAttempts(final int port, final int attemptsMax)
    {
        int attempts = 0;
        while (called().isEmpty() && attempts < 100)
        {
            ended(ATTACKER, port, 900);
            net.leap(SECOND_NS);
            attempts++;
        }
        assertTrue(attempts <= attemptsMax && attempts > attemptsMax - 3, "attempts=" + attempts);
        assertEquals(net.low(ATTACKER), called().get(0).subjectLow());
        assertEquals(net.low(SERVER), called().get(0).aimLow());
        assertEquals(port, called().get(0).aimPort());
    }

    @Test
    void shouldJudgeAJobByWhatItUsuallyDoes()
    {
        // a job that logs in five times a minute, at one server after the other
        for (int login = 0; login < 600; login++)
        {
            net.event.quantity = 500;
            net.send(ConversationKind.ENDED, ATTACKER, SERVER + login % 20, 22);
            net.leap(12 * SECOND_NS);
        }
        assertEquals(List.of(), called());
        // now at one of them, a little faster: a stranger would be called
        for (int login = 0; login < 60; login++)
        {
            ended(ATTACKER, 22, 500);
            ended(ATTACKER + 1, 22, 500);
            net.leap(8 * SECOND_NS);
        }
        assertTrue(called().stream().allMatch((s) -> s.subjectLow() == net.low(ATTACKER + 1)), called().toString());
        assertTrue(!called().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"30000,1", "30001,0", "4294967295,0"})
    void shouldCountConversationsThatAreShortToTheMillisecond(final long durationMs, final int signals)
    {
        for (int i = 0; i < 6; i++)
        {
            ended(ATTACKER, 22, durationMs);
        }
        assertEquals(signals, net.of(Scenario.BRUTE_FORCE).size());
    }

    @ParameterizedTest
    @CsvSource({"5,0", "6,1"})
    void shouldLetTheFirstFiveBeFree(final int attempts, final int signals)
    {
        for (int i = 0; i < attempts; i++)
        {
            ended(ATTACKER, 22, 900);
        }
        assertEquals(signals, net.of(Scenario.BRUTE_FORCE).size());
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 443, 5432, 53})
    void shouldNotJudgeServicesWhereShortConversationsAreOrdinary(final int port)
    {
        for (int i = 0; i < 1_000; i++)
        {
            ended(ATTACKER, port, 10);
            net.leap(SECOND_NS / 100);
        }
        assertEquals(List.of(), net.signals);
    }

    @Test
    void shouldStayQuietWhenAJobLogsInEachQuarterOfAMinute()
    {
        // At 13 s an interval takes as much as its login adds.
        for (int i = 0; i < 1_000; i++)
        {
            ended(ATTACKER, 22, 900);
            net.leap(15 * SECOND_NS);
        }
        assertEquals(List.of(), called());
    }

    @Test
    void shouldKeepPairsApartWhenManyLogInOnce()
    {
        for (int source = 0; source < 500; source++)
        {
            ended(100 + source, 22, 900);
        }
        assertEquals(List.of(), net.signals);
    }
}
