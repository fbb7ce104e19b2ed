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
        "Captures (pcap, pcapng), flows (Zeek conn.log, UNSW-NB15), process traces (SysFlow, Tetragon, auditd).",
    },
    footerHeading = "%nWhat counts:%n",
    footer = {
        "  detected   an elevation at the bar of one node alone (20.7 nats), after the",
        "             attack's first packet, whose subject is an attacker, or the victim",
        "             where the scenario's subject is the aim",
        "  signal     the weakest word of the policy, under the same conditions",
        "  alerts     windows of 10 s and one host in which somebody was elevated who",
        "             had not attacked; with Wilson's 95 %% interval, of benign captures",
        "             and, apart, of bystanders in captures of attacks",
        "  decidable  the recording holds enough of the attack that the models, told",
        "             which packets are the attack's, would reach that bar; what was",
        "             detected has no part in it. Of one attacker: 9 targets not served",
        "             over TCP (30 side by side where nobody answers), 33 hosts reached,",
        "             22 hosts that call one place, 15 lengths of echoes, 3 pairs of",
        "             programs; for scans of other protocols, floods, guessing, rhythms,",
        "             questions and volume the scores of the models.",
        "             'recall all' counts every capture.",
        "  reference  fixed thresholds as shipped by CrowdSec, psad, Zeek and",
        "             FastNetMon, on the same recordings",
    },
    mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer>
{
    private static final int PROGRESS_EVERY = 100;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    @Spec
    private CommandSpec spec;

    @Option(names = "--manifest", paramLabel = "FILE",
        description = "Tab separated list of recordings with their truth; columns as in its first line.")
    private Path manifest;

    @Option(names = "--root", paramLabel = "DIR",
        description = "Directory that the manifest's paths are below; by default the manifest's own.")
    private Path root;

    @Option(names = "--kind", paramLabel = "KIND", defaultValue = GroundTruth.BENIGN,
        description = "Truth about captures given as FILE: ${DEFAULT-VALUE} (the default), scan, flood, bruteforce, " +
            "lateral, beacon, exfil, flow or process.")
    private String kind;

    @Option(names = "--attacker", paramLabel = "LIST", defaultValue = "*",
        description = "Attackers in captures given as FILE: addresses, networks, or * for not known.")
    private String attackers;

    @Option(names = "--victim", paramLabel = "LIST", defaultValue = "*",
        description = "Victims in captures given as FILE: addresses, networks, or * for not known.")
    private String victims;

    @Option(names = "--background", paramLabel = "FILE",
        description = "Lay each capture of an attack into this benign one, in memory, to measure detection in noise.")
    private Path background;

    @Option(names = "--splice-at", paramLabel = "SECONDS", defaultValue = "60",
        description = "From the background's first frame to the attack's; ${DEFAULT-VALUE} by default.")
    private long spliceAtS;

    @Option(names = "--vary", paramLabel = "SEED",
        description = "Show each capture as it might have been: renumbered, as IPv6, in a VLAN, faster or slower, " +
            "with packets or a direction missing, begun late, within a benign capture of the manifest.")
    private Long varySeed;

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "Captures: pcap or pcapng, also gzipped.")
    private List<Path> files = List.of();

    @Option(names = "--json", description = "Print the report as JSON on stdout; progress goes to stderr.")
    private boolean json;

    private RecordingFile noise;
    private List<String> benign = List.of();

    @Override
    public Integer call() throws DocumentException
    {
        final List<CorpusManifest.Entry> entries = entries();
        benign = null == manifest ? List.of() : entries.stream().filter((entry) -> entry.truth().isBenign())
            .map(CorpusManifest.Entry::path).toList();
        noise = null == background ? null : RecordingFile.read(background);
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
            else if (null != result.breakOff())
            {
                progress.println(result.breakOff() + "; what came before counts");
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
            final RecordingFile within = background(entry);
            final ServedPorts served = ServedPorts.of(open(recording, entry, within));
            final EvaluationRun run = EvaluationRun.of(open(recording, entry, within), List.of(
                new CrowdSecReference(served), new PsadReference(served), new ZeekReference(),
                new FastNetMonReference()));
            return 0 == run.packets() ?
                FileResult.without(entry, file + ": holds nothing that a sensor would see", false) :
                FileResult.of(shown(entry, within), run);
        }
        catch (final DocumentException ex)
        {
            return FileResult.without(entry, ex.getMessage(), true);
        }
    }

    private Recording open(
        final RecordingFile recording, final CorpusManifest.Entry entry, final RecordingFile within)
        throws DocumentException
    {
        if (null != varySeed)
        {
            return recording.openVaried(entry.truth(), variation(entry), within);
        }
        return null == within ? recording.open(entry.truth()) :
            recording.openWithin(entry.truth(), within, spliceAtS * NS_PER_SECOND);
    }

    private Variation variation(final CorpusManifest.Entry entry)
    {
        return Variation.of(varySeed, entry.path(), entry.truth());
    }

    /** What an attack is laid into, or null. */
    private RecordingFile background(final CorpusManifest.Entry entry) throws DocumentException
    {
        if (entry.truth().isBenign() || null == varySeed || null != noise)
        {
            return entry.truth().isBenign() ? null : noise;
        }
        final Variation variation = variation(entry);
        return variation.spliceAtS() < 0 || benign.isEmpty() ? null :
            RecordingFile.read(root.resolve(variation.oneOf(benign)));
    }

    /** The manifest counted windows of what it lists, not of what was made of it. */
    private CorpusManifest.Entry shown(final CorpusManifest.Entry entry, final RecordingFile within)
    {
        if (null != varySeed)
        {
            return entry.uncounted().as(variation(entry).label() + (null == within ? "" : " in a background"));
        }
        return null == within ? entry : entry.uncounted();
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
        if (!Decidability.KINDS.contains(kind))
        {
            throw new ParameterException(spec.commandLine(),
                "--kind is \"" + kind + "\"; allowed: " + String.join(", ", Decidability.KINDS));
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
