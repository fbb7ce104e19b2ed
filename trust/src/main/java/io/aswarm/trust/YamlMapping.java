package io.aswarm.trust;

import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One mapping of a strictly read document. Each key is taken once, with its type and bounds; {@link #finish()} then
 * refuses what nobody took, by name and line, and lists what is allowed there.
 */
public final class YamlMapping
{
    private final Object source;
    private final String path;
    private final int line;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Integer> lineByKey = new LinkedHashMap<>();
    private final Set<String> known = new TreeSet<>();

    YamlMapping(final Object source, final String path, final Node node) throws DocumentException
    {
        this.source = source;
        this.path = path;
        this.line = lineOf(node);
        if (!(node instanceof MappingNode))
        {
            throw fault(line, path.isEmpty() ? "the document must be a mapping of keys to values" :
                "\"" + path + "\" must be a mapping of keys to values");
        }

        for (final NodeTuple tuple : ((MappingNode)node).getValue())
        {
            if (!(tuple.getKeyNode() instanceof ScalarNode))
            {
                throw fault(lineOf(tuple.getKeyNode()), "a key must be plain text");
            }
            final String key = ((ScalarNode)tuple.getKeyNode()).getValue();
            if (null != values.put(key, tuple.getValueNode()))
            {
                throw fault(lineOf(tuple.getKeyNode()), "key \"" + key + "\" is given twice");
            }
            lineByKey.put(key, lineOf(tuple.getKeyNode()));
        }
    }

    /**
     * Is this key present? Also makes it known.
     *
     * @param key asked for.
     * @return true if the document has it.
     */
    public boolean has(final String key)
    {
        known.add(key);
        return values.containsKey(key);
    }

    /**
     * Text that must be present.
     *
     * @param key to take.
     * @return its value, not empty.
     * @throws DocumentException when it is missing, empty, or not text.
     */
    public String string(final String key) throws DocumentException
    {
        final String value = scalar(key, required(key));
        if (value.isEmpty())
        {
            throw wrong(key, "must not be empty");
        }
        return value;
    }

    /**
     * Text with a default.
     *
     * @param key      to take.
     * @param fallback when the key is absent.
     * @return its value.
     * @throws DocumentException when it is not text.
     */
    public String string(final String key, final String fallback) throws DocumentException
    {
        return has(key) ? string(key) : fallback;
    }

    /**
     * One word of a list, with a default.
     *
     * @param key      to take.
     * @param fallback when the key is absent; null makes the key required.
     * @param allowed  words.
     * @return one of the allowed words.
     * @throws DocumentException naming the allowed words.
     */
    public String word(final String key, final String fallback, final List<String> allowed) throws DocumentException
    {
        final String value = null == fallback ? string(key) : string(key, fallback);
        if (!allowed.contains(value))
        {
            throw wrong(key, "is \"" + value + "\"; allowed: " + String.join(", ", allowed));
        }
        return value;
    }

    /**
     * A whole number within bounds.
     *
     * @param key      to take.
     * @param fallback when the key is absent; null makes the key required.
     * @param min      allowed.
     * @param max      allowed.
     * @return the value.
     * @throws DocumentException naming the bounds.
     */
    public long integer(final String key, final Long fallback, final long min, final long max) throws DocumentException
    {
        if (!has(key) && null != fallback)
        {
            return fallback;
        }

        final String text = scalar(key, required(key));
        try
        {
            final long value = Long.parseLong(text.replace("_", ""));
            if (value >= min && value <= max)
            {
                return value;
            }
        }
        catch (final NumberFormatException ignore)
        {
            // said below, with the bounds
        }
        throw wrong(key, "is \"" + text + "\"; allowed: a whole number from " + min + " to " + max);
    }

    /**
     * A number within bounds.
     *
     * @param key      to take.
     * @param fallback when the key is absent; null makes the key required.
     * @param min      allowed.
     * @param max      allowed.
     * @return the value.
     * @throws DocumentException naming the bounds.
     */
    public double number(final String key, final Double fallback, final double min, final double max)
        throws DocumentException
    {
        if (!has(key) && null != fallback)
        {
            return fallback;
        }

        final String text = scalar(key, required(key));
        try
        {
            final double value = Double.parseDouble(text);
            if (value >= min && value <= max)
            {
                return value;
            }
        }
        catch (final NumberFormatException ignore)
        {
            // said below, with the bounds
        }
        throw wrong(key, "is \"" + text + "\"; allowed: a number from " + min + " to " + max);
    }

    /**
     * A truth value.
     *
     * @param key      to take.
     * @param fallback when the key is absent.
     * @return the value.
     * @throws DocumentException when it is neither true nor false.
     */
    public boolean bool(final String key, final boolean fallback) throws DocumentException
    {
        return "true".equals(word(key, String.valueOf(fallback), List.of("true", "false")));
    }

    /**
     * A duration with its unit: {@code 250us}, {@code 10ms}, {@code 30s}, {@code 5m}, {@code 1h}.
     *
     * @param key        to take.
     * @param fallbackNs when the key is absent; null makes the key required.
     * @param minNs      allowed.
     * @param maxNs      allowed.
     * @return nanoseconds.
     * @throws DocumentException naming the form and the bounds.
     */
    public long durationNs(final String key, final Long fallbackNs, final long minNs, final long maxNs)
        throws DocumentException
    {
        if (!has(key) && null != fallbackNs)
        {
            return fallbackNs;
        }

        return durationNs(key, required(key), minNs, maxNs);
    }

    /**
     * One duration, or a list of them.
     *
     * @param key   to take; required.
     * @param minNs allowed for each.
     * @param maxNs allowed for each.
     * @return nanoseconds, in the order of the document; empty for an empty list.
     * @throws DocumentException naming the form and the bounds.
     */
    public List<Long> durationsNs(final String key, final long minNs, final long maxNs) throws DocumentException
    {
        final List<Long> result = new ArrayList<>();
        for (final Node item : required(key) instanceof SequenceNode ? items(key) : List.of(required(key)))
        {
            result.add(durationNs(key, item, minNs, maxNs));
        }
        return result;
    }

    /**
     * A list of texts.
     *
     * @param key to take; absent means empty.
     * @return the texts in order.
     * @throws DocumentException when it is not a list of texts.
     */
    public List<String> strings(final String key) throws DocumentException
    {
        final List<String> result = new ArrayList<>();
        for (final Node item : items(key))
        {
            result.add(scalar(key, item));
        }
        return result;
    }

    /**
     * A mapping inside this one.
     *
     * @param key to take.
     * @return the mapping; where the key is absent, an empty one, so that its own required keys are then missed.
     * @throws DocumentException when it is not a mapping.
     */
    public YamlMapping mapping(final String key) throws DocumentException
    {
        final Node node = has(key) ? values.get(key) :
            new MappingNode(org.snakeyaml.engine.v2.nodes.Tag.MAP, new ArrayList<>(),
            org.snakeyaml.engine.v2.common.FlowStyle.BLOCK);
        return new YamlMapping(source, below(key), node);
    }

    /**
     * A list of mappings.
     *
     * @param key to take; absent means empty.
     * @return the mappings in order.
     * @throws DocumentException when it is not a list of mappings.
     */
    public List<YamlMapping> mappings(final String key) throws DocumentException
    {
        final List<YamlMapping> result = new ArrayList<>();
        for (final Node item : items(key))
        {
            result.add(new YamlMapping(source, below(key) + "[" + result.size() + "]", item));
        }
        return result;
    }

    /**
     * The names of all keys, for mappings whose keys are data.
     *
     * @return the keys in the order of the document; all become known.
     */
    public Set<String> keys()
    {
        known.addAll(values.keySet());
        return values.keySet();
    }

    /**
     * Refuse every key that was not taken.
     *
     * @throws DocumentException with the first unknown key, its line and the keys that are allowed.
     */
    public void finish() throws DocumentException
    {
        for (final String key : values.keySet())
        {
            if (!known.contains(key))
            {
                throw fault(lineByKey.get(key), "unknown key \"" + below(key) + "\"; allowed here: " +
                    String.join(", ", known));
            }
        }
    }

    /**
     * A fault of the value at a key, for checks that the caller makes.
     *
     * @param key  whose value is wrong.
     * @param what is wrong, and what is allowed.
     * @return the exception to be thrown.
     */
    public DocumentException wrong(final String key, final String what)
    {
        final Node node = values.get(key);
        return fault(null == node ? line : lineOf(node), "\"" + below(key) + "\" " + what);
    }

    private Node required(final String key) throws DocumentException
    {
        if (!has(key))
        {
            throw fault(line, "key \"" + below(key) + "\" is missing");
        }
        return values.get(key);
    }

    private List<Node> items(final String key) throws DocumentException
    {
        if (!has(key))
        {
            return List.of();
        }
        final Node node = values.get(key);
        if (!(node instanceof SequenceNode))
        {
            throw wrong(key, "must be a list");
        }
        return ((SequenceNode)node).getValue();
    }

    private long durationNs(final String key, final Node node, final long minNs, final long maxNs)
        throws DocumentException
    {
        final String text = scalar(key, node);
        final long durationNs = DurationText.parseNs(text);
        if (durationNs >= 0 && durationNs >= minNs && durationNs <= maxNs)
        {
            return durationNs;
        }
        throw fault(lineOf(node), "\"" + below(key) + "\" is \"" + text +
            "\"; allowed: a duration such as 250us, 10ms, 30s, 5m or 1h, from " + DurationText.of(minNs) + " to " +
            DurationText.of(maxNs));
    }

    private String scalar(final String key, final Node node) throws DocumentException
    {
        if (!(node instanceof ScalarNode))
        {
            throw fault(lineOf(node), "\"" + below(key) + "\" must be a plain value");
        }
        return ((ScalarNode)node).getValue();
    }

    private DocumentException fault(final int atLine, final String what)
    {
        return new DocumentException(source, atLine, what);
    }

    private String below(final String key)
    {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static int lineOf(final Node node)
    {
        return node.getStartMark().map((mark) -> mark.getLine() + 1).orElse(0);
    }
}
