package io.aswarm.twinlab;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The drill on a real kernel, from clean-up of earlier ones to the summary.
 */
final class Drill
{
    static final String TIER = "linux_kernel_enforced";
    private static final long SETTLE_MS = 1_000;

    private final DrillConfig config;
    private final Timeline timeline;
    private final Path jar;

    /**
     * Prepare a drill.
     *
     * @param config   of the drill.
     * @param timeline that tells it.
     * @param jar      of the appliance.
     */
    Drill(final DrillConfig config, final Timeline timeline, final Path jar)
    {
        this.config = config;
        this.timeline = timeline;
        this.jar = jar;
    }

    /**
     * Remove what earlier drills left whose process is gone.
     *
     * @param base     of the drills' directories.
     * @param keptToo  also those that were kept on purpose.
     * @param timeline that tells it.
     * @return lines for what could not be removed.
     * @throws IOException when the machine cannot be searched.
     */
    static List<String> cleanEarlier(final Path base, final boolean keptToo, final Timeline timeline)
        throws IOException
    {
        final List<String> failures = new java.util.ArrayList<>();
        for (final RunManifest manifest : RunManifest.abandoned(base, keptToo))
        {
            failures.addAll(manifest.cleanUp());
            timeline.say("removed what drill " + manifest.runId() + " had left behind");
        }
        return failures;
    }

    /**
     * Run it.
     *
     * @return the summary.
     * @throws RefusedException when this machine does not let it begin.
     * @throws IOException      when it broke on the way, or was interrupted.
     */
    DrillSummary run() throws RefusedException, IOException
    {
        final String refusal = DrillEnvironment.refusal();
        if (null != refusal)
        {
            throw new RefusedException(refusal);
        }

        final List<String> failures = cleanEarlier(RunManifest.BASE, false, timeline);
        final DrillSite site = DrillSite.create(RunManifest.BASE);
        final Thread onExit = new Thread(() -> interrupted(site), "drill-exit");
        Runtime.getRuntime().addShutdownHook(onExit);
        final DrillSummary summary = new DrillSummary(TIER, config.scenarioLabel(), RackPlan.RACKS);
        failures.forEach(summary::problem);
        try
        {
            site.up(config, jar, timeline);
            attack(site, summary);
            finish(site, summary);
        }
        finally
        {
            site.close();
        }
        if (!config.keep())
        {
            summary.leftovers(Leftovers.find(site.manifest()));
        }
        return summary;
    }

    private void interrupted(final DrillSite site)
    {
        if (site.isClosed())
        {
            return;
        }
        site.close();
        if (site.isClosed())
        {
            timeline.say("interrupted: everything of this drill was removed");
        }
    }

    private void attack(final DrillSite site, final DrillSummary summary) throws IOException
    {
        DrillSite.pause(SETTLE_MS);
        int number = 0;
        for (final Scenario scenario : config.scenarios())
        {
            for (int i = 0; i < config.runs(); i++)
            {
                number++;
                final DrillRun run = new DrillRun(site, timeline, scenario, config.family(), number, number);
                timeline.say("");
                timeline.say("run " + number + " of " + config.runsTotal() + ": " + scenario.label() + " from " +
                    run.source() + ", a source that was not seen before");
                try (CaptureRecorder recorder = recorder(site, number))
                {
                    summary.add(run.run());
                    if (null != recorder)
                    {
                        Files.createDirectories(config.record());
                        timeline.say(recorder.write(config.record()) + " frames recorded in " + config.record());
                    }
                }
            }
        }
    }

    /** Only the first run is recorded: the others tell nothing new. */
    private CaptureRecorder recorder(final DrillSite site, final int number) throws IOException
    {
        return null == config.record() || 1 != number ? null : CaptureRecorder.start(site.topology());
    }

    private void finish(final DrillSite site, final DrillSummary summary) throws IOException
    {
        site.benign().finish();
        summary.benign(site.benign().started(), site.benign().failed());
        site.benign().failures().forEach((failure) -> summary.problem("benign: " + failure));
        if (!config.keep())
        {
            site.stopNodes();
        }
        site.nodes().forEach((node) -> node.faults().forEach((fault) -> summary.problem(node.name() + ": " + fault)));

        final CertificateAudit audit = CertificateAudit.of(site.files(), TIER);
        summary.certificates(audit.written(), audit.verified());
        audit.faults().forEach(summary::problem);
        timeline.say("");
        timeline.say("certificates: " + audit.written() + " written, " + audit.verified() +
            " verified by the product's own verifier over the four journals");
        if (null != config.record())
        {
            copyLogs(site);
        }
        if (config.keep())
        {
            site.keep();
            tellKept(site);
        }
    }

    private void copyLogs(final DrillSite site) throws IOException
    {
        for (int rack = 1; rack <= RackPlan.RACKS; rack++)
        {
            Files.copy(site.files().eventLog(rack),
                config.record().resolve(RackPlan.gatewayName(rack) + ".events.jsonl"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void tellKept(final DrillSite site)
    {
        final RackPlan plan = site.topology().plan();
        timeline.say("");
        timeline.say("kept, with its nodes running; have a look:");
        timeline.say("  ip -n " + plan.gateway(1) + " address");
        timeline.say("  ip netns exec " + plan.attacker() + " bash");
        timeline.say("  aswarm status --config " + site.files().config(1));
        timeline.say("  ls " + site.manifest().directory());
        timeline.say("remove it with: aswarm drill --clean");
    }

    /** The summary for people. */
    static void print(final ObjectNode summary, final Timeline timeline)
    {
        timeline.say("");
        timeline.say("tier         " + summary.path("tier").asText());
        timeline.say("detected     " + summary.path("detected") + " of " + summary.path("expected") + " (" +
            summary.path("runs") + " runs, " + summary.path("nodes") + " nodes)");
        for (final String name : List.of("mttd_ms", "mttr_ms"))
        {
            timeline.say(percentiles(name, summary) + "   " + summary.path("definitions").path(name).asText());
            summary.path("per_node").forEach((node) -> timeline.say(
                "  " + node.path("node").asText() + percentiles("", node, name)));
        }
        timeline.say("leaked       " + summary.path("leaked_after_effect") + " after proven effect, " +
            summary.path("blocked") + " blocked, " + summary.path("in_flight") + " in flight   " +
            summary.path("definitions").path("leaked_after_effect").asText());
        timeline.say("benign       " + summary.path("benign").path("started") + " connections, " +
            summary.path("benign").path("failed") + " failed");
        timeline.say("reverted     " + summary.path("reverted") + " of " + summary.path("expected"));
        timeline.say("certificates " + summary.path("certificates").path("written") + " written, " +
            summary.path("certificates").path("verified") + " verified");
        timeline.say("leftovers    " + (summary.path("leftovers").isEmpty() ? "none" : summary.path("leftovers")));
        timeline.say("targets      " + (summary.path("met").asBoolean() ? "met" : "NOT MET"));
        summary.path("unmet").forEach((reason) -> timeline.say("  " + reason.asText()));
    }

    private static String percentiles(final String name, final ObjectNode summary)
    {
        return String.format("%-12s", name) + percentiles("", summary, name);
    }

    private static String percentiles(
        final String indent, final com.fasterxml.jackson.databind.JsonNode node, final String name)
    {
        final StringBuilder text = new StringBuilder(indent);
        for (final String percentile : List.of("p50", "p95", "p99", "max"))
        {
            text.append(' ').append(percentile).append(' ')
                .append(node.path(name).path(percentile).isNull() ? "-" : node.path(name).path(percentile).asText());
        }
        return text.toString();
    }
}
