package io.aswarm.dataplane;

import io.aswarm.sketch.DetectorCatalog;
import io.aswarm.sketch.Rule;
import io.aswarm.sketch.Scenario;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.Yaml;
import io.aswarm.trust.YamlMapping;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads the catalog of detectors: which scenarios are told, which only help rules, which not at all, and rules composed
 * of them with their own tests. Strict: every name and value is known and bounded, or refused with its line.
 */
final class DetectorFile
{
    private static final long MILLISECOND_NS = 1_000_000L;
    private static final long DAY_NS = 86_400_000_000_000L;
    private static final List<String> SCENARIOS = Arrays.stream(Scenario.values()).map(Scenario::label).toList();
    private static final List<String> USES = words(DetectorCatalog.Use.values());
    private static final List<String> COMPOSITIONS = words(Rule.Composition.values());
    private static final double NATS_MIN = 0.001;
    private static final double NATS_MAX = 1000;
    private static final int STEPS_MAX = 64;

    private DetectorFile()
    {
    }

    static DetectorCatalog read(final Path file) throws DocumentException
    {
        return compile(Yaml.read(file));
    }

    static DetectorCatalog compile(final YamlMapping root) throws DocumentException
    {
        root.integer("version", null, 1, 1);
        final DetectorCatalog.Builder builder = DetectorCatalog.builder();
        final Set<Scenario> named = new HashSet<>();
        for (final YamlMapping entry : root.mappings("detectors"))
        {
            final Scenario scenario = scenario(entry, "scenario");
            if (!named.add(scenario))
            {
                throw entry.wrong("scenario", "is listed twice: " + scenario.label());
            }
            builder.use(scenario, DetectorCatalog.Use.valueOf(constant(entry.word("use", null, USES))));
            entry.finish();
        }
        final List<YamlMapping> rules = root.mappings("rules");
        if (rules.size() > DetectorCatalog.RULES_MAX)
        {
            throw root.wrong("rules", "lists " + rules.size() + "; allowed: up to " + DetectorCatalog.RULES_MAX);
        }
        for (final YamlMapping entry : rules)
        {
            builder.rule(rule(entry));
        }
        root.finish();
        return builder.build();
    }

    private static Rule rule(final YamlMapping entry) throws DocumentException
    {
        final String name = entry.string("name");
        final Rule.Composition composition =
            Rule.Composition.valueOf(constant(entry.word("compose", null, COMPOSITIONS)));
        final List<Rule.Element> elements = new ArrayList<>();
        for (final YamlMapping element : entry.mappings("of"))
        {
            elements.add(new Rule.Element(
                scenario(element, "scenario"), element.number("nats", null, NATS_MIN, NATS_MAX)));
            element.finish();
        }
        final long withinNs = entry.durationNs("within", null, MILLISECOND_NS, DAY_NS);
        final Scenario gives = scenario(entry, "gives");
        final List<Rule.RuleTest> tests = new ArrayList<>();
        for (final YamlMapping test : entry.mappings("tests"))
        {
            tests.add(test(test));
        }
        entry.finish();
        try
        {
            return new Rule(name, composition, elements, withinNs, gives, tests);
        }
        catch (final IllegalArgumentException ex)
        {
            throw entry.wrong("name", "begins a rule that cannot be: " + ex.getMessage());
        }
    }

    private static Rule.RuleTest test(final YamlMapping entry) throws DocumentException
    {
        final String name = entry.string("name");
        final boolean matches = "true".equals(entry.word("matches", null, List.of("true", "false")));
        final List<Rule.Step> steps = new ArrayList<>();
        long lastNs = 0;
        for (final YamlMapping step : entry.mappings("steps"))
        {
            final long atNs = step.durationNs("at", null, 0, DAY_NS);
            if (atNs < lastNs)
            {
                throw step.wrong("at", "is before the step above it; allowed: steps in the order of their times");
            }
            lastNs = atNs;
            steps.add(new Rule.Step(
                scenario(step, "scenario"), step.number("nats", null, NATS_MIN, NATS_MAX), atNs));
            step.finish();
        }
        if (steps.isEmpty() || steps.size() > STEPS_MAX)
        {
            throw entry.wrong("steps", "lists " + steps.size() + "; allowed: 1 to " + STEPS_MAX);
        }
        entry.finish();
        return new Rule.RuleTest(name, steps, matches);
    }

    private static Scenario scenario(final YamlMapping entry, final String key) throws DocumentException
    {
        return Scenario.values()[SCENARIOS.indexOf(entry.word(key, null, SCENARIOS))];
    }

    private static String constant(final String word)
    {
        return word.toUpperCase(Locale.ROOT);
    }

    private static List<String> words(final Enum<?>[] of)
    {
        return Arrays.stream(of).map((each) -> each.name().toLowerCase(Locale.ROOT)).toList();
    }
}
