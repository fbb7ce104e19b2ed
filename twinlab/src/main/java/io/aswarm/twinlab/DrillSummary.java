package io.aswarm.twinlab;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.HdrHistogram.Histogram;

import java.util.ArrayList;
import java.util.List;

/**
 * Adds up the runs of a drill and says whether it met its targets. Pure; the drill's own thread.
 */
final class DrillSummary
{
    static final String MTTD_DEFINITION =
        "MTTD: kernel timestamp of the first attack packet at any gateway -> elevation at this gateway, same clock.";
    static final String MTTR_DEFINITION =
        "MTTR: elevation at this gateway -> effect proven by probes at this gateway, same clock.";
    static final String VIRTUAL_CLOCK =
        "SIMULATED, virtual clock of a recording, says nothing about this machine's speed. ";
    static final double MTTD_TARGET_P95_MS = 200;
    static final double MTTR_TARGET_P95_MS = 5_000;
    static final int CERTIFICATES_PER_CONTAINMENT = 2;
    private static final long LONGEST_NS = 3_600_000_000_000L;
    private static final int DIGITS = 3;

    private final String tier;
    private final String scenario;
    private final int nodes;
    private final Histogram mttd = new Histogram(LONGEST_NS, DIGITS);
    private final Histogram mttr = new Histogram(LONGEST_NS, DIGITS);
    private final Histogram[] mttdByRack = new Histogram[RackPlan.RACKS + 1];
    private final Histogram[] mttrByRack = new Histogram[RackPlan.RACKS + 1];
    private final List<RunResult> runs = new ArrayList<>();
    private final List<String> leftovers = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private int detected;
    private int expected;
    private int reverted;
    private int uncertified;
    private int leaked;
    private int inFlight;
    private long blocked;
    private long benignStarted;
    private long benignFailed;
    private int certificatesWritten;
    private int certificatesVerified;

    /**
     * An empty summary.
     *
     * @param tier     of enforcement: linux_kernel_enforced or simulated.
     * @param scenario label, or all.
     * @param nodes    in the drill.
     */
    DrillSummary(final String tier, final String scenario, final int nodes)
    {
        this.tier = tier;
        this.scenario = scenario;
        this.nodes = nodes;
        for (int rack = 1; rack <= RackPlan.RACKS; rack++)
        {
            mttdByRack[rack] = new Histogram(LONGEST_NS, DIGITS);
            mttrByRack[rack] = new Histogram(LONGEST_NS, DIGITS);
        }
    }

    void add(final RunResult run)
    {
        runs.add(run);
        expected += run.scenario().gatewaysExpected();
        for (final RunResult.Gateway gateway : run.gateways())
        {
            add(run, gateway);
        }
        run.problems().forEach((problem) -> problems.add("run " + run.number() + ": " + problem));
    }

    private void add(final RunResult run, final RunResult.Gateway gateway)
    {
        leaked += gateway.forwarding().leaked();
        inFlight += gateway.forwarding().inFlight();
        blocked += gateway.forwarding().blocked();
        if (gateway.detected())
        {
            detected++;
            record(gateway.elevatedNs() - run.firstNs(), mttd, mttdByRack[gateway.rack()]);
        }
        if (gateway.detected() && 0 != gateway.effectiveNs())
        {
            record(gateway.effectiveNs() - gateway.elevatedNs(), mttr, mttrByRack[gateway.rack()]);
        }
        reverted += gateway.reverted() ? 1 : 0;
        uncertified += gateway.certificates() < CERTIFICATES_PER_CONTAINMENT ? 1 : 0;
    }

    private static void record(final long durationNs, final Histogram all, final Histogram ofRack)
    {
        // an elevation cannot precede its cause; when clocks or stamps say so, the figure must not flatter
        final long boundedNs = durationNs < 0 ? LONGEST_NS : Math.min(durationNs, LONGEST_NS);
        all.recordValue(boundedNs);
        ofRack.recordValue(boundedNs);
    }

    void benign(final long started, final long failed)
    {
        benignStarted = started;
        benignFailed = failed;
    }

    void certificates(final int written, final int verified)
    {
        certificatesWritten = written;
        certificatesVerified = verified;
    }

    void leftovers(final List<String> found)
    {
        leftovers.addAll(found);
    }

    void problem(final String what)
    {
        problems.add(what);
    }

