package io.aswarm.dataplane;

import io.aswarm.sketch.DetectorCatalog;
import io.aswarm.sketch.DetectorParameter;
import io.aswarm.sketch.DetectorParameters;
import io.aswarm.sketch.Expectation;
import io.aswarm.sketch.LocalPolicyConfig;
import io.aswarm.sketch.Rehearsal;
import io.aswarm.sketch.Scenario;
import io.aswarm.trust.Yaml;
import io.aswarm.trust.YamlMapping;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The default catalog says what is built in, and its tests hold every threshold: halved or doubled, one of them fails.
 */
class DefaultDetectorsTest
{
    private static String text;
    private static DetectorCatalog catalog;

    @BeforeAll
    static void readCatalog() throws Exception
    {
        try (InputStream in = DetectorFile.class.getResourceAsStream(DetectorFile.DEFAULT))
        {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        catalog = DetectorFile.compile(Yaml.parse(DetectorFile.DEFAULT, text));
    }

    @Test
    void shouldSayWhatHoldsWithoutAFile() throws Exception
    {
        assertEquals(DetectorParameters.STANDARD, catalog.parameters());
        assertEquals(List.of(), catalog.rules());
        final List<Scenario> listed = new ArrayList<>();
        for (final YamlMapping entry : Yaml.parse(DetectorFile.DEFAULT, text).mappings("detectors"))
        {
            final Scenario scenario = Scenario.ofLabel(entry.string("scenario"));
            assertEquals(DetectorCatalog.Use.TOLD, catalog.use(scenario));
            listed.add(scenario);
            for (final DetectorParameter parameter : DetectorParameter.of(scenario))
            {
                assertTrue(entry.has(parameter.key()), scenario.label() + " lacks " + parameter.key());
            }
        }
        assertEquals(List.of(Scenario.values()), listed);
    }

    @Test
    void shouldPassItsOwnTests()
    {
        final StringBuilder failures = new StringBuilder();
        for (final Rehearsal.Outcome outcome : Rehearsal.run(config(DetectorParameters.STANDARD, null)))
        {
            if (!outcome.passed())
            {
                failures.append(outcome.expectation().label()).append(": ").append(outcome.expectation().name())
                    .append(": reached ").append(outcome.reachedNats()).append('\n');
            }
        }
        assertEquals("", failures.toString());
    }

    @ParameterizedTest
    @EnumSource(DetectorParameter.class)
    void shouldNoticeWhenAThresholdIsHalvedOrDoubled(final DetectorParameter parameter)
    {
        assertTrue(isNoticed(parameter, 0.5), "halved");
        assertTrue(isNoticed(parameter, 2.0), "doubled");
    }

    private static boolean isNoticed(final DetectorParameter parameter, final double factor)
    {
        final double mutated = Math.ceil(factor * parameter.standard()) == factor * parameter.standard() ?
            factor * parameter.standard() : whole(parameter, factor * parameter.standard());
        if (mutated < parameter.least() || mutated > parameter.most())
        {
            // refused when the file is read
            return true;
        }
        final DetectorParameters parameters = DetectorParameters.STANDARD.with(parameter, mutated);
        return null != parameters.disordered() || Rehearsal.run(config(parameters, parameter.scenario())).stream()
            .anyMatch((outcome) -> !outcome.passed());
    }

    private static double whole(final DetectorParameter parameter, final double value)
    {
        return parameter.unit() == DetectorParameter.Unit.COUNT ? Math.rint(value) : value;
    }

    private static LocalPolicyConfig config(final DetectorParameters parameters, final Scenario scenario)
    {
        final DetectorCatalog.Builder builder = DetectorCatalog.builder().parameters(parameters);
        for (final Expectation expectation : catalog.expectations())
        {
            if (null == scenario || expectation.scenario() == scenario.code())
            {
                builder.expectation(expectation);
            }
        }
        return LocalPolicyConfig.builder().hashKey(1, 2).catalog(builder.build()).build();
    }
}
