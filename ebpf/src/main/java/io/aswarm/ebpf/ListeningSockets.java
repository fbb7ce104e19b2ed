package io.aswarm.ebpf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which processes hold a socket that listens over TCP, as {@code /proc} shows it: {@code net/tcp} of a process names
 * the sockets of its network namespace with their inodes, {@code fd} those that it holds (proc_pid_fd(5)). Each
 * namespace is read once, so this is a picture of one moment.
 */
final class ListeningSockets
{
    private static final String[] TABLES = {"net/tcp", "net/tcp6"};
    private static final int STATE_COLUMN = 3;
    private static final int INODE_COLUMN = 9;
    private static final String LISTENING = "0A";

    private final Map<Integer, Set<String>> byNamespace = new HashMap<>();

    /**
     * Whether a process holds one.
     *
     * @param directory        of the process below {@code /proc}.
     * @param networkNamespace of the process, its inode.
     * @return false also when it ended meanwhile or may not be looked at.
     */
    boolean isHeldBy(final Path directory, final int networkNamespace)
    {
        final Set<String> sockets = byNamespace.computeIfAbsent(networkNamespace, (key) -> listening(directory));
        if (sockets.isEmpty())
        {
            return false;
        }
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(directory.resolve("fd")))
        {
            for (final Path each : descriptors)
            {
                if (sockets.contains(target(each)))
                {
                    return true;
                }
            }
        }
        catch (final IOException ex)
        {
            return false;
        }
        return false;
    }

    private static Set<String> listening(final Path directory)
    {
        final Set<String> sockets = new HashSet<>();
        for (final String table : TABLES)
        {
            try
            {
                Files.readAllLines(directory.resolve(table), StandardCharsets.ISO_8859_1).stream()
                    .map((line) -> line.trim().split(" +"))
                    .filter((columns) -> columns.length > INODE_COLUMN && LISTENING.equals(columns[STATE_COLUMN]))
                    .forEach((columns) -> sockets.add("socket:[" + columns[INODE_COLUMN] + "]"));
            }
            catch (final IOException ex)
            {
                // A kernel without IPv6 has one table; a process that ended has none.
                continue;
            }
        }
        return sockets;
    }

    private static String target(final Path descriptor)
    {
        try
        {
            return Files.readSymbolicLink(descriptor).toString();
        }
        catch (final IOException ex)
        {
            return "";
        }
    }
}
