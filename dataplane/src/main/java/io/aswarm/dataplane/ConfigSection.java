package io.aswarm.dataplane;

import io.aswarm.trust.DocumentException;
import io.aswarm.trust.Yaml;
import io.aswarm.trust.YamlMapping;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One mapping of the configuration, read to its end: a fault is written down and a stand-in value returned, so that an
 * operator sees all faults at once. Nothing built from a configuration with faults is ever used.
 */
final class ConfigSection
{
    /** A value that says that something is not there. */
    static final String NONE = "none";

    /** What all sections of one document share. */
    private static final class Ledger
    {
        private final List<String> faults = new ArrayList<>();
        private final Set<String> keys = new LinkedHashSet<>();
    }

    private final YamlMapping mapping;
    private final String path;
    private final Ledger ledger;
    private final Set<String> known = new TreeSet<>();
    private final Set<String> present;
    private final boolean silent;

    private ConfigSection(
        final YamlMapping mapping,
        final Set<String> present,
        final String path,
        final Ledger ledger,
        final boolean silent)
    {
        this.mapping = mapping;
        this.present = present;
        this.path = path;
        this.ledger = ledger;
        this.silent = silent;
    }

    /**
     * The outermost section of a file.
     *
     * @param file to be read.
     * @return the section.
     * @throws DocumentException when the file cannot be read as a mapping at all.
     */
    static ConfigSection read(final Path file) throws DocumentException
    {
        // keys() makes every key known; it is asked of a twin so that finish() can still refuse the unknown ones
        return new ConfigSection(Yaml.read(file), Yaml.read(file).keys(), "", new Ledger(), false);
    }

    static ConfigSection parse(final Object source, final String text) throws DocumentException
    {
        return new ConfigSection(Yaml.parse(source, text), Yaml.parse(source, text).keys(), "", new Ledger(), false);
    }

    List<String> faults()
    {
        return ledger.faults;
    }

    /** Every key that was asked for so far, as a dotted path; entries of lists are written {@code name[]}. */
    Set<String> keysAskedFor()
    {
        return ledger.keys;
    }

    boolean has(final String key)
    {
        know(key);
        return mapping.has(key);
    }

    String string(final String key)
    {
        know(key);
        return attempt(() -> mapping.string(key), "?");
    }

    String string(final String key, final String fallback)
    {
        know(key);
        return attempt(() -> mapping.string(key, fallback), fallback);
    }

    String word(final String key, final String fallback, final List<String> allowed)
    {
        know(key);
        return attempt(() -> mapping.word(key, fallback, allowed), allowed.get(0));
    }

    boolean bool(final String key, final boolean fallback)
    {
        know(key);
        return attempt(() -> mapping.bool(key, fallback), fallback);
    }

    long integer(final String key, final Long fallback, final long min, final long max)
    {
        know(key);
        return attempt(() -> mapping.integer(key, fallback, min, max), min);
    }

    double number(final String key, final Double fallback, final double min, final double max)
    {
        know(key);
        return attempt(() -> mapping.number(key, fallback, min, max), min);
    }

    long durationNs(final String key, final Long fallbackNs, final long minNs, final long maxNs)
    {
        know(key);
        return attempt(() -> mapping.durationNs(key, fallbackNs, minNs, maxNs), minNs);
    }

    long powerOfTwo(final String key, final int fallback, final int min, final int max)
    {
        final long value = integer(key, (long)fallback, min, max);
        if (Long.bitCount(value) != 1)
        {
            wrong(key, "is " + value + "; allowed: a power of two from " + min + " to " + max);
        }
        return value;
    }

    Path path(final String key, final Path base)
    {
        return base.resolve(string(key)).normalize();
    }

    Path path(final String key, final String fallback, final Path base)
    {
        return base.resolve(string(key, fallback)).normalize();
    }

    /** As {@link #path(String, String, Path)}, and null where the value is {@link #NONE}. */
    Path optionalPath(final String key, final String fallback, final Path base)
    {
        final String text = string(key, fallback);
        return NONE.equals(text) ? null : base.resolve(text).normalize();
    }

    List<String> strings(final String key)
    {
        know(key);
        return attempt(() -> mapping.strings(key), List.of());
    }

    ConfigSection section(final String key)
    {
        know(key);
        final String childPath = below(key);
        try
        {
            final Set<String> keys = mapping.mapping(key).keys();
            return new ConfigSection(mapping.mapping(key), keys, childPath, ledger, silent);
        }
        catch (final DocumentException ex)
        {
            note(ex);
            return new ConfigSection(empty(), Set.of(), childPath, ledger, true);
        }
    }

    List<ConfigSection> sections(final String key)
    {
        know(key);
        final List<ConfigSection> result = new ArrayList<>();
        try
        {
            final List<YamlMapping> items = mapping.mappings(key);
            final List<YamlMapping> twins = mapping.mappings(key);
            for (int i = 0; i < items.size(); i++)
            {
                result.add(new ConfigSection(items.get(i), twins.get(i).keys(), below(key) + "[]", ledger, silent));
            }
        }
        catch (final DocumentException ex)
        {
            note(ex);
        }
        return result;
    }

    void wrong(final String key, final String what)
    {
        note(mapping.wrong(key, what));
    }

    /** Refuse every key that was not asked for. */
    void finish()
    {
        try
        {
            mapping.finish();
            return;
        }
        catch (final DocumentException ex)
        {
            note(ex);
        }

        // finish() names the first; the others follow
        present.stream().filter((key) -> !known.contains(key)).skip(1).forEach((key) -> note(
            mapping.wrong(key, "is an unknown key; allowed here: " + String.join(", ", known))));
    }

    private void know(final String key)
    {
        known.add(key);
        ledger.keys.add(below(key));
    }

    private String below(final String key)
    {
        return path.isEmpty() ? key : path + "." + key;
    }

    private void note(final DocumentException ex)
    {
        if (!silent)
        {
            ledger.faults.add(ex.getMessage());
        }
    }

    private <T> T attempt(final Reading<T> reading, final T standIn)
    {
        try
        {
            return reading.read();
        }
        catch (final DocumentException ex)
        {
            note(ex);
            return standIn;
        }
    }

    private static YamlMapping empty()
    {
        try
        {
            return Yaml.parse("", "{}");
        }
        catch (final DocumentException ex)
        {
            throw new IllegalStateException("an empty mapping is well formed", ex);
        }
    }

    /** One attempt to take a value. */
    private interface Reading<T>
    {
        T read() throws DocumentException;
    }
}
