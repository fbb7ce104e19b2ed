package io.aswarm.twinlab;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A directory that is gone, with all in it, when it is closed or the process ends in an orderly way.
 */
final class TemporaryDirectory implements AutoCloseable
{
    private final Path path;
    private final Thread onExit;

    TemporaryDirectory(final String prefix) throws IOException
    {
        path = Files.createTempDirectory(prefix);
        onExit = new Thread(this::deleteQuietly, "remove-" + path.getFileName());
        Runtime.getRuntime().addShutdownHook(onExit);
    }

    Path path()
    {
        return path;
    }

    @Override
    public void close() throws IOException
    {
        delete(path);
        try
        {
            Runtime.getRuntime().removeShutdownHook(onExit);
        }
        catch (final IllegalStateException ignore)
        {
            // the process is ending: the hook will find nothing
        }
    }

    private void deleteQuietly()
    {
        try
        {
            delete(path);
        }
        catch (final IOException ignore)
        {
            // nobody is left to be told
        }
    }

    /** Delete a directory and all in it; no error when there is none. */
    static void delete(final Path root) throws IOException
    {
        if (!Files.exists(root))
        {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>()
        {
            @Override
            public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) throws IOException
            {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(final Path visited, final IOException failure)
                throws IOException
            {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
