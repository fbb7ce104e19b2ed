package io.aswarm.dataplane;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.journal.Certificate;
import io.aswarm.journal.JournalEntry;
import io.aswarm.journal.JournalException;
import io.aswarm.journal.JournalReader;
import io.aswarm.trust.DocumentException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * {@code aswarm certs list|show|verify}.
 */
@Command(name = "certs", description = "Look at and verify certificates.", mixinStandardHelpOptions = true,
    subcommands = {CertsCommand.Show.class, CertsCommand.List.class, CertsVerifyCommand.class})
final class CertsCommand extends CommandGroup
{
    /** Lists a journal. */
    @Command(name = "list", mixinStandardHelpOptions = true,
        description = "List the certificates of a journal, oldest first. Works while the node runs.")
    static final class List extends JournalCommand implements Callable<Integer>
    {
        @Override
        public Integer call() throws ConfigException, CommandException
        {
            final Path directory = journal();
            try (JournalReader reader = JournalReader.open(directory))
            {
                while (reader.poll(this::print, BATCH) > 0)
                {
                    out().flush();
                }
                reader.damages().forEach((damage) -> err().println("aswarm: " + damage));
                err().flush();
                return reader.damageCount() > 0 ? ExitCode.NEGATIVE : ExitCode.OK;
            }
            catch (final JournalException ex)
            {
                throw new CommandException(ExitCode.USAGE, ex.getMessage());
            }
        }

        private void print(final JournalEntry entry)
        {
            final ObjectNode line = object().put("sequence", Long.toString(entry.sequence()));
            try
            {
                final Certificate certificate = Certificate.parse(entry.segment(), entry.envelope());
                line.put("certificate_id", certificate.id()).put("kind", certificate.text("kind"))
                    .put("certified", certificate.text("timestamps", "certified"))
                    .put("subject", certificate.text("asset_id")).put("act_id", certificate.text("act_id"))
                    .put("tier", certificate.text("tier")).put("sha256", certificate.sha256());
            }
            catch (final DocumentException ex)
            {
                line.put("certificate_id", "").put("kind", "unreadable").put("certified", "")
                    .put("subject", ex.getMessage());
            }
            if (isJson())
            {
                emit(line);
                return;
            }
            out().printf("%6s  %-30s  %-12s  %-34s %s%n", line.path("sequence").asText(),
                line.path("certified").asText(), line.path("kind").asText(), line.path("certificate_id").asText(),
                line.path("subject").asText());
        }
    }

    /** Prints one certificate. */
    @Command(name = "show", mixinStandardHelpOptions = true, description = "Print one certificate of a journal.")
    static final class Show extends JournalCommand implements Callable<Integer>
    {
        @Parameters(paramLabel = "ID", description = "Id of the certificate, or its sequence.")
        private String id;

        @Option(names = "--envelope",
            description = "Print the signed envelope (DSSE) exactly as it is in the journal, for other tools.")
        private boolean envelope;

        @Override
        public Integer call() throws ConfigException, CommandException, JsonProcessingException
        {
            final JournalEntry entry = CertificateFinder.find(journal(), id);
            if (null == entry)
            {
                throw new CommandException(ExitCode.NEGATIVE, journal() + ": holds no certificate \"" + id +
                    "\"; aswarm certs list shows what there is");
            }

            final String text = new String(entry.envelope(), StandardCharsets.UTF_8);
            if (envelope)
            {
                out().print(text);
            }
            else
            {
                final Certificate certificate = CertificateFinder.parse(entry);
                final ObjectMapper mapper = new ObjectMapper();
                mapper.configure(SerializationFeature.INDENT_OUTPUT, !isJson());
                out().println(mapper.writeValueAsString(certificate.predicate()));
            }
            out().flush();
            return ExitCode.OK;
        }
    }
}
