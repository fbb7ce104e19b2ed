package io.aswarm.twinlab;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.dataplane.ExitCode;
import io.aswarm.trust.DocumentException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * {@code aswarm evaluate}.
 */
@Command(
    name = "evaluate",
    description = {
        "Measure detection on recordings with known truth: recall, false positives, time to detection.",
        "Runs the node's own local policy on virtual time; nothing is enforced and nothing is sent.",
    },
    mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer>
{
    private static final int PROGRESS_EVERY = 100;

    @Spec
    private CommandSpec spec;

    @Option(names = "--manifest", paramLabel = "FILE",
        description = "Tab separated list of recordings with their truth; columns as in its first line.")
    private Path manifest;

    @Option(names = "--root", paramLabel = "DIR",
        description = "Directory that the manifest's paths are below; by default the manifest's own.")
    private Path root;

    @Option(names = "--kind", paramLabel = "KIND", defaultValue = GroundTruth.BENIGN,
        description = "Truth about captures given as FILE: ${DEFAULT-VALUE} (the default) or a kind of attack.")
    private String kind;

    @Option(names = "--attacker", paramLabel = "LIST", defaultValue = "*",
        description = "Attackers in captures given as FILE: addresses, networks, or * for not known.")
    private String attackers;

    @Option(names = "--victim", paramLabel = "LIST", defaultValue = "*",
        description = "Victims in captures given as FILE: addresses, networks, or * for not known.")
    private String victims;

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "Captures: pcap or pcapng, also gzipped.")
    private List<Path> files = List.of();

    @Option(names = "--json", description = "Print the report as JSON on stdout; progress goes to stderr.")
    private boolean json;

    @Override
    public Integer call() throws DocumentException
    {
        final List<CorpusManifest.Entry> entries = entries();
        final PrintWriter progress = spec.commandLine().getErr();
        final EvaluationReport report = new EvaluationReport();
        final long startNs = System.nanoTime();
        for (final CorpusManifest.Entry entry : entries)
        {
            final FileResult result = evaluate(entry);
            report.add(result);
            if (null != result.error())
            {
                progress.println(result.error());
            }
            if (0 == report.results().size() % PROGRESS_EVERY)
            {
                progress.println(report.results().size() + " of " + entries.size() + " recordings, " +
                    (System.nanoTime() - startNs) / 1_000_000_000L + " s");
            }
            progress.flush();
        }

        final ObjectNode object = report.toJson();
        final PrintWriter out = spec.commandLine().getOut();
        if (json)
        {
            out.println(object);
        }
        else
        {
            EvaluationTable.print(out, object);
        }
        out.flush();
        return 0 == report.failures() ? ExitCode.OK : ExitCode.NEGATIVE;
    }

    private FileResult evaluate(final CorpusManifest.Entry entry)
    {
        final Path file = null == root ? Path.of(entry.path()) : root.resolve(entry.path());
        try
        {
            final RecordingFile recording = RecordingFile.read(file);
            final ServedPorts served = ServedPorts.of(recording.open(entry.truth()));
            final EvaluationRun run = EvaluationRun.of(recording.open(entry.truth()), List.of(
                new CrowdSecReference(served), new PsadReference(served), new ZeekReference(),
                new FastNetMonReference()));
            return 0 == run.packets() ?
                FileResult.without(entry, file + ": holds nothing that a sensor would see", false) :
                FileResult.of(entry, run);
        }
        catch (final DocumentException ex)
        {
            return FileResult.without(entry, ex.getMessage(), true);
        }
    }

    private List<CorpusManifest.Entry> entries() throws DocumentException
    {
        if ((null == manifest) == files.isEmpty())
        {
            throw new ParameterException(
                spec.commandLine(), "give either --manifest or captures; see aswarm evaluate --help");
        }
        if (null != manifest)
        {
            root = null == root ? manifest.toAbsolutePath().getParent() : root;
            if (!Files.isDirectory(root))
            {
                throw new ParameterException(spec.commandLine(), "--root " + root + " is no directory");
            }
            return CorpusManifest.read(manifest);
        }

        final List<CorpusManifest.Entry> entries = new ArrayList<>();
        try
        {
            final GroundTruth truth = GroundTruth.BENIGN.equals(kind) ? GroundTruth.benign() : new GroundTruth(
                kind, AddressSet.parse(attackers), AddressSet.parse(victims), Long.MIN_VALUE);
            files.forEach((file) -> entries.add(new CorpusManifest.Entry(file.toString(), "", truth, -1)));
        }
        catch (final IllegalArgumentException ex)
        {
            throw new ParameterException(spec.commandLine(), ex.getMessage(), ex);
        }
        return entries;
    }
}
