package io.aswarm.twinlab;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * All results together: recall for each kind of attack, false positives on what is benign, and each file.
 */
final class EvaluationReport
{
    private static final double NS_PER_MS = 1e6;
    private static final double MEDIAN = 0.5;
    private static final double TAIL = 0.95;

    private final List<FileResult> results = new ArrayList<>();

    void add(final FileResult result)
    {
        results.add(result);
    }

    /** Recordings that could not be read to their end. */
    long failures()
    {
        return results.stream().filter(FileResult::isFault).count();
    }

    /** Recordings in which there is nothing that a sensor would see. */
    private long empty()
    {
        return results.stream().filter((result) -> null != result.error() && !result.isFault()).count();
    }

    /** The object of {@code aswarm evaluate --json}. */
    ObjectNode toJson()
    {
        final ObjectNode root = JsonNodeFactory.instance.objectNode();
        final ObjectNode kinds = root.putObject("kinds");
        byKind().forEach((kind, its) -> kinds.set(kind, kindJson(its)));
        root.set("benign", wrongJson(readable().stream().filter(FileResult::isBenign).toList()));
        root.set("bystanders", wrongJson(readable().stream().filter((result) -> !result.isBenign()).toList()));
        root.set("references", ReferenceComparison.toJson(readable()));
        final ArrayNode files = root.putArray("files");
        results.forEach((result) -> files.add(fileJson(result)));
        root.put("unreadable", failures()).put("empty", empty());
        return root;
    }

    private List<FileResult> readable()
    {
        return results.stream().filter((result) -> null == result.error()).toList();
    }

    private Map<String, List<FileResult>> byKind()
    {
        final Map<String, List<FileResult>> kinds = new TreeMap<>();
        readable().stream().filter((result) -> !result.isBenign())
            .forEach((result) -> kinds.computeIfAbsent(result.kind(), (kind) -> new ArrayList<>()).add(result));
        return kinds;
    }

    private static ObjectNode kindJson(final List<FileResult> its)
    {
        final List<FileResult> decidable = its.stream().filter((result) -> result.verdict().isDecidable()).toList();
        final ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("captures", its.size()).put("decidable", decidable.size());
        node.put("detected", count(decidable, FileResult::elevation));
        node.put("recall", rate(count(decidable, FileResult::elevation), decidable.size()));
        final Proportion recall = new Proportion(count(decidable, FileResult::elevation), decidable.size());
        node.putArray("recall_ci95").add(recall.low()).add(recall.high());
        node.put("detected_all", count(its, FileResult::elevation));
        node.put("recall_all", rate(count(its, FileResult::elevation), its.size()));
        node.put("signalled", count(decidable, FileResult::signal));
        node.put("signalled_all", count(its, FileResult::signal));
        node.set("packets_to_signal", percentiles(its, FileResult::signal, FileResult.Latency::packets, 1));
        node.set("ms_to_signal", percentiles(its, FileResult::signal, FileResult.Latency::ns, NS_PER_MS));
        node.set("packets_to_elevation", percentiles(its, FileResult::elevation, FileResult.Latency::packets, 1));
        node.set("ms_to_elevation", percentiles(its, FileResult::elevation, FileResult.Latency::ns, NS_PER_MS));
        return node;
    }

    private static long count(final List<FileResult> its, final Function<FileResult, FileResult.Latency> which)
    {
        return its.stream().filter((result) -> null != which.apply(result)).count();
    }

    private static double rate(final long hits, final long trials)
    {
        return new Proportion(hits, trials).rate();
    }

    static ObjectNode percentiles(
        final List<FileResult> its,
        final Function<FileResult, FileResult.Latency> which,
        final ToLongFunction<FileResult.Latency> value,
        final double unit)
    {
        final long[] sorted = its.stream().map(which).filter((latency) -> null != latency)
            .mapToLong(value).sorted().toArray();
        final ObjectNode node = JsonNodeFactory.instance.objectNode();
        return node.put("p50", nearestRank(sorted, MEDIAN, unit)).put("p95", nearestRank(sorted, TAIL, unit));
    }

    private static Double nearestRank(final long[] sorted, final double share, final double unit)
    {
        return 0 == sorted.length ? null : sorted[(int)Math.ceil(share * sorted.length) - 1] / unit;
    }

    private static ObjectNode wrongJson(final List<FileResult> its)
    {
        final long windows = its.stream().mapToLong(FileResult::windows).sum();
        final ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("captures", its.size()).put("windows_10s", windows);
        final long alerts = its.stream().mapToLong(FileResult::wrongElevations).sum();
        putRate(node, alerts, windows);
        putRate(node.putObject("signals"), its.stream().mapToLong(FileResult::wrongSignals).sum(), windows);
        return node;
    }

    static void putRate(final ObjectNode node, final long alerts, final long windows)
    {
        final Proportion share = new Proportion(Math.min(alerts, windows), windows);
        node.put("alerts", alerts).put("rate", share.rate());
        node.putArray("ci95").add(share.low()).add(share.high());
    }

    private static ObjectNode fileJson(final FileResult result)
    {
        final ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("path", result.path()).put("kind", result.kind()).put("scenario", result.scenario());
        if (null != result.error())
        {
            return node.put("error", result.error());
        }
        if (null != result.breakOff())
        {
            node.put("broke_off", result.breakOff());
        }
        node.put("packets", result.packets()).put("windows_10s", result.windows());
        if (!result.isBenign())
        {
            node.put("attack_packets", result.attackPackets());
            node.put("decidable", result.verdict().isDecidable()).put("why", result.verdict().why());
            node.put("detected", null != result.elevation());
            node.set("signal", latencyJson(result.signal()));
            node.set("elevation", latencyJson(result.elevation()));
        }
        node.put("alerts", result.wrongElevations()).put("wrong_signals", result.wrongSignals());
        final ObjectNode references = node.putObject("references");
        result.references().forEach((label, its) -> references.set(label, latencyJson(its.alert())));
        putAccusations(node.putArray("suspected"), result.suspected());
        putAccusations(node.putArray("wrong"), result.wrong());
        return node;
    }

    private static void putAccusations(final ArrayNode array, final List<Accusation> accusations)
    {
        accusations.forEach((accusation) -> array.addObject().put("scenario", accusation.scenario())
            .put("subject", accusation.subject().toString()).put("evidence_nats", accusation.evidenceNats()));
    }

    static ObjectNode latencyJson(final FileResult.Latency latency)
    {
        return null == latency ? null : JsonNodeFactory.instance.objectNode()
            .put("scenario", latency.scenario()).put("subject", latency.subject())
            .put("packets", latency.packets()).put("ms", latency.ns() / NS_PER_MS);
    }

    List<FileResult> results()
    {
        return List.copyOf(results);
    }
}
