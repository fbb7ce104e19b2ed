package io.aswarm.actuator;

import io.aswarm.trust.DocumentException;
import io.aswarm.trust.YamlMapping;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads one act of a catalog, and gives it the canonical form that is hashed and signed. A form for each version of the
 * document.
 */
abstract class ActReader
{
    static final long TTL_MIN_NS = 100_000_000L;
    static final long DAY_NS = 86_400_000_000_000L;

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    static ActReader of(final int version)
    {
        return 1 == version ? new ActReaderV1() : new ActReaderV2();
    }

    abstract int version();

    /** The key to be named where scenarios collide. */
    abstract String scenarioKey();

    abstract CompiledAct act(YamlMapping entry) throws DocumentException;

    abstract Map<String, Object> canonical(CompiledAct act);

    static String id(final YamlMapping entry) throws DocumentException
    {
        final String id = entry.string("id");
        if (!ID.matcher(id).matches())
        {
            throw entry.wrong("id", "is \"" + id + "\"; allowed: 1 to 64 of a-z, 0-9 and -, not beginning with -");
        }
        return id;
    }

    static int ring(final YamlMapping entry) throws DocumentException
    {
        if ("RS".equalsIgnoreCase(entry.string("ring")))
        {
            throw entry.wrong("ring", "is RS, the ring of safety systems, where nothing ever acts; allowed: 0, 1, 2");
        }
        return Integer.parseInt(entry.word("ring", null, List.of("0", "1", "2")));
    }

    static List<ProbeKind> probes(final YamlMapping entry, final ActKind kind, final Mode mode)
        throws DocumentException
    {
        final List<ProbeKind> probes = wordSet(
            entry, "probes", kind.probes(mode).stream().map(ProbeKind::label).toList())
            .stream().map(ProbeKind::ofLabel).sorted().toList();
        for (final ProbeKind required : kind.probesRequired())
        {
            if (!probes.contains(required))
            {
                throw entry.wrong("probes", "must name " + required.label() +
                    ": no act is allowed whose effect, and its bounds, nobody measures");
            }
        }
        return probes;
    }

    static List<String> wordSet(final YamlMapping entry, final String key, final List<String> allowed)
        throws DocumentException
    {
        return wordSet(entry, key, allowed, allowed::contains);
    }

    /** A list of distinct words; {@code examples} of those that are allowed are named where one is not. */
    static List<String> wordSet(
        final YamlMapping entry, final String key, final List<String> examples, final Predicate<String> isAllowed)
        throws DocumentException
    {
        final Set<String> words = new TreeSet<>();
        for (final String word : entry.strings(key))
        {
            if (!isAllowed.test(word))
            {
                throw entry.wrong(key, "names \"" + word + "\"; allowed: " + String.join(", ", examples));
            }
            if (!words.add(word))
            {
                throw entry.wrong(key, "names \"" + word + "\" twice");
            }
        }
        if (words.isEmpty())
        {
            throw entry.wrong(key, "is missing or empty; allowed: a list of " + String.join(", ", examples));
        }
        return List.copyOf(words);
    }

    static List<String> canonicalProbes(final CompiledAct act)
    {
        return act.probes().stream().map(ProbeKind::label).sorted().collect(Collectors.toList());
    }
}
