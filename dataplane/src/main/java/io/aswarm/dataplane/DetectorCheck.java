package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.sketch.DetectorCatalog;
import io.aswarm.sketch.DetectorParameter;
import io.aswarm.sketch.DetectorParameters;
import io.aswarm.sketch.Expectation;
import io.aswarm.sketch.Rehearsal;
import io.aswarm.sketch.Scenario;
import io.aswarm.sketch.VerificationConfig;

import java.util.List;
import java.util.Locale;

/**
 * What {@code aswarm check} says of the catalog of detectors: what differs from the default, what each rule holds
 * together, and how the tests that the catalog carries came out.
 */
final class DetectorCheck
{
    private static final double MILLISECOND_NS = 1e6;

    private final NodeConfig.Detection detection;
    private final DetectorCatalog detectors;
    private final List<Rehearsal.Outcome> outcomes;

    DetectorCheck(final NodeConfig.Detection detection, final DetectorCatalog detectors)
    {
        this.detection = detection;
        this.detectors = detectors;
        this.outcomes = Rehearsal.run(
            detection.policy(0, 0, VerificationConfig.LINK_ONLY, detectors).build());
    }

    void describe(final List<String> facts, final List<String> faults)
    {
        for (final Scenario scenario : Scenario.values())
        {
            if (DetectorCatalog.Use.TOLD != detectors.use(scenario))
            {
                facts.add("detector " + scenario.label() + ": " +
                    (DetectorCatalog.Use.OFF == detectors.use(scenario) ? "off" : "for rules only"));
            }
        }
        for (final DetectorParameter parameter : DetectorParameter.values())
        {
            final double value = detectors.parameters().value(parameter);
            if (DetectorParameters.STANDARD.value(parameter) != value)
            {
                facts.add("detector " + parameter.scenario().label() + ": " + parameter.key() + " is " +
                    text(parameter, value) + ", " + text(parameter, parameter.standard()) + " by default: " +
                    parameter.sentence());
            }
        }
        detectors.rules().forEach((rule) -> facts.add("rule " + rule.name() + ": " + rule.elements().size() +
            " elements within " + rule.withinNs() / 1_000_000 + " ms" +
            (rule.barNats() > 0.0 ? " and " + rule.barNats() + " nats in all" : "") + " give " + rule.gives() + ", " +
            rule.tests().size() + " tests on signals passed"));
        detectors.lint(detection.signalNats()).forEach((finding) ->
            facts.add("warning: " + finding.where() + ": " + finding.what()));
        if (!outcomes.isEmpty())
        {
            facts.add("tests of " + detection.catalog() + " on events: " +
                outcomes.stream().filter(Rehearsal.Outcome::passed).count() + " of " + outcomes.size() + " passed");
        }
        outcomes.stream().filter((outcome) -> !outcome.passed()).forEach((outcome) -> faults.add(
            detection.catalog() + ": test \"" + outcome.expectation().name() + "\" of " +
            outcome.expectation().label() + ": evidence came to " + nats(outcome.reachedNats()) + " nats; expected: " +
            expected(outcome.expectation())));
    }

    ArrayNode tests()
    {
        final ArrayNode tests = JsonNodeFactory.instance.arrayNode();
        for (final Rehearsal.Outcome outcome : outcomes)
        {
            final Expectation expectation = outcome.expectation();
            final ObjectNode test = tests.addObject()
                .put("scenario", expectation.label())
                .put("name", expectation.name())
                .put("matches", expectation.matches())
                .put("nats", expectation.nats());
            if (expectation.belowNats() < Double.MAX_VALUE)
            {
                test.put("below", expectation.belowNats());
            }
            test.put("reached_nats", Math.round(1000 * outcome.reachedNats()) / 1000.0)
                .put("passed", outcome.passed());
        }
        return tests;
    }

    private static String expected(final Expectation expectation)
    {
        return !expectation.matches() ? "below " + expectation.nats() : expectation.nats() +
            (expectation.belowNats() < Double.MAX_VALUE ? " to " + expectation.belowNats() : " at least");
    }

    private static String text(final DetectorParameter parameter, final double value)
    {
        return DetectorParameter.Unit.DURATION == parameter.unit() ?
            String.format(Locale.ROOT, "%.0f ms", value / MILLISECOND_NS) :
            String.valueOf(value).replaceAll("\\.0$", "");
    }

    private static String nats(final double nats)
    {
        return String.format(Locale.ROOT, "%.2f", nats);
    }
}
