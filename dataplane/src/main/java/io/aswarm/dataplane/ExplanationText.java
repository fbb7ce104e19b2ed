package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An explanation for people, from its JSON: of a signal or an elevation as a node explains it, or of the evidence in a
 * certificate. Pure.
 */
final class ExplanationText
{
    private final List<String> lines = new ArrayList<>();

    private ExplanationText()
    {
    }

    /** The lines of an explanation. */
    static List<String> of(final JsonNode explained)
    {
        final ExplanationText text = new ExplanationText();
        text.write(explained);
        return text.lines;
    }

    private void write(final JsonNode explained)
    {
        final String subject = explained.path("subject").asText();
        if ("nothing".equals(explained.path("kind").asText()))
        {
            line("nothing is held against %s, as far as this node remembers", subject);
        }
        else
        {
            line("%s by %s (%s%s)", explained.path("scenario").asText(), subject,
                explained.path("subject_role").asText("source"), verified(explained));
            observed(explained);
            decision(explained);
            witnesses(explained.path("witness_nodes"));
            own(explained.path("explanation"));
            beside(explained.path("explanation"));
        }
        exempt(explained.path("exempt"));
    }

    private static String verified(final JsonNode explained)
    {
        final JsonNode ways = explained.path("verification");
        if ("aim".equals(explained.path("subject_role").asText()) || ways.isMissingNode())
        {
            return "";
        }
        final List<String> words = new ArrayList<>();
        ways.forEach((way) -> words.add(way.asText()));
        return words.isEmpty() ? ", merely shown: it may be forged" : ", verified by " + String.join(" and ", words);
    }

    private void observed(final JsonNode explained)
    {
        final String aim = explained.path("aim").asText();
        final int port = explained.path("aim_port").asInt();
        line("  %d observations on about %d hosts and %d ports%s", explained.path("count").asInt(),
            explained.path("distinct_hosts").asInt(), explained.path("distinct_ports").asInt(),
            aim.isEmpty() && 0 == port ? "" : ", all at " + (aim.isEmpty() ? "many hosts" : aim) +
                (0 == port ? "" : " port " + port));
    }

    private void decision(final JsonNode explained)
    {
        final JsonNode needed = explained.path("needed");
        if (needed.isObject())
        {
            line("  %.2f nats here; an act needs %.2f nats from %d witnesses, each counted up to %.2f, or %.2f from " +
                "one alone", nats(explained, "evidence_nats"), nats(needed, "threshold_nats"),
                needed.path("witnesses").asInt(), nats(needed, "counted_per_witness_nats"), nats(needed, "alone_nats"));
        }
        else
        {
            line("  %.2f nats of %.2f needed, from %d witnesses of %d needed%s%s", nats(explained, "evidence_nats"),
                nats(explained, "threshold_nats"),
                explained.path("witnesses").asInt(explained.path("witness_nodes").size()),
                explained.path("witnesses_required").asInt(),
                explained.path("local").asBoolean() ? "; on this node's own evidence alone" : "",
                explained.path("degraded").asBoolean() ? "; degraded: no majority of the site was heard" : "");
        }
    }

    private void witnesses(final JsonNode witnesses)
    {
        witnesses.forEach((witness) -> line("  witness %s: stated %.2f nats from %d observations, counted %.2f",
            witness.path("name").asText(), nats(witness, "evidence_nats"), witness.path("count").asInt(),
            nats(witness, "counted_nats")));
    }

    private void own(final JsonNode explanation)
    {
        if (!explanation.isObject())
        {
            line("  what this node saw itself is not known: it saw nothing, or the signal is forgotten");
            return;
        }
        line("this node's own signal %s: %.2f nats, told from %.2f on", explanation.path("signal_id").asText(),
            nats(explanation, "evidence_nats"), nats(explanation, "told_from_nats"));
        explanation.path("causes").forEach((cause) -> line("  %+8.2f nats, %5d times: %s", nats(cause, "nats"),
            cause.path("count").asInt(), cause.path("sentence").asText()));
        if (!explanation.path("latest").isEmpty())
        {
            line("latest observations");
        }
        explanation.path("latest").forEach((observation) -> line("  %s  %+6.2f  %-18s %s",
            observation.path("at").asText(), nats(observation, "nats"), observation.path("cause").asText(),
            place(observation)));
    }

    private void beside(final JsonNode explanation)
    {
        explanation.path("elements").forEach((element) -> line("composed of %s: %.2f nats",
            element.path("scenario").asText(), nats(element, "nats")));
        explanation.path("sources").forEach((source) -> line("source %s: %d packets%s, as far as it is not forged",
            source.path("address").asText(), source.path("packets").asLong(),
            source.path("error").asLong() > 0 ? " or up to " + source.path("error").asLong() + " less" : ""));
        final JsonNode baseline = explanation.path("baseline");
        if (baseline.isObject())
        {
            line("baseline: %d minutes were learned, usually %.0f bytes per second; evidence counts for %.2f of itself",
                baseline.path("windows").asInt(), nats(baseline, "bytes_per_second"), nats(baseline, "weight"));
        }
        final JsonNode exempt = explanation.path("exempt");
        if (exempt.isObject())
        {
            line("exempt: %s up to %d observations per second; %d were spared since the start, %d beyond counted",
                exempt.path("prefix").asText(), exempt.path("per_second_max").asInt(),
                exempt.path("spared").asLong(), exempt.path("exceeded").asLong());
        }
        else if (explanation.isObject())
        {
            line("exempt: nothing, no exemption covers this subject");
        }
    }

    private void exempt(final JsonNode exemptions)
    {
        exemptions.forEach((exemption) -> line(
            "exempt by the configuration: %s, %s: nothing up to %d observations per second is held against it",
            exemption.path("prefix").asText(), exemption.path("why").asText(),
            exemption.path("per_second_max").asInt()));
    }

    private static String place(final JsonNode observation)
    {
        final int port = observation.path("port").asInt();
        return observation.path("address").asText() + (0 == port ? "" : " port " + port);
    }

    private static double nats(final JsonNode node, final String name)
    {
        return node.path(name).asDouble();
    }

    private void line(final String format, final Object... values)
    {
        lines.add(String.format(Locale.ROOT, format, values).stripTrailing());
    }
}
