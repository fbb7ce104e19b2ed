package io.aswarm.twinlab;

import io.aswarm.dataplane.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SimulateCommandTest
{
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void shouldPrintALineForEachSizeAndTheSum()
    {
        assertEquals(ExitCode.OK, run("--nodes", "4,9", "--weather", "calm"));
        final String[] lines = out.toString().split("\n");
        assertEquals(4, lines.length);
        assertTrue(lines[1].startsWith(SimulatedDrill.LINE_PREFIX + "     4"), lines[1]);
        assertTrue(lines[2].startsWith(SimulatedDrill.LINE_PREFIX + "     9"), lines[2]);
        assertTrue(lines[3].startsWith("2 sites simulated, 0 with violations"), lines[3]);
    }

    @Test
    void shouldSayWhatFailedAndHowToSeeItAgain()
    {
        assertEquals(ExitCode.NEGATIVE, run("--nodes", "5", "--seeds", "20", "--liars", "4"));
        assertTrue(out.toString().contains("VIOLATION at "), out.toString());
        assertTrue(out.toString().contains("replay: aswarm simulate --nodes 5 --seed "), out.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--nodes 1 | --nodes is 1; allowed: 2 to 10000",
        "--nodes 10001 | --nodes is 10001; allowed: 2 to 10000",
        "--nodes 4 --liars 4 | --liars is 4; allowed: 0 or more, fewer than the nodes",
        "--nodes 4 --liars -2 | --liars is -2; allowed: 0 or more, fewer than the nodes",
        "--seeds -1 | --seeds is -1; allowed: 1 or more",
        "--followed -3 | --followed is -3; allowed: 1 or more",
        "--weather windy | --weather is windy; allowed: calm, rough",
        "--nodes 10000 --followed 10000 | or follow fewer nodes by --followed"})
    void shouldSayWhatIsAllowed(final String options, final String expected)
    {
        assertEquals(ExitCode.USAGE, run(options.split(" ")));
        assertTrue(err.toString().contains(expected), err.toString());
    }

    private int run(final String... options)
    {
        return new CommandLine(new SimulateCommand())
            .setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(options);
    }
}
