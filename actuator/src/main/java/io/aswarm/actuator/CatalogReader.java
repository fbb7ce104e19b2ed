package io.aswarm.actuator;

import io.aswarm.trust.CanonicalJson;
import io.aswarm.trust.DocumentException;
import io.aswarm.trust.YamlMapping;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Compiles the catalog's document: every value typed and bounded, every name one that is known.
 */
final class CatalogReader
{
    static final long TTL_MIN_NS = 100_000_000L;
    static final long TTL_MAX_NS = 86_400_000_000_000L;
    static final int ACTS_MAX = 64;
    static final int NEVER_CONTAIN_MAX = 4_096;
    static final int ACTIVE_MAX = 65_536;
    static final int PER_MINUTE_MAX = 65_536;

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final int REASON_LENGTH_MAX = 256;

    private CatalogReader()
    {
    }

    static Catalog compile(final YamlMapping root) throws DocumentException
    {
        root.integer("version", null, 1, 1);
        final List<CompiledAct> acts = acts(root);
        final List<NeverContain> neverContain = neverContain(root);
        final YamlMapping budgets = root.mapping("budgets");
        final int activeMax = (int)budgets.integer("active_max", null, 1, ACTIVE_MAX);
        final int perMinuteMax = (int)budgets.integer("per_minute_max", null, 1, PER_MINUTE_MAX);
        budgets.finish();
        root.finish();
        return new Catalog(
            acts, neverContain, activeMax, perMinuteMax, canonical(acts, neverContain, activeMax, perMinuteMax), null);
    }

    private static List<CompiledAct> acts(final YamlMapping root) throws DocumentException
    {
        final List<CompiledAct> acts = new ArrayList<>();
        final Set<String> ids = new HashSet<>();
        final Set<String> scenarios = new HashSet<>();
        for (final YamlMapping entry : root.mappings("acts"))
        {
            final CompiledAct act = act(entry);
            if (!ids.add(act.id()))
            {
                throw entry.wrong("id", "is used twice: \"" + act.id() + "\"");
            }
            for (final String scenario : act.scenarios())
            {
                if (!scenarios.add(scenario))
                {
                    throw entry.wrong("scenarios", "names \"" + scenario + "\", which another act already answers; " +
                        "allowed: one act for each scenario");
                }
            }
            acts.add(act);
        }
        if (acts.isEmpty() || acts.size() > ACTS_MAX)
        {
            throw root.wrong("acts", "lists " + acts.size() + " acts; allowed: 1 to " + ACTS_MAX);
        }
        acts.sort(Comparator.comparing(CompiledAct::id));
        return acts;
    }

    private static CompiledAct act(final YamlMapping entry) throws DocumentException
    {
        final String id = entry.string("id");
        if (!ID.matcher(id).matches())
        {
            throw entry.wrong("id", "is \"" + id + "\"; allowed: 1 to 64 of a-z, 0-9 and -, not beginning with -");
        }
        if ("RS".equalsIgnoreCase(entry.string("ring")))
        {
            throw entry.wrong("ring", "is RS, the ring of safety systems, where nothing ever acts; allowed: 0, 1, 2");
        }

        final int ring = Integer.parseInt(entry.word("ring", null, List.of("0", "1", "2")));
        final List<String> scenarios = wordSet(entry, "scenarios", Catalog.SCENARIOS);
        final ActKind kind = ActKind.ofLabel(entry.word("kind", null, ActKind.labels()));
        final String mode = entry.word("mode", null, kind.modes());
        final long ttlNs = entry.durationNs("ttl", null, TTL_MIN_NS, TTL_MAX_NS);
        final String inverse = entry.word("inverse", null, kind.inverses());
        final List<ProbeKind> probes = wordSet(entry, "probes", kind.probes().stream().map(ProbeKind::label).toList())
            .stream().map(ProbeKind::ofLabel).sorted().toList();
        if (!probes.contains(ProbeKind.SUBJECT_BLOCKED))
        {
            throw entry.wrong("probes", "must name subject_blocked: no act is allowed whose effect nobody measures");
        }
        entry.finish();
        return new CompiledAct(id, ring, scenarios, kind, mode, ttlNs, inverse, probes);
    }

    private static List<String> wordSet(final YamlMapping entry, final String key, final List<String> allowed)
        throws DocumentException
    {
        final Set<String> words = new TreeSet<>();
        for (final String word : entry.strings(key))
        {
            if (!allowed.contains(word))
            {
                throw entry.wrong(key, "names \"" + word + "\"; allowed: " + String.join(", ", allowed));
            }
            if (!words.add(word))
            {
                throw entry.wrong(key, "names \"" + word + "\" twice");
            }
        }
        if (words.isEmpty())
        {
            throw entry.wrong(key, "is missing or empty; allowed: a list of " + String.join(", ", allowed));
        }
        return List.copyOf(words);
    }

    private static List<NeverContain> neverContain(final YamlMapping root) throws DocumentException
    {
        final List<NeverContain> entries = new ArrayList<>();
        for (final YamlMapping entry : root.mappings("never_contain"))
        {
            final String prefix = entry.string("prefix");
            final String reason = entry.string("reason", "protected by the catalog");
            if (reason.length() > REASON_LENGTH_MAX)
            {
                throw entry.wrong("reason", "is longer than " + REASON_LENGTH_MAX + " characters");
            }
            try
            {
                entries.add(NeverContain.of(prefix, reason));
            }
            catch (final IllegalArgumentException ex)
            {
                throw entry.wrong("prefix", "is \"" + prefix + "\": " + ex.getMessage() +
                    "; allowed: an address or prefix such as 198.18.0.0/24 or 2001:2::/48");
            }
            entry.finish();
        }
        if (entries.size() > NEVER_CONTAIN_MAX)
        {
            throw root.wrong("never_contain", "lists " + entries.size() + " entries; allowed: up to " +
                NEVER_CONTAIN_MAX);
        }
        entries.sort(Comparator.comparing((NeverContain entry) -> entry.prefix().toString())
            .thenComparing(NeverContain::reason));
        return entries;
    }

    private static byte[] canonical(
        final List<CompiledAct> acts, final List<NeverContain> neverContain, final int activeMax, final int perMinute)
    {
        return CanonicalJson.bytes(Map.of(
            "version", 1,
            "acts", acts.stream().map(CatalogReader::canonical).collect(Collectors.toList()),
            "never_contain", neverContain.stream()
                .map((entry) -> Map.of("prefix", entry.prefix().toString(), "reason", entry.reason()))
                .collect(Collectors.toList()),
            "budgets", Map.of("active_max", activeMax, "per_minute_max", perMinute)));
    }

    private static Map<String, Object> canonical(final CompiledAct act)
    {
        return Map.of(
            "id", act.id(),
            "ring", act.ring(),
            "scenarios", act.scenarios(),
            "kind", act.kind().label(),
            "mode", act.mode(),
            // 64-bit values are strings: canonical JSON has no integers beyond 2^53
            "ttl_ns", Long.toString(act.ttlNs()),
            "inverse", act.inverse(),
            "probes", act.probes().stream().map(ProbeKind::label).sorted().collect(Collectors.toList()));
    }
}
