package io.aswarm.twinlab;

import com.fasterxml.jackson.databind.JsonNode;
import io.aswarm.trust.DocumentException;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SimulatedDrillTest
{
    private final StringWriter text = new StringWriter();
    private final SimulatedDrill drill =
        new SimulatedDrill(new Timeline(new PrintWriter(text), SimulatedDrill.LINE_PREFIX));

    @Test
    void shouldMeetAllTargetsOnTheShippedRecordingsAndSaySimulatedInEveryLine() throws IOException, DocumentException
    {
        final DrillSummary summary = drill.runShipped(List.of(Scenario.values()), "all");

        assertEquals(List.of(), summary.unmet());
        final JsonNode json = summary.toJson();
        assertEquals("simulated", json.path("tier").asText());
        assertEquals(9, json.path("detected").asInt());
        assertTrue(json.path("benign").path("started").asInt() > 100);
        assertTrue(json.path("blocked").asInt() > 100);
        assertTrue(json.path("definitions").path("mttd_ms").asText().startsWith("SIMULATED"));
        text.toString().lines().forEach(
            (line) -> assertTrue(line.startsWith(SimulatedDrill.LINE_PREFIX), "line: " + line));
    }

    @Test
    void shouldDecideTheSameTwice() throws IOException, DocumentException
    {
        final JsonNode first = drill.runShipped(List.of(Scenario.PORT_SCAN), "port-scan").toJson();
        final String firstText = text.toString();
        text.getBuffer().setLength(0);

        assertEquals(first, drill.runShipped(List.of(Scenario.PORT_SCAN), "port-scan").toJson());
        assertEquals(firstText, text.toString());
    }
}
