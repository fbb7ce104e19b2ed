package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Somebody who begins below every threshold and does a little more each time, so that what he does becomes a habit.
 * He is called when he passes what a habit may stand for, however patient he is.
 */
class BaselinePoisonTest
{
    private static final int HOST = 7;
    private static final int PLACE = 9;
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);
    private static final int STEPS_MAX = 200;
    /** Above the balance of a model, (10 - 1) / ln 10 times the benign rate, evidence rises. */
    private static final double BALANCE = 9 / Math.log(10);

    private final PolicyHarness net = new PolicyHarness(PolicyHarness.shipped().build());

    @AfterEach
    void close()
    {
        net.close();
    }

    @ParameterizedTest
    @CsvSource({"1.05", "1.2"})
    void shouldCallWhoCarriesOutALittleMoreEachTime(final double more)
    {
        final double heldBytesPerSecond =
            Baselines.TAUGHT_MAX * BALANCE * DetectorParameter.EXFILTRATION_OUTSIDE.standard();
        double bytesPerSecond = 200 << 10;
        for (int step = 0; step < STEPS_MAX && net.nats(Scenario.EXFILTRATION) < NODE_BAR_NATS; step++)
        {
            for (int i = 0; i < 60; i++)
            {
                net.sendOutside(ConversationKind.VOLUME, HOST, PLACE, 443, (long)(bytesPerSecond * 10));
                net.leap(10 * SECOND_NS);
            }
            bytesPerSecond *= more;
        }
        assertTrue(net.nats(Scenario.EXFILTRATION) >= NODE_BAR_NATS, "at " + bytesPerSecond);
        assertTrue(bytesPerSecond <= 2 * heldBytesPerSecond, "at " + bytesPerSecond);
    }

    @ParameterizedTest
    @CsvSource({"1.05", "1.3"})
    void shouldCallWhoGuessesALittleFasterEachTime(final double faster)
    {
        final double heldPerSecond = Baselines.TAUGHT_MAX * BALANCE * DetectorParameter.BRUTE_BENIGN.standard();
        double perSecond = 4 / 60.0;
        for (int step = 0; step < STEPS_MAX && net.nats(Scenario.BRUTE_FORCE) < NODE_BAR_NATS; step++)
        {
            for (final long endNs = net.nowNs + 600 * SECOND_NS;
                net.nowNs < endNs && net.nats(Scenario.BRUTE_FORCE) < NODE_BAR_NATS;)
            {
                net.event.quantity = 500;
                net.send(ConversationKind.ENDED, HOST, 20, 22);
                net.nowNs += (long)(1e9 / perSecond);
            }
            perSecond *= faster;
        }
        assertTrue(net.nats(Scenario.BRUTE_FORCE) >= NODE_BAR_NATS, "at " + perSecond);
        assertTrue(perSecond <= heldPerSecond * faster * faster, "at " + perSecond);
    }
}
