package io.aswarm.actuator;

import io.aswarm.trust.DocumentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CatalogV2Test
{
    private static final String VALID =
        "version: 2\n" +
        "acts:\n" +
        "  - id: drop-verified\n" +
        "    ring: 1\n" +
        "    when: {scenarios: [port-scan, sweep], role: source, verified: true}\n" +
        "    kind: drop_source\n" +
        "    mode: drop\n" +
        "    ttl: [10s, 60s, 300s]\n" +
        "    ttl_decay: 10m\n" +
        "    inverse: release\n" +
        "    probes: [subject_blocked]\n" +
        "  - id: guard\n" +
        "    ring: 1\n" +
        "    when: {scenarios: [port-scan, sweep], role: source, verified: false}\n" +
        "    kind: guard_source\n" +
        "    mode: guard\n" +
        "    limit: {packets_per_second: 5, burst: 7}\n" +
        "    ttl: 9s\n" +
        "    inverse: release\n" +
        "    probes: [openings_limited, established_passes]\n" +
        "  - id: limit\n" +
        "    ring: 1\n" +
        "    when: {scenarios: [spread-flood], role: aim}\n" +
        "    kind: limit_aim\n" +
        "    mode: openings\n" +
        "    limit: {packets_per_second: 50, burst: 70}\n" +
        "    ttl: 20s\n" +
        "    inverse: release\n" +
        "    probes: [openings_limited]\n" +
        "never_contain: []\n" +
        "budgets: {active_max: 10, per_minute_max: 20}\n";

    @Test
    void shouldCompileWhatItSays() throws Exception
    {
        final Catalog catalog = Catalog.parse("catalog", VALID);
        final CompiledAct drop = catalog.acts().get(0);
        assertEquals(List.of(10_000_000_000L, 60_000_000_000L, 300_000_000_000L), drop.ttlsNs());
        assertEquals(600_000_000_000L, drop.decayNs());
        final CompiledAct guard = catalog.acts().get(1);
        assertEquals(Mode.GUARD, guard.mode());
        assertEquals(5, guard.packetsPerSecond());
        assertEquals(7, guard.burst());
        assertEquals(new When(List.of("spread-flood"), Role.AIM, null), catalog.acts().get(2).when());
        assertEquals(64, catalog.versionHash().length());
    }

    @Test
    void shouldTakeScenariosOfTheSitesOwn() throws DocumentException
    {
        final Catalog catalog =
            Catalog.parse("catalog", VALID.replace("[spread-flood]", "[spread-flood, site-break-in]"));
        assertEquals(List.of("site-break-in", "spread-flood"), catalog.acts().get(2).when().scenarios());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "[10s, 60s, 300s]|[10s, 60s, 301s]",
        "ttl_decay: 10m|ttl_decay: 11m",
        "packets_per_second: 5,|packets_per_second: 6,",
        "burst: 70|burst: 71",
        "mode: openings|mode: rate_limit",
        "[spread-flood]|[spread-flood, distributed-scan]"})
    void shouldChangeItsHashWithItsContent(final String from, final String to) throws Exception
    {
        assertNotEquals(
            Catalog.parse("catalog", VALID).versionHash(), Catalog.parse("catalog", replace(from, to)).versionHash());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "verified: true|verified: false|6|drop_source for sources that may be forged",
        ", verified: true||6|drop_source for sources that may be forged",
        "kind: drop_source|kind: drop_source\\n    accept_forged: true|7|nothing drops sources that may be forged",
        "role: aim|role: aim, verified: true|23|whoever is aimed at has nothing to prove",
        "kind: limit_aim|kind: guard_source|25|allowed: guard",
        "role: source, verified: false|role: aim|15|guard_source for role aim",
        "ttl: 9s|ttl: 11s|18|from 100ms to 10s",
        "ttl: 9s|ttl: []|18|lists 0 durations",
        "[10s, 60s, 300s]|[10s, 10s]|8|ascending durations",
        "ttl_decay: 10m|# for ever|3|\"acts[0].ttl_decay\" is missing",
        "ttl: 20s|ttl: 20s\\n    ttl_decay: 5s|28|unknown key \"acts[2].ttl_decay\"",
        "packets_per_second: 5|packets_per_second: -1|17|from 0 to 1000000",
        "packets_per_second: 5|packets_per_second: 0|17|unknown key \"acts[1].limit.burst\"",
        "packets_per_second: 50|packets_per_second: 0|26|from 1 to 1000000",
        "{packets_per_second: 50, burst: 70}|{burst: 70}|26|\"acts[2].limit.packets_per_second\" is missing",
        "    mode: drop|    mode: drop\\n    limit: {burst: 1}|8|unknown key \"acts[0].limit.burst\"",
        "[openings_limited, established_passes]|[openings_limited]|20|must name established_passes",
        "[openings_limited, established_passes]|[established_passes]|20|must name openings_limited",
        "[subject_blocked]|[established_passes]|11|allowed: attached, subject_blocked, control_passes",
        "verified: false|verified: maybe|14|allowed: true, false",
        "[spread-flood]|[site-]|23|\"site-\"; allowed: port-scan",
        "[spread-flood]|[flood]|23|\"flood\"; allowed: port-scan",
        "[spread-flood], role: aim|[sweep], role: source|23|another act already answers",
        "role: aim|role: victim|23|allowed: source, aim"})
    void shouldRefuseWhatIsWrongByNameAndLine(
        final String from, final String to, final int line, final String message)
    {
        final String text = replace(from.replace("\\n", "\n"), null == to ? "" : to.replace("\\n", "\n"));
        final DocumentException ex = assertThrows(DocumentException.class, () -> Catalog.parse("catalog", text));
        assertTrue(ex.getMessage().startsWith("catalog:" + line + ": "), ex.getMessage());
        assertTrue(ex.getMessage().contains(message), ex.getMessage());
    }

    @Test
    void shouldDropForgeableSourcesOnlyInSoManyWords() throws Exception
    {
        final String accepting = VALID
            .replace(", role: source, verified: true}", ", role: source}")
            .replace("    kind: drop_source\n", "    kind: drop_source\n    accept_forged: true\n")
            .replace("[port-scan, sweep], role: source, verified: false", "[lateral], role: source, verified: false");
        final Catalog catalog = Catalog.parse("catalog", accepting);

        assertTrue(catalog.acts().get(0).acceptForged());
        assertTrue(catalog.check().contains("warning: act drop-verified accepts forged sources: who forges an " +
            "address has its owner cut off"), catalog.check().toString());
    }

    @Test
    void shouldSayInWordsWhatItDoes() throws Exception
    {
        final List<String> lines = Catalog.parse("catalog", VALID).check();
        assertTrue(lines.contains("act drop-verified: ring 1, drop_source drop for 10000 ms, then 60000 ms, then " +
            "300000 ms, one step back after each 600000 ms of quiet, undone by release, on port-scan, sweep by " +
            "verified sources, proven by subject_blocked"), lines.toString());
        assertTrue(lines.contains("act guard: ring 1, guard_source guard beyond 5/s and a burst of 7 for 9000 ms, " +
            "undone by release, on port-scan, sweep by sources that may be forged, proven by openings_limited, " +
            "established_passes"), lines.toString());
        assertTrue(lines.contains("warning: no act answers lateral: every request for it will be refused"));
    }

    private static String replace(final String from, final String to)
    {
        assertTrue(VALID.contains(from), from);
        return VALID.replace(from, to);
    }
}
