package io.aswarm.actuator;

import io.aswarm.trust.DocumentException;
import io.aswarm.trust.YamlMapping;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The second form: acts are chosen by scenario, by the role of the subject and by whether it is verified, and may be
 * milder than a drop. An act that drops sources which may be forged is refused unless the document says in so many
 * words that this is accepted.
 */
final class ActReaderV2 extends ActReader
{
    static final int RATE_MAX = 1_000_000;
    static final int TTLS_MAX = 8;

    @Override
    int version()
    {
        return 2;
    }

    @Override
    String scenarioKey()
    {
        return "when";
    }

    @Override
    CompiledAct act(final YamlMapping entry) throws DocumentException
    {
        final String id = id(entry);
        final int ring = ring(entry);
        final When when = when(entry.mapping("when"));
        final ActKind kind = ActKind.ofLabel(entry.word("kind", null, ActKind.labels()));
        final Mode mode =
            Mode.ofLabel(entry.word("mode", null, kind.modes().stream().map(Mode::label).toList()));
        final boolean acceptForged = entry.bool("accept_forged", false);
        checkSubjects(entry, when, kind, acceptForged);
        final YamlMapping limit = entry.mapping("limit");
        final int packetsPerSecond =
            mode.isLimit() ? (int)limit.integer("packets_per_second", null, kind.packetsPerSecondMin(), RATE_MAX) : 0;
        final int burst = packetsPerSecond > 0 ? (int)limit.integer("burst", null, 1, RATE_MAX) : 0;
        limit.finish();
        final List<Long> ttlsNs = ttlsNs(entry, kind);
        final long decayNs = ttlsNs.size() > 1 ? entry.durationNs("ttl_decay", null, TTL_MIN_NS, DAY_NS) : 0;
        final String inverse = entry.word("inverse", null, List.of(ActKind.INVERSE));
        final List<ProbeKind> probes = probes(entry, kind, mode);
        entry.finish();
        return new CompiledAct(
            id, ring, when, kind, mode, packetsPerSecond, burst, ttlsNs, decayNs, inverse, probes, acceptForged);
    }

    @Override
    Map<String, Object> canonical(final CompiledAct act)
    {
        final Map<String, Object> when = new TreeMap<>();
        when.put("scenarios", act.when().scenarios());
        when.put("role", act.when().role().label());
        if (null != act.when().verified())
        {
            when.put("verified", act.when().verified());
        }

        final Map<String, Object> canonical = new TreeMap<>();
        canonical.put("id", act.id());
        canonical.put("ring", act.ring());
        canonical.put("when", when);
        canonical.put("kind", act.kind().label());
        canonical.put("mode", act.mode().label());
        canonical.put("accept_forged", act.acceptForged());
        if (act.mode().isLimit())
        {
            canonical.put("limit", Map.of("packets_per_second", act.packetsPerSecond(), "burst", act.burst()));
        }
        // 64-bit values are strings: canonical JSON has no integers beyond 2^53
        canonical.put("ttls_ns", act.ttlsNs().stream().map(String::valueOf).collect(Collectors.toList()));
        canonical.put("ttl_decay_ns", Long.toString(act.decayNs()));
        canonical.put("inverse", act.inverse());
        canonical.put("probes", canonicalProbes(act));
        return canonical;
    }

    private static When when(final YamlMapping entry) throws DocumentException
    {
        final List<String> scenarios = wordSet(entry, "scenarios", Catalog.SCENARIOS, Catalog::isScenario);
        final Role role = Role.ofLabel(entry.word("role", null, Role.labels()));
        final Boolean verified = entry.has("verified") ? entry.bool("verified", false) : null;
        if (Role.AIM == role && null != verified)
        {
            throw entry.wrong("verified", "is given for role aim; allowed for role source only: whoever is aimed at " +
                "has nothing to prove");
        }
        entry.finish();
        return new When(scenarios, role, verified);
    }

    /** The role of a rule follows from its kind; an act on a source needs an elevation that names one. */
    private static void checkSubjects(
        final YamlMapping entry, final When when, final ActKind kind, final boolean acceptForged)
        throws DocumentException
    {
        if (Role.AIM == when.role() && ActKind.LIMIT_AIM != kind)
        {
            throw entry.wrong("kind", "is " + kind.label() + " for role aim, whose sources are many or forged; " +
                "allowed: " + ActKind.LIMIT_AIM.label());
        }
        final boolean isNeeded = ActKind.DROP_SOURCE == kind && when.isOfForgeableSources();
        if (isNeeded && !acceptForged)
        {
            throw entry.wrong("kind", "is " + kind.label() + " for sources that may be forged: who forges an address " +
                "would have its owner cut off; allowed: when.verified: true, kind " + ActKind.GUARD_SOURCE.label() +
                ", or accept_forged: true if that is what you want");
        }
        if (acceptForged && !isNeeded)
        {
            throw entry.wrong("accept_forged",
                "is true where nothing drops sources that may be forged; allowed: false");
        }
    }

    private static List<Long> ttlsNs(final YamlMapping entry, final ActKind kind) throws DocumentException
    {
        final List<Long> ttlsNs = entry.durationsNs("ttl", TTL_MIN_NS, kind.ttlMaxNs());
        if (ttlsNs.isEmpty() || ttlsNs.size() > TTLS_MAX)
        {
            throw entry.wrong("ttl", "lists " + ttlsNs.size() + " durations; allowed: 1 to " + TTLS_MAX);
        }
        for (int i = 1; i < ttlsNs.size(); i++)
        {
            if (ttlsNs.get(i) <= ttlsNs.get(i - 1))
            {
                throw entry.wrong("ttl", "does not grow from one to the next; allowed: ascending durations");
            }
        }
        return ttlsNs;
    }
}
