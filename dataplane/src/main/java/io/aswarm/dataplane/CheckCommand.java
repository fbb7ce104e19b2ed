package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.actuator.ActRequest;
import io.aswarm.actuator.Aim;
import io.aswarm.actuator.Role;
import io.aswarm.ebpf.IpAddress;
import io.aswarm.quorum.ElevationTable;
import io.aswarm.sketch.ComposedScenario;
import io.aswarm.sketch.Scenario;
import io.aswarm.sketch.Signal;
import io.aswarm.sketch.VerificationConfig;
import io.aswarm.trust.Roster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * {@code aswarm check}.
 */
@Command(name = "check", mixinStandardHelpOptions = true,
    description = {
        "Check a configuration and all it names: roster, key, catalog and its signature, detection, directories.",
        "Runs the tests that the catalog of detectors carries. Prints what would be in force, and every fault found.",
        "Starts nothing. Exit status 2 when there is a fault.",
    })
final class CheckCommand extends JsonCommand implements Callable<Integer>
{
    @Option(names = {"-c", "--config"}, paramLabel = "FILE", defaultValue = NodeCommand.DEFAULT_CONFIG,
        description = "The node's configuration (default: ${DEFAULT-VALUE}).")
    private Path config;

    @Option(names = "--example", description = "Print an example with every key and its meaning, and check nothing.")
    private boolean example;

    @Option(names = "--detectors",
        description = "Print the default catalog of detectors with its parameters and tests, and check nothing.")
    private boolean detectors;

