package io.aswarm.dataplane;

import io.aswarm.quorum.ElevationTable;
import io.aswarm.sketch.Scenario;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * List {@code elevation} of the configuration: rows that take the place of the shipped table's.
 */
final class ElevationSection
{
    /** At the place of their codes; a test holds that. */
    static final List<String> SCENARIOS = Stream.concat(
        Stream.of("any"), Scenario.labels().stream()).toList();

    private ElevationSection()
    {
    }

    static ElevationTable read(final ConfigSection root)
    {
        final Map<Integer, Map<Integer, ElevationTable.Row>> rowsByScenario = new TreeMap<>();
        for (final ConfigSection entry : root.sections("elevation"))
        {
            final String scenario = entry.word("scenario", "any", SCENARIOS);
            final int nodes = (int)entry.integer("nodes", null, 1, 10_000);
            final int witnesses = (int)entry.integer("witnesses", null, 1, ElevationTable.WITNESSES_MAX);
            final double alpha = entry.number("alpha", 1e-6, 0, 0.5);
            final double beta = entry.number("beta", 0.01, 0, 0.5);
            final double clipNats = entry.number("clip_nats", null, 0, 1000);
            final double floorNats = entry.number("floor_nats", 1.0, 0, 1000);
            final double localAlpha = entry.number("local_alpha", 1e-9, 0, 0.5);
            final double degradedAlpha = entry.number("degraded_alpha", 1e-12, 0, 0.5);
            entry.finish();
            try
            {
                rowsByScenario.computeIfAbsent(SCENARIOS.indexOf(scenario), (code) -> new TreeMap<>()).put(
                    nodes,
                    new ElevationTable.Row(
                        nodes, witnesses, alpha, beta, clipNats, floorNats, localAlpha, degradedAlpha));
            }
            catch (final IllegalArgumentException ex)
            {
                entry.wrong("nodes", "begins a row that cannot hold: " + ex.getMessage());
            }
        }
        return merged(root, rowsByScenario);
    }

    /** The configured rows in place of the shipped ones for the same scenario and size of site. */
    private static ElevationTable merged(
        final ConfigSection root, final Map<Integer, Map<Integer, ElevationTable.Row>> rowsByScenario)
    {
        final Map<Integer, Collection<ElevationTable.Row>> rows = new TreeMap<>();
        rowsByScenario.forEach((scenario, its) -> rows.put(scenario, its.values()));
        try
        {
            return ElevationTable.standard().with(rows);
        }
        catch (final IllegalArgumentException ex)
        {
            root.wrong("elevation", ex.getMessage());
            return ElevationTable.standard();
        }
    }
}
