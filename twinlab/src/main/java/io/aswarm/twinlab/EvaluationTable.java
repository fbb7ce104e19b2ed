package io.aswarm.twinlab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * Prints a report for people, from the same object that machines get.
 */
final class EvaluationTable
{
    private static final String HEADER = "%-11s %8s %9s %8s %7s %-13s %10s   %-21s %-21s %-21s%n";
    private static final String ROW = "%-11s %8d %9d %8d %7.3f %-13s %10.3f   %-21s %-21s %-21s%n";

    private EvaluationTable()
    {
    }

    static void print(final PrintWriter out, final ObjectNode report)
    {
        out.printf(HEADER, "", "", "", "", "", "", "", "packets to signal", "packets to elevation", "ms to elevation");
        out.printf(HEADER, "kind", "captures", "decidable", "detected", "recall", "95 %", "recall all",
            "p50 / p95", "p50 / p95", "p50 / p95");
        report.path("kinds").properties().forEach((kind) -> row(out, kind.getKey(), kind.getValue()));
        out.println();
        share(out, "benign captures", report.path("benign"));
        share(out, "bystanders of attacks", report.path("bystanders"));
        out.println();
        references(out, report.path("references"));
        if (report.path("unreadable").asLong() > 0)
        {
            out.printf("%d recordings could not be read%n", report.path("unreadable").asLong());
        }
        if (report.path("empty").asLong() > 0)
        {
            out.printf("%d recordings hold nothing that a sensor would see; they count nowhere above%n",
                report.path("empty").asLong());
        }
    }

    private static void row(final PrintWriter out, final String kind, final JsonNode its)
    {
        out.printf(Locale.ROOT, ROW, kind, its.path("captures").asLong(), its.path("decidable").asLong(),
            its.path("detected").asLong(), its.path("recall").asDouble(), interval(its.path("recall_ci95")),
            its.path("recall_all").asDouble(),
            pair(its.path("packets_to_signal")), pair(its.path("packets_to_elevation")),
            pair(its.path("ms_to_elevation")));
    }

    private static void references(final PrintWriter out, final JsonNode references)
    {
        out.printf("%-11s %-11s %8s %8s %8s %6s %9s %8s   %s%n", "reference", "kind", "captures", "detected",
            "it alone", "both", "we fewer", "we more", "its packets p50 / p95");
        references.properties().forEach((reference) ->
        {
            reference.getValue().path("kinds").properties().stream()
                .filter((kind) -> kind.getValue().path("detected").asLong() > 0)
                .forEach((kind) -> reference(out, reference.getKey(), kind.getKey(), kind.getValue()));
            out.printf("%-11s benign host-windows accused: %s%n", reference.getKey(),
                rate(reference.getValue().path("benign")));
        });
    }

    private static void reference(final PrintWriter out, final String label, final String kind, final JsonNode its)
    {
        out.printf(Locale.ROOT, "%-11s %-11s %8d %8d %8d %6d %9d %8d   %s%n", label, kind,
            its.path("captures").asLong(), its.path("detected").asLong(), its.path("only_reference").asLong(),
            its.path("both").asLong(), its.path("fewer_packets").asLong(), its.path("more_packets").asLong(),
            pair(its.path("packets_to_alert")));
    }

    private static String pair(final JsonNode percentiles)
    {
        return percentiles.path("p50").isNull() ? "-" : String.format(
            Locale.ROOT, "%s / %s", number(percentiles.path("p50")), number(percentiles.path("p95")));
    }

    private static String number(final JsonNode value)
    {
        final double number = value.asDouble();
        return String.format(Locale.ROOT, number == Math.rint(number) || number >= 1_000 ? "%.0f" : "%.2f", number);
    }

    private static String interval(final JsonNode bounds)
    {
        return String.format(
            Locale.ROOT, "%.2f to %.2f", bounds.path(0).asDouble(), bounds.path(1).asDouble());
    }

    private static void share(final PrintWriter out, final String label, final JsonNode its)
    {
        out.printf(Locale.ROOT,
            "%-22s %d host-windows of 10 s in %d recordings: elevated %s; signalled %s%n",
            label, its.path("windows_10s").asLong(), its.path("captures").asLong(), rate(its),
            rate(its.path("signals")));
    }

    private static String rate(final JsonNode its)
    {
        return String.format(Locale.ROOT, "%d (%.4f %%, 95 %% %.4f to %.4f)", its.path("alerts").asLong(),
            its.path("rate").asDouble() * 100, its.path("ci95").path(0).asDouble() * 100,
            its.path("ci95").path(1).asDouble() * 100);
    }
}
