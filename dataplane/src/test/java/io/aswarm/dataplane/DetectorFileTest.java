package io.aswarm.dataplane;

import io.aswarm.sketch.DetectorCatalog;
import io.aswarm.sketch.Rule;
import io.aswarm.sketch.Scenario;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DetectorFileTest
{
    private static final String VALID =
        "version: 1\n" +
        "detectors:\n" +
        "  - {scenario: beacon, use: rules_only}\n" +
        "  - {scenario: lineage, use: off}\n" +
        "rules:\n" +
        "  - name: scan-then-guess\n" +
        "    compose: then\n" +
        "    of:\n" +
        "      - {scenario: scan, nats: 4}\n" +
        "      - {scenario: brute-force, nats: 5.5}\n" +
        "    within: 10m\n" +
        "    gives: lateral\n" +
        "    tests:\n" +
        "      - name: guesses after a scan\n" +
        "        matches: true\n" +
        "        steps: [{scenario: scan, nats: 4, at: 0s}, {scenario: brute-force, nats: 6, at: 9m}]\n" +
        "      - name: guesses before it\n" +
        "        matches: false\n" +
        "        steps: [{scenario: brute-force, nats: 6, at: 0s}, {scenario: scan, nats: 4, at: 1s}]\n";

    @Test
    void shouldReadUsesAndRulesWithTheirTests() throws Exception
    {
        final DetectorCatalog catalog = compile(VALID);

        assertEquals(DetectorCatalog.Use.RULES_ONLY, catalog.use(Scenario.BEACON));
        assertEquals(DetectorCatalog.Use.OFF, catalog.use(Scenario.LINEAGE));
        assertEquals(DetectorCatalog.Use.TOLD, catalog.use(Scenario.SCAN));
        final Rule rule = catalog.rules().get(0);
        assertEquals(Rule.Composition.THEN, rule.composition());
        assertEquals(
            List.of(new Rule.Element(Scenario.SCAN, 4), new Rule.Element(Scenario.BRUTE_FORCE, 5.5)), rule.elements());
        assertEquals(600_000_000_000L, rule.withinNs());
        assertEquals(Scenario.LATERAL.label(), rule.gives());
        assertEquals(540_000_000_000L, rule.tests().get(0).steps().get(1).atNs());
        assertEquals(List.of(), catalog.lint(3));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "version: 1|version: 2|1|allowed: a whole number from 1 to 1",
        "use: rules_only|use: sometimes|3|allowed: told, rules_only, off",
        "scenario: lineage, use: off|scenario: beacon, use: off|4|is listed twice: beacon",
        "scenario: beacon|scenario: port-scan|3|\"port-scan\"; allowed: scan, flood",
        "compose: then|compose: maybe|7|allowed: all_of, any_of, then",
        "nats: 5.5|nats: 0|10|allowed: a number from 0.001",
        "within: 10m|within: 25h|11|from 1ms to 24h",
        "gives: lateral|gives: distributed-scan|6|a scenario whose subject is a source",
        "compose: then|compose: all_of|6|its test \"guesses before it\" matches and should not",
        "gives: lateral|gives: site-|12|allowed: a name of the site's own, \"site-\" and small letters",
        "use: rules_only|tolerance_percent: 91|3|tolerance_percent\" is \"91\"; allowed: a whole number from 1 to 90",
        "use: rules_only|burst_within: 61s|3|burst_within\" is \"61s\"; allowed: a duration",
        "use: rules_only|regular_beacon: 1.0|3|allowed: a number from 0.1 to 0.999",
        "use: rules_only|regular_beacon: 0.5|3|is 0.57; allowed: below regular_beacon, which is 0.5",
        "use: rules_only|tolerance: 20|3|allowed here: burst_within, half_life",
        "name: scan-then-guess|name: Scan|6|small letters, digits and hyphens",
        "matches: true|matches: yes|15|allowed: true, false",
        "at: 9m|at: 9|16|allowed: a duration",
        "scan, nats: 4, at: 0s|scan, nats: 4, at: 10m|16|is before the step above it",
        "    within: 10m|    colour: red|6|key \"rules[0].within\" is missing"})
    void shouldRefuseWhatIsWrongByNameAndLine(
        final String from, final String to, final int line, final String message)
    {
        assertTrue(VALID.contains(from), from);
        final DocumentException ex =
            assertThrows(DocumentException.class, () -> compile(VALID.replace(from, to)));
        assertTrue(ex.getMessage().contains(message), ex.getMessage());
        assertTrue(ex.getMessage().startsWith("detectors.yaml:" + line + ": "), ex.getMessage());
    }

    private static DetectorCatalog compile(final String text) throws DocumentException
    {
        return DetectorFile.compile(Yaml.parse("detectors.yaml", text));
    }
}
