package io.aswarm.twinlab;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.dataplane.ExitCode;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.Roster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * {@code aswarm simulate}.
 */
@Command(
    name = "simulate",
    description = {
        "Run sites of many nodes in one process on virtual time: the node's own quorum and actuator, a network that " +
            "loses, delays, repeats and cuts, nodes that crash, and nodes that lie.",
        "Says how long elevation takes and what it costs, and watches that nothing happens that must not.",
        "The same seed gives the same output. Simulated: enforces nothing.",
    },
    mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer>
{
    /** Each followed node keeps some 260 bytes for every node that it hears. */
    private static final int PAIRS_DEFAULT = 2_560_000;
    private static final int NODES_MIN = 2;
    /** What an agent takes by itself, and for each node of the roster and each that it hears: measured, rounded up. */
    private static final long AGENT_BYTES = 150_000;
    private static final int LIARS_DRAWN = -1;
    private static final long ROSTER_BYTES = 28;
    private static final long HEARD_BYTES = 270;

    @Spec
    private CommandSpec spec;

    @Option(names = "--nodes", paramLabel = "N", split = ",", defaultValue = "4,100,1000",
        description = "Sizes of site, by default ${DEFAULT-VALUE}.")
    private List<Integer> sizes;

    @Option(names = "--seed", paramLabel = "SEED", defaultValue = "1",
        description = "From which everything is drawn, by default ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--seeds", paramLabel = "COUNT",
        description = "Run so many seeds from --seed on, the sizes in turn, and tell only of those that fail.")
    private int seeds;

    @Option(names = "--weather", paramLabel = "WEATHER", defaultValue = "rough",
        description = "calm: a network at rest. rough: loss, cuts, crashes, liars, forgers. Default ${DEFAULT-VALUE}.")
    private String weather;

    @Option(names = "--liars", paramLabel = "F", defaultValue = "" + LIARS_DRAWN,
        description = "Nodes that lie; by default drawn from the seed, fewer than the table's k.")
    private int liars;

    @Option(names = "--followed", paramLabel = "N",
        description = "Nodes that receive and decide, the others only speak; by default all up to 2,560,000 / nodes.")
    private int followed;

    @Option(names = "--json", description = "Print the results as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException, DocumentException
    {
        final MeshPlan.Weather kind = check();
        final MeshKeys keys = new MeshKeys(sizes.stream().mapToInt(Integer::intValue).max().orElseThrow());
        final PrintWriter out = spec.commandLine().getOut();
        final ArrayNode results = JsonNodeFactory.instance.arrayNode();
        if (!json)
        {
            out.println(SimulatedDrill.LINE_PREFIX + MeshResult.HEAD);
        }
        final int runs = seeds > 0 ? seeds : sizes.size();
        int failed = 0;
        long elevations = 0;
        for (int run = 0; run < runs; run++)
        {
            final MeshPlan plan = new MeshPlan(
                seeds > 0 ? seed + run : seed, sizes.get(run % sizes.size()), kind, liars);
            final MeshResult result = new MeshSimulation(plan, keys, followed(plan.nodes), new MeshFaults()).run();
            elevations += result.elevations();
            failed += result.violations().isEmpty() ? 0 : 1;
            if (seeds <= 0 || !result.violations().isEmpty())
            {
                results.add(result.json());
                tell(out, result);
            }
        }
        sum(out, results, runs, failed, elevations);
        return 0 == failed ? ExitCode.OK : ExitCode.NEGATIVE;
    }

    private void tell(final PrintWriter out, final MeshResult result)
    {
        if (!json)
        {
            out.println(SimulatedDrill.LINE_PREFIX + result.line());
            result.violations().forEach((violation) -> out.println("VIOLATION " + violation));
            if (!result.violations().isEmpty())
            {
                out.println("replay: " + result.replayCommand());
            }
            out.flush();
        }
    }

    private void sum(
        final PrintWriter out, final ArrayNode results, final int runs, final int failed, final long elevations)
    {
        if (json)
        {
            final ObjectNode document = JsonNodeFactory.instance.objectNode();
            document.put("runs", runs).put("failed", failed).put("elevations", elevations).set("results", results);
            out.println(document);
        }
        else
        {
            out.println(runs + " sites simulated, " + failed + " with violations, " + elevations + " elevations");
        }
        out.flush();
    }

    private int followed(final int nodes)
    {
        return followed > 0 ? Math.min(followed, nodes) : Math.min(nodes, Math.max(1, PAIRS_DEFAULT / nodes));
    }

    private MeshPlan.Weather check()
    {
        if (seeds < 0)
        {
            throw wrong("--seeds", seeds, "1 or more");
        }
        if (followed < 0)
        {
            throw wrong("--followed", followed, "1 or more");
        }
        for (final int size : sizes)
        {
            if (size < NODES_MIN || size > Roster.NODES_MAX)
            {
                throw wrong("--nodes", size, NODES_MIN + " to " + Roster.NODES_MAX);
            }
            final long bytes = size * (AGENT_BYTES + ROSTER_BYTES * size + HEARD_BYTES * followed(size));
            if (bytes > Runtime.getRuntime().maxMemory())
            {
                throw new ParameterException(spec.commandLine(), "--nodes " + size + " needs some " +
                    (bytes / 1_000_000 + 500) + " MB of heap; run java -Xmx" + (bytes / 1_000_000 + 500) +
                    "m -jar twinlab/target/aswarm-lab.jar simulate, or follow fewer nodes by --followed");
            }
            if (liars < LIARS_DRAWN || liars >= size)
            {
                throw wrong("--liars", liars, "0 or more, fewer than the nodes");
            }
        }
        for (final MeshPlan.Weather kind : MeshPlan.Weather.values())
        {
            if (kind.name().toLowerCase(Locale.ROOT).equals(weather))
            {
                return kind;
            }
        }
        throw wrong("--weather", weather, "calm, rough");
    }

    private ParameterException wrong(final String option, final Object value, final String allowed)
    {
        return new ParameterException(spec.commandLine(), option + " is " + value + "; allowed: " + allowed);
    }
}
