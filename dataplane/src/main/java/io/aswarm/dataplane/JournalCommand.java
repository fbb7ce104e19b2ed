package io.aswarm.dataplane;

import picocli.CommandLine.Option;

import java.nio.file.Path;

/**
 * A command about a journal: that of a node's configuration, or one that is named.
 */
abstract class JournalCommand extends JsonCommand
{
    static final int BATCH = 256;

    @Option(names = {"-c", "--config"}, paramLabel = "FILE", defaultValue = NodeCommand.DEFAULT_CONFIG,
        description = "The node's configuration (default: ${DEFAULT-VALUE}).")
    private Path config;

    @Option(names = "--journal", paramLabel = "DIR",
        description = "Directory of the journal, instead of asking the configuration.")
    private Path journal;

    final Path configFile()
    {
        return config;
    }

    final NodeConfig config() throws ConfigException
    {
        return NodeConfig.read(config);
    }

    final Path journal() throws ConfigException
    {
        return null == journal ? config().directories().journal() : journal;
    }
}
