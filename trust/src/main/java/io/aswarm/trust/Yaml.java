package io.aswarm.trust;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads a YAML 1.2 document (JSON is a subset) strictly: one document, no duplicate keys, no aliases, bounded in
 * size and depth.
 */
public final class Yaml
{
    /** Longest document accepted, in bytes. */
    public static final int LENGTH_MAX = 1 << 20;

    /** Deepest nesting accepted; the composer calls itself once for each level. */
    public static final int DEPTH_MAX = 64;

    private Yaml()
    {
    }

    /**
     * Read a document from a file.
     *
     * @param file with the document.
     * @return its outermost mapping.
     * @throws DocumentException when it cannot be read or is not a mapping.
     */
    public static YamlMapping read(final Path file) throws DocumentException
    {
        return parse(file, DocumentText.read(file, LENGTH_MAX));
    }

    /**
     * Parse a document from text.
     *
     * @param source name used in messages.
     * @param text   of the document.
     * @return its outermost mapping.
     * @throws DocumentException when it is not well formed or not a mapping.
     */
    public static YamlMapping parse(final Object source, final String text) throws DocumentException
    {
        final LoadSettings settings = LoadSettings.builder()
            .setLabel(source.toString())
            .setAllowDuplicateKeys(false)
            .setMaxAliasesForCollections(0)
            .setCodePointLimit(LENGTH_MAX)
            .build();
        try
        {
            checkDepth(source, new Parse(settings).parseString(text));
            final Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty())
            {
                throw new DocumentException(source, 1, "the document is empty");
            }
            return new YamlMapping(source, "", root.get());
        }
        catch (final MarkedYamlEngineException ex)
        {
            final int line = ex.getProblemMark().map((mark) -> mark.getLine() + 1).orElse(0);
            throw new DocumentException(source, line, "not well-formed YAML: " + ex.getProblem());
        }
        catch (final YamlEngineException ex)
        {
            throw new DocumentException(source, 0, "not well-formed YAML: " + ex.getMessage());
        }
    }

    private static void checkDepth(final Object source, final Iterable<Event> events) throws DocumentException
    {
        int depth = 0;
        for (final Event event : events)
        {
            depth += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
            if (depth > DEPTH_MAX)
            {
                final int line = event.getStartMark().map((mark) -> mark.getLine() + 1).orElse(0);
                throw new DocumentException(source, line, "nested deeper than " + DEPTH_MAX + " levels");
            }
        }
    }
}
