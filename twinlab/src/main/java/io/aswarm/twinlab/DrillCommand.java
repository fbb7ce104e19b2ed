package io.aswarm.twinlab;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.dataplane.ExitCode;
import io.aswarm.dataplane.Main;
import io.aswarm.trust.DocumentException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code aswarm drill}.
 */
@Command(
    name = "drill",
    description = {
        "Rehearse an attack on four racks of this machine's own kernel and measure what the nodes do about it.",
        "Racks are network namespaces; each gateway runs one node. Nothing leaves the namespaces, and everything is " +
        "removed at the end. Needs root; otherwise the same pipeline runs on a recorded capture, simulated.",
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
        "0:all targets met",
        "1:a target was missed",
        "2:wrong usage",
        "3:this machine refuses a drill on its kernel; a simulation, not asked for, may have run instead",
    })
final class DrillCommand implements Callable<Integer>
{
    private static final Pattern DURATION = Pattern.compile("(\\d{1,7})(ms|s|m)");

    @Spec
    private CommandSpec spec;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "1",
        description = "Attacks of each scenario, 1 to 50; the nodes stay up between them and every attack comes from " +
            "a source of its own. Default: ${DEFAULT-VALUE}.")
    private int runs;

    @Option(names = "--scenario", paramLabel = "NAME", defaultValue = "port-scan",
        description = "port-scan, sweep, syn-flood or all. Default: ${DEFAULT-VALUE}.")
    private String scenario;

    @Option(names = "--family", paramLabel = "4|6", defaultValue = "4",
        description = "IP version of the attack; benign traffic is always of both. Default: ${DEFAULT-VALUE}.")
    private int family;

    @Option(names = "--ttl", paramLabel = "DURATION", defaultValue = "5s",
        description = "How long a containment holds, 500ms to 10m. Default: ${DEFAULT-VALUE}.")
    private String ttl;

    @Option(names = "--json", description = "Print the summary as JSON on stdout; all else goes to stderr.")
    private boolean json;

    @Option(names = "--keep", description = "Leave racks and nodes up for looking around.")
    private boolean keep;

    @Option(names = "--clean", description = "Only remove what earlier drills left or kept.")
    private boolean clean;

    @Option(names = "--record", paramLabel = "DIR",
        description = "Record the first run: what came in at each gateway, as pcap, and the nodes' event logs.")
    private Path record;

    @Option(names = "--simulate",
        description = "Run the pipeline on the shipped recording under a virtual clock; enforces nothing.")
    private boolean simulate;

    @Override
    public Integer call() throws IOException, DocumentException
    {
        final DrillConfig config = config();
        final PrintWriter progress = json ? spec.commandLine().getErr() : spec.commandLine().getOut();
        final Timeline timeline = new Timeline(progress, "");
        if (clean)
        {
            final List<String> failures = Drill.cleanEarlier(RunManifest.BASE, true, timeline);
            failures.forEach(timeline::say);
            return failures.isEmpty() ? ExitCode.OK : ExitCode.NEGATIVE;
        }
        if (simulate)
        {
            return simulated(config, progress) ? ExitCode.OK : ExitCode.NEGATIVE;
        }

        try
        {
            return report(new Drill(config, timeline, applianceJar()).run(), timeline) ?
                ExitCode.OK : ExitCode.NEGATIVE;
        }
        catch (final RefusedException ex)
        {
            spec.commandLine().getErr().println("aswarm drill: no drill on this kernel: " + ex.getMessage());
            spec.commandLine().getErr().flush();
            simulated(config, progress);
            return ExitCode.ENVIRONMENT;
        }
    }

    private boolean simulated(final DrillConfig config, final PrintWriter progress)
        throws IOException, DocumentException
    {
        final Timeline timeline = new Timeline(progress, SimulatedDrill.LINE_PREFIX);
        timeline.say("SIMULATED: a recording under a virtual clock; nothing is enforced on this machine");
        return report(new SimulatedDrill(timeline).runShipped(
            config.scenarios(), config.scenarioLabel()), timeline);
    }

    private boolean report(final DrillSummary summary, final Timeline timeline)
    {
        final ObjectNode object = summary.toJson();
        Drill.print(object, timeline);
        if (json)
        {
            spec.commandLine().getOut().println(object);
            spec.commandLine().getOut().flush();
        }
        return summary.met();
    }

    private DrillConfig config()
    {
        if (runs < 1 || runs > DrillConfig.RUNS_MAX)
        {
            throw wrong("--runs is " + runs + "; allowed: 1 to " + DrillConfig.RUNS_MAX);
        }
        if (4 != family && 6 != family)
        {
            throw wrong("--family is " + family + "; allowed: 4, 6");
        }
        return new DrillConfig(scenarios(), family, runs, ttlMs(), keep, record);
    }

    private List<Scenario> scenarios()
    {
        if ("all".equals(scenario))
        {
            return List.of(Scenario.values());
        }
        for (final Scenario each : Scenario.values())
        {
            if (each.label().equals(scenario))
            {
                return List.of(each);
            }
        }
        throw wrong("--scenario is \"" + scenario + "\"; allowed: port-scan, sweep, syn-flood, all");
    }

    private long ttlMs()
    {
        final Matcher matcher = DURATION.matcher(ttl);
        if (matcher.matches())
        {
            final long count = Long.parseLong(matcher.group(1));
            final long unitMs = "ms".equals(matcher.group(2)) ? 1 : "s".equals(matcher.group(2)) ? 1_000 : 60_000;
            if (count * unitMs >= DrillConfig.TTL_MIN_MS && count * unitMs <= DrillConfig.TTL_MAX_MS)
            {
                return count * unitMs;
            }
        }
        throw wrong("--ttl is \"" + ttl + "\"; allowed: a duration such as 800ms, 5s or 1m, from 500ms to 10m");
    }

    private ParameterException wrong(final String what)
    {
        return new ParameterException(spec.commandLine(), what);
    }

    /** The jar that this very command runs from, so that the drill tests no other build. */
    private static Path applianceJar() throws RefusedException
    {
        try
        {
            final Path jar = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (jar.getFileName().toString().endsWith(".jar"))
            {
                return jar.toAbsolutePath().normalize();
            }
            throw new RefusedException("the appliance is not run from its jar but from " + jar + "; build it first");
        }
        catch (final URISyntaxException ex)
        {
            throw new RefusedException("the appliance's jar cannot be found: " + ex.getMessage(), ex);
        }
    }
}
