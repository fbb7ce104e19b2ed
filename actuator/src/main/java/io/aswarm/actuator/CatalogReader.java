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
import java.util.stream.Collectors;

/**
 * Compiles the catalog's document: every value typed and bounded, every name one that is known. Two versions of the
 * document are read: what an operator signed as version 1 keeps its hash and its signature.
 */
final class CatalogReader
{
    static final int VERSION_MAX = 2;
    static final int ACTS_MAX = 64;
    static final int NEVER_CONTAIN_MAX = 4_096;
    static final int ACTIVE_MAX = 65_536;
    static final int PER_MINUTE_MAX = 65_536;

    private static final int REASON_LENGTH_MAX = 256;

    private CatalogReader()
    {
    }

    static Catalog compile(final YamlMapping root) throws DocumentException
    {
        final ActReader reader = ActReader.of((int)root.integer("version", null, 1, VERSION_MAX));
        final List<CompiledAct> acts = acts(root, reader);
        final List<NeverContain> neverContain = neverContain(root);
        final YamlMapping budgets = root.mapping("budgets");
        final int activeMax = (int)budgets.integer("active_max", null, 1, ACTIVE_MAX);
        final int perMinuteMax = (int)budgets.integer("per_minute_max", null, 1, PER_MINUTE_MAX);
        budgets.finish();
        root.finish();
        final byte[] canonicalBytes = CanonicalJson.bytes(Map.of(
            "version", reader.version(),
            "acts", acts.stream().map(reader::canonical).collect(Collectors.toList()),
            "never_contain", neverContain.stream()
                .map((entry) -> Map.of("prefix", entry.prefix().toString(), "reason", entry.reason()))
                .collect(Collectors.toList()),
            "budgets", Map.of("active_max", activeMax, "per_minute_max", perMinuteMax)));
        return new Catalog(acts, neverContain, activeMax, perMinuteMax, canonicalBytes, null);
    }

    private static List<CompiledAct> acts(final YamlMapping root, final ActReader reader) throws DocumentException
    {
        final List<CompiledAct> acts = new ArrayList<>();
        final Set<String> ids = new HashSet<>();
        for (final YamlMapping entry : root.mappings("acts"))
        {
            final CompiledAct act = reader.act(entry);
            if (!ids.add(act.id()))
            {
                throw entry.wrong("id", "is used twice: \"" + act.id() + "\"");
            }
            for (final CompiledAct other : acts)
            {
                final String scenario = act.when().collision(other.when());
                if (null != scenario)
                {
                    throw entry.wrong(reader.scenarioKey(), "names \"" + scenario + "\", which another act already " +
                        "answers; allowed: one act for each scenario, role and verification of its subject");
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
}
