package io.aswarm.dataplane;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;
import io.aswarm.sketch.EventStep;
import io.aswarm.sketch.Expectation;
import io.aswarm.sketch.ProcessEvent;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.YamlMapping;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the tests on events of a {@link DetectorFile}. A step names what the sensor sees, in the words of its
 * vocabulary, who talks with whom, how often, and which end is another one each time.
 */
final class EventReader
{
    private static final long MONTH_NS = 2_592_000_000_000_000L;
    private static final int PORT_MAX = 65_535;
    private static final long FROM_PORT = 40_000;
    private static final long HEADER_MAX_BYTES = 60;
    private static final long LENGTH_MAX_BYTES = 65_535;
    private static final int STEPS_MAX = 64;
    private static final double NATS_MIN = 0.001;
    private static final double NATS_MAX = 1000;
    private static final Map<String, Integer> KINDS = new TreeMap<>(Map.of(
        "opened", ConversationKind.OPENED, "accepted", ConversationKind.ACCEPTED,
        "established", ConversationKind.ESTABLISHED, "refused", ConversationKind.REFUSED,
        "unreachable", ConversationKind.UNREACHABLE, "aborted", ConversationKind.ABORTED,
        "ended", ConversationKind.ENDED, "volume", ConversationKind.VOLUME, "started", EventStep.STARTED));
    /** IANA protocol numbers. */
    private static final Map<String, Integer> PROTOCOLS = new TreeMap<>(Map.of(
        "tcp", 6, "udp", 17, "icmp", 1, "icmpv6", 58, "neighbour", Conversation.NEIGHBOUR_DISCOVERY));
    private static final Map<String, Integer> FLAGS = new TreeMap<>(Map.of(
        "repeat", Conversation.FLAG_REPEAT, "on_link", Conversation.FLAG_ON_LINK,
        "from_responder", Conversation.FLAG_FROM_RESPONDER, "unoriented", Conversation.FLAG_UNORIENTED));
    private static final Map<String, Integer> SEGMENT = new TreeMap<>(Map.of(
        "fin", 1, "syn", Conversation.TCP_SYN, "rst", Conversation.TCP_RST, "psh", 8, "ack", Conversation.TCP_ACK,
        "urg", 32));
    private static final Map<String, Integer> PROGRAM_FLAGS = new TreeMap<>(Map.of(
        "parent_serves", ProcessEvent.FLAG_PARENT_SERVES));
    private static final Map<String, Integer> NEXT = new TreeMap<>(Map.of(
        "port", EventStep.NEXT_PORT, "to", EventStep.NEXT_TO, "from", EventStep.NEXT_FROM,
        "from_port", EventStep.NEXT_FROM_PORT));

    private EventReader()
    {
    }

    static Expectation expectation(final YamlMapping entry, final int scenario, final String label)
        throws DocumentException
    {
        final String name = entry.string("name");
        final boolean matches = RuleReader.matches(entry);
        final double nats = entry.number("nats", null, NATS_MIN, NATS_MAX);
        final double belowNats = entry.number("below", Double.MAX_VALUE, nats, NATS_MAX);
        final List<EventStep> steps = new ArrayList<>();
        for (final YamlMapping step : entry.mappings("events"))
        {
            steps.add(step(step));
        }
        if (steps.isEmpty() || steps.size() > STEPS_MAX)
        {
            throw entry.wrong("events", "lists " + steps.size() + "; allowed: 1 to " + STEPS_MAX);
        }
        entry.finish();
        return new Expectation(name, scenario, label, matches, nats, belowNats, steps);
    }

    private static EventStep step(final YamlMapping entry) throws DocumentException
    {
        final List<Integer> kinds = codes(entry, "kinds", KINDS);
        final boolean isProgram = kinds.contains(EventStep.STARTED);
        final IpAddress from = address(entry, "from");
        final IpAddress to = isProgram ? from : address(entry, "to");
        final EventStep.Ends ends = new EventStep.Ends(
            from.high(), from.low(), (int)entry.integer("from_port", FROM_PORT, 0, PORT_MAX), to.high(), to.low(),
            (int)entry.integer("port", 0L, 0, PORT_MAX),
            PROTOCOLS.get(entry.word("protocol", "tcp", List.copyOf(PROTOCOLS.keySet()))));
        final EventStep.Pace pace = new EventStep.Pace(
            entry.durationNs("after", 0L, 0, MONTH_NS), (int)entry.integer("times", 1L, 1, EventStep.TIMES_MAX),
            entry.has("every") ? entry.durationsNs("every", 0, MONTH_NS) : List.of(0L));
        final int next = bits(codes(entry, "next", NEXT));
        final int flags = bits(codes(entry, "flags", isProgram ? PROGRAM_FLAGS : FLAGS));
        final long bytes = entry.integer("bytes", 0L, 0, 0xffff_ffffL);
        final long lastsMs = entry.durationNs("lasts", 0L, 0, MONTH_NS) / 1_000_000L;
        final int headerBytes = (int)entry.integer("header", 0L, 0, HEADER_MAX_BYTES);
        final int lengthBytes = (int)entry.integer("length", 0L, 0, LENGTH_MAX_BYTES);
        final int tcpFlags = bits(codes(entry, "segment", SEGMENT));
        final EventStep.Program program =
            isProgram ? new EventStep.Program(entry.string("program"), entry.string("parent")) : null;
        entry.finish();
        try
        {
            final EventStep.Measures measures =
                new EventStep.Measures(bytes > 0 ? bytes : lastsMs, headerBytes, lengthBytes, tcpFlags);
            return new EventStep(kinds, ends, pace, next, flags, measures, program);
        }
        catch (final IllegalArgumentException ex)
        {
            throw entry.wrong("kinds", "cannot be: " + ex.getMessage());
        }
    }

    private static IpAddress address(final YamlMapping entry, final String key) throws DocumentException
    {
        final String text = entry.string(key);
        try
        {
            return IpAddress.parse(text);
        }
        catch (final IllegalArgumentException ex)
        {
            throw entry.wrong(key, "is \"" + text + "\"; allowed: an address of IPv4 or IPv6");
        }
    }

    private static List<Integer> codes(final YamlMapping entry, final String key, final Map<String, Integer> codes)
        throws DocumentException
    {
        final List<Integer> result = new ArrayList<>();
        for (final String word : entry.strings(key))
        {
            if (!codes.containsKey(word))
            {
                throw entry.wrong(key, "names \"" + word + "\"; allowed: " + String.join(", ", codes.keySet()));
            }
            result.add(codes.get(word));
        }
        return result;
    }

    private static int bits(final List<Integer> codes)
    {
        return codes.stream().reduce(0, (one, other) -> one | other);
    }
}
