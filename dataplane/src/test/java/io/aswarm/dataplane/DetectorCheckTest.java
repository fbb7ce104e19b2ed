package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.aswarm.trust.Yaml;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DetectorCheckTest
{
    private static final String CATALOG =
        "version: 1\n" +
        "detectors:\n" +
        "  - scenario: brute-force\n" +
        "    free_conversations: 3\n" +
        "    half_life: 20m\n" +
        "    tests:\n" +
        "      - name: ten attempts\n" +
        "        matches: true\n" +
        "        nats: 16\n" +
        "        events:\n" +
        "          - {kinds: [ended], from: '2001:2::7', to: '2001:2::1', port: 22, times: 10, every: 1ms}\n" +
        "  - {scenario: beacon, use: off}\n" +
        "rules:\n" +
        "  - name: guess-and-move\n" +
        "    compose: any_of\n" +
        "    of:\n" +
        "      - {scenario: brute-force, nats: 4}\n" +
        "      - {scenario: lateral, nats: 4}\n" +
        "    within: 10m\n" +
        "    bar: 12\n" +
        "    gives: site-break-in\n" +
        "    tests:\n" +
        "      - name: guessing alone\n" +
        "        matches: true\n" +
        "        nats: 12\n" +
        "        events:\n" +
        "          - {kinds: [ended], from: 198.18.0.7, to: 198.18.1.1, port: 22, lasts: 1s, times: 10, every: 1ms}\n" +
        "      - name: a little guessing\n" +
        "        matches: false\n" +
        "        nats: 12\n" +
        "        events:\n" +
        "          - {kinds: [ended], from: 198.18.0.7, to: 198.18.1.1, port: 22, lasts: 1s, times: 7, every: 1ms}\n";

    private final List<String> facts = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    private ArrayNode check(final String text) throws Exception
    {
        final NodeConfig.Detection detection = new NodeConfig.Detection(
            3.0, 1.0, 32.0, 60_000_000_000L, 0.92, 0.2, 1_500_000_000L, 50.0, 500.0, 64, 64, Path.of("detectors.yaml"),
            List.of(), List.of());
        final DetectorCheck check =
            new DetectorCheck(detection, DetectorFile.compile(Yaml.parse("detectors.yaml", text)));
        check.describe(facts, faults);
        return check.tests();
    }

    @Test
    void shouldSayWhatDiffersAndThatTheTestsPassed() throws Exception
    {
        final ArrayNode tests = check(CATALOG);

        assertEquals(List.of(
            "detector beacon: off",
            "detector brute-force: free_conversations is 3, 5 by default: short conversations of an episode that are " +
            "no evidence",
            "detector brute-force: half_life is 1200000 ms, 600000 ms by default: in which evidence halves",
            "rule guess-and-move: 2 elements within 600000 ms and 12.0 nats in all give site-break-in, 0 tests on " +
            "signals passed",
            "tests of detectors.yaml on events: 3 of 3 passed"), facts);
        assertEquals(List.of(), faults);
        assertEquals("{\"scenario\":\"site-break-in\",\"name\":\"a little guessing\",\"matches\":false,\"nats\":12.0," +
            "\"reached_nats\":0.0,\"passed\":true}", tests.get(2).toString());
    }

    @Test
    void shouldNameTheTestThatFailsAndHowFarItCame() throws Exception
    {
        final ArrayNode tests = check(CATALOG.replace("free_conversations: 3", "free_conversations: 4"));

        assertEquals(List.of("detectors.yaml: test \"ten attempts\" of brute-force: evidence came to 13.81 nats; " +
            "expected: 16.0 at least"), faults);
        assertTrue(facts.contains("tests of detectors.yaml on events: 2 of 3 passed"), facts.toString());
        assertEquals(13.814, tests.get(0).get("reached_nats").asDouble());
        assertEquals(false, tests.get(0).get("passed").asBoolean());
    }
}
