package io.aswarm.twinlab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/**
 * What one drill puts on the machine, written down before it is made: {@code /run/aswarm/drill-ID/manifest}, one line
 * each. Whoever finds it after the owner died, even by SIGKILL, can remove exactly that and nothing else.
 * <pre>
 * owner PID START | namespace NAME | process PID START | mount PATH | kept
 * </pre>
 * Lines are appended with one write each. Written by the drill's own thread.
 */
final class RunManifest
{
    static final Path BASE = Path.of("/run/aswarm");
    private static final String DIRECTORY_PREFIX = "drill-";
    private static final String FILE = "manifest";
    private static final Path NETNS = Path.of("/run/netns");

    private final Path directory;

    private RunManifest(final Path directory)
    {
        this.directory = directory;
    }

    /** Make the directory of a new drill, owned by this process. */
    static RunManifest create(final Path base) throws IOException
    {
        final byte[] id = new byte[3];
        new java.security.SecureRandom().nextBytes(id);
        final RunManifest manifest =
            new RunManifest(base.resolve(DIRECTORY_PREFIX + HexFormat.of().formatHex(id)));
        Files.createDirectories(base);
        Files.createDirectory(manifest.directory);
        final ProcessIdentity self = ProcessIdentity.self();
        manifest.append("owner " + self.pid() + " " + self.startTicks());
        return manifest;
    }

    /** Those of earlier drills whose owner no longer lives, except kept ones unless asked for. */
    static List<RunManifest> abandoned(final Path base, final boolean keptToo) throws IOException
    {
        final List<RunManifest> result = new ArrayList<>();
        if (!Files.isDirectory(base))
        {
            return result;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(base, DIRECTORY_PREFIX + "*"))
        {
            for (final Path entry : entries)
            {
                final RunManifest manifest = new RunManifest(entry);
                final List<String> lines = manifest.lines();
                if (!ownerLives(lines) && (keptToo || !lines.contains("kept")))
                {
                    result.add(manifest);
                }
            }
        }
        return result;
    }

    Path directory()
    {
        return directory;
    }

    String runId()
    {
        return directory.getFileName().toString().substring(DIRECTORY_PREFIX.length());
    }

    void namespace(final String name) throws IOException
    {
        append("namespace " + name);
    }

    void process(final long pid) throws IOException
    {
        final ProcessIdentity identity = ProcessIdentity.of(pid);
        if (null != identity)
        {
            append("process " + identity.pid() + " " + identity.startTicks());
        }
    }

    void mount(final Path path) throws IOException
    {
        append("mount " + path);
    }

    /** Later drills leave this one alone. */
    void keep() throws IOException
    {
        append("kept");
    }

    /**
     * Remove everything that the manifest names: processes first, then mounts, namespaces and the directory, which
     * stays with the manifest when something else does, so that this can be called again.
     *
     * @return a line for each thing that could not be removed.
     */
    List<String> cleanUp()
    {
        final List<String> failures = new ArrayList<>();
        final List<String> lines = lines();
        killProcesses(lines, failures);
        final List<String> backwards = new ArrayList<>(lines);
        Collections.reverse(backwards);
        for (final String line : backwards)
        {
            try
            {
                undo(line.split(" ", 2));
            }
            catch (final IOException ex)
            {
                failures.add(line + ": " + ex.getMessage());
            }
        }
        if (!failures.isEmpty())
        {
            // the next clean-up needs the manifest
            return failures;
        }

        try
        {
            TemporaryDirectory.delete(directory);
        }
        catch (final IOException ex)
        {
            failures.add(directory + ": " + ex.getMessage());
        }
        return failures;
    }

    private void killProcesses(final List<String> lines, final List<String> failures)
    {
        final List<ProcessIdentity> processes = new ArrayList<>();
        for (final String line : lines)
        {
            final String[] words = line.split(" ", -1);
            if (3 == words.length && "process".equals(words[0]))
            {
                processes.add(new ProcessIdentity(Long.parseLong(words[1]), Long.parseLong(words[2])));
            }
        }
        try
        {
            // a node that was started in the moment in which its drill was killed is not in the manifest yet, but
            // its configuration lies in this directory
            processes.addAll(ProcessIdentity.withArgument("--config\0" + directory + "/"));
        }
        catch (final IOException ex)
        {
            failures.add("/proc: " + ex.getMessage());
        }

        for (final ProcessIdentity process : processes)
        {
            process.kill();
            if (process.isAlive())
            {
                failures.add("process " + process.pid() + " survives SIGKILL");
            }
        }
    }

    private static void undo(final String[] words) throws IOException
    {
        if ("mount".equals(words[0]) && Leftovers.mounts().contains(words[1]))
        {
            Subprocess.run("", "umount", words[1]);
        }
        else if ("namespace".equals(words[0]) && Files.exists(NETNS.resolve(words[1])))
        {
            Subprocess.run("", "ip", "netns", "delete", words[1]);
        }
    }

    private static boolean ownerLives(final List<String> lines)
    {
        for (final String line : lines)
        {
            final String[] words = line.split(" ", -1);
            if (3 == words.length && "owner".equals(words[0]))
            {
                return new ProcessIdentity(Long.parseLong(words[1]), Long.parseLong(words[2])).isAlive();
            }
        }
        return false;
    }

    private List<String> lines()
    {
        try
        {
            return Files.readAllLines(directory.resolve(FILE), StandardCharsets.UTF_8);
        }
        catch (final IOException ex)
        {
            // killed between making the directory and its first line: there is nothing else to remove
            return List.of();
        }
    }

    private void append(final String line) throws IOException
    {
        Files.writeString(directory.resolve(FILE), line + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
    }
}
