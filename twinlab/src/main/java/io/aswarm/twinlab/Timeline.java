package io.aswarm.twinlab;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Tells the story of a run while it happens: one line a step, times in milliseconds after the first attack packet.
 * Repeated signals and deposits of one gateway are told once. Lines are held back for a moment, since the nodes write
 * their logs each at its own pace and a story is read in order. The drill's own thread.
 */
final class Timeline
{
    /** How long a line waits for an earlier one that is written later. */
    private static final long HOLD_NS = 300_000_000L;

    /** A line that waits. */
    private record Line(long instantNs, long order, String who, String text)
    {
    }

    private final PrintWriter out;
    private final String prefix;
    private final Set<String> told = new HashSet<>();
    private final PriorityQueue<Line> waiting = new PriorityQueue<>(
        Comparator.comparingLong(Line::instantNs).thenComparingLong(Line::order));
    private long order;
    private long originNs;

    /**
     * A timeline.
     *
     * @param out    where lines go.
     * @param prefix of every line, so that a simulation is told apart in each of them; may be empty.
     */
    Timeline(final PrintWriter out, final String prefix)
    {
        this.out = out;
        this.prefix = prefix;
    }

    /** A line without time. */
    void say(final String text)
    {
        out.println(prefix + text);
        out.flush();
    }

    /** A new run: all times from now on count from this instant. */
    void begin(final long instantNs)
    {
        flush();
        originNs = instantNs;
        told.clear();
    }

    /** The first packet's own stamp is known: count from there. */
    void origin(final long instantNs)
    {
        originNs = instantNs;
    }

    /** A line with its time, told in its turn by {@link #advance(long)} or {@link #flush()}. */
    void at(final long instantNs, final String who, final String text)
    {
        waiting.add(new Line(instantNs, order++, who, text));
    }

    /** Tell the lines that waited long enough. */
    void advance(final long nowNs)
    {
        while (!waiting.isEmpty() && nowNs - waiting.peek().instantNs() > HOLD_NS)
        {
            tell(waiting.remove());
        }
    }

    /** Tell all lines that wait. */
    void flush()
    {
        while (!waiting.isEmpty())
        {
            tell(waiting.remove());
        }
    }

    private void tell(final Line line)
    {
        say(String.format(Locale.ROOT, "%12.3f ms  %-4s %s", (line.instantNs() - originNs) / 1e6, line.who(),
            line.text()));
    }

    /** An event of a node, unless its like was told before. */
    void event(final NodeEvent event)
    {
        final String text = text(event);
        if (null != text && told.add(key(event)))
        {
            at(instantNs(event), event.node(), text);
        }
    }

    private static long instantNs(final NodeEvent event)
    {
        switch (event.name())
        {
            case "elevation":
                return event.number("elevated_ns");

            case "actuation":
                return event.number("started_ns");

            case "effective":
                return event.number("effective_ns");

            case "reverted":
                return event.number("ended_ns");

            default:
                return event.timeNs();
        }
    }

    private static String key(final NodeEvent event)
    {
        switch (event.name())
        {
            case "signal":
            case "deposit_sent":
                return event.node() + event.name();

            case "deposit_accepted":
                return event.node() + event.name() + event.text("witness");

            default:
                return event.fields().toString();
        }
    }

    private static String text(final NodeEvent event)
    {
        switch (event.name())
        {
            case "signal":
                return String.format(Locale.ROOT, "weak signal: %s by %s, %.1f nats",
                    event.text("scenario"), event.text("subject"), event.fields().path("evidence_nats").asDouble());

            case "deposit_sent":
                return "deposit sent to the mesh";

            case "deposit_accepted":
                return "deposit accepted from " + event.text("witness");

            case "elevation":
                return String.format(Locale.ROOT, "ELEVATION: %s by %s, %.1f nats, witnesses %s",
                    event.text("scenario"), event.text("subject"), event.fields().path("evidence_nats").asDouble(),
                    witnesses(event.fields().path("witnesses")));

            case "actuation":
                return "actuation of " + event.text("policy_id");

            case "effective":
                return "EFFECTIVE: proven by " + event.fields().path("probes").size() + " probes";

            case "reverted":
                return "reverted: containment over, " + event.number("packets_dropped") + " packets dropped";

            case "certificate":
                return "certificate signed: " + event.text("kind");

            case "failed":
            case "refused":
            case "halted":
            case "resumed":
            case "adopted":
                return event.name() + " " + event.text("reason");

            default:
                return null;
        }
    }

    private static String witnesses(final JsonNode names)
    {
        final StringBuilder text = new StringBuilder();
        names.forEach((name) -> text.append(text.length() > 0 ? "," : "").append(name.asText()));
        return text.toString();
    }
}
