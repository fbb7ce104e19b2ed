package io.aswarm.twinlab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks on the machine for what a drill may have left behind, without asking its manifest: namespaces, processes,
 * mounts, pins, files and links.
 */
final class Leftovers
{
    private Leftovers()
    {
    }

    /**
     * Search.
     *
     * @param manifest of the drill, of which only the name is used.
     * @return a line for each thing found; empty is what should be.
     * @throws IOException when the machine cannot be searched.
     */
    static List<String> find(final RunManifest manifest) throws IOException
    {
        final List<String> found = new ArrayList<>();
        final String prefix = RackPlan.NAMESPACE_PREFIX + manifest.runId() + "-";
        for (final String line : Subprocess.run("", "ip", "netns", "list").split("\n", -1))
        {
            if (line.startsWith(prefix))
            {
                found.add("namespace " + line.strip());
            }
        }

        final String directory = manifest.directory().toString();
        for (final ProcessIdentity process : ProcessIdentity.withArgument("--config\0" + directory + "/"))
        {
            found.add("process " + process.pid());
        }
        for (final String mount : mounts())
        {
            if (mount.startsWith(directory))
            {
                found.add("mount " + mount);
            }
        }
        if (Files.exists(manifest.directory()))
        {
            found.add("directory " + directory);
        }
        // the drill makes all links inside namespaces: one out here would have escaped its namespace
        for (final String line : Subprocess.run("", "ip", "-o", "link", "show", "type", "veth").split("\n", -1))
        {
            if (line.contains(prefix))
            {
                found.add("link " + line.strip());
            }
        }
        return found;
    }

    /** Mount points of this process' mount namespace. */
    static List<String> mounts() throws IOException
    {
        final List<String> points = new ArrayList<>();
        for (final String line : Files.readAllLines(Path.of("/proc/self/mounts")))
        {
            final String[] fields = line.split(" ", -1);
            if (fields.length > 1)
            {
                points.add(fields[1]);
            }
        }
        return points;
    }
}
