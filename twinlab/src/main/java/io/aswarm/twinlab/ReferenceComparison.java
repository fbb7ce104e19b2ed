package io.aswarm.twinlab;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The references beside the policy, on the same recordings: what each detected and how often it was wrong, and, where
 * both were right, which of the two needed fewer packets.
 */
final class ReferenceComparison
{
    private ReferenceComparison()
    {
    }

    static ObjectNode toJson(final List<FileResult> results)
    {
        final ObjectNode root = JsonNodeFactory.instance.objectNode();
        final TreeSet<String> labels = new TreeSet<>();
        results.forEach((result) -> labels.addAll(result.references().keySet()));
        labels.forEach((label) -> root.set(label, reference(label, results)));
        return root;
    }

    private static ObjectNode reference(final String label, final List<FileResult> results)
    {
        final Function<FileResult, FileResult.Latency> alert = (result) -> result.references().get(label).alert();
        final ObjectNode node = JsonNodeFactory.instance.objectNode();
        final ObjectNode kinds = node.putObject("kinds");
        final TreeSet<String> names = new TreeSet<>();
        results.stream().filter((result) -> !result.isBenign()).forEach((result) -> names.add(result.kind()));
        for (final String kind : names)
        {
            final List<FileResult> its = results.stream().filter((result) -> kind.equals(result.kind())).toList();
            final List<FileResult> both = its.stream()
                .filter((result) -> null != result.elevation() && null != alert.apply(result)).toList();
            final ObjectNode counts = kinds.putObject(kind);
            counts.put("captures", its.size());
            counts.put("detected", its.stream().filter((result) -> null != alert.apply(result)).count());
            counts.put("only_reference", its.stream()
                .filter((result) -> null == result.elevation() && null != alert.apply(result)).count());
            counts.put("both", both.size());
            counts.put("fewer_packets", both.stream()
                .filter((result) -> result.elevation().packets() < alert.apply(result).packets()).count());
            counts.put("more_packets", both.stream()
                .filter((result) -> result.elevation().packets() > alert.apply(result).packets()).count());
            counts.set("packets_to_alert",
                EvaluationReport.percentiles(its, alert, FileResult.Latency::packets, 1));
        }
        EvaluationReport.putRate(
            node.putObject("benign"),
            results.stream().filter(FileResult::isBenign)
                .mapToLong((result) -> result.references().get(label).wrongAlerts()).sum(),
            results.stream().filter(FileResult::isBenign).mapToLong(FileResult::windows).sum());
        return node;
    }
}
