package io.aswarm.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a journal in the order of their entries. A file that was set aside as damaged keeps its name with a
 * number behind it, and comes before the file that took its place.
 */
final class JournalSegments
{
    private static final Pattern NAME = Pattern.compile("([0-9]{8}[-0-9A-Z]*\\.cq4)(?:\\.damaged-([0-9]{6}))?");
    private static final String LAST = "~";

    private JournalSegments()
    {
    }

    static List<Path> list(final Path directory) throws IOException
    {
        try (Stream<Path> files = Files.list(directory))
        {
            return files.filter((file) -> NAME.matcher(name(file)).matches())
                .sorted((a, b) -> order(a).compareTo(order(b)))
                .toList();
        }
    }

    /**
     * Is this a file that the queue itself still uses?
     *
     * @param segment to be judged.
     * @return false if it was set aside.
     */
    static boolean isInUse(final Path segment)
    {
        return name(segment).endsWith(".cq4");
    }

    static Path setAsideName(final Path segment)
    {
        for (int i = 1; true; i++)
        {
            final Path aside = segment.resolveSibling(name(segment) + String.format(".damaged-%06d", i));
            if (!Files.exists(aside))
            {
                return aside;
            }
        }
    }

    static String order(final Path segment)
    {
        final Matcher matcher = NAME.matcher(name(segment));
        if (!matcher.matches())
        {
            throw new IllegalArgumentException("file=" + segment);
        }
        return matcher.group(1) + (null == matcher.group(2) ? LAST : matcher.group(2));
    }

    private static String name(final Path file)
    {
        return file.getFileName().toString();
    }
}
