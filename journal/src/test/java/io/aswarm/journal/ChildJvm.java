package io.aswarm.journal;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts a class of these tests in a JVM of its own, with the flags of this one. */
final class ChildJvm
{
    private ChildJvm()
    {
    }

    static Process start(final Path output, final Class<?> main, final String... arguments) throws IOException
    {
        return start(output, List.of(), main, arguments);
    }

    static Process start(
        final Path output, final List<String> flags, final Class<?> main, final String... arguments) throws IOException
    {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (final String argument : ManagementFactory.getRuntimeMXBean().getInputArguments())
        {
            if (argument.startsWith("--add-") || argument.startsWith("--enable-native") ||
                argument.startsWith("--sun-misc"))
            {
                command.add(argument);
            }
        }
        command.addAll(flags);
        command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
            main.getName()));
        command.addAll(List.of(arguments));
        final File file = output.toFile();
        return new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(file))
            .redirectError(ProcessBuilder.Redirect.appendTo(new File(file.getPath() + ".err")))
            .start();
    }
}
