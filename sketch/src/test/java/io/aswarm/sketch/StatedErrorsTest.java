package io.aswarm.sketch;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * How often the walks call falsely at one node's bar, and how long an attack goes on before they call it, as their
 * Javadoc states: computed step by step from the shipped rates; no more false calls than Wald's bound. What
 * {@link Cusum} states is held by its own test.
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
    // how often a benign trial goes up, and one of the attack; what evidence counts; stated mean, and 99 of a hundred
    @CsvSource({
        "TCP's first contacts, 0.08, 0.8, 1.0, 13.6, 24", "other first contacts, 0.2, 0.8, 1.0, 24.4, 44",
        "ports of an aim, 0.1, 0.8, 1.0, 15.5, 28",
        "intervals, 0.57, 0.9, 1.0, 76.9, 133", "intervals of a host that is not known, 0.57, 0.9, 0.7, 110.4, 174",
        "intervals with jitter of a host that is not known, 0.62, 0.97, 0.7, 82.4, 120"})
    void shouldCallAnAttackAsSoonAsIsStated(
        final String trials, final double benign, final double attack, final double weight, final double mean,
        final int almostAll)
    {
        final long up = Math.round(1e9 * weight * Math.log(attack / benign));
        final long down = Math.round(1e9 * weight * Math.log((1 - benign) / (1 - attack)));
        final long bar = Math.round(1e9 * NODE_BAR_NATS);
        // of attacks that are not called yet, how much is held against them, in billionths
        Map<Long, Double> held = Map.of(0L, 1.0);
        double called = 0.0;
        double sum = 0.0;
        int ninetyNine = 0;
        for (int trial = 1; trial <= 2 * TRIALS_MAX; trial++)
        {
            final Map<Long, Double> next = new HashMap<>();
            for (final Map.Entry<Long, Double> one : held.entrySet())
            {
                if (one.getKey() + up >= bar)
                {
                    called += one.getValue() * attack;
                    sum += trial * one.getValue() * attack;
                }
                else
                {
                    next.merge(one.getKey() + up, one.getValue() * attack, Double::sum);
                }
                next.merge(Math.max(0, one.getKey() - down), one.getValue() * (1 - attack), Double::sum);
            }
            next.values().removeIf((probability) -> probability < 1e-15);
            held = next;
            ninetyNine = ninetyNine == 0 && called >= 0.99 ? trial : ninetyNine;
        }
        assertEquals(1.0, called, 1e-6, trials);
        assertEquals(mean, sum, 0.05, trials);
        assertEquals(almostAll, ninetyNine, trials);
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
