package io.aswarm.dataplane;

import io.aswarm.sketch.ComposedScenario;
import io.aswarm.sketch.DetectorCatalog;
import io.aswarm.sketch.Rule;
import io.aswarm.sketch.Scenario;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.YamlMapping;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads the rules of a {@link DetectorFile}: elements, composition, bar, what they give, and their tests, on signals
 * ({@code steps}) or on events ({@code events}).
 */
final class RuleReader
{
    private static final long MILLISECOND_NS = 1_000_000L;
    private static final long DAY_NS = 86_400_000_000_000L;
    private static final List<String> SCENARIOS = Scenario.labels();
    private static final List<String> COMPOSITIONS = DetectorFile.words(Rule.Composition.values());
    private static final double NATS_MIN = 0.001;
    private static final double NATS_MAX = 1000;
    private static final int STEPS_MAX = 64;

    private RuleReader()
    {
    }

    /** A rule; its tests on events go to the builder. */
    static Rule rule(final YamlMapping entry, final DetectorCatalog.Builder builder) throws DocumentException
    {
        final String name = entry.string("name");
        final Rule.Composition composition = Rule.Composition.valueOf(
            entry.word("compose", null, COMPOSITIONS).toUpperCase(Locale.ROOT));
        final List<Rule.Element> elements = new ArrayList<>();
        for (final YamlMapping element : entry.mappings("of"))
        {
            elements.add(new Rule.Element(
                scenario(element, "scenario"), element.number("nats", null, NATS_MIN, NATS_MAX)));
            element.finish();
        }
        final long withinNs = entry.durationNs("within", null, MILLISECOND_NS, DAY_NS);
        final double barNats = entry.number("bar", 0.0, 0.0, NATS_MAX);
        final String gives = entry.string("gives");
        if (!SCENARIOS.contains(gives) && !ComposedScenario.isName(gives))
        {
            throw entry.wrong("gives", "is \"" + gives + "\"; allowed: a name of the site's own, \"" +
                ComposedScenario.PREFIX + "\" and small letters, digits and hyphens, or " +
                String.join(", ", SCENARIOS));
        }
        final List<YamlMapping> onEvents = new ArrayList<>();
        final List<Rule.RuleTest> tests = new ArrayList<>();
        for (final YamlMapping test : entry.mappings("tests"))
        {
            if (test.has("events"))
            {
                onEvents.add(test);
            }
            else
            {
                tests.add(test(test));
            }
        }
        entry.finish();
        try
        {
            final Rule rule = new Rule(name, composition, elements, withinNs, barNats, gives, tests);
            for (final YamlMapping test : onEvents)
            {
                builder.expectation(EventReader.expectation(test, rule.givesCode(), gives));
            }
            return rule;
        }
        catch (final IllegalArgumentException ex)
        {
            throw entry.wrong("name", "begins a rule that cannot be: " + ex.getMessage());
        }
    }

    private static Rule.RuleTest test(final YamlMapping entry) throws DocumentException
    {
        final String name = entry.string("name");
        final boolean matches = matches(entry);
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

    static boolean matches(final YamlMapping entry) throws DocumentException
    {
        return "true".equals(entry.word("matches", null, List.of("true", "false")));
    }

    static Scenario scenario(final YamlMapping entry, final String key) throws DocumentException
    {
        return Scenario.ofLabel(entry.word(key, null, SCENARIOS));
    }
}
