package io.aswarm.sketch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CusumTest
{
    private static final double SECOND_NS = 1e9;
    private final Cusum cusum = new Cusum(2.0, 20.0, 3, 9.0);

    @Test
    void shouldWeighEventsAndTimeByTheLikelihoodRatio()
    {
        assertEquals(Math.log(10), cusum.eventNats(), 1e-12);
        assertEquals(5 * Math.log(10) - 18 * 0.25, cusum.next(0.0, 250_000_000L, 5), 1e-9);
    }

    @Test
    void shouldTakeTimeFirstAndStopAtTheBottomBeforeEventsCount()
    {
        assertEquals(-3 * Math.log(10), cusum.bottomNats(), 1e-12);
        assertEquals(cusum.bottomNats() + Math.log(10), cusum.next(5.0, 3_600_000_000_000L, 1), 1e-12);
    }

    @ParameterizedTest
    @CsvSource({"3,0.0", "4,2.302585092994046", "7,9.0", "1000,9.0"})
    void shouldHoldNothingOfALumpThatIsAllowedAndStopAtTheCeiling(final double events, final double nats)
    {
        assertEquals(nats, cusum.next(cusum.bottomNats(), 0, events), 1e-12);
    }

    /** Drift is 18 nats a second; the bottom -6.9. */
    @ParameterizedTest
    @CsvSource({"1.0,-3.2", "0.5,0.4", "0.0625,3.55", "0.0,4.0"})
    void shouldRestByAsMuchOfTheTimeAsTheShareThatIsSeen(final double share, final double nats)
    {
        assertEquals(nats, cusum.rest(4.0, 400_000_000L, share), 1e-12);
        assertEquals(cusum.bottomNats(), cusum.rest(cusum.bottomNats(), 400_000_000L, share), 0.0);
    }

    @Test
    void shouldNotGainFromTimeThatRunsBackwards()
    {
        assertEquals(1.0, cusum.next(1.0, -1_000_000_000L, 0), 1e-12);
    }

    @ParameterizedTest
    @CsvSource({"2,0.5,-4.105170185988092", "3,-6.907755278982137,-6.907755278982137", "9,5.0,-6.907755278982137"})
    void shouldWithdrawEventsButNotBelowTheBottom(final long events, final double before, final double after)
    {
        assertEquals(after, cusum.withdraw(before, events), 1e-12);
    }

    /** On Poisson events of a rate above the balance the bar is reached, as soon on average as the Javadoc states. */
    @ParameterizedTest
    @CsvSource({"2,20,3,20,8.0", "2,20,3,10,8.0", "50,500,12,500,20.7", "50,500,12,300,20.7", "1,1000,8,1000,20.7"})
    void shouldReachABarAsSoonAsIsStated(
        final double benign, final double attack, final int burst, final double perSecond, final double bar)
    {
        final Cusum model = new Cusum(benign, attack, burst, 1e9);
        final Random random = new Random(31);
        final int attacks = 2_000;
        double seconds = 0.0;
        for (int i = 0; i < attacks; i++)
        {
            double nats = model.bottomNats();
            while (nats < bar)
            {
                final double waitSeconds = -Math.log(1 - random.nextDouble()) / perSecond;
                nats = model.next(nats, (long)(waitSeconds * SECOND_NS), 1);
                seconds += waitSeconds;
            }
        }
        final double eventNats = Math.log(attack / benign);
        final double stated = (bar + (burst + 1) * eventNats) / (perSecond * eventNats - (attack - benign));
        assertTrue(seconds / attacks <= stated, "seconds=" + seconds / attacks + " stated=" + stated);
        assertTrue(seconds / attacks > stated / 2, "a bound that nothing comes near is no test: " + stated);
    }

    /**
     * On Poisson events of the benign rate no more of the rises from the bottom reach a bar than the Javadoc states,
     * so that the time between two of them is at least as long.
     */
    @ParameterizedTest
    @CsvSource({"2,20,0,4.0", "50,75,0,3.0", "50,75,2,1.5", "2,6,1,3.0"})
    void shouldReachABarInNoMoreOfItsRisesThanIsStated(
        final double benign, final double attack, final int burst, final double bar)
    {
        final Cusum model = new Cusum(benign, attack, burst, 1e9);
        final Random random = new Random(31);
        final int rises = 200_000;
        int reached = 0;
        for (int rise = 0; rise < rises; rise++)
        {
            double nats = model.next(model.bottomNats(), 0, 1);
            while (nats > model.bottomNats() && nats < bar)
            {
                final double waitNs = -Math.log(1 - random.nextDouble()) / benign * SECOND_NS;
                final double drifted = model.next(nats, (long)waitNs, 0);
                nats = drifted > model.bottomNats() ? model.next(drifted, 0, 1) : drifted;
            }
            reached += nats >= bar ? 1 : 0;
        }
        final double stated = rises * Math.pow(benign / attack, burst - 1) * Math.exp(-bar);
        assertTrue(reached <= stated, "reached=" + reached + " stated=" + stated);
        assertTrue(reached > stated / 10, "a bound that nothing comes near is no test: " + reached + " of " + stated);
    }
}
