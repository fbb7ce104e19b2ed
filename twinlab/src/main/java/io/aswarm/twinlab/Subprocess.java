package io.aswarm.twinlab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program to its end, without a shell, and says what it said when it failed.
 */
final class Subprocess
{
    private static final long TIMEOUT_S = 60;

    private Subprocess()
    {
    }

    /**
     * Run a program.
     *
     * @param input   for its standard input.
     * @param command name and arguments.
     * @return its standard output and error, together.
     * @throws IOException when it cannot be started, takes longer than a minute or ends with a status other than 0.
     */
    static String run(final String input, final String... command) throws IOException
    {
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try
        {
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS))
            {
                throw new IOException(String.join(" ", command) + " did not end within " + TIMEOUT_S + " s");
            }
            if (0 != process.exitValue())
            {
                throw new IOException(String.join(" ", command) + " ended with status " + process.exitValue() + ": " +
                    output.strip());
            }
            return output;
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + String.join(" ", command), ex);
        }
        finally
        {
            process.destroyForcibly();
        }
    }

    /** Feed lines to {@code ip -batch}, in one namespace or, with null, in that of this process. */
    static void ipBatch(final String namespace, final List<String> lines) throws IOException
    {
        final String input = String.join("\n", lines) + "\n";
        if (null == namespace)
        {
            run(input, "ip", "-batch", "-");
        }
        else
        {
            run(input, "ip", "-n", namespace, "-batch", "-");
        }
    }
}
