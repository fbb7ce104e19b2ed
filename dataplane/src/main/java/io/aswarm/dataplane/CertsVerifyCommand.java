package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.journal.CertificateFile;
import io.aswarm.journal.CertificateReport;
import io.aswarm.journal.CertificateVerifier;
import io.aswarm.journal.JournalEntry;
import io.aswarm.journal.JournalException;
import io.aswarm.journal.JournalReader;
import io.aswarm.journal.VerifierConfig;
import io.aswarm.journal.VerifierSession;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.Roster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * {@code aswarm certs verify}.
 */
@Command(name = "verify", mixinStandardHelpOptions = true,
    description = {
        "Verify certificates: form, signatures, whether they hold together, the witnesses' signed deposits, the chain.",
        "Without arguments, all of the journal. Each fault is printed with its code; exit status 1 when there is any.",
    })
final class CertsVerifyCommand extends JournalCommand implements Callable<Integer>
{
    private static final long FILE_LENGTH_MAX = 1L << 24;

    @Parameters(paramLabel = "WHAT", arity = "0..*",
        description = "Ids of certificates in the journal, directories of journals, or files from anywhere: " +
            "envelopes, statements, bare certificates.")
    private List<String> targets = new ArrayList<>();

    @Option(names = "--roster", paramLabel = "FILE",
        description = "Roster with the keys to verify against, instead of the configuration's.")
    private Path rosterFile;

    @Option(names = "--no-roster",
        description = "Know no keys: every signature is then of an unknown signer, all else is verified.")
    private boolean noRoster;

    private int verified;
    private int faulty;

    @Override
    public Integer call() throws ConfigException, CommandException, DocumentException
    {
        final CertificateVerifier verifier = new CertificateVerifier(verifierConfig());
        final List<CertificateFile> files = new ArrayList<>();
        if (targets.isEmpty())
        {
            verifyJournal(verifier, journal());
        }
        for (final String target : targets)
        {
            final Path path = path(target);
            if (null != path && Files.isDirectory(path))
            {
                if (!JournalReader.isJournal(path))
                {
                    throw new CommandException(ExitCode.USAGE, path + ": no journal, it holds no file of one (*.cq4)");
                }
                verifyJournal(verifier, path);
            }
            else if (null != path && Files.exists(path))
            {
                addFile(path, files);
            }
            else
            {
                files.add(new CertificateFile(target, inJournal(target).envelope()));
            }
        }
        verifier.verifyTogether(files).forEach(this::print);

        if (!isJson())
        {
            out().println(verified + " verified, " + (verified - faulty) + " sound, " + faulty + " with faults");
            out().flush();
        }
        return faulty > 0 ? ExitCode.NEGATIVE : ExitCode.OK;
    }

    private VerifierConfig verifierConfig() throws ConfigException, DocumentException
    {
        if (noRoster)
        {
            return VerifierConfig.withoutRoster();
        }
        final Roster roster = Roster.read(null == rosterFile ? config().roster() : rosterFile);
        return VerifierConfig.of(roster, new DepositWitnessVerifier(roster));
    }

    private void verifyJournal(final CertificateVerifier verifier, final Path directory) throws CommandException
    {
        final VerifierSession session = verifier.session();
        try (JournalReader reader = JournalReader.open(directory))
        {
            int count;
            do
            {
                count = reader.poll((entry) -> print(session.verify(
                    entry.segment().getFileName() + "#" + entry.sequence(), entry.envelope())), BATCH);
            }
            while (count > 0);
            reader.damages().forEach((damage) -> print(
                CertificateVerifier.unreadable(damage.segment().getFileName().toString(), damage.toString())));
        }
        catch (final JournalException ex)
        {
            throw new CommandException(ExitCode.USAGE, ex.getMessage());
        }
    }

    private void addFile(final Path path, final List<CertificateFile> files)
    {
        try
        {
            if (Files.size(path) > FILE_LENGTH_MAX)
            {
                print(CertificateVerifier.unreadable(path.toString(), "longer than " + FILE_LENGTH_MAX + " bytes"));
                return;
            }
            files.add(new CertificateFile(path.toString(), Files.readAllBytes(path)));
        }
        catch (final IOException ex)
        {
            print(CertificateVerifier.unreadable(path.toString(), String.valueOf(ex.getMessage())));
        }
    }

    private JournalEntry inJournal(final String id) throws ConfigException, CommandException
    {
        final Path journal = journal();
        final JournalEntry entry = Files.isDirectory(journal) ? CertificateFinder.find(journal, id) : null;
        if (null == entry)
        {
            throw new CommandException(ExitCode.USAGE, "\"" + id + "\" is neither file nor directory, nor a " +
                "certificate in " + journal + (Files.isDirectory(journal) ? "" : ", which is not there"));
        }
        return entry;
    }

    private void print(final CertificateReport report)
    {
        verified++;
        faulty += report.isSound() ? 0 : 1;
        final String kind = null == report.kind() ? "" : report.kind().name().toLowerCase(Locale.ROOT);
        if (isJson())
        {
            final ObjectNode line = object().put("source", report.source())
                .put("certificate_id", report.certificateId()).put("kind", kind)
                .put("enveloped", report.isEnveloped()).put("sound", report.isSound());
            final ArrayNode faults = line.putArray("faults");
            report.faults().forEach((fault) -> faults.addObject().put("code", fault.code().code())
                .put("name", fault.code().name()).put("sentence", fault.code().sentence())
                .put("detail", fault.detail()));
            emit(line);
            return;
        }
        out().println((report.isSound() ? "sound   " : "FAULTY  ") + report.source() +
            (report.certificateId().isEmpty() ? "" : " " + report.certificateId()) +
            (kind.isEmpty() ? "" : " " + kind));
        report.faults().forEach((fault) -> out().println("        " + fault));
        out().flush();
    }

    private static Path path(final String target)
    {
        try
        {
            return Path.of(target);
        }
        catch (final InvalidPathException ex)
        {
            return null;
        }
    }
}
