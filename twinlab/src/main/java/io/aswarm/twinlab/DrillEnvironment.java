package io.aswarm.twinlab;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Whether this machine lets a drill begin, looked up without changing anything.
 */
final class DrillEnvironment
{
    private static final List<String> TOOLS = List.of("ip", "mount", "umount");

    private DrillEnvironment()
    {
    }

    /** Why not, in one line; null when nothing stands against it. */
    static String refusal()
    {
        if (!System.getProperty("os.name", "").equals("Linux"))
        {
            return "this is not Linux";
        }
        final String user = effectiveUser();
        if (!"0".equals(user))
        {
            return "not root (effective user id " + user + "): namespaces and XDP need it";
        }
        for (final String tool : TOOLS)
        {
            if (!onPath(tool))
            {
                return "the program \"" + tool + "\" is not installed";
            }
        }
        return Files.isReadable(Path.of("/proc/self/ns/net")) ? null : "the kernel has no network namespaces";
    }

    private static String effectiveUser()
    {
        try
        {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter((line) -> line.startsWith("Uid:"))
                .map((line) -> line.split("\\s+", -1)[2])
                .findFirst().orElse("unknown");
        }
        catch (final IOException ex)
        {
            return "unknown";
        }
    }

    private static boolean onPath(final String tool)
    {
        for (final String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, tool)))
            {
                return true;
            }
        }
        return false;
    }
}
