package io.aswarm.dataplane;

import io.aswarm.sketch.ConversationKind;
import io.aswarm.sketch.LocalPolicy;
import io.aswarm.sketch.LocalPolicyConfig;
import io.aswarm.sketch.Rehearsal;
import io.aswarm.sketch.VerificationConfig;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

/**
 * The tests of this catalog hold every threshold of the section {@code detection}: halved or doubled, one of them
 * fails. Of the share of contacts that succeed though nobody scans it is the rest to 1 that is halved and doubled.
 */
class DetectionThresholdsTest
{
    private static final int TCP = 6;
    private static final String TESTS =
        "version: 1\n" +
        "detectors:\n" +
        "  - scenario: scan\n" +
        "    tests:\n" +
        "      - name: nine refused ports\n" +
        "        matches: true\n" +
        "        nats: 20\n" +
        "        below: 21.5\n" +
        "        events:\n" +
        "          - {kinds: [opened, refused], from: 198.18.0.7, to: 198.18.1.1, port: 1000, times: 9," +
        " every: 10ms, next: [port]}\n" +
        "      - name: more evidence than is kept\n" +
        "        matches: true\n" +
        "        nats: 31.9\n" +
        "        below: 32.1\n" +
        "        events:\n" +
        "          - {kinds: [opened, refused], from: 198.18.0.7, to: 198.18.1.1, port: 1000, times: 60," +
        " every: 10ms, next: [port]}\n" +
        "      - name: five refused ports and four minutes later five more\n" +
        "        matches: true\n" +
        "        nats: 19.3\n" +
        "        below: 20.9\n" +
        "        events:\n" +
        "          - {kinds: [opened, refused], from: 198.18.0.7, to: 198.18.1.1, port: 1000, times: 5," +
        " every: 10ms, next: [port]}\n" +
        "          - {kinds: [opened, refused], from: 198.18.0.7, to: 198.18.1.1, port: 2000, times: 5," +
        " every: 10ms, next: [port], after: 4m}\n" +
        "      - name: answers that take a second\n" +
        "        matches: false\n" +
        "        nats: 2\n" +
        "        events:\n" +
        "          - {kinds: [opened], from: 198.18.0.7, to: 198.18.1.1, port: 1000, times: 4," +
        " every: 1ms, next: [to]}\n" +
        "          - {kinds: [accepted, established], from: 198.18.0.7, to: 198.18.1.1, port: 1000, times: 4," +
        " every: 1ms, next: [to], after: 1s}\n" +
        "      - name: answers that take two seconds\n" +
        "        matches: true\n" +
        "        nats: 2\n" +
        "        events:\n" +
        "          - {kinds: [opened], from: 198.18.0.7, to: 198.18.1.1, port: 1000, times: 4," +
        " every: 1ms, next: [to]}\n" +
        "          - {kinds: [accepted, established], from: 198.18.0.7, to: 198.18.1.1, port: 1000, times: 4," +
        " every: 1ms, next: [to], after: 2s}\n" +
        "  - scenario: flood\n" +
        "    tests:\n" +
        "      - name: 230 openings a second that are never completed\n" +
        "        matches: true\n" +
        "        nats: 20\n" +
        "        events:\n" +
        "          - {kinds: [opened], from: 198.18.0.7, to: 198.18.1.1, port: 443, times: 2300," +
        " every: 4350us, next: [from_port]}\n" +
        "      - name: 170 openings a second that are never completed\n" +
        "        matches: false\n" +
        "        nats: 5\n" +
        "        events:\n" +
        "          - {kinds: [opened], from: 198.18.0.7, to: 198.18.1.1, port: 443, times: 1700," +
        " every: 5880us, next: [from_port]}\n";

    private static LocalPolicyConfig config(final String text) throws DocumentException
    {
        final ConfigSection section = ConfigSection.parse("node.yaml", text);
        final NodeConfig.Detection detection = DetectionSection.read(section, Path.of("/"));
        assertEquals(List.of(), section.faults());
        return detection.policy(
            1, 2, VerificationConfig.LINK_ONLY, DetectorFile.compile(Yaml.parse("tests.yaml", TESTS))).build();
    }

    private static List<String> failed(final String text) throws DocumentException
    {
        return Rehearsal.run(config(text)).stream().filter((outcome) -> !outcome.passed())
            .map((outcome) -> outcome.expectation().name() + ": reached " + outcome.reachedNats()).toList();
    }

    @Test
    void shouldPassWithWhatHoldsWithoutAConfiguration() throws Exception
    {
        assertEquals(List.of(), failed("{}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "evidence_max_nats: 16", "evidence_max_nats: 64", "half_life: 5m", "half_life: 20m", "benign_success: 0.84",
        "benign_success: 0.96", "scanner_success: 0.1", "scanner_success: 0.4", "answer_timeout: 750ms",
        "answer_timeout: 3s", "flood: {benign_per_second: 25}", "flood: {benign_per_second: 100}",
        "flood: {attack_per_second: 250}", "flood: {attack_per_second: 1000}"})
    void shouldNoticeWhenAThresholdIsHalvedOrDoubled(final String text) throws Exception
    {
        assertNotEquals(List.of(), failed(text));
    }

    /** F: a port refused, 2.3 nats; S: a host that answers, 1.5 nats less. */
    @ParameterizedTest
    @CsvSource({
        "signal_nats: 3, FF, 2", "signal_nats: 1.5, FF, 1 2", "signal_nats: 6, FF, ''",
        "signal_step_nats: 1, FFSFSFSSFF, 2 6 10", "signal_step_nats: 0.5, FFSFSFSSFF, 2 4 6 10",
        "signal_step_nats: 2, FFSFSFSSFF, 2 10"})
    void shouldSignalWhenEvidenceHasGrownByAStep(final String text, final String contacts, final String expected)
        throws Exception
    {
        final StringJoiner signalled = new StringJoiner(" ");
        final int[] number = {0};
        try (LocalPolicy policy = new LocalPolicy(
            config(text), (signal) -> signalled.add(Integer.toString(number[0])), new TestCounters().of()))
        {
            final RehearsedTraffic traffic = new RehearsedTraffic(policy, 0, () -> {});
            final ConversationAdapter adapter = new ConversationAdapter(policy);
            for (final char contact : contacts.toCharArray())
            {
                number[0]++;
                final int kind = contact == 'F' ? ConversationKind.REFUSED : ConversationKind.ESTABLISHED;
                final long nowNs = number[0] * 1_000_000L;
                final int port = 1_000 + number[0];
                adapter.onConversation(traffic.write(ConversationKind.OPENED, nowNs, 1, 2, port, TCP));
                adapter.onConversation(traffic.write(kind, nowNs + 1_000, 1, 2, port, TCP));
                policy.onTick(nowNs + 1_000);
            }
        }
        assertEquals(expected, signalled.toString());
    }
}
