package io.aswarm.sketch;

import io.aswarm.sketch.DetectorCatalog.Use;
import io.aswarm.sketch.Rule.Composition;
import io.aswarm.sketch.Rule.Element;
import io.aswarm.sketch.Rule.RuleTest;
import io.aswarm.sketch.Rule.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DetectorCatalogTest
{
    private static final long MINUTE_NS = 60 * SECOND_NS;
    private static final Element SCAN = new Element(Scenario.SCAN, 4.0);
    private static final Element GUESSING = new Element(Scenario.BRUTE_FORCE, 4.0);

    private static Rule rule(final Composition composition, final List<RuleTest> tests)
    {
        return new Rule("scan-and-guess", composition, List.of(SCAN, GUESSING), MINUTE_NS, Scenario.LATERAL, tests);
    }

    private static boolean holds(final Composition composition, final Step... steps)
    {
        final RuleState state = new RuleState(rule(composition, List.of()));
        boolean holds = false;
        for (final Step step : steps)
        {
            holds |= state.onSignal(step.scenario(), step.nats(), step.atNs()) > 0.0;
        }
        return holds;
    }

    @ParameterizedTest
    @CsvSource({"ALL_OF,true,true,false", "THEN,true,false,false", "ANY_OF,true,true,true"})
    void shouldHoldByItsComposition(
        final Composition composition, final boolean inOrder, final boolean reversed, final boolean alone)
    {
        final Step scan = new Step(Scenario.SCAN, 5.0, 0);
        final Step guessing = new Step(Scenario.BRUTE_FORCE, 5.0, 1);
        assertEquals(inOrder, holds(composition, scan, guessing));
        assertEquals(reversed, holds(composition, guessing, new Step(Scenario.SCAN, 5.0, 2)));
        assertEquals(alone, holds(composition, scan));
        assertEquals(false, holds(composition, new Step(Scenario.FLOOD, 30.0, 0)));
    }

    @ParameterizedTest
    @CsvSource({"0,4.0,true", "1,4.0,false", "0,3.999,false"})
    void shouldHoldWithinItsTimeToTheNanosecondAndFromItsEvidenceOn(
        final long beyondNs, final double nats, final boolean holds)
    {
        assertEquals(holds, holds(
            Composition.ALL_OF, new Step(Scenario.SCAN, 4.0, 5),
            new Step(Scenario.BRUTE_FORCE, nats, 5 + MINUTE_NS + beyondNs)));
    }

    @Test
    void shouldAddTheEvidenceOfItsElementsWhenItHoldsInThePolicy()
    {
        final DetectorCatalog catalog = DetectorCatalog.builder()
            .use(Scenario.SCAN, Use.RULES_ONLY)
            .rule(rule(Composition.THEN, List.of()))
            .build();
        try (PolicyHarness net = new PolicyHarness(PolicyHarness.config().catalog(catalog).build()))
        {
            for (int port = 1; port <= 4; port++)
            {
                net.refused(7, 20, port);
            }
            assertEquals(List.of(), net.signals, "scans are for rules only");
            net.event.quantity = 500;
            for (int attempt = 0; attempt < 8; attempt++)
            {
                net.send(ConversationKind.ENDED, 7, 20, 22);
            }
            final PolicyHarness.Seen signal = net.of(Scenario.LATERAL).get(0);
            // The scan's latest word were four failures, the guesser's second judged attempt passes four nats.
            assertEquals(4 * Math.log(4) + 2 * Math.log(10), signal.nats(), 0.01);
            assertEquals(net.low(7), signal.subjectLow());
            assertTrue(net.count(SketchCounter.RULES_HELD) >= 1);
        }
    }

    @Test
    void shouldGiveAScenarioOfTheSitesOwnFromItsBarOn()
    {
        final Rule rule = new Rule(
            "probing", Composition.ANY_OF, List.of(SCAN, GUESSING), MINUTE_NS, 9.0, "site-probing", List.of());
        try (PolicyHarness net = new PolicyHarness(PolicyHarness.config()
            .catalog(DetectorCatalog.builder().rule(rule).build()).build()))
        {
            for (int port = 1; port <= 6; port++)
            {
                net.refused(7, 20, port);
            }
            final int code = ComposedScenario.code("site-probing");
            assertEquals(0, net.signals.stream().filter((signal) -> signal.scenario() == code).count());
            net.refused(7, 20, 7);
            final PolicyHarness.Seen signal = net.last();
            assertEquals(code, signal.scenario());
            assertEquals(7 * Math.log(4), signal.nats(), 0.01);
            assertTrue(ComposedScenario.isCode(code));
        }
    }

    @Test
    void shouldNameComposedScenariosSoThatNoneIsTakenForADetectors()
    {
        assertTrue(ComposedScenario.isName("site-probing"));
        assertEquals(false, ComposedScenario.isName("probing"));
        assertEquals(false, ComposedScenario.isName("site-"));
        assertEquals(false, ComposedScenario.isName("site-" + "a".repeat(36)));
        assertThrows(IllegalArgumentException.class, () -> new Rule(
            "x", Composition.ALL_OF, List.of(SCAN), MINUTE_NS, 0.0, "probing", List.of()));
        assertThrows(IllegalArgumentException.class, () -> new Rule(
            "x", Composition.ALL_OF, List.of(SCAN), MINUTE_NS, -1.0, "site-x", List.of()));
    }

    @Test
    void shouldTellNothingOfADetectorThatIsOff()
    {
        try (PolicyHarness net = new PolicyHarness(PolicyHarness.config()
            .catalog(DetectorCatalog.builder().use(Scenario.SCAN, Use.OFF).build()).build()))
        {
            for (int port = 1; port <= 20; port++)
            {
                net.refused(7, 20, port);
            }
            assertEquals(List.of(), net.scans());
        }
    }

    @Test
    void shouldRunTheTestsThatRulesCarry()
    {
        final RuleTest good = new RuleTest(
            "scan, then guessing", List.of(new Step(Scenario.SCAN, 5, 0), new Step(Scenario.BRUTE_FORCE, 5, 1)), true);
        final RuleTest wrong = new RuleTest("scan alone", List.of(new Step(Scenario.SCAN, 5, 0)), true);
        final RuleTest none = new RuleTest("scan alone", List.of(new Step(Scenario.SCAN, 5, 0)), false);
        assertEquals(List.of(), DetectorCatalog.builder()
            .rule(rule(Composition.THEN, List.of(good, none))).build().lint(3.0));
        final List<DetectorCatalog.Finding> findings = DetectorCatalog.builder()
            .rule(rule(Composition.THEN, List.of(good, wrong, none))).build().lint(3.0);
        assertEquals(1, findings.size());
        assertTrue(findings.get(0).isFault());
        assertTrue(findings.get(0).what().contains("does not match and should"), findings.get(0).what());
    }

    @Test
    void shouldFindWhatCanNeverHold()
    {
        final Rule rule = rule(Composition.ALL_OF, List.of());
        final List<DetectorCatalog.Finding> findings = DetectorCatalog.builder()
            .use(Scenario.SCAN, Use.OFF).rule(rule).rule(rule).build().lint(5.0);
        final String all = findings.toString();
        assertTrue(all.contains("scan is off"), all);
        assertTrue(all.contains("two rules have this name"), all);
        assertTrue(all.contains("nothing is said below 5.0"), all);
        assertTrue(all.contains("carries no test"), all);
        assertThrows(IllegalArgumentException.class, () -> PolicyHarness.config().catalog(
            DetectorCatalog.builder().rule(rule).rule(rule).build()).build());
        assertTrue(DetectorCatalog.builder().rule(new Rule(
            "x", Composition.ANY_OF, List.of(new Element(Scenario.CALL_HOME, 9)), MINUTE_NS, Scenario.BEACON,
            List.of())).build().lint(3.0).toString().contains("never meets the others"));
    }

    @Test
    void shouldRefuseRulesThatAreNotWellFormed()
    {
        assertThrows(IllegalArgumentException.class, () -> new Element(Scenario.SCAN, 0));
        assertThrows(IllegalArgumentException.class, () -> new Element(Scenario.SCAN, Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new Rule(
            "Bad Name", Composition.ALL_OF, List.of(SCAN), MINUTE_NS, Scenario.SCAN, List.of()));
        assertThrows(IllegalArgumentException.class, () -> new Rule(
            "x", Composition.ALL_OF, List.of(), MINUTE_NS, Scenario.SCAN, List.of()));
        assertThrows(IllegalArgumentException.class, () -> new Rule(
            "x", Composition.ALL_OF, List.of(SCAN), 999_999, Scenario.SCAN, List.of()));
        assertThrows(IllegalArgumentException.class, () -> new Rule(
            "x", Composition.ALL_OF, List.of(SCAN), MINUTE_NS, Scenario.CALL_HOME, List.of()));
    }
}
