package io.aswarm.sketch;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** ARCHITECTURE.md has a row for each detector, and the tests that it names exist. */
class DetectorTableTest
{
    private static final Path DETECTORS = Path.of("src/main/java/io/aswarm/sketch");
    private static final Path TESTS = Path.of("src/test/java/io/aswarm/sketch");
    private static final Pattern ROW = Pattern.compile("^\\| `(\\w+Test)` \\|.*\\|([^|]+)\\|$", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");

    @Test
    void shouldListEachDetectorWithTestsThatExist() throws IOException
    {
        final Set<String> listed = new TreeSet<>();
        final Matcher row = ROW.matcher(Files.readString(Path.of("../ARCHITECTURE.md")));
        while (row.find())
        {
            listed.add(row.group(1));
            final Matcher test = NAME.matcher(row.group(2));
            int tests = 0;
            while (test.find())
            {
                assertTrue(Files.exists(TESTS.resolve(test.group(1) + ".java")), test.group(1));
                tests++;
            }
            assertTrue(tests > 0, row.group());
        }
        try (Stream<Path> sources = Files.list(DETECTORS))
        {
            assertEquals(
                sources.map((source) -> source.getFileName().toString()).filter((name) -> name.endsWith("Test.java"))
                    .map((name) -> name.replace(".java", "")).collect(Collectors.toCollection(TreeSet::new)),
                listed);
        }
    }
}