    /** Why the targets were not met; empty when they were. */
    List<String> unmet()
    {
        final List<String> unmet = new ArrayList<>(problems);
        if (detected != expected || 0 == expected)
        {
            unmet.add("detected " + detected + " of " + expected);
        }
        if (0 != mttd.getTotalCount() && ms(mttd.getValueAtPercentile(95)) >= MTTD_TARGET_P95_MS)
        {
            unmet.add("MTTD P95 is not below " + MTTD_TARGET_P95_MS + " ms");
        }
        if (mttr.getTotalCount() != expected || ms(mttr.getValueAtPercentile(95)) >= MTTR_TARGET_P95_MS)
        {
            unmet.add("not every containment was proven with MTTR P95 below " + MTTR_TARGET_P95_MS + " ms");
        }
        if (0 != leaked)
        {
            unmet.add(leaked + " attack packets forwarded after proven effect");
        }
        if (0 != benignFailed || 0 == benignStarted)
        {
            unmet.add("benign connections: " + benignFailed + " of " + benignStarted + " failed");
        }
        if (reverted != expected)
        {
            unmet.add("reverted " + reverted + " of " + expected);
        }
        // more than these there may be: refusals of a second act on the same source are certified too
        if (certificatesWritten < CERTIFICATES_PER_CONTAINMENT * expected ||
            certificatesVerified != certificatesWritten)
        {
            unmet.add("certificates: " + certificatesWritten + " written, " + certificatesVerified +
                " verified, expected at least " + CERTIFICATES_PER_CONTAINMENT * expected);
        }
        if (0 != uncertified)
        {
            unmet.add(uncertified + " containments without a certificate of their beginning and of their end");
        }
        if (!leftovers.isEmpty())
        {
            unmet.add(leftovers.size() + " things left on the machine");
        }
        return unmet;
    }

    boolean met()
    {
        return unmet().isEmpty();
    }

    /** The last object of {@code --json}: the agreed keys first, then what explains them. */
    ObjectNode toJson()
    {
        final ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("tier", tier).put("scenario", scenario).put("runs", runs.size()).put("nodes", nodes);
        json.put("detected", detected).put("expected", expected);
        json.set("mttd_ms", percentiles(mttd));
        json.set("mttr_ms", percentiles(mttr));
        json.put("leaked_after_effect", leaked);
        json.putObject("benign").put("started", benignStarted).put("failed", benignFailed);
        json.put("reverted", reverted);
        json.putObject("certificates").put("written", certificatesWritten).put("verified", certificatesVerified);
        final ArrayNode left = json.putArray("leftovers");
        leftovers.forEach(left::add);
        json.put("met", met());

        final ArrayNode unmet = json.putArray("unmet");
        unmet().forEach(unmet::add);
        json.put("blocked", blocked).put("in_flight", inFlight);
        final ObjectNode definitions = json.putObject("definitions");
        final String caveat = SimulatedControl.TIER.equals(tier) ? VIRTUAL_CLOCK : "";
        definitions.put("mttd_ms", caveat + MTTD_DEFINITION).put("mttr_ms", caveat + MTTR_DEFINITION);
        definitions.put("leaked_after_effect", Forwarding.DEFINITION);
        final ObjectNode targets = json.putObject("targets");
        targets.put("mttd_p95_ms", MTTD_TARGET_P95_MS).put("mttr_p95_ms", MTTR_TARGET_P95_MS);
        final ArrayNode perNode = json.putArray("per_node");
        for (int rack = 1; rack <= nodes; rack++)
        {
            final ObjectNode node = perNode.addObject();
            node.put("node", RackPlan.gatewayName(rack));
            node.set("mttd_ms", percentiles(mttdByRack[rack]));
            node.set("mttr_ms", percentiles(mttrByRack[rack]));
        }
        final ArrayNode perRun = json.putArray("per_run");
        runs.forEach((run) -> perRun.add(toJson(run)));
        return json;
    }

    private static ObjectNode toJson(final RunResult run)
    {
        final ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("run", run.number()).put("scenario", run.scenario().label()).put("family", run.family());
        json.put("source", run.source()).put("first_packet_ns", Long.toString(run.firstNs()));
        json.put("probes_sent", run.probesSent());
        final ArrayNode gateways = json.putArray("gateways");
        for (final RunResult.Gateway gateway : run.gateways())
        {
            final Forwarding forwarding = gateway.forwarding();
            final ObjectNode node = gateways.addObject();
            node.put("node", RackPlan.gatewayName(gateway.rack())).put("detected", gateway.detected());
            node.put("pattern", gateway.pattern()).put("witnesses", gateway.witnesses());
            node.put("mttd_ms", gateway.detected() ? ms(gateway.elevatedNs() - run.firstNs()) : -1);
            node.put("mttr_ms", 0 != gateway.effectiveNs() ? ms(gateway.effectiveNs() - gateway.elevatedNs()) : -1);
            node.put("sent", forwarding.sent()).put("forwarded_before_effect", forwarding.forwardedBefore());
            node.put("in_flight", forwarding.inFlight()).put("leaked_after_effect", forwarding.leaked());
            node.put("blocked", forwarding.blocked()).put("dropped_by_own_count", gateway.packetsDropped());
            node.put("reverted", gateway.reverted()).put("certificates", gateway.certificates());
        }
        return json;
    }

    private static ObjectNode percentiles(final Histogram histogram)
    {
        final ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (0 == histogram.getTotalCount())
        {
            // nothing was measured, and 0 would be a fine figure
            return json.putNull("p50").putNull("p95").putNull("p99").putNull("max");
        }
        json.put("p50", ms(histogram.getValueAtPercentile(50)));
        json.put("p95", ms(histogram.getValueAtPercentile(95)));
        json.put("p99", ms(histogram.getValueAtPercentile(99)));
        json.put("max", ms(histogram.getMaxValue()));
        return json;
    }

    /** Milliseconds with three decimals, as all times of the output. */
    static double ms(final long durationNs)
    {
        return Math.round(durationNs / 1_000.0) / 1_000.0;
    }
}
