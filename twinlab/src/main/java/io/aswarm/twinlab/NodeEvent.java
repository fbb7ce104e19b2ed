package io.aswarm.twinlab;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One line of a node's event log.
 *
 * @param name   of the event.
 * @param node   that wrote it.
 * @param timeNs when, CLOCK_MONOTONIC.
 * @param fields all of the line.
 */
record NodeEvent(String name, String node, long timeNs, JsonNode fields)
{
    static NodeEvent of(final JsonNode fields)
    {
        return new NodeEvent(
            fields.path("event").asText(), fields.path("node").asText(), fields.path("t_ns").asLong(), fields);
    }

    /** Text of a field; empty when it has none. */
    String text(final String field)
    {
        return fields.path(field).asText();
    }

    /** A time or a count, whether written as number or as text; 0 when there is none. */
    long number(final String field)
    {
        return fields.path(field).asLong();
    }

    /** Whether it speaks of this address. */
    boolean isAbout(final byte[] address)
    {
        final String subject = text("subject");
        return !subject.isEmpty() && java.util.Arrays.equals(address, RackPlan.bytes(subject));
    }
}
