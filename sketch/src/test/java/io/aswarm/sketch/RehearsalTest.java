package io.aswarm.sketch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RehearsalTest
{
    private static final double FAILURE_NATS = Math.log(0.8 / 0.08);

    private static Rehearsal.Outcome refusals(final int times, final boolean matches, final double nats)
    {
        final EventStep step = new EventStep(
            List.of(ConversationKind.OPENED, ConversationKind.REFUSED),
            new EventStep.Ends(0, 0xffff_c612_0007L, 40_000, 0, 0xffff_c612_0114L, 1_000, ConversationKind.TCP),
            new EventStep.Pace(0, times, List.of(10_000_000L)), EventStep.NEXT_PORT, 0, EventStep.Measures.NONE,
            null);
        final DetectorCatalog catalog = DetectorCatalog.builder().expectation(new Expectation(
            "refusals", Scenario.SCAN.code(), "scan", matches, nats,
            matches ? 20.8 : Double.MAX_VALUE, List.of(step))).build();
        return Rehearsal.run(LocalPolicyConfig.builder().hashKey(1, 2).catalog(catalog).build()).get(0);
    }

    @ParameterizedTest
    @CsvSource({"9,true,20.7,true", "8,true,20.7,false", "8,false,20.7,true", "9,false,20.7,false",
        "10,true,20.7,false"})
    void shouldPassWhenEvidenceComesAsExpected(
        final int times, final boolean matches, final double nats, final boolean passes)
    {
        final Rehearsal.Outcome outcome = refusals(times, matches, nats);
        assertEquals(passes, outcome.passed());
        assertEquals(times * FAILURE_NATS, outcome.reachedNats(), 0.05);
    }

    @Test
    void shouldRefuseATestInWhichNothingHappens()
    {
        assertThrows(IllegalArgumentException.class, () -> new Expectation("x", 1, "scan", true, 3, 4, List.of()));
        assertThrows(IllegalArgumentException.class, () -> new EventStep.Pace(0, 0, List.of()));
    }

    @ParameterizedTest
    @EnumSource(DetectorParameter.class)
    void shouldAllowAParameterItsWholeRangeAndNothingBeside(final DetectorParameter parameter)
    {
        final DetectorParameters standard = DetectorParameters.STANDARD;
        assertEquals(parameter.standard(), standard.value(parameter));
        assertEquals(parameter.least(), standard.with(parameter, parameter.least()).value(parameter));
        assertEquals(parameter.most(), standard.with(parameter, parameter.most()).value(parameter));
        assertEquals(standard, standard.with(parameter, parameter.standard()));
        assertFalse(standard.equals(standard.with(parameter, parameter.least())));
        assertThrows(IllegalArgumentException.class, () -> standard.with(parameter, Math.nextDown(parameter.least())));
        assertThrows(IllegalArgumentException.class, () -> standard.with(parameter, Math.nextUp(parameter.most())));
        assertThrows(IllegalArgumentException.class, () -> standard.with(parameter, Double.NaN));
    }

    @ParameterizedTest
    @EnumSource(value = DetectorParameter.class, names = ".+_BENIGN", mode = EnumSource.Mode.MATCH_ALL)
    void shouldHoldEachBenignHypothesisApartFromItsOther(final DetectorParameter benign)
    {
        assertTrue(Arrays.stream(DetectorParameter.values()).anyMatch((other) -> isHeldApart(benign, other)));
    }

    private static boolean isHeldApart(final DetectorParameter benign, final DetectorParameter other)
    {
        final double same = Math.max(benign.least(), other.least());
        if (benign.scenario() != other.scenario() || benign.unit() != other.unit() ||
            same > Math.min(benign.most(), other.most()))
        {
            return false;
        }
        final DetectorParameter[] disordered =
            DetectorParameters.STANDARD.with(benign, same).with(other, same).disordered();
        return disordered != null && Set.of(disordered).equals(Set.of(benign, other));
    }

    @Test
    void shouldFindHypothesesThatCannotBeToldApart()
    {
        assertNull(DetectorParameters.STANDARD.disordered());
        final DetectorParameters parameters = DetectorParameters.STANDARD.with(DetectorParameter.BRUTE_GUESSING, 0.02);
        assertEquals(DetectorParameter.BRUTE_BENIGN, parameters.disordered()[0]);
        final List<DetectorCatalog.Finding> findings =
            DetectorCatalog.builder().parameters(parameters).build().lint(3);
        assertEquals(List.of(new DetectorCatalog.Finding("brute-force",
            "benign_per_second is 0.02; allowed: below guessing_per_second, 0.02", true)), findings);
    }
}
