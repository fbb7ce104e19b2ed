package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.dataplane.NodeCounters.Module;
import io.aswarm.quorum.CncReader;
import io.aswarm.quorum.MeshException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * {@code aswarm stats}.
 */
@Command(name = "stats", mixinStandardHelpOptions = true,
    description = {
        "The counters of a running node, Aeron's and our own, from its CnC file; again every second until stopped.",
        "Aeron's own tools (AeronStat, ErrorStat, LossStat) read the same file with -Daeron.dir=DIR.",
    })
final class StatsCommand extends JsonCommand implements Callable<Integer>
{
    @Option(names = {"-c", "--config"}, paramLabel = "FILE", defaultValue = NodeCommand.DEFAULT_CONFIG,
        description = "The node's configuration (default: ${DEFAULT-VALUE}).")
    private Path config;

    @Option(names = "--aeron", paramLabel = "DIR",
        description = "The node's Aeron directory, instead of asking the configuration.")
    private Path directory;

    @Option(names = "--once", description = "Print once and end.")
    private boolean once;

    @Option(names = "--explain", description = "Print what each of our counters means.")
    private boolean explain;

    @Option(names = "--interval-ms", paramLabel = "MS", defaultValue = "1000",
        description = "Time between two prints (default: ${DEFAULT-VALUE}).")
    private long intervalMs;

    @Override
    public Integer call() throws ConfigException, CommandException, InterruptedException
    {
        if (intervalMs < 1)
        {
            throw new CommandException(ExitCode.USAGE, "--interval-ms is " + intervalMs + "; allowed: 1 or more");
        }
        final Path aeron = null == directory ? NodeConfig.read(config).directories().aeron() : directory;
        try (CncReader reader = CncReader.open(aeron))
        {
            while (true)
            {
                final boolean isAlive = reader.isAlive(System.currentTimeMillis());
                print(reader, aeron, isAlive);
                if (!isAlive)
                {
                    throw new CommandException(ExitCode.NO_NODE, aeron + ": the node that made this file does not " +
                        "run any more: no heartbeat for " + reader.heartbeatAgeMs(System.currentTimeMillis()) + " ms");
                }
                if (once)
                {
                    return ExitCode.OK;
                }
                Thread.sleep(intervalMs);
            }
        }
        catch (final MeshException ex)
        {
            throw new CommandException(ExitCode.NO_NODE, ex.getMessage());
        }
    }

    private void print(final CncReader reader, final Path aeron, final boolean isAlive)
    {
        final ObjectNode snapshot = object().put("epoch_ms", System.currentTimeMillis()).put("alive", isAlive)
            .put("pid", reader.pid()).put("aeron", aeron.toString());
        final ArrayNode counters = snapshot.putArray("counters");
        reader.forEach((id, typeId, label, value) -> add(counters.addObject(), id, typeId, label, value));
        if (isJson())
        {
            emit(snapshot);
            return;
        }

        out().printf("process %d, %s%n", reader.pid(), aeron);
        counters.forEach((counter) -> out().printf(
            "%3d %,20d  %s%s%n", counter.path("id").asInt(), counter.path("value").asLong(),
            counter.path("label").asText(),
            explain && counter.has("sentence") ? " (" + counter.path("unit").asText() + ") - " +
            counter.path("sentence").asText() : ""));
        out().println();
        out().flush();
    }

    private static void add(
        final ObjectNode target, final int id, final int typeId, final String label, final long value)
    {
        target.put("id", id).put("type_id", typeId).put("label", label).put("value", Long.toString(value));
        for (final Module module : Module.values())
        {
            final NodeCounters.Meaning meaning = module.meaning(typeId);
            if (null != meaning)
            {
                target.put("module", module.name().toLowerCase(Locale.ROOT)).put("counter", meaning.name())
                    .put("unit", meaning.unit()).put("sentence", meaning.sentence());
            }
        }
    }
}
