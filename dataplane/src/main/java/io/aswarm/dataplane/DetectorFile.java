package io.aswarm.dataplane;

import io.aswarm.sketch.DetectorCatalog;
import io.aswarm.sketch.DetectorParameter;
import io.aswarm.sketch.DetectorParameters;
import io.aswarm.sketch.Rule;
import io.aswarm.sketch.Scenario;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.Yaml;
import io.aswarm.trust.YamlMapping;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the catalog of detectors: which scenarios are told, which only help rules, which not at all; what their models
 * assume; rules composed of them; and the tests of both. Strict: every name and value is known and bounded, or refused
 * with its line. {@code detectors.default.yaml} beside this class says what holds without a file.
 */
final class DetectorFile
{
    /** The built-in values as a file, with comments and tests. */
    static final String DEFAULT = "detectors.default.yaml";
    private static final List<String> USES = words(DetectorCatalog.Use.values());

    private DetectorParameters parameters = DetectorParameters.STANDARD;
    private final DetectorCatalog.Builder builder = DetectorCatalog.builder();
    private final Map<Scenario, YamlMapping> entries = new EnumMap<>(Scenario.class);
    private final Map<String, YamlMapping> ruleEntries = new HashMap<>();

    private DetectorFile()
    {
    }

    static DetectorCatalog read(final Path file) throws DocumentException
    {
        return compile(Yaml.read(file));
    }

    static DetectorCatalog compile(final YamlMapping root) throws DocumentException
    {
        return new DetectorFile().catalog(root);
    }

    private DetectorCatalog catalog(final YamlMapping root) throws DocumentException
    {
        root.integer("version", null, 1, 1);
        for (final YamlMapping entry : root.mappings("detectors"))
        {
            detector(entry);
        }
        final DetectorParameter[] disordered = parameters.disordered();
        if (null != disordered)
        {
            throw entries.get(disordered[0].scenario()).wrong(disordered[0].key(),
                "is " + parameters.value(disordered[0]) + "; allowed: below " + disordered[1].key() + ", which is " +
                parameters.value(disordered[1]));
        }
        final List<YamlMapping> rules = root.mappings("rules");
        if (rules.size() > DetectorCatalog.RULES_MAX)
        {
            throw root.wrong("rules", "lists " + rules.size() + "; allowed: up to " + DetectorCatalog.RULES_MAX);
        }
        for (final YamlMapping entry : rules)
        {
            final Rule rule = RuleReader.rule(entry, builder);
            ruleEntries.put(rule.name(), entry);
            builder.rule(rule);
        }
        root.finish();
        return withoutFaults(builder.parameters(parameters).build(), root);
    }

    /** What the lint calls a fault is one of the file, and has a line. */
    private DetectorCatalog withoutFaults(final DetectorCatalog catalog, final YamlMapping root)
        throws DocumentException
    {
        for (final DetectorCatalog.Finding finding : catalog.lint(Double.MIN_VALUE))
        {
            if (finding.isFault())
            {
                throw ruleEntries.getOrDefault(finding.where(), root).wrong(
                    "name", "begins a rule that cannot be: " + finding.what());
            }
        }
        return catalog;
    }

    private void detector(final YamlMapping entry) throws DocumentException
    {
        final Scenario scenario = RuleReader.scenario(entry, "scenario");
        if (null != entries.put(scenario, entry))
        {
            throw entry.wrong("scenario", "is listed twice: " + scenario.label());
        }
        builder.use(scenario, DetectorCatalog.Use.valueOf(
            entry.word("use", "told", USES).toUpperCase(Locale.ROOT)));
        for (final DetectorParameter parameter : DetectorParameter.of(scenario))
        {
            if (entry.has(parameter.key()))
            {
                parameters = parameters.with(parameter, value(entry, parameter));
            }
        }
        for (final YamlMapping test : entry.mappings("tests"))
        {
            builder.expectation(EventReader.expectation(test, scenario.code(), scenario.label()));
        }
        entry.finish();
    }

    private static double value(final YamlMapping entry, final DetectorParameter parameter) throws DocumentException
    {
        switch (parameter.unit())
        {
            case DURATION:
                return entry.durationNs(parameter.key(), null, (long)parameter.least(), (long)parameter.most());

            case COUNT:
                return entry.integer(parameter.key(), null, (long)parameter.least(), (long)parameter.most());

            default:
                return entry.number(parameter.key(), null, parameter.least(), parameter.most());
        }
    }

    static List<String> words(final Enum<?>[] of)
    {
        return Arrays.stream(of).map((each) -> each.name().toLowerCase(Locale.ROOT)).toList();
    }
}
