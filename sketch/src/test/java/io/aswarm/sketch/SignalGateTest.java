package io.aswarm.sketch;

import org.junit.jupiter.api.Test;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SignalGateTest
{
    private static final long HALF_LIFE_NS = 60_000_000_000L;
    private static final SketchCounters COUNTERS = new SketchCounters(PolicyHarness.newCounters()::get);
    private final SignalGate gate = new SignalGate(
        PolicyHarness.config().build(), new Exemptions(List.of(), COUNTERS), (signal) -> {}, COUNTERS);

    @Test
    void shouldTellFirstWhenEvidenceIsAtTheWeakThreshold()
    {
        assertFalse(gate.isDue(Math.nextDown(2.0), 0.0, 0));
        assertTrue(gate.isDue(2.0, 0.0, 0));
    }

    @Test
    void shouldTellFirstAtTheWeakThresholdWhenAStepIsMore()
    {
        final SignalGate coarse = new SignalGate(
            PolicyHarness.config().stepNats(5.0).build(), new Exemptions(List.of(), COUNTERS), (signal) -> {},
            COUNTERS);
        assertTrue(coarse.isDue(2.0, 0.0, 0));
        assertFalse(coarse.isDue(Math.nextDown(7.0), 2.0, 0));
    }

    @Test
    void shouldTellAgainWhatIsVerifiedByMoreOnlyIfItWasToldAndIsNotWeak()
    {
        assertFalse(gate.isDueIfVerifiedByMore(2.0, 0.0));
        assertFalse(gate.isDueIfVerifiedByMore(Math.nextDown(2.0), 2.0));
        assertTrue(gate.isDueIfVerifiedByMore(2.0, 2.0));
    }

    @Test
    void shouldTellAgainWhenEvidenceGrewByAStep()
    {
        assertFalse(gate.isDue(Math.nextDown(3.5), 2.5, 0));
        assertTrue(gate.isDue(3.5, 2.5, 0));
    }

    @Test
    void shouldTellAgainWhenWhatWasToldHasDecayedByAStep()
    {
        // 10 nats told a half-life ago stand for 5.
        assertFalse(gate.isDue(5.999, 10.0, HALF_LIFE_NS));
        assertTrue(gate.isDue(6.001, 10.0, HALF_LIFE_NS));
    }

    @Test
    void shouldStaySilentWhenEvidenceIsWeakAgain()
    {
        assertFalse(gate.isDue(1.999, 2.0, 100 * HALF_LIFE_NS));
    }

    @Test
    void shouldHalveWhenAHalfLifeHasPassed()
    {
        final Decay decay = new Decay(HALF_LIFE_NS);
        assertEquals(4.0, decay.left(8.0, HALF_LIFE_NS), 1e-12);
        assertEquals(1.0, decay.left(8.0, 3 * HALF_LIFE_NS), 1e-12);
        assertEquals(8.0, decay.left(8.0, 0));
        for (long elapsedNs = 1; elapsedNs < 10 * HALF_LIFE_NS; elapsedNs = 3 * elapsedNs + 1)
        {
            // However a span is divided, the same is left.
            assertEquals(
                decay.left(8.0, elapsedNs), decay.left(decay.left(8.0, elapsedNs / 3), elapsedNs - elapsedNs / 3),
                1e-12);
        }
        assertEquals(8.0, decay.left(8.0, -1), "an event out of order does not make evidence grow");
    }
}
