package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.KeyFile;
import io.aswarm.trust.Roster;
import io.aswarm.trust.RosterSignature;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;

/**
 * {@code aswarm roster check|sign|reload}.
 */
@Command(name = "roster", description = "Check, sign and reload a site's roster of nodes and operators.",
    mixinStandardHelpOptions = true,
    subcommands = {RosterCommand.Check.class, RosterCommand.Sign.class, RosterReloadCommand.class})
final class RosterCommand extends CommandGroup
{
    /** Adds an operator's signature to a roster. */
    @Command(name = "sign", mixinStandardHelpOptions = true,
        description = "Read a roster strictly and add an operator's signature to FILE.sig beside it. A node takes a " +
            "changed roster when two operators of the one in force have signed it.")
    static final class Sign extends JsonCommand implements java.util.concurrent.Callable<Integer>
    {
        @Parameters(paramLabel = "FILE", description = "Roster in YAML.")
        private Path file;

        @Mixin
        private OperatorOptions signer;

        @Override
        public Integer call() throws DocumentException, IOException
        {
            RosterSignature.sign(file, signer.operator(), KeyFile.loadHybrid(signer.key()));
            emit(object().put("version", Roster.read(file).version()).put("signed_by", signer.operator())
                .put("signature", RosterSignature.fileOf(file).toString()));
            return ExitCode.OK;
        }
    }

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
            final ObjectNode result = object().put("site", roster.site()).put("version", roster.version());
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