    @Override
    public Integer call() throws IOException, CommandException
    {
        if (example || detectors)
        {
            if (isJson())
            {
                throw new CommandException(
                    ExitCode.USAGE, "--example and --detectors print YAML with comments; allowed: without --json");
            }
            try (InputStream in = CheckCommand.class.getResourceAsStream(
                example ? "node.example.yaml" : DetectorFile.DEFAULT))
            {
                out().print(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                out().flush();
            }
            return ExitCode.OK;
        }
        return check();
    }

    private int check()
    {
        final List<String> faults = new ArrayList<>();
        final List<String> facts = new ArrayList<>();
        DetectorCheck detectorCheck = null;
        try
        {
            final NodeConfig nodeConfig = NodeConfig.read(config);
            warnOfPlaces(nodeConfig, facts);
            final Site site = Site.read(nodeConfig);
            describe(nodeConfig, site, facts);
            detectorCheck = new DetectorCheck(nodeConfig.detection(), site.detectors());
            detectorCheck.describe(facts, faults);
        }
        catch (final ConfigException ex)
        {
            faults.addAll(ex.faults());
        }

        if (isJson())
        {
            final ObjectNode result = object().put("config", config.toString()).put("sound", faults.isEmpty());
            final ArrayNode faultNodes = result.putArray("faults");
            faults.forEach(faultNodes::add);
            final ArrayNode factNodes = result.putArray("facts");
            facts.forEach(factNodes::add);
            if (null != detectorCheck)
            {
                result.set("tests", detectorCheck.tests());
            }
            emit(result);
        }
        else
        {
            facts.forEach((fact) -> out().println(fact));
            faults.forEach((fault) -> out().println("fault: " + fault));
            out().println(faults.isEmpty() ? config + ": sound" : config + ": " + faults.size() +
                (1 == faults.size() ? " fault" : " faults"));
            out().flush();
        }
        return faults.isEmpty() ? ExitCode.OK : ExitCode.USAGE;
    }

    private static void describe(final NodeConfig config, final Site site, final List<String> facts)
    {
        final int nodes = site.roster().nodes().size();
        facts.add("site " + site.roster().site() + ": " + nodes + " nodes, " + site.roster().operators().size() +
            " operators; this is node " + site.node().id() + ", " + site.node().name());
        describeTimes(config, site, facts);
        facts.add("key: " + (null == config.token() ? config.key().toString() : config.token() +
            (null == config.key() ? "" : " with " + config.key())) + ", " + site.identity().publicKey());
        facts.add(null == config.mesh().localAddress() || nodes < 2 ? "mesh: none, a site of one" :
            "mesh: " + (config.mesh().members().isEmpty() ? config.mesh().group() :
            "unicast to " + config.mesh().members().size() + " addresses") + ":" + config.mesh().port() + " on " +
            config.mesh().localAddress());
        config.interfaces().forEach((each) -> describe(each, facts));
        facts.add(DetectionMemory.describe(config.detection().policy(
            1, 2, new VerificationConfig(Signal.VERIFIED_ON_LINK, Map.of()), site.detectors()).build()));
        for (final Scenario scenario : Scenario.values())
        {
            final ElevationTable.Row row = config.elevation().row(scenario.code(), nodes);
            facts.add(String.format(Locale.ROOT,
                "elevation of %s: %d witnesses who together bring %.2f nats, each counted up to %.2f; alone %.2f nats",
                scenario.label(), row.witnesses(), row.thresholdNats(), row.clipNats(), row.localBarNats()));
            if (config.detection().evidenceMaxNats() < row.localBarNats())
            {
                facts.add(String.format(Locale.ROOT,
                    "warning: detection.evidence_max_nats is %.2f: this node never elevates %s alone",
                    config.detection().evidenceMaxNats(), scenario.label()));
            }
            if (config.detection().signalNats() < row.floorNats())
            {
                facts.add(String.format(Locale.ROOT,
                    "warning: detection.signal_nats is below %.2f: first signals of %s do not count as a witness's",
                    row.floorNats(), scenario.label()));
            }
        }
        site.detectors().rules().stream().filter((rule) -> ComposedScenario.isCode(rule.givesCode()))
            .filter((rule) -> Stream.of(0, Signal.VERIFIED_ON_LINK).noneMatch(
            (verification) -> isAnswered(site, rule.gives(), verification)))
            .forEach((rule) -> facts.add("warning: no act of the catalog answers " + rule.gives() +
            ": every request for it will be refused"));
        site.catalog().check().forEach((line) -> facts.add(
            line.startsWith("warning: ") ? "warning: catalog: " + line.substring("warning: ".length()) :
            "catalog: " + line));
    }

    private static void describeTimes(final NodeConfig config, final Site site, final List<String> facts)
    {
        final long nowEpochNs = System.currentTimeMillis() * 1_000_000L;
        for (final Roster.Node node : site.roster().nodes())
        {
            if (!node.validity().includes(nowEpochNs))
            {
                facts.add("warning: " + config.roster() + ": the time of node " + node.name() + " is over or has not " +
                    "begun: its messages are refused");
            }
        }
    }

    private static boolean isAnswered(final Site site, final String scenario, final int verification)
    {
        final IpAddress nobody = new IpAddress(0, 0);
        return null != site.catalog().actFor(new ActRequest(
            0, scenario, nobody, Role.SOURCE, verification, new Aim(null, 0, 0), 0, 0));
    }

    private static void describe(final NodeConfig.Interface each, final List<String> facts)
    {
        final List<String> proofs = new ArrayList<>();
        Names.verification(each.verification()).forEach((word) -> proofs.add(word.asText()));
        facts.add("interface " + each.name() + ": mode " + each.mode() + ", sources are verified by " +
            (proofs.isEmpty() ? "nothing" : String.join(", ", proofs)));
        if ((each.verification() & Signal.VERIFIED_EXCHANGE) != 0)
        {
            facts.add("warning: interface " + each.name() + ": an exchange proves that somebody receives at an " +
                "address, not who sends; allow it only where forged addresses cannot come in");
        }
    }

    private static void warnOfPlaces(final NodeConfig config, final List<String> facts)
    {
        final NodeConfig.Directories directories = config.directories();
        for (final Path directory : List.of(directories.state(), directories.journal(), directories.aeron()))
        {
            final Path existing = existing(directory);
            if (!Files.isWritable(existing))
            {
                facts.add("warning: " + directory + ": cannot be written by this user");
            }
        }
        for (final NodeConfig.Interface each : config.interfaces())
        {
            if (!Files.exists(Path.of("/sys/class/net", each.name())))
            {
                facts.add("warning: interface " + each.name() + " does not exist in this network namespace");
            }
        }
    }

    private static Path existing(final Path path)
    {
        Path each = path;
        while (null != each.getParent() && !Files.exists(each))
        {
            each = each.getParent();
        }
        return each;
    }
}
