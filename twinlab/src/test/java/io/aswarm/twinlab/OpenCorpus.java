package io.aswarm.twinlab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aswarm.dataplane.ExitCode;
import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Recordings that nobody here made: at {@code ASWARM_CORPUS}, else beside the checkout. Without them tests skip.
 */
final class OpenCorpus
{
    private OpenCorpus()
    {
    }

    static Path directory()
    {
        final String named = System.getenv("ASWARM_CORPUS");
        final Path corpus = Path.of(null == named ? "../../shared/corpus/open" : named).toAbsolutePath().normalize();
        assumeTrue(Files.isDirectory(corpus), () -> "no corpus at " + corpus + "; set ASWARM_CORPUS");
        return corpus;
    }

    /** The report of {@code aswarm evaluate} over all of it. */
    static JsonNode evaluate(final String... options) throws IOException
    {
        final Path manifest = directory().resolve("MANIFEST.tsv");
        assumeTrue(Files.isReadable(manifest), () -> manifest + " cannot be read");
        final List<String> arguments = new ArrayList<>(List.of("--json", "--manifest", manifest.toString()));
        arguments.addAll(List.of(options));

        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final int status = new CommandLine(new EvaluateCommand())
            .setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true))
            .execute(arguments.toArray(new String[0]));
        assertEquals(ExitCode.OK, status, err.toString());
        return new ObjectMapper().readTree(out.toString());
    }
}
