package io.aswarm.twinlab;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.quorum.QuorumCounter;
import io.aswarm.trust.SessionCounter;
import org.HdrHistogram.Histogram;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What came of one simulated site. Everything in it depends on the plan alone.
 */
final class MeshResult
{
    /** Columns of {@link #line()}. */
    static final String HEAD = String.format(Locale.ROOT, "%6s %8s %2s %5s %10s | %9s %9s %9s %9s | %9s %9s %9s",
        "nodes", "followed", "k", "liars", "elevations", "P50 ms", "P90 ms", "P99 ms", "max ms", "sent B/s", "most B/s",
        "heard B/s");

    private static final double US_PER_MS = 1_000;

    private final MeshPlan plan;
    private final int followed;
    private final Histogram latencies;
    private final Histogram suspensions;
    private final List<String> violations;
    private final long elevations;
    private final long acts;
    private final long datagrams;
    private final long deliveries;
    private final double seconds;
    private final long sentBytes;
    private final long sentBytesMost;
    private final long heardBytes;
    private final long sessionsAgreed;
    private final long unsigned;
    private final ObjectNode counters = JsonNodeFactory.instance.objectNode();

    MeshResult(final MeshSimulation simulation)
    {
        plan = simulation.plan();
        followed = simulation.followed();
        latencies = simulation.latencies();
        suspensions = simulation.suspensions();
        violations = List.copyOf(simulation.judge().violations());
        elevations = simulation.judge().elevations();
        acts = simulation.judge().acts().effective();
        datagrams = simulation.network().sent();
        deliveries = simulation.network().delivered();
        seconds = simulation.agenda().nowNs() / 1e9;
        final long[] sent = simulation.nodes().stream().mapToLong(MeshNode::bytesSent).toArray();
        sentBytes = Arrays.stream(sent).sum();
        sentBytesMost = Arrays.stream(sent).max().orElse(0);
        heardBytes = simulation.network().deliveredBytes();
        sessionsAgreed = simulation.nodes().stream().mapToLong((node) -> node.count(SessionCounter.AGREED)).sum();
        unsigned = simulation.judge().unsigned();
        for (final QuorumCounter counter : QuorumCounter.values())
        {
            if (simulation.counter(counter).get() > 0 && !counter.unit().contains("gauge"))
            {
                counters.put(counter.label(), simulation.counter(counter).get());
            }
        }
    }

    List<String> violations()
    {
        return violations;
    }

    long elevations()
    {
        return elevations;
    }

    long acts()
    {
        return acts;
    }

    /** Pairs of keys agreed on by the processes that lived at the end. */
    long sessionsAgreed()
    {
        return sessionsAgreed;
    }

    /** How to see this again. */
    String replayCommand()
    {
        return "aswarm simulate --nodes " + plan.nodes + " --seed " + plan.seed + " --weather " +
            plan.weather.name().toLowerCase(Locale.ROOT) + " --liars " + plan.liars.length +
            (followed == plan.nodes ? "" : " --followed " + followed);
    }

    String line()
    {
        return String.format(Locale.ROOT, "%6d %8d %2d %5d %10d | %9.3f %9.3f %9.3f %9.3f | %9.0f %9.0f %9.0f",
            plan.nodes, followed, plan.row().witnesses(), plan.liars.length, elevations,
            percentileMs(50), percentileMs(90), percentileMs(99), percentileMs(100),
            sentBytes / seconds / plan.nodes, sentBytesMost / seconds, heardBytes / seconds / followed);
    }

    ObjectNode json()
    {
        final ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("tier", SimulatedControl.TIER)
            .put("seed", Long.toString(plan.seed))
            .put("weather", plan.weather.name().toLowerCase(Locale.ROOT))
            .put("nodes", plan.nodes)
            .put("followed", followed)
            .put("witnesses_required", plan.row().witnesses())
            .put("liars", plan.liars.length)
            .put("simulated_seconds", seconds)
            .put("attacks", plan.episodes.stream().filter((each) -> MeshPlan.Truth.ATTACK == each.truth()).count())
            .put("elevations", elevations)
            .put("acts", acts)
            .put("datagrams", datagrams)
            .put("deliveries", deliveries);
        json.putObject("sessions").put("used", plan.hasSessions).put("rekey_seconds", plan.rekeyNs / 1e9)
            .put("agreed", sessionsAgreed).put("witnesses_left_out", unsigned);
        json.putObject("time_to_elevation_ms")
            .put("p50", percentileMs(50)).put("p90", percentileMs(90)).put("p99", percentileMs(99))
            .put("max", percentileMs(100)).put("samples", latencies.getTotalCount());
        json.putObject("time_to_suspension_ms")
            .put("p50", suspensions.getValueAtPercentile(50) / US_PER_MS)
            .put("max", suspensions.getMaxValue() / US_PER_MS).put("samples", suspensions.getTotalCount());
        json.putObject("bytes_per_node_and_second")
            .put("sent", sentBytes / seconds / plan.nodes)
            .put("sent_most", sentBytesMost / seconds)
            .put("heard", heardBytes / seconds / followed);
        json.set("counters", counters);
        violations.forEach(json.putArray("violations")::add);
        json.put("replay", replayCommand());
        return json;
    }

    private double percentileMs(final double percentile)
    {
        return latencies.getValueAtPercentile(percentile) / US_PER_MS;
    }
}
