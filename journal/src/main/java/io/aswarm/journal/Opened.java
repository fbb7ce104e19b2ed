package io.aswarm.journal;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A certificate taken out of whatever it came in.
 *
 * @param predicate   its content; null where none could be found.
 * @param statement   around it; null where there is none.
 * @param isEnveloped whether it came in an envelope.
 * @param sha256      of the file.
 */
record Opened(JsonNode predicate, JsonNode statement, boolean isEnveloped, String sha256)
{
}
