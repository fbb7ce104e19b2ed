package io.aswarm.twinlab;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.dataplane.ExitCode;
import io.aswarm.trust.DocumentException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * {@code aswarm replay}.
 */
@Command(
    name = "replay",
    description = {
        "Run captures through the pipeline under a virtual clock and say what it would have done.",
        "Each file is what came in at one gateway; together they are one site. Simulated: enforces nothing.",
    },
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer>
{
    private static final long TTL_MS = 30_000;
    private static final long AFTERWARD_NS = 31_000_000_000L;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "1..*",
        description = "pcap or pcapng of Ethernet frames, also gzipped; one to four, one for each gateway.")
    private List<Path> files;

    @Option(names = "--json", description = "Print the result as JSON on stdout; all else goes to stderr.")
    private boolean json;

    @Override
    public Integer call() throws IOException, DocumentException
    {
        if (files.size() > RackPlan.RACKS)
        {
            throw new ParameterException(spec.commandLine(), files.size() + " captures; allowed: one to four");
        }
        final List<CaptureReader> captures = new ArrayList<>();
        for (final Path file : files)
        {
            captures.add(CaptureReader.open(file));
        }

        final PrintWriter out = json ? spec.commandLine().getErr() : spec.commandLine().getOut();
        final Timeline timeline = new Timeline(out, SimulatedDrill.LINE_PREFIX);
        final ObjectNode result = JsonNodeFactory.instance.objectNode()
            .put("tier", SimulatedControl.TIER).put("nodes", files.size());
        try (TemporaryDirectory directory = new TemporaryDirectory("aswarm-replay-");
            SimulatedSite site = new SimulatedSite(directory.path(), captures, TTL_MS))
        {
            final Watcher watcher = new Watcher(timeline);
            site.replay(watcher, AFTERWARD_NS);
            timeline.flush();
            final CertificateAudit audit = CertificateAudit.of(site.files(), SimulatedControl.TIER);
            result.put("frames", site.frames()).put("dropped", watcher.dropped);
            result.set("elevations", watcher.elevations);
            result.putObject("certificates").put("written", audit.written()).put("verified", audit.verified());
        }
        timeline.say(result.path("frames") + " frames, " + result.path("elevations").size() + " elevations, " +
            result.path("dropped") + " frames would have been dropped");
        if (json)
        {
            spec.commandLine().getOut().println(result);
            spec.commandLine().getOut().flush();
        }
        return ExitCode.OK;
    }

    /** Tells and collects. */
    private static final class Watcher implements SimulatedSite.Observer
    {
        private final Timeline timeline;
        private final ArrayNode elevations = JsonNodeFactory.instance.arrayNode();
        private long dropped;
        private boolean begun;

        private Watcher(final Timeline timeline)
        {
            this.timeline = timeline;
        }

        @Override
        public void onFrame(final SimulatedNode node, final long timeNs, final boolean passed)
        {
            if (!begun)
            {
                begun = true;
                timeline.begin(timeNs);
            }
            dropped += passed ? 0 : 1;
        }

        @Override
        public void onEvent(final int rack, final NodeEvent event)
        {
            timeline.event(event);
            if ("elevation".equals(event.name()))
            {
                elevations.add(event.fields());
            }
        }
    }
}
