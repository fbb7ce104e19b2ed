package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.trust.DocumentException;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The drill's pipeline on recordings of the drill itself, under a virtual clock: for machines whose kernel cannot be
 * used. Every line it prints and every certificate it writes says that it is simulated.
 */
final class SimulatedDrill
{
    /** Before every line, so that no excerpt can be mistaken. */
    static final String LINE_PREFIX = "[simulated] ";
    /** As long as the containments in the recordings. */
    static final long TTL_MS = 1_000;
    private static final long AFTERWARD_NS = 500_000_000L;
    private static final int FAMILY = 4;

    private final Timeline timeline;

    SimulatedDrill(final Timeline timeline)
    {
        this.timeline = timeline;
    }

    /**
     * Run the shipped recordings.
     *
     * @param scenarios each of which is run once.
     * @param label     of them together.
     * @return the summary, tier simulated.
     * @throws IOException       when temporary files cannot be used.
     * @throws DocumentException when a recording is damaged.
     */
    DrillSummary runShipped(final List<Scenario> scenarios, final String label) throws IOException, DocumentException
    {
        final DrillSummary summary = new DrillSummary(SimulatedControl.TIER, label, RackPlan.RACKS);
        final Tally tally = new Tally();
        for (int i = 0; i < scenarios.size(); i++)
        {
            run(1 + i, scenarios.get(i), summary, tally);
        }
        summary.benign(tally.benignStarted, tally.benignFailed);
        summary.certificates(tally.certificatesWritten, tally.certificatesVerified);
        return summary;
    }

    private static final class Tally
    {
        private long benignStarted;
        private long benignFailed;
        private int certificatesWritten;
        private int certificatesVerified;
    }

    private void run(final int number, final Scenario scenario, final DrillSummary summary, final Tally tally)
        throws IOException, DocumentException
    {
        final String source = RackPlan.attackSource(FAMILY, 0);
        timeline.say("");
        timeline.say("recording of " + scenario.label() + " from " + source + " at " + RackPlan.RACKS + " gateways");
        final Watcher watcher = new Watcher(source, timeline);
        try (TemporaryDirectory directory = new TemporaryDirectory("aswarm-simulated-");
            SimulatedSite site = new SimulatedSite(directory.path(), shipped(scenario), TTL_MS))
        {
            site.replay(watcher, AFTERWARD_NS);
            timeline.flush();
            summary.add(watcher.result(number, scenario, source));
            site.errors().forEach(summary::problem);
            final CertificateAudit audit = CertificateAudit.of(site.files(), SimulatedControl.TIER);
            audit.faults().forEach(summary::problem);
            tally.certificatesWritten += audit.written();
            tally.certificatesVerified += audit.verified();
            tally.benignStarted += watcher.benign.size();
            tally.benignFailed += watcher.benignDropped;
        }
    }

    private static List<CaptureReader> shipped(final Scenario scenario) throws IOException, DocumentException
    {
        final List<CaptureReader> captures = new ArrayList<>();
        for (int rack = 1; rack <= RackPlan.RACKS; rack++)
        {
            final String name = "recordings/" + scenario.label() + "/" + RackPlan.gatewayName(rack) + ".pcap.gz";
            try (InputStream in = SimulatedDrill.class.getResourceAsStream(name))
            {
                if (null == in)
                {
                    throw new DocumentException(name, 0, "is not in this build");
                }
                captures.add(CaptureReader.read(name, in));
            }
        }
        return captures;
    }

    /** Counts and tells what happens in one recording. */
    private static final class Watcher implements SimulatedSite.Observer
    {
        private final RunObserver observer;
        private final Timeline timeline;
        private final IpAddress source;
        private final ProbeLog log = new ProbeLog(0);
        private final Set<ConversationKey> benign = new HashSet<>();
        private final boolean[] flowing = new boolean[RackPlan.RACKS + 1];
        private final boolean[] passed = new boolean[RackPlan.RACKS + 1];
        private long benignDropped;

        private Watcher(final String source, final Timeline timeline)
        {
            this.observer = new RunObserver(RackPlan.bytes(source));
            this.source = IpAddress.parse(source);
            this.timeline = timeline;
        }

        @Override
        public void onFrame(final SimulatedNode node, final long timeNs, final boolean hasPassed)
        {
            if (!source.equals(node.source()))
            {
                benignDropped += hasPassed ? 0 : 1;
                if (null != node.opening())
                {
                    benign.add(node.opening());
                }
                return;
            }

            if (0 == log.count())
            {
                timeline.begin(timeNs);
                timeline.at(timeNs, "", "first attack packet of " + source + " (stamp in the recording)");
            }
            passed[node.rack()] = true;
            final int sequence = log.sequence(log.count());
            log.sending(node.rack(), timeNs);
            if (hasPassed)
            {
                log.arrived(sequence, timeNs);
                tellFlow(node.rack(), timeNs);
            }
        }

        private void tellFlow(final int rack, final long timeNs)
        {
            final long deadlineNs = observer.deadlineNs(rack);
            if (!flowing[rack] && 0 != deadlineNs && timeNs - deadlineNs >= 0)
            {
                flowing[rack] = true;
                timeline.at(timeNs, RackPlan.gatewayName(rack), "attack packets flow again");
            }
        }

        @Override
        public void onEvent(final int rack, final NodeEvent event)
        {
            if (observer.onEvent(rack, event))
            {
                timeline.event(event);
            }
        }

        private RunResult result(final int number, final Scenario scenario, final String sourceText)
        {
            final List<RunResult.Gateway> gateways = new ArrayList<>();
            for (int rack = 1; rack <= RackPlan.RACKS; rack++)
            {
                if (passed[rack])
                {
                    gateways.add(RunResult.Gateway.of(rack, observer, log));
                }
            }
            final long firstNs = 0 == log.count() ? 0 : log.sentNs(0);
            return new RunResult(
                number, scenario, FAMILY, sourceText, firstNs, gateways, log.count(), List.of());
        }
    }
}
