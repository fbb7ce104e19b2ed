package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.journal.Certificate;
import io.aswarm.journal.JournalEntry;
import io.aswarm.trust.DocumentException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * {@code aswarm explain}.
 */
@Command(name = "explain", mixinStandardHelpOptions = true,
    description = {
        "Why: which test, which observations, how much each added, what would have been needed, what was exempt.",
        "Signals (s17), elevations and addresses are asked of the running node, which remembers the latest;",
        "certificates are read from the journal, also when no node runs.",
        "Exit status 1 when nothing is known.",
    })
final class ExplainCommand extends JournalCommand implements Callable<Integer>
{
    @Parameters(paramLabel = "ID",
        description = "Signal, elevation or certificate by its id, a certificate by its sequence as #7, or an address.")
    private String id;

    @Option(names = "--socket", paramLabel = "FILE",
        description = "The node's control socket, instead of asking the configuration.")
    private Path socket;

    @Override
    public Integer call() throws ConfigException, DocumentException, CommandException
    {
        final ObjectNode explained = isOfCertificate(id) ? certificate() : live();
        if (isJson())
        {
            emit(explained);
        }
        else
        {
            heading(explained);
            ExplanationText.of(explained).forEach((line) -> out().println(line));
            out().flush();
        }
        return ExitCode.OK;
    }

    /** Ids of certificates begin with a date and a time; see io.aswarm.journal. */
    static boolean isOfCertificate(final String id)
    {
        return id.matches("\\d{8}T\\d{6}.*|#\\d+");
    }

    private ObjectNode live() throws DocumentException, CommandException
    {
        final Path path = null == socket ? NodeConfigReader.places(configFile()).controlSocket() : socket;
        final ObjectNode answer = (ObjectNode)NodeCommand.ask(path, "explain", "id", id);
        answer.remove("ok");
        return answer;
    }

    private ObjectNode certificate() throws ConfigException, CommandException
    {
        final JournalEntry entry =
            CertificateFinder.find(journal(), id.startsWith("#") ? id.substring(1) : id);
        if (null == entry)
        {
            throw new CommandException(ExitCode.NEGATIVE, journal() + ": holds no certificate \"" + id +
                "\"; aswarm certs list shows what there is");
        }
        final Certificate certificate = CertificateFinder.parse(entry);
        final ObjectNode explained = object().put("kind", "certificate").put("id", certificate.id())
            .put("certificate_kind", certificate.text("kind"));
        explained.set("action", certificate.predicate().path("action"));
        explained.set("outcome", certificate.predicate().path("outcome"));
        explained.set("policy", certificate.predicate().path("policy"));
        final JsonNode context = certificate.predicate().path("elevation_context");
        context.properties().forEach((field) -> explained.set(field.getKey(), field.getValue()));
        explained.put("explained", context.isObject());
        return explained;
    }

    private void heading(final ObjectNode explained) throws CommandException
    {
        final String kind = explained.path("kind").asText();
        if ("certificate".equals(kind))
        {
            out().printf("certificate %s: %s of %s by policy %s%n", explained.path("id").asText(),
                explained.path("certificate_kind").asText(), act(explained.path("action")),
                explained.path("policy").path("policy_id").asText());
            final String notes = explained.path("outcome").path("notes").asText();
            if (!notes.isEmpty())
            {
                out().printf("  because: %s%n", notes);
            }
            explained.path("outcome").path("probes").forEach((probe) -> out().printf(
                "  probe %s: expected %s, saw %s%n", probe.path("name").asText(), probe.path("expected").asText(),
                probe.path("observed").asText()));
            if (!explained.path("explained").asBoolean())
            {
                out().flush();
                throw new CommandException(ExitCode.NEGATIVE, explained.path("id").asText() +
                    ": carries no elevation: an order, or an entry that was found at start");
            }
        }
        else if (!"nothing".equals(kind))
        {
            out().printf("%s %s, %s%n", kind, explained.path("id").asText(), explained.path("given").asText());
        }
    }

    private static String act(final JsonNode action)
    {
        final JsonNode parameters = action.path("params");
        final String packets = parameters.path("packets").asText();
        return action.path("kind").asText() + (packets.isEmpty() ? "" : " (" + parameters.path("mode").asText() + ": " +
            packets + ")");
    }
}
