package io.aswarm.twinlab;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DrillSummaryTest
{
    private static final long MILLISECOND_NS = 1_000_000L;
    private static final long FIRST_NS = 77 * MILLISECOND_NS;

    private final DrillSummary summary = new DrillSummary("linux_kernel_enforced", "port-scan", 4);

    @Test
    void shouldHaveTheAgreedKeysInTheAgreedOrder()
    {
        final List<String> keys = new ArrayList<>();
        summary.toJson().fieldNames().forEachRemaining(keys::add);

        assertEquals(
            List.of("tier", "scenario", "runs", "nodes", "detected", "expected", "mttd_ms", "mttr_ms",
            "leaked_after_effect", "benign", "reverted", "certificates", "leftovers", "met"),
            keys.subList(0, 14));
    }

    @Test
    void shouldMeetItsTargetsWhenAllIsWell()
    {
        summary.add(run(4, 1, 0, true));
        complete(8);

        assertEquals(List.of(), summary.unmet());
        assertTrue(summary.toJson().path("met").asBoolean());
    }

    @Test
    void shouldGivePercentilesOfAllNodesAndOfEach()
    {
        for (int i = 1; i <= 100; i++)
        {
            summary.add(run(4, i, 0, true));
        }
        final JsonNode json = summary.toJson();

        assertEquals(400, json.path("detected").asInt());
        assertEquals(50, json.path("mttd_ms").path("p50").asDouble(), 0.1);
        assertEquals(95, json.path("mttd_ms").path("p95").asDouble(), 0.1);
        assertEquals(99, json.path("mttd_ms").path("p99").asDouble(), 0.1);
        assertEquals(100, json.path("mttd_ms").path("max").asDouble(), 0.1);
        assertEquals(2, json.path("mttr_ms").path("p50").asDouble(), 0.01);
        assertEquals(100, json.path("per_node").path(3).path("mttd_ms").path("max").asDouble(), 0.1);
    }

    @Test
    void shouldNotMeetItsTargetsWhenAPacketLeaked()
    {
        summary.add(run(4, 1, 1, true));
        complete(8);

        assertEquals(List.of("4 attack packets forwarded after proven effect"), summary.unmet());
    }

    @Test
    void shouldNotMeetItsTargetsWhenAGatewayDidNotDetect()
    {
        summary.add(run(3, 1, 0, true));
        complete(8);

        assertFalse(summary.met());
        assertTrue(summary.unmet().contains("detected 3 of 4"), summary.unmet().toString());
    }

    @Test
    void shouldNotMeetItsTargetsWhenDetectionIsAsSlowAsTheTarget()
    {
        summary.add(run(4, (long)DrillSummary.MTTD_TARGET_P95_MS, 0, true));
        complete(8);

        assertEquals(List.of("MTTD P95 is not below 200.0 ms"), summary.unmet());
    }

    @Test
    void shouldNotMeetItsTargetsWhenPacketsWereNotSeenToFlowAgain()
    {
        summary.add(run(4, 1, 0, false));
        complete(8);

        assertEquals(List.of("reverted 0 of 4"), summary.unmet());
    }

    @Test
    void shouldNotMeetItsTargetsWhenACertificateIsMissingOrBad()
    {
        summary.add(run(4, 1, 0, true));
        complete(7);

        assertEquals(List.of("certificates: 7 written, 7 verified, expected at least 8"), summary.unmet());
    }

    @Test
    void shouldNotMeetItsTargetsWhenBenignTrafficWasHarmedOrAbsent()
    {
        summary.add(run(4, 1, 0, true));
        complete(8);
        summary.benign(10, 1);
        assertEquals(List.of("benign connections: 1 of 10 failed"), summary.unmet());

        summary.benign(0, 0);
        assertEquals(List.of("benign connections: 0 of 0 failed"), summary.unmet());
    }

    @Test
    void shouldNotMeetItsTargetsWhenSomethingIsLeftBehind()
    {
        summary.add(run(4, 1, 0, true));
        complete(8);
        summary.leftovers(List.of("namespace asw-x"));

        assertFalse(summary.met());
        assertEquals("namespace asw-x", summary.toJson().path("leftovers").path(0).asText());
    }

    @Test
    void shouldNotFlatterWhenAnElevationPrecedesItsCause()
    {
        summary.add(run(4, -1, 0, true));
        complete(8);

        assertFalse(summary.met());
    }

    @Test
    void shouldNotMeetItsTargetsWhenNothingWasExpected()
    {
        summary.benign(1, 0);

        assertFalse(summary.met());
    }

    private void complete(final int certificates)
    {
        summary.benign(10, 0);
        summary.certificates(certificates, certificates);
    }

    private static RunResult run(final int gateways, final long mttdMs, final int leaked, final boolean flowsAgain)
    {
        final List<RunResult.Gateway> results = new ArrayList<>();
        for (int rack = 1; rack <= gateways; rack++)
        {
            final long elevatedNs = FIRST_NS + mttdMs * MILLISECOND_NS;
            results.add(new RunResult.Gateway(rack, 3, "port-scan", elevatedNs, elevatedNs + 2 * MILLISECOND_NS,
                elevatedNs + 5_000 * MILLISECOND_NS, 9, 2,
                new Forwarding(rack, 20, 5, 1, leaked, 9, flowsAgain ? elevatedNs + 6_000 * MILLISECOND_NS : 0)));
        }
        return new RunResult(1, Scenario.PORT_SCAN, 4, "198.18.200.1", FIRST_NS, results, 20, List.of());
    }
}
