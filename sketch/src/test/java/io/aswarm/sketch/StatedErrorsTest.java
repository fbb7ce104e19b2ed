package io.aswarm.sketch;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * How often the walks call falsely at one node's bar, as their Javadoc states: computed step by step from the shipped
 * rates, and no more than Wald's bound. What {@link Cusum} states is held by its own test.
 */
class StatedErrorsTest
{
    private static final double ALPHA = 1e-9;
    private static final double NODE_BAR_NATS = Math.log(0.99 / ALPHA);
    private static final int TRIALS_MAX = 400;

    /** Probability that trials from the floor on come to the bar before they come back to the floor. */
    private static double falseCalls(
        final double benign, final double upNats, final double downNats, final double barNats)
    {
        // of runs that are neither at the floor nor at the bar, by how many trials went up
        double[] runs = {0.0, benign};
        double called = 0.0;
        for (int trials = 2; trials < TRIALS_MAX; trials++)
        {
            final double[] next = new double[trials + 1];
            for (int ups = 1; ups < trials; ups++)
            {
                for (int up = 0; up <= 1; up++)
                {
                    final double probability = runs[ups] * (up == 1 ? benign : 1 - benign);
                    final double nats = (ups + up) * upNats - (trials - ups - up) * downNats;
                    called += nats >= barNats ? probability : 0.0;
                    next[ups + up] += nats > 0.0 && nats < barNats ? probability : 0.0;
                }
            }
            runs = next;
        }
        return called;
    }

    @ParameterizedTest
    // how often a benign trial goes up, and one of the attack; the stated probability
    @CsvSource({
        "TCP's first contacts, 0.08, 0.8, 4.6e-10", "other first contacts, 0.2, 0.8, 5.6e-10",
        "ports of an aim, 0.1, 0.8, 3.7e-10", "intervals, 0.57, 0.9, 4.9e-10"})
    void shouldBeginAFalseCallNoMoreOftenThanIsStated(
        final String trials, final double benign, final double attack, final double stated)
    {
        final double called = falseCalls(
            benign, Math.log(attack / benign), Math.log((1 - benign) / (1 - attack)), NODE_BAR_NATS);
        assertEquals(stated, called, 0.05e-10, trials);
        assertTrue(called <= ALPHA, trials);
    }

    @ParameterizedTest
    @CsvSource({
        "SCAN_OTHERS_BENIGN, SCAN_OTHERS_SCANNER, 0.2, 0.8", "DISTRIBUTED_BENIGN, DISTRIBUTED_SCANNER, 0.1, 0.8",
        "BEACON_REGULAR_BENIGN, BEACON_REGULAR, 0.57, 0.9"})
    void shouldTakeTheRatesThatAreShipped(
        final DetectorParameter benign, final DetectorParameter attack, final double benignUp, final double attackUp)
    {
        final boolean isSuccess = benign != DetectorParameter.BEACON_REGULAR_BENIGN;
        assertEquals(benignUp, isSuccess ? 1 - benign.standard() : benign.standard(), 1e-12);
        assertEquals(attackUp, isSuccess ? 1 - attack.standard() : attack.standard(), 1e-12);
        final LocalPolicyConfig config = LocalPolicyConfig.builder().hashKey(1, 2).build();
        assertEquals(0.92, config.benignSuccess());
        assertEquals(0.2, config.scannerSuccess());
    }

    @ParameterizedTest
    // a bar low enough to be reached in a simulation
    @CsvSource({"3.0", "5.0"})
    void shouldBeginAFalseCallOfAGuesserNoMoreOftenThanWaldsBound(final double barNats)
    {
        final double benign = BruteForceTest.BENIGN_PER_SECOND;
        final double guessing = BruteForceTest.GUESSING_PER_SECOND;
        final Random random = new Random(31);
        final int starts = 400_000;
        int called = 0;
        for (int start = 0; start < starts; start++)
        {
            double nats = 0.0;
            do
            {
                final double waitSeconds = -Math.log(1 - random.nextDouble()) / benign;
                nats += Math.log(guessing / benign) - (guessing - benign) * waitSeconds;
            }
            while (nats > 0.0 && nats < barNats);
            called += nats >= barNats ? 1 : 0;
        }
        final double bound = starts * Math.exp(-barNats);
        assertTrue(called <= bound, "called=" + called + " bound=" + bound);
        assertTrue(called > bound / 20, "a bound that nothing comes near is no test: " + called + " of " + bound);
    }
}
