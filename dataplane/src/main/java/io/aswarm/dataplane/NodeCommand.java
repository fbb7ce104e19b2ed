package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import io.aswarm.trust.DocumentException;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A command about one node of this machine, which its configuration names. Only two keys of it are read, or the paths
 * are given: a mistake elsewhere in it never stands between an operator and the kill switch.
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

    final Path pins() throws DocumentException
    {
        return null == pins ? NodeConfigReader.places(config).pins() : pins;
    }

    final Path socket() throws DocumentException
    {
        return null == socket ? NodeConfigReader.places(config).controlSocket() : socket;
    }

    /** Ask the node; say what it means that it does not answer. */
    static JsonNode ask(final Path path, final String command, final String... fields) throws CommandException
    {
        try
        {
            final JsonNode answer = ControlClient.ask(path, command, fields);
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
