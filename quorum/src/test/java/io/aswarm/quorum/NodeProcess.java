package io.aswarm.quorum;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A {@link MeshNodeMain} in a process of its own: it is told lines, and says lines. */
final class NodeProcess
{
    private static final long SAY_SECONDS_MAX = 60;
    private static final long POLL_MS = 50;

    private final String name;
    private final Path errors;
    private final Process process;
    private final Writer in;
    private final BlockingQueue<String> out = new LinkedBlockingQueue<>();
    private final List<String> said = new ArrayList<>();

    NodeProcess(final String name, final List<String> command, final Path errors) throws IOException
    {
        this.name = name;
        this.errors = errors;
        process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        in = process.outputWriter(StandardCharsets.US_ASCII);
        final Thread drain = new Thread(this::drain, "drain " + name);
        drain.setDaemon(true);
        drain.start();
    }

    private void drain()
    {
        try (BufferedReader reader =
            new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII)))
        {
            for (String line = reader.readLine(); null != line; line = reader.readLine())
            {
                out.add(line);
            }
        }
        catch (final IOException ignore)
        {
            // closed with the process
        }
    }

    /** As by kill -9. Does not end with an interrupt while the process lives on. */
    void kill()
    {
        process.destroyForcibly().onExit().join();
    }

    void tell(final String command) throws IOException
    {
        in.write(command + "\n");
        in.flush();
    }

    /** The next line that begins so. */
    String next(final String beginning) throws IOException, InterruptedException
    {
        String line;
        do
        {
            line = out.poll(SAY_SECONDS_MAX, TimeUnit.SECONDS);
            assertNotNull(line, name + " said nothing for a minute, before: " + said +
                "; its errors: " + Files.readString(errors));
            said.add(line);
        }
        while (!line.startsWith(beginning));
        return line;
    }

    /** Read on until it says this; an elevation on the way is one too many. */
    void await(final String expected) throws IOException, InterruptedException
    {
        String line = next("");
        while (!line.equals(expected))
        {
            assertTrue(!line.startsWith("elevation"), "expected \"" + expected + "\" but " + name + " said \"" + line +
                "\"");
            line = next("");
        }
    }

    /** Read on until it has said all of these, in any order. */
    void awaitAll(final String... expected) throws IOException, InterruptedException
    {
        final List<String> missing = new ArrayList<>(List.of(expected));
        while (!missing.isEmpty())
        {
            missing.remove(next(""));
        }
    }

    /** What it answers with a number. */
    long ask(final String question) throws IOException, InterruptedException
    {
        tell(question);
        return Long.parseLong(next(question + " ").substring(question.length() + 1));
    }

    /** Ask until the answer is this. */
    void awaitAnswer(final String question, final long value) throws IOException, InterruptedException
    {
        assertEquals(value, askUntil(question, (answer) -> answer == value), name + ": " + question);
    }

    /** Ask until the answer is more than this. */
    void awaitAnswerAbove(final String question, final long value) throws IOException, InterruptedException
    {
        final long last = askUntil(question, (answer) -> answer > value);
        assertTrue(last > value, name + ": " + question + ": " + last + " is not above " + value);
    }

    private long askUntil(final String question, final LongPredicate isIt) throws IOException, InterruptedException
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(SAY_SECONDS_MAX);
        long answer = ask(question);
        while (!isIt.test(answer) && System.nanoTime() - deadlineNs < 0)
        {
            Thread.sleep(POLL_MS);
            answer = ask(question);
        }
        return answer;
    }
}
