package io.aswarm.quorum;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.aswarm.quorum.PresenceTurn.PAUSE_NS;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PresenceTurnTest
{
    private static final long INTERVAL_NS = 500_000_000L;

    /** The second so that the clock turns negative between two presences. */
    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - INTERVAL_NS / 2})
    void shouldComeAtTheStartAndThenInTurn(final long startNs)
    {
        final PresenceTurn turn = new PresenceTurn(INTERVAL_NS, startNs);
        assertTrue(turn.isDue(startNs));
        turn.onSaid(startNs);
        assertFalse(turn.isDue(startNs + INTERVAL_NS - 1));
        assertTrue(turn.isDue(startNs + INTERVAL_NS));
    }

    @Test
    void shouldComeAtOnceThoughOneWasJustSaid()
    {
        final PresenceTurn turn = new PresenceTurn(INTERVAL_NS, 0);
        turn.onSaid(10);
        turn.atOnce(11);
        assertTrue(turn.isDue(11));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 1_000_000})
    void shouldComeSoonButNotBeforeAPause(final long startNs)
    {
        final PresenceTurn turn = new PresenceTurn(INTERVAL_NS, startNs);
        turn.onSaid(startNs);
        turn.soon(startNs + 1);
        assertFalse(turn.isDue(startNs + PAUSE_NS - 1));
        assertTrue(turn.isDue(startNs + PAUSE_NS));

        turn.onSaid(startNs + PAUSE_NS);
        turn.soon(startNs + 3 * PAUSE_NS);
        assertTrue(turn.isDue(startNs + 3 * PAUSE_NS), "the pause is over");
    }

    @Test
    void shouldNotComeLaterBecauseItShallComeSoon()
    {
        final PresenceTurn turn = new PresenceTurn(INTERVAL_NS, 0);
        turn.onSaid(0);
        turn.atOnce(1);
        turn.soon(1);
        assertTrue(turn.isDue(1));
    }
}
