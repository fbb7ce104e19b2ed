package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.Roster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;

/**
 * {@code aswarm roster check}.
 */
@Command(name = "roster", description = "Look at a site's roster of nodes and operators.",
    mixinStandardHelpOptions = true, subcommands = RosterCommand.Check.class)
final class RosterCommand extends CommandGroup
{
    /** Reads a roster and prints who is in it. */
    @Command(name = "check", description = "Read a roster strictly and print who is in it.",
        mixinStandardHelpOptions = true)
    static final class Check extends JsonCommand implements java.util.concurrent.Callable<Integer>
    {
        @Parameters(paramLabel = "FILE", description = "Roster in YAML.")
        private Path file;

        @Override
        public Integer call() throws DocumentException
        {
            final Roster roster = Roster.read(file);
            final ObjectNode result = object().put("site", roster.site());
            final ArrayNode nodes = result.putArray("nodes");
            roster.nodes().forEach((node) -> nodes.addObject().put("id", node.id()).put("name", node.name())
                .put("key_id", node.publicKey().keyId()));
            final ArrayNode operators = result.putArray("operators");
            roster.operators().forEach((operator) -> operators.addObject().put("name", operator.name())
                .put("key_id", operator.publicKey().keyId()));

            if (isJson())
            {
                emit(result);
                return ExitCode.OK;
            }
            out().println("site " + roster.site() + ": " + roster.nodes().size() + " nodes, " +
                roster.operators().size() + " operators");
            nodes.forEach((node) -> out().printf(
                "  node %5d  %-24s %s%n", node.path("id").asInt(), node.path("name").asText(),
                node.path("key_id").asText()));
            operators.forEach((operator) -> out().printf(
                "  operator    %-24s %s%n", operator.path("name").asText(), operator.path("key_id").asText()));
            out().flush();
            return ExitCode.OK;
        }
    }
}
