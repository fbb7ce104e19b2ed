package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A command about one node of this machine, which its configuration names. The paths can be given instead, so that a
 * broken configuration never stands between an operator and the kill switch.
 */
abstract class NodeCommand extends JsonCommand
{
    static final String DEFAULT_CONFIG = "/etc/aswarm/node.yaml";

    @Option(names = {"-c", "--config"}, paramLabel = "FILE", defaultValue = DEFAULT_CONFIG,
        description = "The node's configuration (default: ${DEFAULT-VALUE}).")
    private Path config;

    @Option(names = "--pins", paramLabel = "DIR",
        description = "Directory of the node's pinned maps, instead of asking the configuration.")
    private Path pins;

    @Option(names = "--socket", paramLabel = "FILE",
        description = "The node's control socket, instead of asking the configuration.")
    private Path socket;

    final Path configFile()
    {
        return config;
    }

    final NodeConfig config() throws ConfigException
    {
        return NodeConfig.read(config);
    }

    final Path pins() throws ConfigException
    {
        return null == pins ? config().directories().pins() : pins;
    }

    final Path socket() throws ConfigException
    {
        return null == socket ? config().controlSocket() : socket;
    }

    /** Ask the node; say what it means that it does not answer. */
    static JsonNode ask(final Path path, final ObjectNode request) throws CommandException
    {
        try
        {
            final JsonNode answer = ControlClient.ask(path, request);
            if (!answer.path("ok").asBoolean())
            {
                throw new CommandException(ExitCode.NEGATIVE, "the node refused: " + answer.path("error").asText());
            }
            return answer;
        }
        catch (final IOException ex)
        {
            throw new CommandException(ExitCode.NO_NODE, path + ": no node answers (" +
                (Files.exists(path) ? ex.getMessage() : "no such socket") + ")");
        }
    }
}
