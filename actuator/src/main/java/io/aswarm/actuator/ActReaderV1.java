package io.aswarm.actuator;

import io.aswarm.trust.DocumentException;
import io.aswarm.trust.YamlMapping;

import java.util.List;
import java.util.Map;

/**
 * The first form: one kind of act, which drops a source. It knows nothing of forged sources, so that it answers
 * verified ones only: nobody signed it for more.
 */
final class ActReaderV1 extends ActReader
{
    private static final String KIND = "xdp_quarantine";
    private static final List<String> SCENARIOS = List.of("port-scan", "sweep", "syn-flood");

    @Override
    int version()
    {
        return 1;
    }

    @Override
    String scenarioKey()
    {
        return "scenarios";
    }

    @Override
    CompiledAct act(final YamlMapping entry) throws DocumentException
    {
        final String id = id(entry);
        final int ring = ring(entry);
        final List<String> scenarios = wordSet(entry, "scenarios", SCENARIOS);
        entry.word("kind", null, List.of(KIND));
        entry.word("mode", null, List.of(Mode.DROP.label()));
        final long ttlNs = entry.durationNs("ttl", null, TTL_MIN_NS, DAY_NS);
        final String inverse = entry.word("inverse", null, List.of(ActKind.INVERSE));
        final List<ProbeKind> probes = probes(entry, ActKind.DROP_SOURCE, Mode.DROP);
        entry.finish();
        return new CompiledAct(
            id, ring, new When(scenarios, Role.SOURCE, true), ActKind.DROP_SOURCE, Mode.DROP, 0, 0, List.of(ttlNs), 0,
            inverse, probes, false);
    }

    @Override
    Map<String, Object> canonical(final CompiledAct act)
    {
        return Map.of(
            "id", act.id(),
            "ring", act.ring(),
            "scenarios", act.when().scenarios(),
            "kind", KIND,
            "mode", act.mode().label(),
            // 64-bit values are strings: canonical JSON has no integers beyond 2^53
            "ttl_ns", Long.toString(act.ttlsNs().get(0)),
            "inverse", act.inverse(),
            "probes", canonicalProbes(act));
    }
}
